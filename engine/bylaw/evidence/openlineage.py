"""
OpenLineage run events with the facets ``dataQualityAssertions`` (1-0 and 1-1) and ``dataQualityMetrics``, of inputs and
outputs, one event or many. An assertion says whether issues were found; where it failed and is of severity ``warn`` it
warned. Only a run that completed says anything: what a run says while it goes is not its result.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bylaw.evidence.instants import instant
from bylaw.evidence.numbers import count, from_text
from bylaw.evidence.report import Findings, Report
from bylaw.facts.documents.node import Node

_FACETS = ("facets", "inputFacets", "outputFacets")
_MEASURES = {
    "not_null": "nullValues",
    "unique": "duplicateValues",
    "accepted_values": "invalidValues",
    "row_count": "rowCount",
}


def is_event(value: object) -> bool:
    return isinstance(value, dict) and {"eventTime", "run", "job"} <= value.keys()


def read_openlineage(top: Node) -> Report:
    """The quality facets of an event, or of a list of events."""
    findings = Findings(top)
    for event in top.listed() if isinstance(top.value, list) else [top]:
        for dataset in (*event.elements("inputs"), *event.elements("outputs")):
            _read_dataset(dataset, _common(event, dataset), findings)
    return findings.report("openlineage events", source="openlineage")


def _common(event: Node, dataset: Node) -> dict[str, Any]:
    at, run = event.text("eventTime"), event.get("run")
    return {
        "dataset": dataset.text("name"),
        "observed_at": None if at is None else instant(at),
        "run": run.text("runId") if run is not None else None,
        "finished": event.text("eventType") == "COMPLETE",
    }


def _read_dataset(dataset: Node, common: dict[str, Any], findings: Findings) -> None:
    finished = common.pop("finished")
    for holder in _FACETS:
        facets = dataset.get(holder)
        if facets is None:
            continue
        if (assertions := facets.get("dataQualityAssertions")) is not None:
            for node in assertions.elements("assertions"):
                findings.add(node, **_assertion(node, common, finished=finished))
        if (metrics := facets.get("dataQualityMetrics")) is not None and finished:
            for node, found in _metrics(metrics, common):
                findings.add(node, **found)


def _assertion(node: Node, common: dict[str, Any], *, finished: bool) -> dict[str, Any]:
    name, column = node.text("assertion") or "assertion", node.text("column")
    success = node.mapping().get("success")
    status = {True: "pass", False: "fail"}.get(success, "unknown") if isinstance(success, bool) else "unknown"
    severity = node.text("severity")
    if status == "fail" and severity == "warn":
        status = "warn"
    measure = _MEASURES.get(name)
    actual = from_text(node.text("actual")) if status != "unknown" and finished else None
    facts = {
        **common,
        "check": node.text("name") or (f"{name}({column})" if column else name),
        "status": status if finished else "unknown",
        "field": column,
        "severity": severity,
        "value": actual,
        "unit": "rows" if measure is not None and actual is not None else None,
    }
    return {"facts": facts, "measures": (measure,) if measure else ()}


def _metrics(facet: Node, common: dict[str, Any]) -> Iterator[tuple[Node, dict[str, Any]]]:
    rows = count(facet.get("rowCount"))
    if (node := facet.get("rowCount")) is not None and rows is not None:
        facts = {**common, "check": "rowCount", "status": "pass", "type": "metric", "value": rows, "unit": "rows"}
        yield node, {"facts": facts, "measures": ("rowCount",)}
    for column, metrics in facet.members("columnMetrics"):
        nulls = count(metrics.get("nullCount"))
        if nulls is not None:
            facts = {
                **common,
                "check": f"nullCount({column})",
                "status": "pass",
                "type": "metric",
                "field": column,
                "value": nulls,
                "unit": "rows",
                "rows": rows,
                "failed_rows": nulls,
            }
            yield metrics["nullCount"], {"facts": facts, "measures": ("nullValues",)}
