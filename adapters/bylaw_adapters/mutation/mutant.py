"""
What a mutant is, and what can become of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bylaw.errors import Location


@dataclass(frozen=True, slots=True)
class Mutant:
    """
    One file with one change. ``mutation`` names the sort of change; ``before`` and ``after`` are the text that it
    touches, ``content`` the whole file. ``in_data`` where the change is seen in data alone: metadata, a YAML policy.
    """

    location: Location
    mutation: str
    before: str
    after: str
    content: str
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
