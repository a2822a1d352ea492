"""
A document: plain JSON values and the place of each in the text they came from. How text is read is in ``text``,
``json_text`` and ``yaml_text``; what a document is about, in ``recognise``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from bylaw.errors import Location

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"
Pointer: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys and indexes from the top, as ``("schema", 0, "name")``."""


class Positions(Protocol):
    """Where values stand in the text they were read from."""

    def at(self, pointer: Pointer) -> tuple[int, int]:
        """Row and column, from one, of the value, or of the nearest thing around it that has a place."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file. ``index`` counts the documents of a YAML stream from zero."""

    file: str
    index: int
    value: Value
    positions: Positions
    spellings: Mapping[Pointer, str] = field(default_factory=dict)
    """How numbers were written where the value alone loses it: ``1.10`` is a version, and not 1.1."""
    doubtful_flags: Sequence[Pointer] = ()
    """Unquoted words that YAML 1.1 reads as true or false and YAML 1.2 as text: ``yes``, ``no``, ``on``, ``off``."""

    def location(self, pointer: Pointer = ()) -> Location:
        row, column = self.positions.at(pointer)
        return Location(self.file, row, column)
