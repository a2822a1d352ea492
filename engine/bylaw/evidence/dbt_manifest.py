"""
dbt's ``manifest.json`` (versions 7 to 12), handed in beside ``run_results.json``: which model and column a test is
about, how severe it is, which part it looks at, and which contract the model's ``meta`` names (``contract_id``,
``contract_version``). And which tests there are: those that its own run (``invocation_id``) left out are ``missing``,
which the results alone do not tell.

A manifest speaks only of results that are as trustworthy as itself: whoever could say what a test is about could say it
of any test.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bylaw.errors import InputTooLarge
from bylaw.evidence.dbt import measures_of
from bylaw.evidence.report import MAX_FINDINGS, Found, Report, stated
from bylaw.facts.documents.node import Node

_TEST = "test"


def read_manifest(top: Node, version: int) -> Report:
    """
    What a manifest says of each test, by its id. It has no results of its own.

    Raises:
        InputTooLarge: More tests than results are read.
    """
    document = top.reading.document
    nodes, sources = dict(top.members("nodes")), dict(top.members("sources"))
    described: dict[str, Mapping[str, Any]] = {}
    for name, node in nodes.items():
        if node.text("resource_type") == _TEST:
            described[name] = _test(node, {**nodes, **sources})
    if len(described) > MAX_FINDINGS:
        raise InputTooLarge(f"more than {MAX_FINDINGS} tests", location=document.location())
    run = top["metadata"].text("invocation_id")
    return Report(f"dbt manifest v{version}", document.file, (), document, stated({"run": run}), described=described)


def completed(reports: Iterable[Report]) -> list[Report]:
    """The reports, those of dbt's runs with what the manifests say."""
    read = list(reports)
    return [_described(report, [other for other in read if _speaks_of(other, report)]) for report in read]


def _speaks_of(manifest: Report, report: Report) -> bool:
    is_run = report.format.startswith("dbt run-results")
    return bool(manifest.described) and is_run and _giver(manifest) == _giver(report)


def _giver(report: Report) -> tuple[str, str | None]:
    return (report.signed, report.producer)


def _described(report: Report, manifests: list[Report]) -> Report:
    tests = {name: facts for manifest in manifests for name, facts in manifest.described.items()}
    found = [_named(one, tests.get(str(one.facts.get("check")))) for one in report.found]
    ran = {one.facts.get("check") for one in report.found}
    at = max((str(one.facts["observed_at"]) for one in report.found if "observed_at" in one.facts), default=None)
    for manifest in manifests:
        if manifest.common.get("run") == report.common.get("run"):
            found += [_missing(name, facts, at) for name, facts in manifest.described.items() if name not in ran]
    return replace(report, found=tuple(found))


def _missing(name: str, facts: Mapping[str, Any], at: str | None) -> Found:
    known = {key: fact for key, fact in facts.items() if key != "test"}
    missing = stated({**known, "check": name, "status": "missing", "observed_at": at})
    return Found(missing, (), measures_of(str(facts.get("test", ""))))


def _named(found: Found, facts: Mapping[str, Any] | None) -> Found:
    if facts is None:
        return found
    known = {key: fact for key, fact in facts.items() if key != "test"}
    return replace(found, facts={**known, **found.facts}, about=None if "dataset" in known else found.about)


def _test(node: Node, nodes: Mapping[str, Node]) -> dict[str, Any]:
    config, metadata = node.get("config"), node.get("test_metadata")
    severity = config.text("severity") if config is not None else None
    return stated(
        {
            "test": metadata.text("name") if metadata is not None else None,
            "field": node.text("column_name"),
            "severity": severity.lower() if severity else None,
            "partition": config.text("where") if config is not None else None,
            **_subject(node, nodes),
        }
    )


def _subject(node: Node, nodes: Mapping[str, Node]) -> dict[str, Any]:
    """The model or source that a test is about: the one it is attached to, or the only one that it reads."""
    attached = node.text("attached_node")
    depends = node.get("depends_on")
    reads = depends.texts("nodes") or () if depends is not None else ()
    name = attached or (reads[0] if len(reads) == 1 else None)
    model = nodes.get(name) if name else None
    if model is None:
        return {}
    relation = model.text("relation_name")
    meta = model.get("meta")
    told = meta if meta is not None and isinstance(meta.value, dict) else None
    return {
        "dataset": relation.replace('"', "").replace("`", "")
        if relation
        else model.text("alias", "identifier", "name"),
        "contract_id": told.text("contract_id") if told is not None else None,
        "contract_version": told.text("contract_version") if told is not None else None,
    }
