"""
Many reports to the evidence of a product: ``input.quality``.

Of one check the newest outcome is the result, and all of them are its history. A report that is handed in twice counts
once; two outcomes of one check at one instant are both kept, because they contradict each other, and that is for rules
to say. What is about none of the products that are asked about is told, not dropped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from pydantic import ValidationError

from bylaw.errors import InputTooLarge, Location, WrongShape
from bylaw.evidence.binding import Subject, Subjects
from bylaw.evidence.report import Found, Report
from bylaw.evidence.result import Quality, Result, Series

MAX_SAMPLES = 50_000
"""Of one product: a month of every minute."""

MAX_RESULTS = 20_000
"""Of one product: forty checks on each of five hundred columns, which rules judge in some seconds."""

_ORIGIN = (
    *("metric", "dataset", "field", "measure", "partition", "contract_id", "contract_version", "domain", "product"),
    *("source", "producer", "signed", "check"),
)
_SAMPLE = ("observed_at", "status", "value")
_WHERE = ("file", "pointer", "run", "path")

Facts: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one product, and the way back from a fact to its place."""

    quality: Quality
    _stands: Mapping[str, tuple[Report, Found]] = field(default_factory=dict)
    duplicates: int = 0

    def place(self, path: str) -> Location | None:
        """
        Where a report says what stands at a fact path, ``quality.results[3]`` and below. Looked for when it is asked:
        a place in a long text takes a walk.
        """
        known = f"{path.partition(']')[0]}]" if path.startswith("quality.results[") else ""
        if known not in self._stands:
            return None
        report, found = self._stands[known]
        return report.places.location(found.pointer)


@dataclass(frozen=True, slots=True)
class _Bound:
    facts: Facts
    report: Report
    found: Found


def evidence_about(
    product: Mapping[str, Any], reports: Iterable[Report], *, partition: str | None = None, first: int = 0
) -> Evidence:
    """
    The evidence of a product. Results are numbered from ``first``, where there are others before them.

    Raises:
        InputTooLarge: More samples than are judged.
        WrongShape: A finding that fits the normal form nowhere.
    """
    subject = Subject(product)
    bound, duplicates = _distinct(_about(subject, reports))
    newest = list(_newest(bound))
    if len(newest) > MAX_RESULTS:
        raise InputTooLarge(
            f"more than {MAX_RESULTS} results of one product", location=Location(newest[0].report.file, 1)
        )
    stands = {f"quality.results[{number}]": one for number, one in enumerate(newest, start=first)}
    results = tuple(_result({**one.facts, "path": path}, one.report, one.found) for path, one in stands.items())
    quality = Quality(partition=partition, results=results, history=tuple(_series(bound)) or None)
    return Evidence(quality, {path: (one.report, one.found) for path, one in stands.items()}, duplicates)


@dataclass(frozen=True, slots=True)
class SortedOut:
    """A report by the products that it is about (their ``identity``), and what is about none, with the reason."""

    about: Mapping[str, Report]
    others: tuple[tuple[Found, str], ...]


def sorted_out(report: Report, subjects: Subjects) -> SortedOut:
    """
    Which of the products each finding is about. It is about none where nobody is meant, or where more than one could,
    because no more is said than the name of a table, or of a product and not of its domain.
    """
    about: dict[str, list[Found]] = defaultdict(list)
    others: list[tuple[Found, str]] = []
    for found in report.found:
        facts = report.facts_of(found)
        meant = subjects.meant(facts, found)
        if not meant:
            others.append((found, "is about nothing that is checked"))
        elif len(meant) > 1 and "contract_id" not in facts and not {"domain", "product"} <= facts.keys():
            others.append((found, f"could be about {' and '.join(sorted(meant))}, so it is about neither"))
        else:
            for identity in meant:
                about[identity].append(found)
    of = {identity: replace(report, found=tuple(kept)) for identity, kept in about.items()}
    return SortedOut(of, tuple(others))


def unbound(report: Report) -> list[Facts]:
    """What a report says, in the normal form, before anybody asked about a product."""
    facts = []
    for found in report.found:
        known = report.facts_of(found)
        if found.measures and "measure" not in known:
            known["measure"] = found.measures[0]
        result = _result(known, report, found)
        facts.append(result.model_dump(mode="json", exclude_none=True))
    return facts


def _about(subject: Subject, reports: Iterable[Report]) -> Iterator[_Bound]:
    for report in reports:
        for found in report.found:
            facts = report.facts_of(found)
            if subject.concerns(facts, found):
                yield _Bound(subject.bound(facts, found), report, found)


def _distinct(bound: Iterable[_Bound]) -> tuple[list[_Bound], int]:
    """Without what is said twice in the same words, wherever it stands."""
    seen: dict[tuple[Any, ...], _Bound] = {}
    twice = 0
    for one in bound:
        key = tuple(sorted((name, str(fact)) for name, fact in one.facts.items() if name not in _WHERE))
        twice += key in seen
        seen.setdefault(key, one)
    return list(seen.values()), twice


def _newest(bound: Iterable[_Bound]) -> Iterator[_Bound]:
    """
    Of each check the newest, and everything that is as new; what says no time is kept beside it, because nobody knows
    that it is older.
    """
    checks: dict[tuple[Any, ...], list[_Bound]] = defaultdict(list)
    for one in bound:
        what = (one.facts.get(name) for name in ("check", "metric", "dataset", "field", "partition"))
        checks[(*what, _tool(one.facts.get("source", "")))].append(one)
    for outcomes in checks.values():
        dated = [one.facts["observed_at"] for one in outcomes if "observed_at" in one.facts]
        latest = max(dated, default=None, key=_when)
        yield from (one for one in outcomes if one.facts.get("observed_at") in (latest, None))


def _tool(source: str) -> str:
    """``dbt 1.10.2`` and ``dbt 1.10.3`` are one tool, and a check of it is one check."""
    name, _, version = source.rpartition(" ")
    return name if name and version[:1].isdigit() else source


def _series(bound: Iterable[_Bound]) -> Iterator[Series]:
    """What was measured more than once, oldest first."""
    series: dict[tuple[Any, ...], list[Facts]] = defaultdict(list)
    kept = 0
    for one in bound:
        if "observed_at" in one.facts:
            series[tuple(one.facts.get(name) for name in _ORIGIN)].append(one.facts)
            kept += 1
            if kept > MAX_SAMPLES:
                raise InputTooLarge(
                    f"more than {MAX_SAMPLES} samples of one product", location=Location(one.report.file, 1)
                )
    for key, samples in series.items():
        if len(samples) > 1:
            origin = {name: fact for name, fact in zip(_ORIGIN, key, strict=True) if fact is not None}
            ordered = sorted(samples, key=lambda facts: (_when(facts["observed_at"]), facts["status"]))
            rows = [{name: facts[name] for name in _SAMPLE if name in facts} for facts in ordered]
            yield Series.model_validate({**origin, "samples": rows})


def _when(instant: str) -> str:
    """What sorts as time goes: with the `Z` a full second would come after its own parts."""
    return instant.removesuffix("Z")


def _result(facts: Facts, report: Report, found: Found) -> Result:
    try:
        return Result.model_validate(facts)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = report.places.location(found.pointer)
        raise WrongShape(f"{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}", location=place) from error
