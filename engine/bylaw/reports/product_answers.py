"""
What the library answers about the product of a document, where it decides nothing: the masking plan of its columns, its
record of processing activities. The facts go in as they go into a decision; the answer is the law's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bylaw.errors import BylawError
from bylaw.facts.gathered import Facts
from bylaw.ports import DEFAULT_DEADLINE_SECONDS, Snapshot
from bylaw.reports.subject import registered_elsewhere, subject_of


@dataclass(frozen=True, slots=True)
class Answered:
    """
    One product, or a document that should have been one. ``answers`` are by entrypoint; where there are none,
    ``reason`` says why. ``domain`` is empty where it is not known.
    """

    domain: str
    name: str
    source: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""

    @property
    def product_id(self) -> str:
        return f"{self.domain}/{self.name}" if self.domain else self.name


def answered(facts: Facts, law: Snapshot, entrypoints: Sequence[str], *, at_ns: int) -> Answered | None:
    """What the law says of one document; ``None`` for one that is about no product. Never raises what is its fault."""
    subject = subject_of(facts)
    if subject is None:
        return None
    domain, name, source = subject.domain, subject.name, subject.source
    try:
        question = json.dumps({"product": facts.input["product"]}, separators=(",", ":"), allow_nan=False).encode()
        answers = {entrypoint: _answer(law, entrypoint, question, at_ns) for entrypoint in entrypoints}
    except BylawError as error:
        return Answered(domain, name, source, reason=str(error))
    return Answered(domain, name, source, answers)


def unread(file: str, error: BylawError) -> Answered:
    """A document that could not be read: whose it is nobody knows."""
    return Answered("", file, file, reason=str(error))


def not_given(registered: Mapping[str, Any], given: Iterable[Answered]) -> Iterator[Answered]:
    """The products that the registry has (``data.mesh.products``) and that nobody gave."""
    there = {(each.domain, each.name) for each in given}
    for domain, name in registered_elsewhere(registered, there):
        yield Answered(domain, name, "", reason="the registry has this product, and no document of it was given")


def in_order(answered: Iterable[Answered], domain: str | None) -> list[Answered]:
    """Those of a domain, with those of which nobody knows the domain; all where none is named."""
    listed = (each for each in answered if domain is None or each.domain in {domain, ""})
    return sorted(listed, key=lambda each: (each.domain, each.name, each.source))


def _answer(law: Snapshot, entrypoint: str, question: bytes, at_ns: int) -> Any:
    answer = law.evaluate(entrypoint, question, at_ns=at_ns, deadline_seconds=DEFAULT_DEADLINE_SECONDS)
    return None if answer is None else json.loads(answer)
