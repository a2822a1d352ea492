"""
Puts records behind one another into segment files, a batch at a time. It knows no event loop and no thread (``files``
does); one caller at a time uses it. A batch is there entirely and durably, or not at all:

1. A write that fails (no space, an error of the device) is taken back: the segment is cut to what it held before.
2. A sync that fails says nothing about which pages are on the disk, and a second sync of the same descriptor may
   succeed without them. So the descriptor is given up; before the next batch the segment is opened anew, cut to what
   was accepted, and synced, if its last record is still the one that was accepted.
3. A segment that is large enough is closed before the next batch, and the new one's name made durable.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Sequence
from pathlib import Path

from bylaw.audit.chain import link, record_hash
from bylaw.ports import Receipt
from bylaw_adapters.audit_logs.recovery import Tail
from bylaw_adapters.audit_logs.segments import SegmentFile, segment_name

logger = logging.getLogger(__name__)

# As much as an ordinary record, so that it needs a block of the disk as that would. A crash leaves it as a torn end.
_PROBE = b" " * 4096


class ChainWriter:
    """Continues a log from its recovered end. Every method raises ``OSError`` and can be tried again."""

    def __init__(
        self, folder: Path, tail: Tail, *, max_segment_bytes: int, segment_file: type[SegmentFile] = SegmentFile
    ) -> None:
        self._folder = folder
        self._max_segment_bytes = max_segment_bytes
        self._segment_file = segment_file
        self._path = tail.segment
        self._file: SegmentFile | None = None
        self._size = tail.size
        self._last_line_bytes = tail.last_line_bytes
        self.head = tail.head

    def write(self, events: Sequence[bytes], *, sync: bool) -> list[Receipt]:
        """Append events as records; with ``sync``, durable on return."""
        file = self._ready_file()
        lines: list[bytes] = []
        receipts: list[Receipt] = []
        head = self.head
        for event_json in events:
            line, head = link(head, event_json)
            lines.append(line)
            receipts.append(Receipt(head.sequence, head.record_hash))
        content = b"\n".join((*lines, b""))
        try:
            file.write_at(self._size, content)
        except OSError:
            self._take_back(file)  # (1)
            raise
        if sync:
            self._sync(file)
        self._size += len(content)
        self._last_line_bytes = len(lines[-1]) + 1
        self.head = head
        return receipts

    def sync(self) -> None:
        """Make durable what was written without."""
        if self._file is not None:
            self._sync(self._file)

    def probe(self) -> None:
        """Whether a record could be made durable now: writes what is no line, syncs, and takes it back."""
        file = self._ready_file()
        try:
            file.write_at(self._size, _PROBE)
            file.sync()
        except OSError:
            self.give_up()
            raise
        self._take_back(file)

    def close(self) -> None:
        """Sync and release the file."""
        try:
            self.sync()
        finally:
            self.give_up()

    def _ready_file(self) -> SegmentFile:
        if self._path is not None and self._size >= self._max_segment_bytes:  # (3)
            self.close()
            self._path = None
        if self._path is None:
            path = self._folder / segment_name(self.head.size)
            self._file = self._segment_file.create(path)
            self._path, self._size, self._last_line_bytes = path, 0, 0
        elif self._file is None:
            self._file = self._reopened(self._path)
        if self._file is None:
            raise AssertionError("a segment was opened or an error raised")
        return self._file

    def _reopened(self, path: Path) -> SegmentFile:
        file = self._segment_file.reopen(path)
        try:
            self._check_end(file)
            file.truncate(self._size)
            file.sync()
        except OSError:
            file.close()
            raise
        return file

    def _check_end(self, file: SegmentFile) -> None:
        last_line = file.read_at(self._size - self._last_line_bytes, self._last_line_bytes)
        if len(last_line) < self._last_line_bytes:
            raise OSError(errno.EIO, "records that were accepted are not in the segment any more", str(file.path))
        if last_line and record_hash(last_line[:-1]) != self.head.record_hash:
            raise OSError(errno.EIO, "the last record in the segment is not the one that was accepted", str(file.path))

    def _take_back(self, file: SegmentFile) -> None:
        try:
            file.truncate(self._size)
        except OSError:
            logger.exception("%s: a failed write could not be taken back; the segment is opened anew", file.path.name)
            self.give_up()

    def _sync(self, file: SegmentFile) -> None:
        try:
            file.sync()
        except OSError:
            logger.exception("%s: a sync failed; the segment is opened anew", file.path.name)
            self.give_up()  # (2)
            raise

    def give_up(self) -> None:
        """Release the file without trusting it again: before the next batch it is opened anew, as in (2)."""
        if self._file is not None:
            self._file.close()
            self._file = None
