"""
Soda Core's scan results: version 3 (``soda scan -srf``) and the payload that version 4 sends of a contract's
verification, which has the same frame with checks of another form.

Checks that were not evaluated are left out by version 3: that they are not there is no pass, and a scan that says it
had errors is itself a result of each table, which ended as an error. A check of a part of a table (``filter orders
[daily]``) says so in its definition only. A check that could not be evaluated has 0 for a value in version 4, which is
none. Soda's percentages become shares, its milliseconds seconds; samples, queries and logs are not looked at.
"""

from __future__ import annotations

import re
from typing import Any

from bylaw.evidence.instants import instant
from bylaw.evidence.numbers import count, number, share_of_percent
from bylaw.evidence.report import Findings, Report
from bylaw.facts.documents.node import Node

_STATUSES = {"pass": "pass", "warn": "warn", "fail": "fail", "excluded": "skipped", "unevaluated": "error"}

# What Soda counts, in ODCS's words. Soda's missing values are the nulls and whatever else the check calls missing, so
# where there are at most so many missing values, there are at most so many nulls.
_COUNTS = {
    "missing_count": ("missingValues", "nullValues"),
    "duplicate_count": ("duplicateValues",),
    "invalid_count": ("invalidValues",),
    "row_count": ("rowCount",),
}
_PERCENTAGES = {
    "missing_percent": ("missingValues", "nullValues"),
    "duplicate_percent": ("duplicateValues",),
    "invalid_percent": ("invalidValues",),
}
_V4_TYPES = {
    "missing": ("missingValues", "nullValues"),
    "duplicate": ("duplicateValues",),
    "invalid": ("invalidValues",),
    "row_count": ("rowCount",),
}
_PARTITION = re.compile(r"checks for [^\n\[]+\[(?P<name>[^\]\n]+)\]")


def is_soda(top: Node) -> bool:
    return {"definitionName", "scanStartTimestamp", "hasFailures", "checks"} <= top.mapping().keys()


def read_soda(top: Node) -> Report:
    findings = Findings(top)
    at = top.text("dataTimestamp", "scanEndTimestamp", "scanStartTimestamp")
    common = {"observed_at": None if at is None else instant(at)}
    measured = {
        node.text("identity"): node.text("metricName")
        for node in top.elements("metrics")
        if "identity" in node.mapping()
    }
    rows = {
        (node.text("identity") or ""): rows
        for node in top.elements("metrics")
        if node.text("metricName") == "row_count" and (rows := count(node.get("value"))) is not None
    }
    version = 3
    for node in (*top.elements("checks"), *top.elements("automatedMonitoringChecks")):
        if "checkPath" in node.mapping():
            version = 4
            findings.add(node, **_verified(node, common))
        else:
            findings.add(node, **_scanned(node, common, measured, rows))
    if top.flag("hasErrors"):
        for table in dict.fromkeys(node.text("table") for node in top.elements("checks")):
            findings.add(top["hasErrors"], {**common, "check": "scan", "status": "error", "dataset": table})
    return findings.report(f"soda scan v{version}", source=f"soda-core {version}")


def _scanned(node: Node, common: dict[str, Any], measured: dict[Any, Any], rows: dict[str, int]) -> dict[str, Any]:
    identities = [
        text for element in node.elements("metrics") if isinstance(element.value, str) and (text := element.value)
    ]
    named = [measured[identity] for identity in identities if identity in measured]
    metric = named[0] if len(named) == 1 else None
    definition = node.text("definition") or ""
    match = _PARTITION.match(definition)
    facts = {**common, **_origin(node), "partition": node.text("filter") or (match["name"] if match else None)}
    diagnostics = node.get("diagnostics")
    value = number(diagnostics.get("value")) if diagnostics is not None else None
    if facts["status"] not in ("pass", "warn", "fail") or value is None or diagnostics is None:
        return {"facts": facts}
    table = node.text("table") or ""
    known_rows = next((n for identity, n in rows.items() if identity.endswith(f"-{table}-row_count")), None)
    if facts["partition"] is not None:
        known_rows = next((n for i, n in rows.items() if i.endswith(f"-{table}-{facts['partition']}-row_count")), None)
    if metric in _COUNTS:
        failed = {} if metric in ("row_count", "duplicate_count") else {"failed_rows": int(value), "rows": known_rows}
        unit = "values" if metric == "duplicate_count" else "rows"
        return {"facts": {**facts, "value": value, "unit": unit, **failed}, "measures": _COUNTS[metric]}
    if metric in _PERCENTAGES:
        share = share_of_percent(value)
        return {
            "facts": {**facts, "value": share, "unit": "share", "rows": known_rows},
            "measures": _PERCENTAGES[metric],
        }
    if diagnostics.text("measure") == "time":
        freshness = {"value": round(value / 1000, 3), "unit": "seconds", "metric": "freshness_seconds"}
        return {"facts": {**facts, **freshness, "dimension": "timeliness"}}
    if metric == "failed rows" or (metric or "").startswith("failed rows"):
        return {"facts": {**facts, "value": value, "unit": "rows", "failed_rows": int(value), "rows": known_rows}}
    return {"facts": {**facts, "value": value}}


def _verified(node: Node, common: dict[str, Any]) -> dict[str, Any]:
    facts = {**common, **_origin(node)}
    kind = node.text("checkType") or ""
    measures = _V4_TYPES.get(kind, ())
    diagnostics = node.get("diagnostics")
    if facts["status"] not in ("pass", "warn", "fail") or diagnostics is None:
        return {"facts": facts, "measures": measures}
    more = diagnostics.get("v4")
    failed = count(more.get("failedRowsCount")) if more is not None else None
    rows = count(more.get("checkRowsTested")) if more is not None else None
    if kind == "row_count":
        return {"facts": {**facts, "value": number(diagnostics.get("value")), "unit": "rows"}, "measures": measures}
    if failed is not None:
        unit = "values" if kind == "duplicate" else "rows"
        counted = {"value": failed, "unit": unit, "failed_rows": failed if unit == "rows" else None, "rows": rows}
        return {"facts": {**facts, **counted}, "measures": measures}
    return {"facts": facts, "measures": measures}


def _origin(node: Node) -> dict[str, Any]:
    column = node.text("column")
    about = ".".join(part for part in (node.text("table"), column) if part)
    return {
        "check": ": ".join(part for part in (about, node.text("name")) if part) or "a check without a name",
        "status": _STATUSES.get(node.text("outcome") or "", "unknown"),
        "dataset": node.text("table"),
        "field": column,
    }
