"""
The reader of ODCS ``quality`` rules, of the contract's objects and of their properties: what is measured, and the
bound that is promised. How a measure is taken (SQL, an engine's own words) is not ours to run.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from bylaw.facts.documents.document import Value
from bylaw.facts.documents.node import Node
from bylaw.facts.said import said
from bylaw.facts.standards.odcs_custom import behind
from bylaw.facts.standards.odcs_schema import object_name

_TERMS = ("query", "implementation", "arguments", "engine", "dialect", "validValues", "validValuesColumn")
_OPERATORS = {
    "mustBe": "equals",
    "mustNotBe": "not_equals",
    "mustBeGreaterThan": "gt",
    "mustBeGreaterOrEqualTo": "gte",
    "mustBeGreaterThanOrEqualTo": "gte",  # the spelling of 2.x, still about
    "mustBeLessThan": "lt",
    "mustBeLessOrEqualTo": "lte",
    "mustBeLessThanOrEqualTo": "lte",
}
_KEYS = frozenset(
    {
        *("id", "name", "description", "dimension", "severity", "businessImpact", "method", "schedule", "scheduler"),
        *("tags", "type", "unit", "metric", "rule", "arguments", "query", "engine", "implementation", "validValues"),
        *("authoritativeDefinitions", "customProperties", "mustBeBetween", "mustNotBeBetween", *_OPERATORS),
    }
)


def read_quality(top: Node) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    for element in top.elements("schema"):
        if _speaks_of_quality(element.value):
            name = object_name(element)
            rules += _rules_below(element, f"contract.schema[{name}]", measured=name)
    return rules


def _speaks_of_quality(element: Value) -> bool:
    """Most objects do not, and looking for the word is much cheaper than reading every property again."""
    pending: list[Value] = [element]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            if "quality" in value:
                return True
            pending += (value[key] for key in ("properties", "items") if key in value)
        elif isinstance(value, list):
            pending += value
    return False


def _rules_below(element: Node, path: str, *, measured: str) -> Iterator[dict[str, Any]]:
    yield from rules_of(element, path, measured=measured)
    items = element.get("items")
    for child in (*element.elements("properties"), *(items.elements("properties") if items is not None else ())):
        name = object_name(child)
        yield from _rules_below(child, f"{path}.{name}", measured=f"{measured}.{name}")


def rules_of(element: Node, path: str, *, measured: str) -> Iterator[dict[str, Any]]:
    """The promises in the ``quality`` of one thing; ``measured`` is what their metrics are about."""
    for index, rule in enumerate(element.elements("quality")):
        yield from _rule(rule, f"{path}.quality[{index}]", measured=measured, index=index)


def _rule(rule: Node, path: str, *, measured: str, index: int) -> Iterator[dict[str, Any]]:
    """
    The promises of one rule. Its metric says what is measured as well (``orders.order_id.nullValues``): evidence about
    one column must not count for another, nor one nameless SQL check for the next.
    """
    rule.source(path)
    rule.skip_unknown(_KEYS, path)
    rule = behind(rule)
    kind = rule.text("type") or "library"
    metric = rule.text("metric", "rule", "name", "id") or f"{kind}[{index}]"
    facts = said(
        metric=f"{measured}.{metric}",
        path=path,
        unit=rule.text("unit"),
        dimension=rule.text("dimension"),
        severity=rule.text("severity"),
        query_given=True if rule.get("query") is not None else None,
        terms_digest=_terms_digest(rule),
        description=rule.text("description"),
    )
    bounds = list(_bounds(rule))
    if not bounds:
        yield facts
        if kind == "library":
            rule.skip(path, "a library rule without a bound")
    for operator, threshold in bounds:
        yield {**facts, "operator": operator, "threshold": threshold}


def _terms_digest(rule: Node) -> str | None:
    """What a check does beside comparing: who only knows its bound would not see that it checks something else."""
    terms = {key: node.value for key in _TERMS if (node := rule.get(key)) is not None}
    if not terms:
        return None
    written = json.dumps(terms, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(" ".join(re.sub(r"\\[nrt]", " ", written).split()).encode()).hexdigest()[:16]


def _bounds(rule: Node) -> Iterator[tuple[str, Any]]:
    for key, operator in _OPERATORS.items():
        if (node := rule.get(key)) is not None:
            yield operator, node.value if isinstance(node.value, bool | int | float) else node.as_text()
    if (between := rule.get("mustBeBetween")) is not None:
        low, high = _pair(between)
        yield from (("gte", low), ("lte", high))
    if (outside := rule.get("mustNotBeBetween")) is not None:
        yield "not_between", _pair(outside)


def _pair(node: Node) -> tuple[float, float]:
    values = [element.value for element in node.listed()]
    low, high = values if len(values) == 2 else (None, None)
    if isinstance(low, bool) or isinstance(high, bool):
        raise node.wrong("two numbers")
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        raise node.wrong("two numbers")
    return low, high
