"""
The evidence that is handed in with a run: ``--evidence PATH``, files and folders. What cannot be read is undecided,
like a file that was to be judged; what is about none of the products is listed with the report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bylaw.errors import InputError, InvalidSetting, Location
from bylaw.evidence import (
    EvidenceKey,
    Found,
    Report,
    Subject,
    Subjects,
    completed,
    evidence_about,
    public_key,
    read_report,
    sorted_out,
)
from bylaw.facts.gathered import PUBLICATION, Facts
from bylaw.facts.recognise import gather
from bylaw_adapters.ci.files import STDIN, SUFFIXES, files_of, read_file

EVIDENCE_SUFFIXES = SUFFIXES | {".jsonl", ".ndjson", ".prom"}
MAX_UNMATCHED = 100
"""Of each report; a run over a warehouse has thousands of tests of other people's tables."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A finding of a tool that is about none of the products, and why."""

    check: str
    msg: str
    line: int


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A row of the report: what was handed in, and how much of it was about anything."""

    path: str
    recognised_as: str
    signed: str
    producer: str | None
    results: int
    about_nothing: int = 0
    """How many of the results are about none of the products; the first of them are ``unmatched``."""
    unmatched: tuple[Unmatched, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class About:
    """The evidence of one product: ``quality`` of its input, and ``place``, where what it says stands."""

    quality: Mapping[str, Any]
    place: Callable[[str], Location | None]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Everything that was handed in. ``about_whom`` sorts it by product, where these were known."""

    reports: tuple[Report, ...]
    about_whom: Mapping[str, Sequence[Report]] | None
    files: tuple[EvidenceFile, ...]
    unread: tuple[tuple[str, InputError], ...]
    partition: str | None = None

    def about(self, given: Mapping[str, Any]) -> About:
        """
        What was handed in about the product of an input, beside what the input says itself.

        Raises:
            InputError: More than is judged.
        """
        reports: Sequence[Report] = self.reports
        if self.about_whom is not None:
            reports = self.about_whom.get(Subject(given["product"]).identity, ())
        return _joined(given, reports, partition=self.partition)


def _joined(given: Mapping[str, Any], reports: Iterable[Report], *, partition: str | None) -> About:
    """The evidence of ``given["product"]``, after what ``given["quality"]`` says already."""
    own = given.get("quality")
    own = own if isinstance(own, dict) else {}
    results = own.get("results", []) if isinstance(own.get("results", []), list) else []
    history = own.get("history", []) if isinstance(own.get("history", []), list) else []
    found = evidence_about(given["product"], reports, partition=partition, first=len(results))
    more = found.quality.to_input()
    quality = {**own, **more, "results": [*results, *more.get("results", [])]}
    if history or "history" in more:
        quality["history"] = [*history, *more.get("history", [])]
    return About(quality, found.place)


def evidence_keys(arguments: Iterable[str]) -> dict[str, EvidenceKey]:
    """
    The producers' keys of ``--evidence-key PRODUCER=FILE``.

    Raises:
        InvalidSetting: Another form, a producer named twice, or no key that signs evidence.
    """
    keys: dict[str, EvidenceKey] = {}
    for argument in arguments:
        producer, separator, file = argument.partition("=")
        if not separator or not producer or not file:
            raise InvalidSetting(f"--evidence-key {argument}: wanted PRODUCER=FILE")
        if producer in keys:
            raise InvalidSetting(f"--evidence-key {argument}: {producer} has a key already")
        try:
            keys[producer] = EvidenceKey(public_key(Path(file).read_bytes()), producer)
        except OSError as error:
            raise InvalidSetting(f"--evidence-key {argument}: {error.strerror or error}") from error
        except InvalidSetting as error:
            raise InvalidSetting(f"--evidence-key {argument}: {error.message}") from error
    return keys


def read_evidence(
    paths: Iterable[str],
    *,
    keys: Mapping[str, EvidenceKey],
    products: Sequence[Mapping[str, Any]] | None,
    partition: str | None = None,
) -> HandedIn:
    """All reports at the paths, without what is about none of the products, where these are known."""
    read: list[Report] = []
    unread: list[tuple[str, InputError]] = []
    for path in files_of(paths, EVIDENCE_SUFFIXES):
        try:
            read += read_report(read_file(path), file=path, keys=keys)
        except InputError as error:
            unread.append((path, error))
    reports = completed(read)
    if products is None:
        rows = tuple(_row(report, ()) for report in reports)
        return HandedIn(tuple(reports), None, rows, tuple(unread), partition)
    subjects = Subjects(products)
    about: dict[str, list[Report]] = defaultdict(list)
    files: list[EvidenceFile] = []
    for report in reports:
        found = sorted_out(report, subjects)
        files.append(_row(report, found.others))
        for identity, kept in found.about.items():
            about[identity].append(kept)
    return HandedIn(tuple(reports), about, tuple(files), tuple(unread), partition)


def products_in(paths: Sequence[str]) -> list[Mapping[str, Any]] | None:
    """
    The products that files are about. What cannot be read is told when it is judged; standard input can be read once,
    so with it nobody knows.
    """
    if STDIN in paths:
        return None
    return [facts.input["product"] for path in files_of(paths) for facts in _products(path)]


def _products(path: str) -> Iterator[Facts]:
    try:
        for facts in gather(read_file(path), file=path):
            if not isinstance(facts, InputError) and facts.kind == PUBLICATION:
                yield facts
    except InputError:
        return


def _row(report: Report, others: Sequence[tuple[Found, str]]) -> EvidenceFile:
    unmatched = tuple(
        Unmatched(
            str(found.facts.get("check", "")),
            f"check {found.facts.get('check')} {why}",
            report.places.location(found.pointer).row,
        )
        for found, why in others[:MAX_UNMATCHED]
    )
    return EvidenceFile(
        report.file, report.format, report.signed, report.producer, len(report.found), len(others), unmatched
    )
