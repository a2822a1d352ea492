"""
The files that a log is made of: their names, how they are opened, and how they are read while a server writes them.
Not what is written into them (``bylaw.audit``) and not when (``files``).

    <state>/audit/                                     0700
    <state>/audit/lock                                 held by the one process that writes
    <state>/audit/segment-00000000000000000000.jsonl   0600, named for the sequence number of its first record
    <state>/audit/segment-….jsonl.torn-1               bytes that a crash left behind the last whole record
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO

from bylaw.audit.verify import MAX_LINE_BYTES, SegmentLines
from bylaw.errors import AuditCorrupt, AuditUnavailable

FOLDER = "audit"
_SEGMENT = re.compile(r"segment-([0-9]{20})\.jsonl\Z")
_READ_BYTES = 1024 * 1024


def audit_folder(state: Path) -> Path:
    """Where the log stands below a state directory."""
    return state / FOLDER


def segment_name(first_sequence: int) -> str:
    """The name of the segment whose first record has this sequence number."""
    return f"segment-{first_sequence:020d}.jsonl"


def first_sequence(segment: Path) -> int:
    """The sequence number that a segment is named for."""
    named = _SEGMENT.match(segment.name)
    if named is None:
        raise ValueError(f"{segment.name} is not the name of a segment")
    return int(named[1])


def segment_paths(folder: Path) -> list[Path]:
    """
    The segments in the order they were written.

    Raises:
        AuditUnavailable: There is no such folder, or it cannot be read.
    """
    try:
        return sorted(path for path in folder.iterdir() if _SEGMENT.match(path.name))
    except OSError as error:
        raise AuditUnavailable(f"no audit log can be read at {folder}: {error.strerror}") from error


def read_lines(segment: Path) -> Iterator[bytes]:
    """
    The lines as they are in the file, each with its line break; the last may lack one.

    Raises:
        AuditUnavailable: The file cannot be read.
        AuditCorrupt: A line is longer than any record.
    """
    try:
        with segment.open("rb", buffering=_READ_BYTES) as file:
            while line := file.readline(MAX_LINE_BYTES):
                if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                    raise AuditCorrupt(f"{segment.name}: a line of more than {MAX_LINE_BYTES} bytes is no record")
                yield line
    except OSError as error:
        raise AuditUnavailable(f"{segment} cannot be read: {error.strerror}") from error


def read_records(folder: Path, *, after: int = -1) -> Iterator[bytes]:
    """
    Every whole line of the log, oldest first, without line breaks; what a server is just writing is left out. Of those
    up to the sequence number ``after`` there may be some, but no whole segment.
    """
    segments = segment_paths(folder)
    begins = [first_sequence(segment) for segment in segments]
    for segment, next_begins in zip_longest(segments, begins[1:]):
        if next_begins is not None and next_begins <= after + 1:
            continue
        for line in read_lines(segment):
            if line.endswith(b"\n"):
                yield line[:-1]


def segments_to_verify(folder: Path) -> Iterator[SegmentLines]:
    """The log as ``bylaw.audit.verify`` reads it."""
    for segment in segment_paths(folder):
        yield SegmentLines(segment.name, read_lines(segment))


@dataclass(slots=True)
class SegmentFile:
    """
    One segment, open for writing at its end. Each method raises ``OSError`` as the system gives it. A fake with faults
    stands in for it in tests.
    """

    path: Path
    file: BinaryIO

    @classmethod
    def create(cls, path: Path) -> SegmentFile:
        """A new segment, or an empty one from an attempt that failed; its name is durable before this returns."""
        opened = cls(path, _open(path, os.O_CREAT))
        try:
            if opened.size():
                raise FileExistsError(
                    errno.EEXIST, "a new segment would stand where another one has records", str(path)
                )
            sync_folder(path.parent)
        except OSError:
            opened.close()
            raise
        return opened

    @classmethod
    def reopen(cls, path: Path) -> SegmentFile:
        return cls(path, _open(path, 0))

    def write_at(self, offset: int, content: bytes) -> None:
        """Write all of it, or raise; what was written until then is the caller's to take back."""
        if os.fstat(self.file.fileno()).st_nlink == 0:
            raise FileNotFoundError(errno.ENOENT, "the segment was removed while it was written", str(self.path))
        rest = memoryview(content)
        while rest:
            written = os.pwrite(self.file.fileno(), rest, offset)
            rest, offset = rest[written:], offset + written

    def sync(self) -> None:
        """Return when all that was written would survive a loss of power."""
        os.fdatasync(self.file.fileno())

    def truncate(self, size: int) -> None:
        os.ftruncate(self.file.fileno(), size)

    def size(self) -> int:
        return os.fstat(self.file.fileno()).st_size

    def read_at(self, offset: int, size: int) -> bytes:
        return os.pread(self.file.fileno(), size, offset)

    def close(self) -> None:
        with suppress(OSError):  # nothing of ours waits in a buffer; the descriptor is gone in any case
            self.file.close()


def _open(path: Path, flags: int) -> BinaryIO:
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | flags, 0o600)
    return os.fdopen(descriptor, "r+b", buffering=0)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
