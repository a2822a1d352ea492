"""
Which records somebody asks for: those of a time, a path, an outcome. Works on the lines of a log; where they come from
and how they are shown is for others to know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from bylaw.audit.record import timestamp
from bylaw.errors import AuditCorrupt

OUTCOMES = ("allow", "deny", "error", "undefined", "other")
"""What a record can have come to. ``other``: the answer of an entrypoint that decides nothing."""

_AGO = re.compile(r"([0-9]{1,9})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def read_event(line: bytes) -> Mapping[str, Any]:
    """
    A record as a mapping, for looking at; big numbers may be rounded.

    Raises:
        AuditCorrupt: The line is no JSON object.
    """
    try:
        event = orjson.loads(line)
    except orjson.JSONDecodeError:
        try:
            event = json.loads(line.decode(), parse_int=float)
        except (ValueError, RecursionError):
            event = None
    if not isinstance(event, dict):
        raise AuditCorrupt("a line of the log is no JSON object")
    return event


def outcome(event: Mapping[str, Any]) -> str:
    """
    One of ``OUTCOMES``: by the decision document, by ``allow``, by a bare boolean, or by an AdmissionReview's
    ``response.allowed``.
    """
    if "error" in event:
        return "error"
    if "result" not in event:
        return "undefined" if "/result" not in event.get("erased", ()) else "other"
    allowed = _allowed(event["result"])
    if allowed is None:
        return "other"
    return "allow" if allowed else "deny"


def _allowed(result: Any) -> bool | None:
    if isinstance(result, bool):
        return result
    if not isinstance(result, dict):
        return None
    response = result.get("response")
    said = response.get("allowed") if isinstance(response, dict) else result.get("allow", result.get("decision"))
    return said if isinstance(said, bool) else None


def parse_instant(text: str, *, now_ns: int) -> str:
    """
    An instant as records write it, from RFC 3339, a date (its start in UTC), or how long ago: ``90s 15m 2h 7d``.

    Raises:
        ValueError: It is none of these.
    """
    if ago := _AGO.fullmatch(text):
        return timestamp(now_ns - int(ago[1]) * _SECONDS[ago[2]] * 1_000_000_000)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"wanted RFC 3339, a date, or a time ago as 15m, 2h, 7d; got {text!r}") from None
    if instant.tzinfo is None:
        if len(text) > len("2026-01-31"):
            raise ValueError(f"{text!r} names no time zone; RFC 3339 ends in Z or an offset")
        instant = instant.replace(tzinfo=UTC)
    since_1970 = instant - datetime(1970, 1, 1, tzinfo=UTC)
    microseconds = (since_1970.days * 86400 + since_1970.seconds) * 1_000_000 + since_1970.microseconds
    return timestamp(microseconds * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """``since`` is included, ``until`` is not; ``path`` selects a path and all below it. Empty means any."""

    since: str = ""
    until: str = ""
    path: str = ""
    outcome: str = ""

    @property
    def is_everything(self) -> bool:
        return not (self.since or self.until or self.path or self.outcome)

    def of(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The lines that are asked for."""
        if self.is_everything:
            return iter(lines)
        return (line for line in lines if self.includes(read_event(line)))

    def includes(self, event: Mapping[str, Any]) -> bool:
        instant = str(event.get("timestamp", ""))
        path = str(event.get("path", "")).strip("/")
        wanted_path = self.path.strip("/")
        return (
            (not self.since or instant >= self.since)
            and (not self.until or instant < self.until)
            and (not wanted_path or path == wanted_path or path.startswith(wanted_path + "/"))
            and (not self.outcome or outcome(event) == self.outcome)
        )
