"""
What a decision about a product with a release before it is asked with: the list of all differences between the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bylaw.changes.difference import Difference, difference
from bylaw.changes.fields import contract_differences
from bylaw.changes.promises import promise_differences
from bylaw.changes.protection import protection_differences
from bylaw.changes.use import use_differences
from bylaw.facts.said import said


def product_differences(previous: Mapping[str, Any], current: Mapping[str, Any]) -> list[Difference]:
    """Every difference between a product and its released version, both in the normal form, sorted by path."""
    found = [
        *contract_differences(previous.get("contract", {}), current.get("contract", {})),
        *protection_differences(previous, current),
        *use_differences(previous, current),
        *promise_differences(previous, current),
    ]
    return sorted(found, key=lambda each: (each["path"], each["type"], each["direction"], repr(each)))


def product_gone(previous: Mapping[str, Any]) -> dict[str, Any]:
    """``input.previous`` and ``input.schema`` for a released product that there is no next version of."""
    gone = difference("product_removed", "removed", path="product", subject="the product")
    return {"previous": previous, "schema": {**_named(previous), "differences": [gone]}}


def schema_facts(previous: Mapping[str, Any], current: Mapping[str, Any]) -> dict[str, Any]:
    """``input.schema`` for a product and its released version, both in the normal form."""
    return {**_named(current), "differences": product_differences(previous, current)}


def _named(product: Mapping[str, Any]) -> dict[str, Any]:
    contract = product.get("contract", {})
    name = "/".join(part for part in (product.get("domain"), product.get("name")) if part)
    return {
        **said(subject=contract.get("id") or name, compatibility=product.get("compatibility")),
        "type": "AVRO" if contract.get("standard") == "seed:event-stream" else "CONTRACT",
    }
