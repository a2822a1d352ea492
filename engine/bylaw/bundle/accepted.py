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

from bylaw.bundle.tokens import comments, row_and_column

_DIRECTIVE = re.compile(r"#\s*bylaw ignore:\s*(?P<names>[a-z][a-z-]*(?:\s*,\s*[a-z][a-z-]*)*)\b")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """``name`` may stand in ``row``; the comment that says so is in ``said_in``."""

    name: str
    row: int
    said_in: int


def acceptances(text: str) -> Iterator[Acceptance]:
    """All that a Rego text accepts, in order."""
    lines = text.split("\n")
    for comment in comments(text):
        directive = _DIRECTIVE.match(comment.text)
        if directive is None:
            continue
        said_in, column = row_and_column(text, comment.start)
        row = said_in
        if not lines[said_in - 1][: column - 1].strip():
            row = _next_statement(lines, said_in)
        for name in re.split(r"\s*,\s*", directive["names"]):
            yield Acceptance(name, row, said_in)


def _next_statement(lines: list[str], row: int) -> int:
    for at in range(row, len(lines)):
        stripped = lines[at].strip()
        if stripped and not stripped.startswith("#"):
            return at + 1
    return row
