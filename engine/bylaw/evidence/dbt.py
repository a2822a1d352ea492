"""
dbt's artifacts: ``run_results.json`` (versions 4 to 6) and ``sources.json`` (version 3).

Only nodes that were executed appear: a test that is not there has not passed, and whatever asked for it finds nothing.
``error`` says that a test did not run to its end. A test with a ``where`` of its own looks at a part of the model; only
the compiled SQL shows it, in the words of dbt's own macro, so that is where it is taken from.
"""

from __future__ import annotations

import re
from typing import Any

from bylaw.errors import UnrecognisedDocument
from bylaw.evidence.instants import instant
from bylaw.evidence.numbers import count, number
from bylaw.evidence.report import Findings, Report
from bylaw.facts.documents.node import Node

_SCHEMA = re.compile(r".*/dbt/(?P<artifact>run-results|sources|manifest)/v(?P<version>\d{1,4})\.json")
_VERSIONS = {"run-results": (4, 5, 6), "sources": (3,), "manifest": (7, 8, 9, 10, 11, 12)}

_STATUSES = {
    "pass": "pass",
    "success": "pass",
    "warn": "warn",
    "fail": "fail",
    "error": "error",
    "runtime error": "error",
    "partial success": "fail",
    "skipped": "skipped",
}

# What each generic test counts: rows, or values that are wrong. Of invalid ones ODCS counts the rows, so of those only
# none is known to be none.
_COUNTING_ROWS = {"not_null": "nullValues"}
_COUNTING_VALUES = {"unique": "duplicateValues", "accepted_values": "invalidValues"}
_TEST_NAME = re.compile(r"(?P<test>not_null|unique|accepted_values|relationships)_(?P<about>.+)")
_WHERE = re.compile(
    r"\(\s*select\s+\*\s+from\s+\S+\s+where\s+(?P<where>.+?)\)\s+dbt_subquery", re.IGNORECASE | re.DOTALL
)
_MAX_SQL = 200_000


def measures_of(test: str) -> tuple[str, ...]:
    """What a generic test measures, in ODCS's words."""
    measure = _COUNTING_ROWS.get(test) or _COUNTING_VALUES.get(test)
    return (measure,) if measure else ()


def is_dbt(top: Node) -> bool:
    metadata = top.get("metadata")
    return metadata is not None and isinstance(metadata.value, dict) and "dbt_schema_version" in metadata.value


def dbt_artifact(top: Node) -> tuple[str, int]:
    """
    Which artifact it is, and of which version.

    Raises:
        UnrecognisedDocument: Another artifact, or another version.
    """
    said = top["metadata"].text("dbt_schema_version") or ""
    match = _SCHEMA.fullmatch(said)
    artifact, version = (match["artifact"], int(match["version"])) if match else ("", 0)
    if version not in _VERSIONS.get(artifact, ()):
        known = "run-results v4 to v6, sources v3 and manifest v7 to v12"
        raise UnrecognisedDocument(
            f"a dbt artifact of {said or 'no schema'}; {known} are read",
            location=top.reading.document.location(("metadata", "dbt_schema_version")),
        )
    return artifact, version


def read_results(top: Node, artifact: str, version: int) -> Report:
    """The results of a run, or of a look at how fresh sources are."""
    findings = Findings(top)
    for node in top.elements("results"):
        findings.add(node, **_source(node) if artifact == "sources" else _executed(node, top))
    tool = f"dbt {top['metadata'].text('dbt_version') or ''}"
    return findings.report(f"dbt {artifact} v{version}", source=tool, run=top["metadata"].text("invocation_id"))


def _executed(node: Node, top: Node) -> dict[str, Any]:
    unique_id = node.text("unique_id") or ""
    kind, _, rest = unique_id.partition(".")
    facts: dict[str, Any] = {
        "check": unique_id or "a node without unique_id",
        "status": _STATUSES.get(node.text("status") or "", "unknown"),
        "observed_at": _finished(node) or _moment(top["metadata"], "generated_at"),
    }
    if kind != "test":
        # A model that was not built is not what it was; that it was built says nothing of its rows.
        name = _last(node.text("relation_name")) or unique_id.rpartition(".")[2]
        return {"facts": {**facts, "dataset": name}}
    failures = count(node.get("failures"))
    where = _WHERE.search((node.text("compiled_code", "compiled_sql") or "")[:_MAX_SQL])
    facts |= {"partition": where["where"] if where else None}
    # test.<package>.<name>.<hash>; a test that is a file of its own has no hash.
    name = rest.split(".")[1] if rest.count(".") >= 1 else rest
    match = _TEST_NAME.fullmatch(name)
    if match is None:
        return {"facts": {**facts, "failed_rows": failures}}
    test, about = match["test"], match["about"]
    if test in _COUNTING_ROWS:
        counted = {"value": failures, "unit": "rows", "failed_rows": failures} if failures is not None else {}
        return {"facts": {**facts, **counted}, "measures": (_COUNTING_ROWS[test],), "about": about}
    if test == "unique" and failures is not None:
        return {"facts": {**facts, "value": failures, "unit": "values"}, "measures": measures_of(test), "about": about}
    counted = {"value": 0, "unit": "rows"} if failures == 0 else {}
    return {"facts": {**facts, **counted}, "measures": measures_of(test), "about": about, "has_arguments": True}


def _source(node: Node) -> dict[str, Any]:
    """``source.<package>.<source>.<table>``, and how old its newest row was."""
    unique_id = node.text("unique_id") or ""
    facts = {
        "check": f"freshness of {unique_id or 'a source without unique_id'}",
        "status": _STATUSES.get(node.text("status") or "", "unknown"),
        "observed_at": _moment(node, "snapshotted_at"),
        "dataset": unique_id.rpartition(".")[2],
        "dimension": "timeliness",
        "metric": "freshness_seconds",
        "value": number(node.get("max_loaded_at_time_ago_in_s")),
        "unit": "seconds",
        "partition": (criteria.text("filter") if (criteria := node.get("criteria")) is not None else None),
    }
    if facts["value"] is None:
        del facts["unit"]
    return {"facts": facts}


def _finished(node: Node) -> str | None:
    moments = [moment for timing in node.elements("timing") if (moment := _moment(timing, "completed_at"))]
    return max(moments, default=None)


def _moment(node: Node, key: str) -> str | None:
    text = node.text(key)
    return None if text is None else instant(text)


def _last(relation: str | None) -> str | None:
    return None if relation is None else relation.rpartition(".")[2].strip("\"`[]'") or None
