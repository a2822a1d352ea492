"""
Results of datacontract-cli (``datacontract test --output …``), in JSON. They name the contract, its version and the
filters they were made with. ``info`` says that nothing was checked. Samples of failed rows, and the reasons with values
in them, are not looked at.
"""

from __future__ import annotations

from typing import Any

from bylaw.evidence.instants import instant
from bylaw.evidence.numbers import count, number
from bylaw.evidence.report import Findings, Report
from bylaw.facts.documents.node import Node

_STATUSES = {
    "passed": "pass",
    "warning": "warn",
    "failed": "fail",
    "error": "error",
    "skipped": "skipped",
    "info": "unknown",
    "unknown": "unknown",
}
_MEASURES = {
    "field_required": "nullValues",
    "field_unique": "duplicateValues",
    "field_duplicate_values": "duplicateValues",
    "model_duplicate_values": "duplicateValues",
    "field_null_values": "nullValues",
    "field_missing_values": "missingValues",
    "field_invalid_values": "invalidValues",
    "field_enum": "invalidValues",
    "row_count": "rowCount",
}

# What these look for is not there where they pass: that is all they ask.
_ZERO = frozenset({"field_required", "field_unique"})


def is_datacontract_run(top: Node) -> bool:
    return {"runId", "checks", "result", "dataContractId"} <= top.mapping().keys() or (
        {"runId", "checks", "datacontractCliVersion"} <= top.mapping().keys()
    )


def read_datacontract_run(top: Node) -> Report:
    findings = Findings(top)
    filters = {name: node.as_text() for name, node in top.members("filters")}
    at = top.text("timestampEnd", "timestampStart")
    for node in top.elements("checks"):
        findings.add(node, **_check(node, filters))
    version = top.text("datacontractCliVersion")
    return findings.report(
        "datacontract-cli results",
        source=" ".join(word for word in ("datacontract-cli", version) if word),
        observed_at=None if at is None else instant(at),
        contract_id=top.text("dataContractId"),
        contract_version=top.text("dataContractVersion"),
        run=top.text("runId"),
    )


def _check(node: Node, filters: dict[str, str | None]) -> dict[str, Any]:
    model, kind = node.text("model"), node.text("type") or "check"
    about = ".".join(part for part in (model, node.text("field")) if part)
    name = f"{kind}({about})" if about else kind
    rule = node.text("qualityId", "quality_id")
    facts: dict[str, Any] = {
        "check": " ".join(part for part in (name, rule) if part),
        "status": _STATUSES.get(node.text("result") or "", "unknown"),
        "dataset": model,
        "field": node.text("field"),
        "partition": filters.get(model or ""),
    }
    word = _MEASURES.get(kind)
    measures = tuple(one for one in (word, rule) if one)
    diagnostics = node.get("diagnostics")
    if facts["status"] not in ("pass", "warn", "fail"):
        return {"facts": facts, "measures": measures}
    if diagnostics is None or diagnostics.get("value") is None:
        counted = {"value": 0, "unit": "rows"} if facts["status"] == "pass" and kind in _ZERO else {}
        return {"facts": {**facts, **counted}, "measures": measures}
    return {"facts": {**facts, **_counted(diagnostics)}, "measures": measures}


def _counted(diagnostics: Node) -> dict[str, Any]:
    """In the engine's words: rows that are missing or invalid; values that are there twice, and their rows."""
    metric, value, rows = (
        diagnostics.text("metric"),
        number(diagnostics.get("value")),
        count(diagnostics.get("row_count")),
    )
    counted: dict[str, Any] = {"value": value, "rows": rows, "severity": diagnostics.text("severity")}
    if metric in ("missing_count", "invalid_count"):
        return {**counted, "unit": "rows", "failed_rows": count(diagnostics.get("value"))}
    if metric == "duplicate_count":
        return {**counted, "unit": "values", "failed_rows": count(diagnostics.get("failed_rows"))}
    return {**counted, "unit": "rows" if metric == "row_count" else None}
