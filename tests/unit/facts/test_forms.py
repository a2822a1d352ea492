"""
Every form of contract and manifest gives the facts that a reader finds in it. The expectations leave out paths and the
flags of a field that are at their default; ``test_places`` holds the paths.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bylaw.errors import InputError
from bylaw.facts.gathered import Facts
from bylaw.facts.recognise import gather

DOCUMENTS = Path(__file__).parent / "documents"

_DEFAULTS = {"required": False, "nullable": True, "unique": False, "primary_key": False, "has_default": False}


def gathered(name: str) -> list[Facts]:
    facts = list(gather((DOCUMENTS / name).read_bytes(), file=name))
    assert not [refusal for refusal in facts if isinstance(refusal, InputError)]
    return [each for each in facts if isinstance(each, Facts)]


def short(value: Any) -> Any:
    """The facts without paths and without what is at its default."""
    if isinstance(value, list):
        return [short(child) for child in value]
    if not isinstance(value, dict):
        return value
    kept = {key: child for key, child in value.items() if key != "path" and _DEFAULTS.get(key, ...) != child}
    if kept.get("required") is True and kept.get("nullable") is False:
        del kept["nullable"]
    return {key: short(child) for key, child in kept.items() if not (key in ("fields", "schema") and child == [])}


def port(name: str, **facts: Any) -> dict[str, Any]:
    return {"name": name, **facts}


EXPECTED: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "domain-definitions.yaml": (
        "seed domain-definitions",
        [
            {
                "domain": "customer",
                "name": "customer-profile",
                "type": "batch",
                "owner": "customer-team@company.com",
                "sla": {"freshness_seconds": 3600, "quality": 0.99},
                "access_policies": [{"role": "data-analyst", "permissions": ["read"]}],
                "output_ports": [
                    port("rest", type="rest", location="https://customer-api.internal/customers"),
                    port("rest-2", type="rest", location="https://customer-api.internal/segments"),
                ],
                "contract": {
                    "standard": "seed:domain-definitions",
                    "name": "customer-profile",
                    "schema": [
                        {
                            "name": "customer-profile",
                            "fields": [
                                {"name": "customer_id", "type": "string", "required": True},
                                {"name": "segment", "type": "string", "enum": ["VIP", "Premium", "Regular", "New"]},
                            ],
                        }
                    ],
                },
            },
            {
                "domain": "analytics",
                "name": "customer-360",
                "owner": "analytics-team@company.com",
                "description": "One view of a customer over all domains.",
                "sla": {"freshness_seconds": 3600},
                "dependencies": ["customer/customer-profile"],
                "input_ports": [port("customer/customer-profile", product="customer/customer-profile")],
                "contract": {
                    "standard": "seed:domain-definitions",
                    "name": "customer-360",
                    "schema": [
                        {
                            "name": "customer-360",
                            "fields": [
                                {
                                    "name": "computed_metrics",
                                    "type": "record",
                                    "fields": [
                                        {"name": "churn_risk", "type": "float"},
                                        {"name": "recommended_products", "type": "array", "item_type": "string"},
                                    ],
                                }
                            ],
                        }
                    ],
                },
            },
        ],
    ),
    "product-manifest.json": (
        "seed product-manifest",
        [
            {
                "domain": "customer_experience",
                "name": "customer_360_view",
                "version": "2.1.0",
                "owner": "customer-analytics-team@company.com",
                "sla": {"completeness": 0.95, "accuracy": 0.98, "freshness_seconds": 1800, "availability": 0.999},
                "compatibility": "BACKWARD",
                "deprecation_notice_days": 30,
                "input_ports": [port("crm")],
                "output_ports": [
                    port("parquet", type="sql", format="parquet", location="https://api.company.com/customer-360"),
                    port("delta", type="sql", format="delta", location="https://api.company.com/customer-360"),
                ],
                "contract": {"standard": "seed:product-manifest", "name": "customer_360_view", "version": "1.0"},
            }
        ],
    ),
    "data-contract.yaml": (
        "seed data-contract",
        [
            {
                "domain": "customer_experience",
                "name": "customer_360_view",
                "owner": "cx-team@company.com",
                "sla": {"freshness_seconds": 3600, "completeness": 0.95, "availability": 0.999},
                "compatibility": "BACKWARD",
                "deprecation_notice_days": 30,
                "output_ports": [port("default", format="delta")],
                "contract": {
                    "standard": "seed:data-contract",
                    "name": "customer_360_view",
                    "version": "1.0",
                    "schema": [
                        {
                            "name": "customer_360_view",
                            "fields": [
                                {
                                    "name": "customer_id",
                                    "type": "string",
                                    "required": True,
                                    "description": "Identifies a customer.",
                                },
                                {
                                    "name": "email",
                                    "type": "string",
                                    "required": True,
                                    "personal": True,
                                    "tags": ["pii"],
                                },
                            ],
                        }
                    ],
                },
            }
        ],
    ),
    "output-ports.yaml": (
        "seed output-ports",
        [
            {
                "domain": "Marketing",
                "name": "Customer360",
                "version": "1.0.0",
                "owner": "team-marketing@company.com",
                "sla": {"freshness_seconds": 86_400, "availability": 0.9995, "accuracy": 0.985},
                "output_ports": [
                    port(
                        "customer_snapshot_daily",
                        format="delta",
                        location="s3://data-products/marketing/customer360/",
                        schema=["customer_snapshot_daily"],
                    )
                ],
                "contract": {
                    "standard": "seed:output-ports",
                    "name": "Customer360",
                    "version": "1.0.0",
                    "schema": [
                        {
                            "name": "customer_snapshot_daily",
                            "fields": [
                                {
                                    "name": "customer_id",
                                    "type": "string",
                                    "required": True,
                                    "unique": True,
                                    "primary_key": True,
                                    "description": "Identifies a customer everywhere.",
                                },
                                {"name": "last_purchase_date", "type": "date"},
                            ],
                        }
                    ],
                },
            }
        ],
    ),
    "sdk-ports.yaml": (
        "seed output-ports",
        [
            {
                "domain": "marketing",
                "name": "customer_360",
                "owner": "team-marketing-data@company.com",
                "description": "Customers and what they did.",
                "sla": {"freshness_seconds": 86_400, "availability": 0.999},
                "output_ports": [port("daily_snapshot", format="delta", schema=["daily_snapshot"])],
                "contract": {
                    "standard": "seed:output-ports",
                    "name": "customer_360",
                    "schema": [
                        {
                            "name": "daily_snapshot",
                            "fields": [
                                {
                                    "name": "customer_id",
                                    "type": "string",
                                    "required": True,
                                    "unique": True,
                                    "primary_key": True,
                                    "personal": True,
                                    "semantic_type": "global_customer_uuid",
                                },
                                {"name": "segment", "type": "string", "enum": ["new", "active"]},
                            ],
                        }
                    ],
                    "unread": [{"reason": "service level 'row_count_consistency' is not understood"}],
                },
            }
        ],
    ),
    "product-contract.yaml": (
        "seed product-contract",
        [
            {
                "domain": "customer",
                "name": "customer_profile",
                "version": "2.1.0",
                "owner": "customer-engineering@company.com",
                "sla": {"freshness_seconds": 86_400, "availability": 0.9995},
                "output_ports": [
                    port("default", format="delta", location="s3://data-products/customer/profile/"),
                ],
                "contract": {
                    "standard": "seed:product-contract",
                    "name": "customer_profile",
                    "version": "2.1.0",
                    "schema": [
                        {
                            "name": "customer_profile",
                            "fields": [
                                {"name": "customer_uid", "type": "string", "required": True, "unique": True},
                                {"name": "first_engagement_date", "type": "date"},
                            ],
                        }
                    ],
                    "quality": [
                        {"metric": "null_key_rate", "operator": "lte", "threshold": 0, "description": "<= 0%"},
                        {
                            "metric": "row_count_anomaly",
                            "description": "< 10% deviation from 7-day rolling average",
                        },
                    ],
                    "unread": [
                        {
                            "reason": "threshold '< 10% deviation from 7-day rolling average' is more than a number to "
                            "compare with"
                        }
                    ],
                },
            }
        ],
    ),
    "template-contract.yaml": (
        "seed product-contract",
        [
            {
                "domain": "marketing",
                "name": "campaign_performance",
                "version": "1.10",
                "owner": "campaigns-team@company.com",
                "sla": {"freshness_seconds": 43_200},
                "contract": {
                    "standard": "seed:product-contract",
                    "name": "campaign_performance",
                    "version": "1.10",
                    "schema": [
                        {
                            "name": "campaign_performance",
                            "fields": [
                                {"name": "campaign_id", "type": "string"},
                                {"name": "impressions", "type": "long"},
                            ],
                        }
                    ],
                },
            }
        ],
    ),
    "event-stream.yaml": (
        "seed event-stream",
        [
            {
                "domain": "Customer360",
                "name": "customer_behavioral_events",
                "type": "event_stream",
                "version": "1.2",
                "owner": "customer-analytics-team@company.com",
                "tags": ["customer", "clickstream"],
                "sla": {"freshness_seconds": 60, "completeness": 0.999},
                "output_ports": [
                    port("kafka_topic", type="kafka", format="avro", location="prod.customer.behavioral-events")
                ],
                "contract": {
                    "standard": "seed:event-stream",
                    "id": "customer.domain/behavioral-events/v1.2",
                    "name": "customer_behavioral_events",
                    "version": "1.2",
                    "schema": [
                        {
                            "name": "customer_behavioral_events",
                            "fields": [
                                {"name": "event_id", "type": "string", "required": True},
                                {
                                    "name": "event_type",
                                    "type": "enum",
                                    "required": True,
                                    "enum": ["PAGE_VIEW", "PURCHASE"],
                                },
                                {"name": "event_timestamp", "type": "timestamp-millis", "required": True},
                                {
                                    "name": "properties",
                                    "type": "map",
                                    "item_type": "string",
                                    "required": True,
                                    "has_default": True,
                                },
                                {"name": "processing_time", "type": "long", "has_default": True},
                            ],
                        }
                    ],
                    "quality": [
                        {
                            "metric": "validity",
                            "operator": "gt",
                            "threshold": 0.9999,
                            "description": "schema_validation_pass_rate",
                        }
                    ],
                },
            }
        ],
    ),
    "json-contract.json": (
        "seed json-contract",
        [
            {
                "domain": "Sales",
                "name": "processed_orders",
                "version": "1.2.0",
                "sla": {"freshness_seconds": 3600, "completeness": 0.995},
                "output_ports": [port("default", location="s3://data-products/sales/processed_orders/")],
                "contract": {
                    "standard": "seed:json-contract",
                    "id": "sales.domain/processed_orders/v1",
                    "name": "processed_orders",
                    "version": "1.2.0",
                    "schema": [
                        {
                            "name": "processed_orders",
                            "fields": [
                                {
                                    "name": "order_id",
                                    "type": "string",
                                    "required": True,
                                    "description": "Identifies an order.",
                                },
                                {
                                    "name": "customer_id",
                                    "type": "string",
                                    "personal": True,
                                    "semantic_type": "global_customer_uuid",
                                    "encryption": "AES-256",
                                },
                                {"name": "order_status", "type": "string", "enum": ["PENDING", "SHIPPED"]},
                            ],
                        }
                    ],
                },
            }
        ],
    ),
    "data-product.yaml": (
        "seed data-product",
        [
            {
                "id": "7d0f",
                "domain": "customer",
                "name": "customer_events",
                "type": "source",
                "version": "1.0.0",
                "owner": "customer-data-team",
                "status": "development",
                "description": "What customers did.",
                "classification": "internal",
                "tags": ["customer", "events", "pii"],
                "retention": {"days": 2555},
                "sla": {
                    "availability": 0.999,
                    "latency_p95_ms": 200,
                    "freshness_seconds": 300,
                    "completeness": 0.98,
                    "uniqueness": 1,
                },
                "encryption": {"at_rest": "enabled"},
                "output_ports": [
                    port(
                        "streaming",
                        type="kafka",
                        format="json",
                        location="kafka://streaming.company.com/customer.events",
                    )
                ],
                "contract": {
                    "standard": "seed:data-product",
                    "name": "customer_events",
                    "version": "1.0",
                    "schema": [
                        {
                            "name": "customer_events",
                            "fields": [
                                {
                                    "name": "event_id",
                                    "type": "string",
                                    "required": True,
                                    "semantic_type": "uuid",
                                    "format": "uuid",
                                },
                                {
                                    "name": "customer_email",
                                    "type": "string",
                                    "personal": True,
                                    "semantic_type": "email",
                                    "format": "email",
                                },
                            ],
                        }
                    ],
                    "quality": [
                        {"metric": "completeness", "operator": "gte", "threshold": 0.98},
                        {"metric": "uniqueness", "operator": "gte", "threshold": 1},
                        {"metric": "timeliness_seconds", "operator": "lte", "threshold": 600},
                    ],
                },
            }
        ],
    ),
    "marketplace-product.yaml": (
        "seed data-product",
        [
            {
                "id": "customer-360",
                "domain": "analytics",
                "name": "Customer 360 View",
                "owner": "analytics-team@company.com",
                "status": "active",
                "description": "One view of a customer.",
                "classification": "internal",
                "tags": ["customer", "360-view"],
                "sla": {"freshness_seconds": 3600, "quality": 0.95},
            }
        ],
    ),
    "bylaw-product.yaml": (
        "bylaw product",
        [
            {
                "domain": "customer",
                "name": "customer-profile",
                "version": "1.0.0",
                "owner": "customer-team@company.com",
                "description": "Who our customers are.",
                "classification": "restricted",
                "retention": {"days": 2555},
                "sla": {"availability": 0.999, "freshness_seconds": 3600},
                "encryption": {"at_rest": "AES-256", "in_transit": "TLS"},
                "output_ports": [port("daily", format="delta")],
                "contract": {
                    "standard": "bylaw",
                    "schema": [
                        {
                            "name": "customers",
                            "fields": [{"name": "email", "type": "string", "required": True, "personal": True}],
                        }
                    ],
                },
            }
        ],
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_facts_are_what_the_document_says(name: str) -> None:
    recognised_as, products = EXPECTED[name]
    facts = gathered(name)
    assert [(each.recognised_as, each.kind, short(each.input)) for each in facts] == [
        (recognised_as, "publication", {"product": product}) for product in products
    ]


def test_every_document_beside_this_test_has_an_expectation() -> None:
    assert {path.name for path in DOCUMENTS.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize(
    ("name", "places"),
    [
        pytest.param(
            "domain-definitions.yaml",
            {
                "product.owner": "4:5",
                "product.classification": "7:9",
                "product.sla.quality": "10:9",
                "output_ports[rest-2]": "23:13",
                "contract.schema[customer-profile].segment": "17:15",
            },
            id="a product of a domain",
        ),
        pytest.param(
            "data-contract.yaml",
            {
                "product.owner": "5:3",
                "product.description": "2:1",
                "contract.schema": "6:1",
                "contract.schema[customer_360_view].email.description": "13:7",
                "product.sla.freshness_seconds": "18:3",
                "product.deprecation_notice_days": "26:3",
                "output_ports[default].encryption": "6:1",
            },
            id="a sectioned contract",
        ),
        pytest.param(
            "event-stream.yaml",
            {
                "contract.schema[customer_behavioral_events].event_type": "10:1",
                "contract.quality[validity]": "23:3",
                "output_ports[kafka_topic]": "6:1",
                "product.version": "1:1",
            },
            id="an event stream",
        ),
        pytest.param(
            "json-contract.json",
            {"contract.schema[processed_orders].customer_id": "11:9", "product.owner": "2:3"},
            id="a json contract",
        ),
        pytest.param(
            "bylaw-product.yaml",
            {
                "product.classification": "8:1",
                "product.sla.availability": "10:7",
                "product.sla.completeness": "10:1",
                "output_ports[daily].format": "14:5",
                "contract.schema[customers].email": "19:11",
                "nothing.of.this": "1:1",
            },
            id="a bylaw product",
        ),
    ],
)
def test_places(name: str, places: dict[str, str]) -> None:
    facts = gathered(name)[0]
    assert {path: str(facts.location(path)).removeprefix(f"{name}:") for path in places} == places
