"""
What an author has accepted in place: a comment says which findings a line may keep, and why.

    # bylaw ignore:absent-field-allows - only tables have an owner
    input.resource.owner != input.subject.id

A comment on a line of its own speaks of the next line that is none; one behind a statement of its own line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bylaw.bundle.tokens import Places, comments

_DIRECTIVE = re.compile(r"#\s*bylaw ignore:\s*(?P<names>[a-z][a-z-]*(?:\s*,\s*[a-z][a-z-]*)*)\b")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """``name`` may stand in ``row``; the comment that says so is in ``said_in``."""

    name: str
    row: int
    said_in: int


def acceptances(text: str) -> Iterator[Acceptance]:
    """All that a Rego text accepts, in order."""
    found = [(comment, directive) for comment in comments(text) if (directive := _DIRECTIVE.match(comment.text))]
    if not found:
        return
    places, lines = Places(text), text.split("\n")
    statements = _next_statements(lines)
    for comment, directive in found:
        said_in, column = places.at(comment.start)
        stands_alone = not lines[said_in - 1][: column - 1].strip()
        row = statements[said_in] if stands_alone else said_in
        for name in re.split(r"\s*,\s*", directive["names"]):
            yield Acceptance(name, row, said_in)


def _next_statements(lines: list[str]) -> list[int]:
    """Of each row, counted from nought, the next row from one on that is more than comment; the last one has none."""
    following = [len(lines)] * (len(lines) + 1)
    for at in reversed(range(len(lines))):
        stripped = lines[at].strip()
        following[at] = at + 1 if stripped and not stripped.startswith("#") else following[at + 1]
    return following
