"""
Rego text as tokens: names, texts, punctuation, each with its place; comments and blanks fall away. For questions that a
syntax tree does not answer; the grammar is the evaluator's.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<blank>[ \t\r\n]+)
  | (?P<comment>\#[^\n]*)
  | (?P<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<number>\d[\w.]*)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.ASCII | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is ``name``, ``text``, ``number`` or ``mark``; ``start`` and ``end`` are offsets into the text."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def meaning(self) -> str:
        """What a quoted text says; anything else as it stands."""
        if self.kind != "text":
            return self.text
        if self.text.startswith("`"):
            return self.text[1:-1]
        try:
            return str(json.loads(self.text))
        except ValueError:
            return self.text[1:-1]


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The tokens from an offset on, and up to another one."""
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        kind = match.lastgroup
        if kind not in {None, "blank", "comment"}:
            yield Token(str(kind), match.group(), match.start(), match.end())


def comments(text: str) -> Iterator[Token]:
    """The comments, each from its hash to the end of its line."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "comment":
            yield Token("comment", match.group(), match.start(), match.end())


def dotted_names(text: str) -> Iterator[tuple[str, int]]:
    """Every name with what follows it in dots or quoted brackets, and its offset: ``http["send"]`` is ``http.send``."""
    found = list(tokens(text))
    at = 0
    while at < len(found):
        first = found[at]
        at += 1
        if first.kind != "name":
            continue
        path = [first.text]
        while (step := _step(found[at : at + 3])) is not None:
            path.append(step.meaning)
            at += 2 if step.kind == "name" else 3
        yield ".".join(path), first.start


def _step(following: list[Token]) -> Token | None:
    match following:
        case [dot, name, *_] if dot.text == "." and name.kind == "name":
            return name
        case [opening, quoted, closing] if opening.text == "[" and quoted.kind == "text" and closing.text == "]":
            return quoted
        case _:
            return None


class Places:
    """Rows and columns in one text that is asked for many of them."""

    def __init__(self, text: str) -> None:
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Both from one."""
        row = bisect_right(self.line_starts, offset)
        return row, offset - self.line_starts[row - 1] + 1


def row_and_column(text: str, offset: int) -> tuple[int, int]:
    """Both from one."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
