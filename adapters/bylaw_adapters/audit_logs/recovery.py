"""
Where a log ends that an earlier process wrote, and what to do with what a crash left behind its last whole record.

Nothing is answered before it is durable, so what stands behind the last whole record was never answered. It is cut
off, its bytes are kept beside the segment, and that is said. Everything else that is wrong is no trace of a crash: such
a log is not continued (``AuditCorrupt``), for continuing it would bury the evidence.

1. The record before the last segment is the last one of the segment before.
2. Each line of the last segment follows from the one before.
3. A line without a line break is torn: the process died while it wrote.
4. A line with zero bytes, near enough to the end to be in the last write, is torn: the power went before its pages
   were on the disk.
"""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from bylaw.audit.chain import Head, follows, record_hash
from bylaw.errors import AuditCorrupt, AuditUnavailable
from bylaw_adapters.audit_logs.segments import first_sequence, read_lines, segment_paths, sync_folder

MAX_BATCH_BYTES = 16 * 1024 * 1024
"""The most that one write holds (but for a single record that is longer), so the most that a loss of power damages."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was cut off when the log was opened."""

    segment: str
    torn_bytes: int
    kept_in: str


@dataclass(frozen=True, slots=True)
class Tail:
    """Where a log ends: its last segment (``None`` before the first), how much of that holds, and the last record."""

    segment: Path | None
    size: int
    last_line_bytes: int
    head: Head
    recovery: Recovery | None = None


def recover(folder: Path) -> Tail:
    """
    Find the end of a log, cutting off what is torn. The caller holds the lock.

    Raises:
        AuditCorrupt: The log is broken in a way that no crash explains.
        AuditUnavailable: It cannot be read, or what is torn cannot be set aside.
    """
    segments = segment_paths(folder)
    if not segments:
        return Tail(None, 0, 0, Head())
    *earlier, last = segments
    tail = _walk(last, _head_before(last, earlier))
    torn_bytes = last.stat().st_size - tail.size
    if not torn_bytes:
        return tail
    try:
        kept_in = _set_aside(last, tail.size)
    except OSError as error:
        raise AuditUnavailable(f"{last.name}: its torn end cannot be set aside: {error.strerror}") from error
    recovery = Recovery(last.name, torn_bytes, kept_in.name)
    return Tail(last, tail.size, tail.last_line_bytes, tail.head, recovery)


def _head_before(segment: Path, earlier: list[Path]) -> Head:
    size = first_sequence(segment)
    if size == 0 and not earlier:
        return Head()
    last_line = deque(read_lines(earlier[-1]), maxlen=1) if earlier else None
    if not last_line or not last_line[0].endswith(b"\n"):
        raise AuditCorrupt(f"{segment.name}: the record before it, {size - 1}, is not at the end of a segment")
    return Head(size, record_hash(last_line[0][:-1]))  # (1)


def _walk(segment: Path, head: Head) -> Tail:
    size, last_line_bytes = 0, 0
    for row, line in enumerate(read_lines(segment), start=1):
        if not line.endswith(b"\n"):  # (3)
            break
        if not follows(head, line[:-1]):  # (2)
            if b"\x00" in line and segment.stat().st_size - size <= MAX_BATCH_BYTES:  # (4)
                break
            raise AuditCorrupt(
                f"{segment.name}:{row}: wanted record {head.size} after {head.record_hash}, got a line that is not;"
                " `bylaw audit verify` says more; to go on, keep this folder for evidence and start with an empty one"
            )
        head = Head(head.size + 1, record_hash(line[:-1]))
        size += len(line)
        last_line_bytes = len(line)
    return Tail(segment, size, last_line_bytes, head)


def _set_aside(segment: Path, size: int) -> Path:
    """Copy what is torn to a file of its own, durably, and only then cut it off."""
    with segment.open("r+b") as file:
        file.seek(size)
        kept_in = _write_new(segment, file.read())
        sync_folder(segment.parent)
        file.truncate(size)
        os.fsync(file.fileno())
    return kept_in


def _write_new(segment: Path, content: bytes) -> Path:
    number = 1
    while True:
        path = segment.with_name(f"{segment.name}.torn-{number}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            number += 1
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return path
