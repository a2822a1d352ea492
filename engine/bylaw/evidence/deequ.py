"""
Deequ and PyDeequ: ``checkResultsAsJson`` and ``successMetricsAsJson``. Neither says which table was looked at, nor
when: alone they prove nothing. Evidence of ours says it around them (``bylaw_evidence``).

The value of a constraint stands in its message only, and messages hold values of rows as well; so only the number that
Deequ writes at its beginning is taken.
"""

from __future__ import annotations

import re
from typing import Any

from bylaw.evidence.numbers import from_text, number
from bylaw.evidence.report import Findings, Report
from bylaw.facts.documents.node import Node

_CONSTRAINT = re.compile(
    r"(?P<kind>Completeness|Uniqueness|Size|Compliance)Constraint\((?P<analyzer>\w+)\((?P<arguments>.*)\)\)", re.DOTALL
)
_COLUMN = re.compile(r"(?:List\()?([^,()]+)")
_VALUE = re.compile(r"Value: (-?[0-9.Ee+-]{1,40}) does not meet")
_CHECKS = frozenset({"check", "check_level", "constraint", "constraint_status"})
_METRICS = frozenset({"entity", "instance", "name", "value"})


def is_deequ(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(row, dict) and (row.keys() >= _CHECKS or row.keys() >= _METRICS) for row in value)
    )


def read_deequ(top: Node) -> Report:
    findings = Findings(top)
    for node in top.listed():
        findings.add(node, **(_constraint(node) if "constraint" in node.mapping() else _metric(node)))
    return findings.report("deequ results", source="deequ")


def _constraint(node: Node) -> dict[str, Any]:
    constraint = node.text("constraint") or ""
    match = _CONSTRAINT.match(constraint)
    kind = match["kind"] if match else None
    column = _column(match["arguments"]) if match and kind in ("Completeness", "Uniqueness") else None
    status = {"Success": "pass", "Failure": "fail"}.get(node.text("constraint_status") or "", "unknown")
    if status == "fail" and node.text("check_level") == "Warning":
        status = "warn"
    said = _VALUE.match(node.text("constraint_message") or "")
    if status in ("fail", "warn") and said is None:
        status = "error"  # the constraint was not measured: a column that is not there, an analyzer that failed
    facts = {
        "check": f"{node.text('check') or 'check'}: {_shown(kind, column, constraint)}",
        "status": status,
        "field": column,
    }
    return _with_value(facts, kind, from_text(said[1]) if said else None)


def _shown(kind: str | None, column: str | None, constraint: str) -> str:
    """Predicates and patterns are their authors' words; what they were given is left out."""
    return f"{kind}({column or '*'})" if kind else constraint.partition("(")[0]


def _metric(node: Node) -> dict[str, Any]:
    name, instance = node.text("name") or "", node.text("instance") or ""
    value = number(node.get("value"))
    column = instance if node.text("entity") == "Column" else None
    facts = {
        "check": f"{name}({instance})",
        "status": "error" if value is None else "pass",
        "type": "metric",
        "field": column,
    }
    known = name if name in ("Completeness", "Uniqueness", "Size") else None
    found = _with_value(facts, known, value)
    return found if known else {"facts": {**facts, "value": value}}


def _with_value(facts: dict[str, Any], kind: str | None, value: float | None) -> dict[str, Any]:
    """Completeness and uniqueness are shares of rows that are well; ODCS counts those that are not."""
    measures = {"Completeness": ("nullValues",), "Uniqueness": ("duplicateValues",), "Size": ("rowCount",)}.get(
        kind or "", ()
    )
    if value is None:
        return {"facts": facts, "measures": measures}
    if kind == "Size":
        return {"facts": {**facts, "value": value, "unit": "rows"}, "measures": measures}
    if measures:
        return {"facts": {**facts, "value": round(1 - value, 12), "unit": "share"}, "measures": measures}
    return {"facts": {**facts, "value": value}}


def _column(arguments: str) -> str | None:
    match = _COLUMN.match(arguments)
    return match[1].strip() if match else None
