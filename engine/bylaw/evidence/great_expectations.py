"""
Great Expectations, 0.18 and 1.x: the result of a validation, and of a checkpoint with many of them.

What an expectation found in the rows (``partial_unexpected_list`` and its like, ``observed_value`` where it is a list)
is not looked at. An expectation that raised is an error, in 1.x told by metric, in 0.18 of the whole. ``mostly`` makes
a pass of a column with failing rows, so the count goes along with the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bylaw.errors import UnrecognisedDocument
from bylaw.evidence.instants import instant
from bylaw.evidence.numbers import count, number
from bylaw.evidence.report import Findings, Report
from bylaw.facts.documents.node import Node

# What an expectation about rows measures, in ODCS's words; the count of failing rows is the value.
_ROWS = {
    "expect_column_values_to_not_be_null": ("nullValues",),
    "expect_column_values_to_be_unique": ("duplicateValues",),
    "expect_compound_columns_to_be_unique": ("duplicateValues",),
    "expect_column_values_to_be_in_set": ("invalidValues",),
    "expect_column_values_to_match_regex": ("invalidValues",),
}
_TABLE = {
    "expect_table_row_count_to_be_between": ("rowCount",),
    "expect_table_row_count_to_equal": ("rowCount",),
}


def is_validation(top: Node) -> bool:
    results = top.mapping().get("results")
    return isinstance(results, list) and "statistics" in top.mapping() and "success" in top.mapping()


def is_checkpoint(top: Node) -> bool:
    return {"run_results", "success"} <= top.mapping().keys() or (
        {"validation_results", "success", "statistics"} <= top.mapping().keys()
    )


def read_great_expectations(top: Node) -> Report:
    """
    Raises:
        UnrecognisedDocument: A version that is not read.
    """
    findings = Findings(top)
    versions: set[str] = set()
    for validation in _validations(top):
        meta = validation.get("meta")
        version = (meta.text("great_expectations_version") if meta is not None else None) or ""
        if version and not version.startswith(("0.18.", "1.")):
            raise UnrecognisedDocument(
                f"a validation by Great Expectations {version}; 0.18 and 1.x are read",
                location=top.reading.document.location(validation.pointer),
            )
        versions.add(version)
        common = _common(validation, top)
        for node in (*validation.elements("results"), *validation.elements("expectations")):
            findings.add(node, **_expectation(node, common))
    version = max(versions, default="")
    form = "checkpoint" if is_checkpoint(top) else "validation"
    name = " ".join(word for word in ("great_expectations", version) if word)
    return findings.report(f"great_expectations {form}", source=name)


def _validations(top: Node) -> Iterator[Node]:
    """One, or those of a checkpoint: by name in 0.18, as a list where 1.x describes it."""
    if (runs := top.get("run_results")) is not None:
        for name in runs.mapping():
            run = runs[name]
            yield run.get("validation_result") or run
    elif top.get("validation_results") is not None:
        yield from top.elements("validation_results")
    else:
        yield top


def _common(validation: Node, top: Node) -> dict[str, Any]:
    meta = validation.get("meta") or validation
    run = meta.get("run_id") or top.get("run_id")
    at = meta.text("validation_time") or (
        run.text("run_time") if run is not None and isinstance(run.value, dict) else None
    )
    batch = meta.get("active_batch_definition")
    identifiers = batch.get("batch_identifiers") if batch is not None else None
    return {
        "suite": validation.text("suite_name") or meta.text("expectation_suite_name"),
        "observed_at": None if at is None else instant(at),
        "dataset": validation.text("asset_name") or (batch.text("data_asset_name") if batch is not None else None),
        "partition": _partition(identifiers),
    }


def _partition(identifiers: Node | None) -> str | None:
    """``{"year": "2026", "month": "01"}``; the placeholder for a frame in memory and the path of a file are none."""
    members = [(name, identifiers[name]) for name in identifiers.mapping()] if identifiers is not None else []
    parts = [
        f"{name}={node.value}"
        for name, node in members
        if name not in ("dataframe", "path") and isinstance(node.value, str | int | float)
    ]
    return ", ".join(parts) or None


def _expectation(node: Node, common: dict[str, Any]) -> dict[str, Any]:
    config = node.get("expectation_config") or node
    kind = config.text("type", "expectation_type") or "an expectation without type"
    arguments = config.get("kwargs")
    column = (
        arguments.text("column")
        if arguments is not None and isinstance(arguments.mapping().get("column"), str)
        else None
    )
    condition = (
        arguments.text("row_condition") if arguments is not None and _is_text(arguments, "row_condition") else None
    )
    facts: dict[str, Any] = {
        "check": _name(kind, column, arguments, common["suite"]),
        "status": _status(node),
        "field": column,
        "dataset": common["dataset"],
        "observed_at": common["observed_at"],
        "partition": " and ".join(part for part in (common["partition"], condition) if part) or None,
        "severity": config.text("severity") if _is_text(config, "severity") else None,
    }
    result = node.get("result")
    if facts["status"] not in ("pass", "warn", "fail") or result is None or not isinstance(result.value, dict):
        return {"facts": facts, "measures": _ROWS.get(kind) or _TABLE.get(kind) or ()}
    rows, failed = count(result.get("element_count")), count(result.get("unexpected_count"))
    if kind in _TABLE:
        return {
            "facts": {**facts, "value": number(result.get("observed_value")), "unit": "rows"},
            "measures": _TABLE[kind],
        }
    if failed is not None:
        facts |= {"value": failed, "unit": "rows", "rows": rows, "failed_rows": failed}
    return {"facts": facts, "measures": _ROWS.get(kind, ())}


def _name(kind: str, column: str | None, arguments: Node | None, suite: str | None) -> str:
    """Expectations have no names, and ids only where a store gave one: what is expected of what tells them apart."""
    mostly = number(arguments.get("mostly")) if arguments is not None else None
    about = ", ".join(part for part in (column, f"mostly={mostly:g}" if mostly is not None else None) if part)
    return " ".join(part for part in (suite, f"{kind}({about})" if about else kind) if part)


def _status(node: Node) -> str:
    if _raised(node.get("exception_info")):
        return "error"
    success = node.mapping().get("success")
    if success is False and node.get("exception_info") is None and not node.mapping().get("result"):
        return "error"  # as a checkpoint describes one that raised: without exception, and without result
    return {True: "pass", False: "fail"}.get(success, "unknown") if isinstance(success, bool) else "unknown"


def _raised(information: Node | None) -> bool:
    if information is None or not isinstance(information.value, dict):
        return False
    if "raised_exception" in information.value:
        return information.value["raised_exception"] is not False
    return any(isinstance(one, dict) and one.get("raised_exception") is not False for one in information.value.values())


def _is_text(node: Node, key: str) -> bool:
    return isinstance(node.mapping().get(key), str)
