"""
The example mesh keeps the figures of the documents it was made from (``docs/seeds.md``): what their products promise,
ours promise.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bylaw.errors import InputError
from bylaw.facts.recognise import gather

BUNDLES = Path(__file__).resolve().parents[2] / "bundles"
HOUR = 3600


def product(path: str) -> dict[str, Any]:
    (facts,) = gather((BUNDLES / path).read_bytes(), file=path)
    assert not isinstance(facts, InputError)
    return dict(facts.input["product"])


@pytest.mark.parametrize(
    ("path", "promised"),
    [
        pytest.param(
            "customer/products/customer-profile.yaml",
            {"freshness_seconds": HOUR, "quality": 0.99, "availability": 0.999, "latency_p95_ms": 500},
            id="customer-profile",
        ),
        pytest.param(
            "customer/products/customer-behavior.odcs.yaml",
            {"freshness_seconds": 300, "quality": 0.95, "availability": 0.999},
            id="customer-behavior",
        ),
        pytest.param(
            "customer/products/customer-segments.yaml",
            {
                "freshness_seconds": 24 * HOUR,
                "availability": 0.995,
                "latency_p95_ms": 1000,
                "completeness": 0.95,
                "accuracy": 0.92,
            },
            id="customer-segments",
        ),
        pytest.param(
            "product/products/product-catalog.yaml",
            {"freshness_seconds": 24 * HOUR, "quality": 0.98},
            id="product-catalog",
        ),
        pytest.param(
            "order/products/order-transactions.yaml",
            {"freshness_seconds": 900, "completeness": 0.999},
            id="order-transactions",
        ),
        pytest.param(
            "analytics/products/customer-360.yaml",
            {"freshness_seconds": HOUR, "quality": 0.95},
            id="customer-360",
        ),
    ],
)
def test_a_product_promises_what_its_document_promises(path: str, promised: dict[str, float]) -> None:
    assert product(path)["sla"] | promised == product(path)["sla"]


@pytest.mark.parametrize(
    ("path", "days"),
    [
        pytest.param("customer/products/customer-profile.yaml", 2555, id="profiles, seven years"),
        pytest.param("customer/products/customer-behavior.odcs.yaml", 2555, id="events, seven years"),
        pytest.param("customer/products/customer-segments.yaml", 1095, id="segments, three years"),
    ],
)
def test_a_product_is_kept_as_long_as_its_document_says(path: str, days: int) -> None:
    assert product(path)["retention"] == {"days": days}
