"""
A report as a reader leaves it: what a tool found, in facts, each with where it stands. Nothing is bound to a product
yet (``binding``), and nothing is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bylaw.errors import InputTooLarge, Location
from bylaw.evidence.result import Signed
from bylaw.facts.documents.document import Document, Pointer
from bylaw.facts.documents.node import Node
from bylaw.facts.gathered import NotRead

MAX_FINDINGS = 200_000
"""Results and samples of one report. A month of minutes is 43,200."""

MAX_TEXT = 500
"""Names are shorter; what is longer is somebody's data."""


class Places(Protocol):
    """Where a pointer of a report stands in its text."""

    def location(self, pointer: Pointer = ()) -> Location: ...


@dataclass(frozen=True, slots=True)
class Found:
    """
    One finding of a tool. ``facts`` are those of ``result.Result``. ``measures`` are ODCS's words for what was
    measured, the nearest first; where a tool names dataset and field in one word only, that is ``about``.
    """

    facts: Mapping[str, Any]
    pointer: Pointer
    measures: tuple[str, ...] = ()
    about: str | None = None
    has_arguments: bool = False
    """Whether behind what ``about`` names stand the arguments of a check."""


@dataclass(frozen=True, slots=True)
class Report:
    """``format`` is like ``dbt run-results v6``; ``common`` are facts of everything in it."""

    format: str
    file: str
    found: tuple[Found, ...]
    places: Places
    common: Mapping[str, Any] = field(default_factory=dict)
    not_read: tuple[NotRead, ...] = ()
    signed: Signed = "none"
    producer: str | None = None
    described: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What a manifest says of checks that other reports are about, by their names."""

    def facts_of(self, found: Found) -> dict[str, Any]:
        """Everything that is known of one finding, the report's own words first."""
        origin: dict[str, Any] = {"signed": self.signed, "file": self.file, "pointer": written(found.pointer)}
        if self.producer is not None:
            origin["producer"] = self.producer
        return {**self.common, **found.facts, **origin}


@dataclass(slots=True)
class Findings:
    """Collects what a reader finds, up to the limit."""

    top: Node
    found: list[Found] = field(default_factory=list)
    names: dict[tuple[str, ...], int] = field(default_factory=dict)

    def add(self, node: Node, facts: Mapping[str, Any], *, is_named: bool = False, **more: Any) -> None:
        """
        Add a finding. Where its author did not name it (``is_named``), its name is made, and made to be its own.


        Raises:
            InputTooLarge: More findings than are read of one report.
        """
        if len(self.found) >= MAX_FINDINGS:
            raise InputTooLarge(
                f"more than {MAX_FINDINGS} results", location=node.reading.document.location(node.pointer)
            )
        self.found.append(Found(stated(facts) if is_named else self._named(stated(facts)), node.pointer, **more))

    def _named(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Checks of one name on one thing are told apart by their number: one must not pass for another."""
        key = tuple(str(facts.get(name)) for name in ("check", "dataset", "field", "partition", "observed_at"))
        self.names[key] = number = self.names.get(key, 0) + 1
        return facts if number == 1 or "check" not in facts else {**facts, "check": f"{facts['check']} #{number}"}

    def report(self, format: str, **common: Any) -> Report:  # noqa: A002 - the word of the field
        document: Document = self.top.reading.document
        not_read = tuple(self.top.reading.not_read)
        return Report(format, document.file, tuple(self.found), document, stated(common), not_read)


def stated(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Only what somebody said; texts cut to a length that names have."""
    return dict(_stated(facts))


def _stated(facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, fact in facts.items():
        if isinstance(fact, str):
            text = fact.strip()
            if text:
                yield name, text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
        elif fact is not None:
            yield name, fact


def written(pointer: Pointer) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in pointer)
