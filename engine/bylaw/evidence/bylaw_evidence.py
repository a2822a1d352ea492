"""
Evidence in our own words (``apiVersion: bylaw.io/v1``, ``kind: Evidence``): results in the normal form, or the
``report`` of a tool with what the tool does not say around it: which contract, dataset or partition, and when. What
both say must be the same; a report that is about something else than the words around it is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from bylaw.errors import WrongShape
from bylaw.evidence.instants import instant
from bylaw.evidence.report import Findings, Found, Report, stated
from bylaw.evidence.result import Result
from bylaw.facts.documents.node import Node

API_VERSION = "bylaw.io/v1"
KIND = "Evidence"

_ABOUT = ("contract_id", "contract_version", "domain", "product", "dataset", "partition")
_AROUND = (*_ABOUT, "source", "run", "observed_at")
_KEYS = frozenset({"apiVersion", "kind", "results", "report", *_AROUND})
_NOT_SAID = frozenset({"signed", "producer", "file", "pointer", "path"})
"""What a report cannot say of itself: who signed it is found out, and where it stands is seen."""


def is_evidence(top: Node) -> bool:
    return top.mapping().get("apiVersion") == API_VERSION and top.mapping().get("kind") == KIND


def read_evidence(top: Node, read_report: Callable[[Node], Report]) -> Report:
    """
    Raises:
        WrongShape: A key that evidence does not have, a result that is none, or words that contradict each other.
    """
    for key in top.mapping():
        if key not in _KEYS:
            raise top[key].wrong(f"one of {', '.join(sorted(_KEYS))} (not {key!r})")
    around = _around(top)
    inner = top.get("report")
    if (inner is None) == (top.get("results") is None):
        raise top.wrong("results, or the report of a tool")
    if inner is not None:
        report = read_report(inner)
        return replace(
            report, found=tuple(_completed(top, found, report, around) for found in report.found), common=report.common
        )
    findings = Findings(top)
    for node in top.elements("results"):
        facts = _own(node)
        measure = facts.get("measure")
        findings.add(node, facts, is_named=True, measures=(measure,) if measure else ())
    report = findings.report("bylaw evidence v1")
    return replace(report, found=tuple(_completed(top, found, report, around) for found in report.found))


def _around(top: Node) -> dict[str, Any]:
    around = stated({key: top.text(key) for key in _AROUND})
    if "observed_at" in around:
        around["observed_at"] = _instant(top["observed_at"])
    return stated(around)


def _completed(top: Node, found: Found, report: Report, around: dict[str, Any]) -> Found:
    said = {**report.common, **found.facts}
    for key in _ABOUT:
        if key in around and key in said and around[key] != said[key]:
            raise WrongShape(
                f"{key} is {around[key]!r} around the report, and {said[key]!r} in it",
                location=top.reading.document.location(found.pointer),
            )
    return replace(found, facts={**around, **found.facts})


def _own(node: Node) -> dict[str, Any]:
    facts = dict(node.mapping())
    for key in facts:
        if key in _NOT_SAID:
            raise node[key].wrong(f"no {key!r} in a result: that is found out, not said")
    try:
        Result.model_validate(facts)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = (*node.pointer, *first["loc"])
        raise WrongShape(
            f"{'.'.join(map(str, first['loc'])) or 'result'}: {first['msg'].lower()}",
            location=node.reading.document.location(place),
        ) from error
    if "observed_at" in facts:
        facts["observed_at"] = _instant(node["observed_at"])
    return facts


def _instant(node: Node) -> str:
    text = node.as_text() or ""
    moment = instant(text)
    if moment is None:
        raise node.wrong("an instant with its zone, as 2026-01-02T03:04:05Z")
    return moment
