"""
Whether a log is the one that was written: every record in its place, none changed, removed, added or moved. Reads lines
that somebody else fetched; shares no code with the writer (``chain``) but the definition of a record's hash.

What a chain can prove by itself ends before its last record: to find that the newest records were cut off, the last one
changed, or the whole log written anew, a head that was kept elsewhere is needed (``expected_head``).

1. The segments are named for the sequence number of their first record, and the first of them for zero.
2. Each line ends in its chain member, and the numbers go up by one, over the borders of segments too.
3. Each record names the hash of the record before it; the first names 64 zeros.
4. Every segment ends with a whole line. Only the last may end in a torn one, which a running writer may be writing.
5. The record that a kept head speaks of is there, and has the hash that was kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

MAX_LINE_BYTES = 128 * 1024 * 1024
"""A record holds one input and one answer, bounded by the doors far below this. Longer is no record of ours."""

_CHAIN_MEMBER = re.compile(rb',"chain":\{"seq":(0|[1-9][0-9]{0,18}),"prev":"([0-9a-f]{64})"\}\}\Z')
_SEGMENT_NAME = re.compile(r"segment-([0-9]{20})\.jsonl\Z")
_ENDS_BYTES = 256  # more than a chain member can be long


@dataclass(frozen=True, slots=True)
class SegmentLines:
    """One segment: its file name, and its lines as they are in the file, each with its line break."""

    name: str
    lines: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class ExpectedHead:
    """What was kept elsewhere: a sequence number, and the hash of the record that had it."""

    sequence: int
    record_hash: str

    @classmethod
    def parse(cls, text: str) -> ExpectedHead:
        """
        The head as ``SEQ:HASH``.

        Raises:
            ValueError: It is no such text.
        """
        if not re.fullmatch(r"(0|[1-9][0-9]{0,18}):[0-9a-f]{64}", text):
            raise ValueError(f"a head is SEQ:HASH with 64 hex digits, got {text!r}")
        sequence, record_hash = text.split(":")
        return cls(int(sequence), record_hash)


@dataclass(frozen=True, slots=True)
class Holds:
    """The chain holds from the first record to the last. ``head`` is ``None`` for a log without records."""

    records: int
    segments: int
    head: ExpectedHead | None
    torn_bytes: int = 0
    """How much stands behind the last whole record: a write that is under way, or was cut short and never answered."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where the chain does not hold. ``line`` counts from one; zero where the file itself is meant."""

    segment: str
    line: int
    wanted: str
    got: str

    def __str__(self) -> str:
        place = f"{self.segment}:{self.line}" if self.line else self.segment
        return f"{place}: wanted {self.wanted}, got {self.got}"


def verify(segments: Iterable[SegmentLines], *, expected_head: ExpectedHead | None = None) -> Holds | Broken:
    """Check a whole log; segments come in the order of their names."""
    walk = _Walk(expected_head)
    for segment in segments:
        broken = walk.segment(segment)
        if broken is not None:
            return broken
    return walk.end()


class _Walk:
    """Where the check stands: what the next record must be."""

    def __init__(self, expected_head: ExpectedHead | None) -> None:
        self._expected_head = expected_head
        self._next_sequence = 0
        self._previous_hash = "0" * 64
        self._segments = 0
        self._name = "(no segment)"
        self._line = 0
        self._torn_bytes = 0

    def segment(self, segment: SegmentLines) -> Broken | None:
        if self._torn_bytes:  # (4)
            return self._broken("a line break at the end of the segment", f"{self._torn_bytes} bytes without one")
        self._name, self._line = segment.name, 0
        self._segments += 1
        named = _SEGMENT_NAME.match(segment.name)
        if named is None or int(named[1]) != self._next_sequence:  # (1)
            return self._broken(f"segment-{self._next_sequence:020d}.jsonl", segment.name)
        for line in segment.lines:
            self._line += 1
            if not line.endswith(b"\n"):
                self._torn_bytes += len(line)
                continue
            broken = self._record(line[:-1])
            if broken is not None:
                return broken
        return None

    def _record(self, line: bytes) -> Broken | None:
        if self._torn_bytes:
            return self._broken("nothing behind a torn line", "another line")
        member = _CHAIN_MEMBER.search(line, max(0, len(line) - _ENDS_BYTES))
        if member is None or not line.startswith(b"{"):  # (2)
            return self._broken(f"record {self._next_sequence} with its chain member", "a line that is no record")
        sequence, previous_hash = int(member[1]), member[2].decode()
        if sequence != self._next_sequence:
            return self._broken(f"sequence number {self._next_sequence}", str(sequence))
        if previous_hash != self._previous_hash:  # (3)
            return self._broken(f"prev {self._previous_hash}, the hash of the record before", f"prev {previous_hash}")
        self._previous_hash = hashlib.sha256(b"\x00" + line).hexdigest()
        self._next_sequence += 1
        return self._kept_head(sequence)

    def _kept_head(self, sequence: int) -> Broken | None:
        kept = self._expected_head
        if kept is None or kept.sequence != sequence or kept.record_hash == self._previous_hash:  # (5)
            return None
        return self._broken(f"record {sequence} to have the kept hash {kept.record_hash}", self._previous_hash)

    def end(self) -> Holds | Broken:
        last = self._next_sequence - 1
        kept = self._expected_head
        if kept is not None and kept.sequence > last:  # (5)
            return self._broken(f"records up to {kept.sequence}, as the kept head says", f"the last record is {last}")
        head = ExpectedHead(last, self._previous_hash) if last >= 0 else None
        return Holds(self._next_sequence, self._segments, head, self._torn_bytes)

    def _broken(self, wanted: str, got: str) -> Broken:
        return Broken(self._name, self._line, wanted, got)
