"""
OORS documents, the Open Observability Results Standard of Bitol, versions 0.8.x (a draft). A document of a run that
goes on still (``run.state``) reports nothing that is settled. ``target.filter`` is what makes a result one of a
partition.
"""

from __future__ import annotations

import re
from typing import Any

from bylaw.errors import UnrecognisedDocument
from bylaw.evidence.instants import instant
from bylaw.evidence.numbers import count, number, share_of_percent
from bylaw.evidence.report import Findings, Report
from bylaw.facts.documents.node import Node

KIND = "ObservabilityResults"
_VERSION = re.compile(r"v?0\.8\.\d{1,4}")
_STATUSES = {"pass": "pass", "warn": "warn", "fail": "fail", "error": "error", "skip": "skipped", "unknown": "unknown"}
_SETTLED = frozenset({"complete", "completed", "succeeded", "success", "finished", "done"})
_PERCENT = frozenset({"percent", "%", "percentage"})


def read_oors(top: Node) -> Report:
    """
    Raises:
        UnrecognisedDocument: Another version.
    """
    version = top.text("apiVersion") or ""
    if not _VERSION.fullmatch(version):
        raise UnrecognisedDocument(
            f"ObservabilityResults of version {version or 'none'}; 0.8.x are read",
            location=top.reading.document.location(("apiVersion",)),
        )
    source, run, contract = top.get("source"), top.get("run"), top.get("contract")
    state = run.text("state") if run is not None else None
    at = top.text("observedAt")
    common = {
        "observed_at": None if at is None else instant(at),
        "contract_id": contract.text("contractId") if contract is not None else None,
        "contract_version": contract.text("version") if contract is not None else None,
        "run": source.text("runId") if source is not None else None,
    }
    findings = Findings(top)
    for node in top.elements("results"):
        findings.add(node, **_result(node, settled=state is None or state.lower() in _SETTLED))
    names = (source.text("vendor"), source.text("process")) if source is not None else ()
    return findings.report(f"oors {version.removeprefix('v')}", source=" ".join(filter(None, names)), **common)


def _result(node: Node, *, settled: bool) -> dict[str, Any]:
    target, measure = node.get("target"), node.get("measure")
    dataset, field = _target(target)
    rule = (node.text("relatesTo") or "").split("/")
    if len(rule) >= 2 and rule[0] == "schema":
        dataset = dataset or rule[1]
        field = field or (rule[rule.index("properties") + 1] if "properties" in rule[:-1] else None)
    facts: dict[str, Any] = {
        "check": node.text("id") or node.text("name") or "a result without id",
        "status": _STATUSES.get(node.text("status") or "", "unknown") if settled else "unknown",
        "type": "metric" if node.text("type") == "metric" else None,
        "severity": node.text("severity"),
        "dimension": node.text("dimension"),
        "dataset": dataset,
        "field": field,
        "partition": target.text("filter") if target is not None else None,
    }
    word = (measure.text("metric") if measure is not None else None) or None
    named = rule[-1] if len(rule) > 2 and "quality" in rule else None
    measures = tuple(dict.fromkeys(one for one in (word, named) if one))
    if measure is None:
        return {"facts": facts, "measures": measures}
    return {"facts": {**facts, **_value(measure, is_counted=dataset is not None)}, "measures": measures}


def _target(target: Node | None) -> tuple[str | None, str | None]:
    """``orders``, or of a column ``orders.order_id``."""
    identifier = target.text("resourceIdentifier") if target is not None else None
    if target is None or identifier is None:
        return None, None
    if (target.text("resourceType") or "").lower() in ("column", "field", "property"):
        dataset, _, field = identifier.rpartition(".")
        return dataset or None, field
    return identifier, None


def _value(measure: Node, *, is_counted: bool) -> dict[str, Any]:
    unit, value = (measure.text("unit") or "").lower(), number(measure.get("value"))
    counts = {"rows": count(measure.get("rowCount")), "failed_rows": count(measure.get("failedRowCount"))}
    if value is None:
        return counts
    if unit in _PERCENT:
        return {"value": share_of_percent(value), "unit": "share", **counts}
    if unit in ("seconds", "s"):
        return {"value": value, "unit": "seconds", **counts}
    return {"value": value, "unit": "rows" if unit == "rows" and is_counted else None, **counts}
