"""
Writes ``recorded_inputs/personal_data.jsonl``: questions about personal data, ordinary and odd, from one seed. Run
it to record anew:

    .venv/bin/python tests/peers/record_personal_data.py

Products state categories, purposes, lawful bases, places, transfers and lineage of columns, some of them known and some
not; readers say what for, and ask for the masks of columns of many names and types.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

SEED = 20_261_121
FILE = Path(__file__).parent / "recorded_inputs" / "personal_data.jsonl"
EACH = 24

CATEGORIES = (
    *("user.contact.email", "user.name", "user.demographic.religious_belief", "user.unique_id", "user.financial"),
    *(
        "user.government_id",
        "system.operations",
        "company.machine_readings",
        "customer.segment",
        "user.contact.emial",
        "x",
    ),
)
WORDS = ("email", "iban", "PII", "date-of-birth", "daily", "ssn", "ip_address", "E-Mail")
PURPOSES = (
    "analytics",
    "analytics.reporting",
    "marketing.communications.email",
    "personalize.profiling",
    "fun",
    "essential",
)
BASES = ("consent", "Art. 6(1)(f) GDPR", "Legitimate interests", "because", "contract", "consent", 7)
REGIONS = ("eu-central-1", "EU-west-1", "europe-west3", "us-east-1", "US", "*")
MECHANISMS = ("SCCs", "adequacy_decision", "Art. 49(1)(a)", "trust")
CLASSES = ("public", "internal", "Confidential", "restricted", "secret")
TYPES = (
    *("varchar", "varchar(20)", "char(5)", "string", "date", "timestamp(3) with time zone", "bigint", "row(a varchar)"),
    *("varchar) OR (1=1", "DECIMAL(10,2)"),
)
NAMES = ("email", "full_name", "customer_id", "segment", "id", 'a"b', "a'b", "Straße", "a\nb", "x" * 300, "EMAIL")
SOURCES = (
    *("contract.schema[t].a0", "t.a1", "customer/customer-profile/profiles.email", "lake.customer.profiles.full_name"),
    *("customer/customer-profile", "elsewhere/x/y.z", "finance/general-ledger/bookings.amount", "t"),
)


def some(rng: random.Random, values: tuple[Any, ...], most: int = 2) -> list[Any]:
    return rng.sample(values, k=rng.randint(0, min(most, len(values))))


def field(rng: random.Random, name: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": name, "path": f"contract.schema[t].{name}", "type": rng.choice(TYPES)}
    stated = {
        "categories": some(rng, CATEGORIES),
        "data_subjects": some(rng, ("customer", "employee", "martian")),
        "classification": rng.choice(CLASSES),
        "personal": rng.random() < 0.5,
        "semantic_type": rng.choice(WORDS),
        "tags": some(rng, WORDS),
        "derived_from": some(rng, SOURCES),
        "samples_look_like": some(rng, WORDS),
        "retention_days": rng.choice((30, 365)),
    }
    return facts | {key: value for key, value in stated.items() if rng.random() < 0.45}


def product(rng: random.Random) -> dict[str, Any]:
    stated = {
        "purposes": some(rng, PURPOSES),
        "lawful_basis": rng.choice(BASES),
        "special_category_basis": rng.choice(("explicit consent", "9(2)(h)", "contract")),
        "data_subjects": some(rng, ("customer", "employee", "martian")),
        "regions": some(rng, REGIONS),
        "transfers": [
            {"to": rng.choice(REGIONS), "mechanism": rng.choice(MECHANISMS)} for _ in range(rng.randint(0, 2))
        ],
        "recipients": some(rng, ("auditors", "group:x")),
        "protections": some(rng, ("masking", "encryption", "tokenisation", "K-Anonymity", "access_control"), 5),
        "k_anonymity": rng.choice((0, 3, 11, 20, 5, 11, 3, 20, "many")),
        "classification": rng.choice(CLASSES),
        "retention": {"days": 365},
        "output_ports": [{"name": "p", "path": "output_ports[p]", "regions": some(rng, REGIONS), "k_anonymity": 5}],
    }
    document = {
        "domain": rng.choice(("customer", "analytics", "finance")),
        "name": rng.choice(("customer-profile", "customer-360", "other")),
        "contract": {"schema": [{"name": "t", "fields": [field(rng, f"a{number}") for number in range(4)]}]},
    }
    return document | {key: value for key, value in stated.items() if rng.random() < 0.8}


def of_a_product(rng: random.Random) -> dict[str, Any]:
    question: dict[str, Any] = {"product": product(rng)}
    if rng.random() < 0.5:
        edge = {
            "source_dataset": rng.choice(("lake.customer.profiles", "t", "nowhere")),
            "source_field": rng.choice(("email", "a0", "none")),
            "target_dataset": rng.choice(("t", "lake.analytics.customer_360")),
            "target_field": "a2",
            "transformation": rng.choice(("IDENTITY", "AGGREGATION")),
            "masking": rng.random() < 0.5,
            "direct": rng.random() < 0.8,
        }
        question["lineage"] = {"columns": [edge], "sources": [{"object": "t", "dataset": "nowhere", "name": "none"}]}
    return question


def planned(rng: random.Random) -> dict[str, Any]:
    document = product(rng)
    document["contract"]["schema"][0]["fields"] = [field(rng, name) for name in rng.sample(NAMES, k=5)]
    return {"product": document}


def access(rng: random.Random) -> dict[str, Any]:
    return {
        "subject": {
            "type": "user",
            "id": rng.choice(("dana", "alice")),
            "properties": {
                "groups": some(rng, ("customer-team", "customer-service", "data-analyst")),
                "roles": ["data-analyst"],
            },
        },
        "action": {"name": rng.choice(("read", "read", "describe", "write"))},
        "resource": {
            "type": "table",
            "id": rng.choice(("lake.customer.profiles", "lake.analytics.customer_360", "lake.customer.events")),
            "properties": {"columns": some(rng, tuple(name for name in NAMES if name), 4)},
        },
        "context": {"purpose": rng.choice((*PURPOSES, None, 7, False))} if rng.random() < 0.8 else {},
    }


def masks(rng: random.Random) -> dict[str, Any]:
    schema, table = rng.choice((("customer", "profiles"), ("analytics", "customer_360"), ("finance", "general_ledger")))
    place = {"catalogName": "lake", "schemaName": schema, "tableName": table}
    columns = [
        {"column": {**place, "columnName": name, "columnType": rng.choice(TYPES)}} for name in rng.sample(NAMES, k=4)
    ]
    credentials = {"purpose": rng.choice(PURPOSES)} if rng.random() < 0.6 else {}
    groups = some(rng, ("customer-team", "finance-team", "data-analyst", "analytics-team"))
    return {
        "context": {
            "identity": {"user": rng.choice(("dana", "alice")), "groups": groups, "extraCredentials": credentials},
            "softwareStack": {"trinoVersion": "484"},
        },
        "action": {"operation": "GetColumnMask", "filterResources": columns},
    }


QUESTIONS: dict[str, tuple[str, Callable[[random.Random], Any]]] = {
    "privacy": ("bylaw/decisions/privacy/decision", of_a_product),
    "plan": ("bylaw/masking_plan/columns", planned),
    "registered": ("bylaw/masking_plan/registered", planned),
    "record": ("bylaw/processing_record/record", of_a_product),
    "access": ("bylaw/decisions/access/decision", access),
    "masks": ("bylaw/trino/batch_column_masks", masks),
}


def lines() -> list[str]:
    rng = random.Random(SEED)
    return [
        json.dumps({"id": f"personal-data-{name}-{number:02}", "entrypoint": entrypoint, "input": make(rng)})
        for name, (entrypoint, make) in QUESTIONS.items()
        for number in range(1, EACH + 1)
    ]


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n", encoding="utf-8")
