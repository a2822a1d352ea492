"""
The metrics that a mesh agrees on, from Prometheus: as an exporter exposes them, or as its HTTP API answers ``query``
and ``query_range``. Labels ``domain`` and ``product_name`` (or ``product``) say whose they are.

| metric | fact | unit |
|---|---|---|
| ``data_product_freshness_seconds`` | ``freshness_seconds`` | seconds |
| ``data_product_availability`` | ``availability`` | 1 while it can be queried within its promise, else 0 |
| ``data_quality_score`` | ``quality`` | share |
| ``pipeline_execution_duration_seconds`` | ``pipeline_duration_seconds``: of a histogram the mean | seconds |
| ``row_count`` | ``row_count`` | rows |
| ``consumer_query_count`` | ``consumer_queries`` | |
| ``data_freshness_seconds`` | ``freshness_seconds`` | seconds |
| ``sla_compliance_percentage`` | ``sla_compliance`` | share |

An exposition mostly says no time. Then nobody knows how old it is, and it proves nothing; the API always says it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bylaw.errors import InputTooLarge, Location, MalformedInput, UnrecognisedDocument, WrongShape
from bylaw.evidence.instants import from_seconds
from bylaw.evidence.numbers import from_text, number, share_of_percent
from bylaw.evidence.report import MAX_FINDINGS, Findings, Found, Report, stated
from bylaw.facts.documents.document import Pointer
from bylaw.facts.documents.node import Node

_METRICS: Mapping[str, tuple[str, str | None]] = {
    "data_product_freshness_seconds": ("freshness_seconds", "seconds"),
    "data_product_availability": ("availability", "share"),
    "data_quality_score": ("quality", "share"),
    "pipeline_execution_duration_seconds": ("pipeline_duration_seconds", "seconds"),
    "row_count": ("row_count", "rows"),
    "consumer_query_count": ("consumer_queries", None),
    "consumer_query_count_total": ("consumer_queries", None),
    "data_freshness_seconds": ("freshness_seconds", "seconds"),
    "sla_compliance_percentage": ("sla_compliance", "share"),
}
_SUM, _COUNT, _BUCKET = "_sum", "_count", "_bucket"
_HISTOGRAM = "pipeline_execution_duration_seconds"
_DOMAIN, _PRODUCT, _DATASET = ("domain",), ("product_name", "product", "data_product"), ("dataset", "table")

_SAMPLE = re.compile(
    r"(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]*(?:\{(?P<labels>(?:[^\"}]|\"(?:[^\"\\]|\\.)*\")*)\})?[ \t]+"
    r"(?P<value>[^ \t]+)(?:[ \t]+(?P<time>-?[0-9]{1,19}))?[ \t]*(?:#.*)?"
)
_LABEL = re.compile(r'[ \t]*(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"(?P<value>(?:[^"\\]|\\.)*)"[ \t]*(?:,|$)')
_ESCAPES = {r"\n": "\n", r"\"": '"', r"\\": "\\"}
# Without colons, which names of metrics may have: `id: 1` is YAML.
_OPENING = re.compile(
    r"\s*(?:#[^\n]*\n\s*)*[a-zA-Z_][a-zA-Z0-9_]*[ \t]*(?:\{[^\n]*\})?[ \t]+[-+0-9NIni][^\n:]*(?:\n|$)"
)
_COMMENT = re.compile(r"\s*# (?:HELP|TYPE|EOF)\b")


@dataclass(frozen=True, slots=True)
class _Lines:
    """Places in a text of lines: the pointer is the line's number."""

    file: str

    def location(self, pointer: Pointer = ()) -> Location:
        return Location(self.file, int(pointer[0]) if pointer else 1)


def is_exposition(text: str) -> bool:
    return _COMMENT.match(text) is not None or _OPENING.match(text[:10_000]) is not None


def read_exposition(text: str, *, file: str) -> Report:
    """
    Raises:
        MalformedInput: A line that is no sample; half a text would show half of what was measured.
        UnrecognisedDocument: None of the metrics is in it.
        InputTooLarge: More samples than are read.
    """
    samples: list[tuple[int, str, dict[str, str], str, str | None]] = []
    for row, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _SAMPLE.fullmatch(line.strip())
        if match is None:
            raise MalformedInput("no sample of an exposition", location=Location(file, row))
        name = match["name"]
        if name in _METRICS or name in (_HISTOGRAM + _SUM, _HISTOGRAM + _COUNT):
            samples.append((row, name, _labels(match["labels"], file, row), match["value"], match["time"]))
            if len(samples) > MAX_FINDINGS:
                raise InputTooLarge(f"more than {MAX_FINDINGS} samples", location=Location(file, row))
    found = [*_plain_samples(samples), *_means(samples)]
    if not found:
        raise UnrecognisedDocument(f"none of the metrics {', '.join(sorted(_METRICS))}", location=Location(file, 1))
    return Report("prometheus exposition", file, tuple(found), _Lines(file), {"source": "prometheus"})


def _plain_samples(samples: list[tuple[int, str, dict[str, str], str, str | None]]) -> Iterator[Found]:
    for row, name, labels, value, time in samples:
        if name in _METRICS:
            yield _found(name, labels, from_text(_spelled(value)), _milliseconds(time), (row,))


def _means(samples: list[tuple[int, str, dict[str, str], str, str | None]]) -> Iterator[Found]:
    """Of a histogram its mean: sum and count of the same labels."""
    parts: dict[tuple[tuple[str, str], ...], dict[str, tuple[int, float | None, str | None]]] = defaultdict(dict)
    for row, name, labels, value, time in samples:
        if name in (_HISTOGRAM + _SUM, _HISTOGRAM + _COUNT):
            parts[tuple(sorted(labels.items()))][name.removeprefix(_HISTOGRAM)] = (
                row,
                from_text(_spelled(value)),
                time,
            )
    for labels_key, part in parts.items():
        if _SUM in part and _COUNT in part:
            (row, total, time), (_, runs, _) = part[_SUM], part[_COUNT]
            mean = total / runs if total is not None and runs else None
            yield _found(_HISTOGRAM, dict(labels_key), mean, _milliseconds(time), (row,))


def _labels(text: str | None, file: str, row: int) -> dict[str, str]:
    labels: dict[str, str] = {}
    at = 0
    while text is not None and at < len(text.rstrip()):
        match = _LABEL.match(text, at)
        if match is None:
            raise MalformedInput("labels that cannot be read", location=Location(file, row))
        value = re.sub(r"\\.", lambda escape: _ESCAPES.get(escape[0], escape[0]), match["value"])
        labels[match["name"]] = value
        at = match.end()
    return labels


def _milliseconds(text: str | None) -> str | None:
    return None if text is None else from_seconds(int(text) / 1000)


def is_api_answer(top: Node) -> bool:
    data = top.mapping().get("data")
    return top.mapping().get("status") in ("success", "error") and (isinstance(data, dict) or "error" in top.mapping())


def read_api_answer(top: Node) -> Report:
    """
    Raises:
        UnrecognisedDocument: An error, another type of result, or none of the metrics.
        WrongShape: A sample that is not ``[time, "value"]``.
    """
    here = top.reading.document.location()
    if top.text("status") != "success":
        raise UnrecognisedDocument("an answer of Prometheus that is an error", location=here)
    kind = top["data"].text("resultType")
    if kind not in ("vector", "matrix"):
        raise UnrecognisedDocument(f"an answer of Prometheus of type {kind}; vector and matrix are read", location=here)
    findings = Findings(top)
    for series in top["data"].elements("result"):
        _read_series(series, findings)
    if not findings.found:
        raise UnrecognisedDocument(f"none of the metrics {', '.join(sorted(_METRICS))}", location=here)
    return findings.report(f"prometheus {kind}", source="prometheus")


def _read_series(series: Node, findings: Findings) -> None:
    labels = {name: node.as_text() or "" for name, node in series.members("metric")}
    name = labels.pop("__name__", "")
    if name not in _METRICS:
        series.skip(
            f"quality.{name or 'series'}", f"{name or 'a series without a name'} is no metric that is read here"
        )
        return
    one = series.get("value")
    for node in [one] if one is not None else series.elements("values"):
        time, value = _pair(node)
        found = _found(name, labels, value, from_seconds(time), node.pointer)
        findings.add(node, found.facts)


def _pair(node: Node) -> tuple[float, float | None]:
    if not isinstance(node.value, list) or len(node.value) != 2:
        raise node.wrong("[time, value]")
    time, text = number(node[0]), node[1].value
    if time is None or not isinstance(text, str):
        raise _wrong(node)
    return time, from_text(_spelled(text))


def _wrong(node: Node) -> WrongShape:
    return node.wrong("a time in seconds and a value in quotes")


def _spelled(text: str) -> str:
    """Underscores are Python's, not Prometheus's."""
    return "nan" if "_" in text else text


def _found(name: str, labels: Mapping[str, str], value: float | None, at: str | None, pointer: Pointer) -> Found:
    metric, unit = _METRICS[name]
    if name.endswith("_percentage"):
        value = share_of_percent(value)
    outcome = labels.get("outcome") or labels.get("status")
    facts: dict[str, Any] = {
        "check": f"{name} ({outcome})" if outcome else name,
        # A pipeline that failed took no time that anybody was promised.
        "metric": f"{metric}.{outcome}" if outcome and outcome != "success" else metric,
        "type": "metric",
        "status": "error" if value is None or not math.isfinite(value) else "pass",
        "value": value,
        "unit": unit if value is not None else None,
        "observed_at": at,
        "domain": _first(labels, _DOMAIN),
        "product": _first(labels, _PRODUCT),
        "dataset": _first(labels, _DATASET),
    }
    return Found(stated(facts), pointer)


def _first(labels: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((labels[name] for name in names if labels.get(name)), None)
