"""
How records hang together, as the writer makes it. How a chain is checked is in ``verify``, which shares no code with
this module but the definition of a record's hash.

A line is the event with one more member at its end: ``"chain":{"seq":N,"prev":"…"}``. ``seq`` counts from zero without
gaps; ``prev`` is the hash of the line before, 64 zeros for the first. The hash of a record is that of a leaf in
RFC 6962 (section 2.1): SHA-256 of a zero byte and the line without its line break.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

NO_RECORD = "0" * 64
"""What the first record names as the one before it."""


def record_hash(line: bytes) -> str:
    """The hash of one record, hex. The line comes without its line break."""
    return hashlib.sha256(b"\x00" + line).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain has come: how many records there are, and the hash of the last."""

    size: int = 0
    record_hash: str = NO_RECORD

    @property
    def sequence(self) -> int:
        """The sequence number of the last record, -1 where there is none."""
        return self.size - 1

    def __str__(self) -> str:
        return f"{self.sequence}:{self.record_hash}" if self.size else "none"


def check_event(event_json: bytes) -> None:
    """
    Whether an event can become a record: a JSON object with members on one line, as far as its ends show.

    Raises:
        ValueError: It is none.
    """
    if not (event_json.startswith(b'{"') and event_json.endswith(b"}")) or b"\n" in event_json:
        raise ValueError("an event is a JSON object with members, on one line")


def link(head: Head, event_json: bytes) -> tuple[bytes, Head]:
    """
    The event (see ``check_event``) as the record after ``head``: a line without its line break, and the head it makes.
    """
    line = b'%b,"chain":{"seq":%d,"prev":"%b"}}' % (event_json[:-1], head.size, head.record_hash.encode())
    return line, Head(head.size + 1, record_hash(line))


def follows(head: Head, line: bytes) -> bool:
    """Whether a line is the record after ``head``: what a writer asks of a log that it is about to continue."""
    ending = b',"chain":{"seq":%d,"prev":"%b"}}' % (head.size, head.record_hash.encode())
    return line.startswith(b"{") and line.endswith(ending)
