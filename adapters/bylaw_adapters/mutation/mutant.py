"""
What a mutant is, and what can become of one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from bylaw.bundle.documents import read_yaml
from bylaw.errors import Location
from bylaw.facts.documents.document import Pointer

Edit: TypeAlias = tuple[int, int, str]
"""Start, end, and the text to stand there."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """Edits of a text, in order and apart from each other."""

    edits: tuple[Edit, ...]

    def applied(self, text: str) -> str:
        return edited(text, self.edits)


@dataclass(frozen=True, slots=True)
class DataChange:
    """Another value at a place in a YAML document, or none where ``is_removal``."""

    pointer: Pointer
    value: Any = None
    is_removal: bool = False

    def applied(self, text: str) -> str:
        """The document, as JSON, which is YAML too."""
        document = read_yaml(text.encode(), "policy")
        parent: Any = document
        for step in self.pointer[:-1]:
            parent = parent[step]
        if self.is_removal:
            del parent[self.pointer[-1]]
        else:
            parent[self.pointer[-1]] = self.value
        return json.dumps(document, ensure_ascii=False)


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text with all edits made."""
    for start, end, new in reversed(edits):
        text = text[:start] + new + text[end:]
    return text


@dataclass(frozen=True, slots=True)
class Mutant:
    """
    One file with one change. ``mutation`` names the sort of change; ``before`` and ``after`` are what a reader is shown
    of it. ``in_data`` where the change is seen in data alone: metadata, a YAML policy.
    """

    location: Location
    mutation: str
    before: str
    after: str
    change: TextChange | DataChange
    in_data: bool = False


class Fate(Enum):
    """``INVALID`` is a change that does not compile, or makes no policy: nobody could release it, so it counts not."""

    NOTICED = "noticed"
    SURVIVED = "survived"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Tried:
    """A mutant and its fate. ``by`` is the test that noticed it."""

    mutant: Mutant
    fate: Fate
    by: str = ""
