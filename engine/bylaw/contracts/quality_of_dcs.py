"""
Quality rules of the Data Contract Specification as those of ODCS 3.1. The two are nearly one; ODCS asks for more of
each kind (a bound, of which there is one, a query, an engine), and a rule that has less becomes text with the rest
kept.
"""

from __future__ import annotations

from types import UnionType
from typing import Any

from bylaw.contracts.kept import Kept, Notes
from bylaw.facts.documents.document import Value
from bylaw.facts.documents.node import Node
from bylaw.facts.said import said

_OPERATORS = {
    "mustBe": None,
    "mustNotBe": None,
    "mustBeGreaterThan": None,
    "mustBeGreaterOrEqualTo": None,
    "mustBeGreaterThanOrEqualTo": "mustBeGreaterOrEqualTo",
    "mustBeLessThan": None,
    "mustBeLessOrEqualTo": None,
    "mustBeLessThanOrEqualTo": "mustBeLessOrEqualTo",
    "mustBeBetween": None,
    "mustNotBeBetween": None,
}
"""Each operator, and what ODCS calls it where that is otherwise."""

_METRICS = frozenset({"nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount"})
_DIMENSIONS = frozenset(
    {"accuracy", "completeness", "conformity", "consistency", "coverage", "timeliness", "uniqueness"}
)
_TEXTS = ("name", "description", "severity", "businessImpact", "method", "schedule", "scheduler", "unit")


def quality_rules(node: Node, notes: Notes) -> list[dict[str, Any]]:
    return [_rule(rule, index, notes) for index, rule in enumerate(node.elements("quality"))]


def _rule(rule: Node, index: int, notes: Notes) -> dict[str, Any]:
    left = dict(rule.mapping())
    kept = Kept(notes)
    metric = rule.text("metric", "rule")
    kind = rule.text("type") or "library"
    texts = {key: text for key in _TEXTS if isinstance(left.get(key), str) and (text := left.pop(key))}
    dimension = left.pop("dimension") if left.get("dimension") in _DIMENSIONS else None
    tags = list(rule.texts("tags") or ())
    for key in ("type", "metric", "rule", "tags"):
        left.pop(key, None)
    own = _of_its_kind(kind, metric, left)
    if own is None:  # what its kind asks for is not there
        own = {"type": "text"}
        texts.setdefault("name", f"{kind}[{index}]")
        kept.keep("type", kind)
    if metric is not None and "metric" not in own:  # what it is called, first of all
        if texts.get("name", metric) != metric:
            kept.keep("name", texts["name"])
        texts["name"] = metric
    for key, value in left.items():
        kept.keep(_OPERATORS.get(key) or key, value)
    return said(**own, **texts, dimension=dimension, tags=tags, customProperties=kept.properties)


def _of_its_kind(kind: str, metric: str | None, left: dict[str, Value]) -> dict[str, Any] | None:
    """What a rule of this kind says in ODCS, taken out of what is left of it."""
    operators = [key for key in left if key in _OPERATORS]
    bound = {_OPERATORS[key] or key: left[key] for key in operators}
    facts: dict[str, Any] | None = None
    if kind == "text":
        facts, operators = {"type": "text"}, []
    elif kind == "custom" and _says(left, "engine", str) and _says(left, "implementation", str | dict):
        facts, operators = {"type": "custom", "engine": left["engine"], "implementation": left["implementation"]}, []
    elif len(bound) == 1 and all(_is_bound(key, value) for key, value in bound.items()):
        if kind == "sql" and _says(left, "query", str):
            facts = {"type": "sql", "query": left["query"], **bound}
        elif kind == "library" and metric in _METRICS and isinstance(left.get("arguments", {}), dict):
            facts = said(type="library", metric=metric, arguments=left.get("arguments")) | bound
    for key in (*operators, *(facts or {})) if facts is not None else ():
        left.pop(key, None)
    return facts


def _says(left: dict[str, Value], key: str, shape: type | UnionType) -> bool:
    return isinstance(left.get(key), shape) and bool(left[key])


def _is_bound(operator: str, value: Value) -> bool:
    if operator in ("mustBe", "mustNotBe"):
        return value is not None and value != ""
    numbers = value if operator.endswith("Between") and isinstance(value, list) else [value]
    wanted = 2 if operator.endswith("Between") else 1
    return len(numbers) == wanted and all(
        isinstance(number, int | float) and not isinstance(number, bool) for number in numbers
    )
