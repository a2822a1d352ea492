"""
What a lint says, whoever found it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bylaw.errors import Location


class Level(Enum):
    """``ERROR`` fails a run. ``UNREADABLE`` is a text that nothing could be found in, for it does not parse."""

    WARNING = "warning"
    ERROR = "error"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Finding:
    """``check`` is its stable name, as ``id-duplicate``; ``source`` the linter that has it: ``bylaw`` or ``regal``."""

    location: Location
    check: str
    message: str
    level: Level = Level.ERROR
    source: str = "bylaw"
