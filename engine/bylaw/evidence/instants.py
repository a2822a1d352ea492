"""
The ways tools write an instant, as one: RFC 3339 in UTC. A time without a zone could be any of twenty-six hours, and is
no instant.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime

_EPOCH_LIMIT = 253_402_300_799
"""The last second of the year 9999, which is as far as calendars go here."""


def instant(text: str) -> str | None:
    """``2026-01-02T03:04:05.678+02:00`` or ``20260102T030405Z`` in UTC; ``None`` where it is no instant."""
    try:
        return _written(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        return None


def from_seconds(seconds: float) -> str | None:
    """Seconds since 1970, as Prometheus counts them."""
    if not math.isfinite(seconds) or abs(seconds) > _EPOCH_LIMIT:
        return None
    try:
        return _written(datetime.fromtimestamp(seconds, tz=UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _written(moment: datetime) -> str | None:
    if moment.tzinfo is None:
        return None
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{utc.isoformat()}Z"
