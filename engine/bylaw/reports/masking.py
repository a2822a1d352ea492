"""
The masking plan: what readers see of each column of a product's contract by the law in force, before anybody asks, and
what the registry is to know of the columns so that the doors do the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bylaw.audit.record import timestamp
from bylaw.reports.product_answers import Answered, in_order

COLUMNS = "bylaw/masking_plan/columns"
REGISTERED = "bylaw/masking_plan/registered"
IS_IN_FORCE = "bylaw/masking_plan/is_in_force"
ENTRYPOINTS = (IS_IN_FORCE, COLUMNS, REGISTERED)

_NOT_IN_FORCE = "the law masks nothing by class or category: its council has not picked access/masked_by_classification"


def masking_report(answered: Iterable[Answered], *, domain: str | None, at_ns: int) -> dict[str, Any]:
    """The plans, as JSON values; a product of which there is none says why."""
    return {
        "timestamp": timestamp(at_ns),
        "domain": domain,
        "products": [_product(each) for each in in_order(answered, domain)],
    }


def is_whole(report: dict[str, Any]) -> bool:
    """Whether there is a plan of every product, and at least one."""
    return bool(report["products"]) and not any("reason" in product for product in report["products"])


def _product(each: Answered) -> dict[str, Any]:
    row: dict[str, Any] = {
        "product_id": each.product_id,
        "domain": each.domain,
        "source": each.source,
        "columns": each.answers.get(COLUMNS) or [],
        "registry": {"columns": each.answers.get(REGISTERED) or []},
    }
    reason = each.reason or _want(each)
    return row | ({"reason": reason} if reason else {})


def _want(each: Answered) -> str:
    if each.answers.get(IS_IN_FORCE) is not True:
        return _NOT_IN_FORCE
    return "" if each.answers.get(COLUMNS) else "its contract shows no columns"
