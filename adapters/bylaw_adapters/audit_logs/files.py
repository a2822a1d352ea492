"""
The audit log to run with: hash-chained JSON lines in segment files under a state directory. This module is the queue
and the thread; ``chain_writer`` does the writing, ``recovery`` finds the end of an earlier log.

Group commit: one thread takes everything that waits, writes it in one call, syncs once, and lets all go at once. Nobody
waits for company: a single record is written at once, and while that is synced the next batch gathers.

A caller that was cancelled (its client has gone) leaves its record in the queue: it is written like any other.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Literal, NamedTuple, TypeAlias

from bylaw.audit.chain import check_event
from bylaw.audit.verify import MAX_LINE_BYTES
from bylaw.errors import AuditUnavailable
from bylaw.ports import Receipt
from bylaw_adapters.audit_logs.chain_writer import ChainWriter
from bylaw_adapters.audit_logs.recovery import MAX_BATCH_BYTES, Recovery, recover
from bylaw_adapters.audit_logs.segments import SegmentFile, audit_folder, sync_folder

logger = logging.getLogger(__name__)

Durability: TypeAlias = Literal["before_answer", "interval"]

DEFAULT_MAX_SEGMENT_BYTES = 64 * 1024 * 1024
"""A segment is read once when a log is opened, so this bounds the time that costs (about 0.3 s)."""

DEFAULT_SYNC_INTERVAL_SECONDS = 1.0

DEFAULT_PROBE_INTERVAL_SECONDS = 1.0
"""While writing fails, it is tried this often: a balancer that sends no more requests must see when it works again."""

# Beyond these the disk does not keep up, and a caller is better told so than left to time out.
MAX_WAITING_RECORDS = 10_000
MAX_WAITING_BYTES = 256 * 1024 * 1024

# The chain member is shorter than this; with it, a record is still a line that verify reads.
MAX_EVENT_BYTES = MAX_LINE_BYTES - 256


class _Waiting(NamedTuple):
    event_json: bytes
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Receipt]


@dataclass(frozen=True, slots=True)
class AuditStatus:
    """How the log is. ``last_error`` is empty once it can be written again; ``head_sequence`` is -1 when empty."""

    head_sequence: int
    head_hash: str
    waiting: int
    last_error: str
    recovery: Recovery | None


class FileAuditLog:
    """
    Fills the port ``bylaw.ports.AuditLog`` with files. One process at a time writes a log; any number reads it.

    ``durability="before_answer"`` syncs each batch before its callers go on: after a loss of power every answered
    decision is on the log. ``"interval"`` lets them go on after the write and syncs every ``sync_interval_seconds``: it
    survives the end of the process, but a loss of power can cost the answered decisions of that interval.
    """

    def __init__(
        self,
        state: Path,
        *,
        durability: Durability = "before_answer",
        sync_interval_seconds: float = DEFAULT_SYNC_INTERVAL_SECONDS,
        probe_interval_seconds: float = DEFAULT_PROBE_INTERVAL_SECONDS,
        max_segment_bytes: int = DEFAULT_MAX_SEGMENT_BYTES,
        max_waiting_records: int = MAX_WAITING_RECORDS,
        max_waiting_bytes: int = MAX_WAITING_BYTES,
        segment_file: type[SegmentFile] = SegmentFile,
    ) -> None:
        """
        Open the log, making it where there is none, and recover its end.

        Raises:
            AuditUnavailable: The directory cannot be used, or another process writes this log.
            AuditCorrupt: The log is broken in a way that no crash explains.
        """
        folder = audit_folder(state)
        self._sync_interval_seconds = sync_interval_seconds if durability == "interval" else None
        self._probe_interval_seconds = probe_interval_seconds
        self._max_waiting_records = max_waiting_records
        self._max_waiting_bytes = max_waiting_bytes
        self._lock_descriptor = _locked(folder)
        try:
            tail = recover(folder)
        except BaseException:
            os.close(self._lock_descriptor)
            raise
        self.recovery = tail.recovery
        """What was cut off when the log was opened; ``None`` where it ended well."""
        if tail.recovery is not None:
            logger.warning(
                "%s: %d torn bytes behind record %d were cut off and kept in %s",
                tail.recovery.segment,
                tail.recovery.torn_bytes,
                tail.head.sequence,
                tail.recovery.kept_in,
            )
        self._writer = ChainWriter(folder, tail, max_segment_bytes=max_segment_bytes, segment_file=segment_file)
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._lock = threading.Lock()  # guards the four below
        self._waiting_records = 0
        self._waiting_bytes = 0
        self._closed = False
        self._last_error = ""
        self._unsynced_since: float | None = None  # the thread's own
        self._thread = threading.Thread(target=self._run, name="audit-log", daemon=True)
        self._thread.start()

    async def append(self, event_json: bytes) -> Receipt:
        """See ``bylaw.ports.AuditLog.append``."""
        try:
            check_event(event_json)
        except ValueError as error:
            raise AuditUnavailable(str(error)) from error
        size = len(event_json)
        if size > MAX_EVENT_BYTES:
            raise AuditUnavailable(f"a record of {size} bytes, at most {MAX_EVENT_BYTES} are kept")
        loop = asyncio.get_running_loop()
        waiting = _Waiting(event_json, loop, loop.create_future())
        with self._lock:
            if self._closed:
                raise AuditUnavailable("the audit log is closed")
            if self._waiting_records >= self._max_waiting_records or self._waiting_bytes >= self._max_waiting_bytes:
                raise AuditUnavailable(
                    f"{self._waiting_records} records ({self._waiting_bytes} bytes) wait to be written, and no more may"
                )
            self._waiting_records += 1
            self._waiting_bytes += size
            self._queue.put(waiting)
        return await waiting.future

    def status(self) -> AuditStatus:
        """How the log is now; from any thread."""
        head = self._writer.head
        with self._lock:
            return AuditStatus(head.sequence, head.record_hash, self._waiting_records, self._last_error, self.recovery)

    def close(self) -> None:
        """See ``bylaw.ports.AuditLog.close``."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._thread.join()
        os.close(self._lock_descriptor)

    # From here on: the thread.

    def _run(self) -> None:
        try:
            self._write_until_closed()
            self._writer.close()
        except Exception as error:
            logger.exception("the audit log ends; no decision is given from here on")
            self._refuse_what_waits(f"the audit log has ended: {type(error).__name__}")

    def _write_until_closed(self) -> None:
        more = True
        while more:
            batch, more = self._next_batch()
            if batch:
                self._commit(batch)
            elif more and self._last_error:
                self._probe()
            self._sync_if_due(closing=not more)

    def _refuse_what_waits(self, failure: str) -> None:
        with self._lock:
            self._closed = True
            self._last_error = failure
        waiting = [self._queue.get() for _ in range(self._queue.qsize())]
        _let_go([w for w in waiting if w is not None], [], failure)

    def _next_batch(self) -> tuple[list[_Waiting], bool]:
        """Everything that waits, or the first that comes; ``False`` where nothing comes any more."""
        batch: list[_Waiting] = []
        size = 0
        try:
            waiting = self._queue.get(timeout=self._seconds_until_due())
            while waiting is not None:
                batch.append(waiting)
                size += len(waiting.event_json)
                if size >= MAX_BATCH_BYTES:
                    return batch, True
                waiting = self._queue.get_nowait()
        except Empty:
            return batch, True
        return batch, False

    def _commit(self, batch: Sequence[_Waiting]) -> None:
        receipts: list[Receipt] = []
        failure = ""
        try:
            receipts = self._writer.write([w.event_json for w in batch], sync=self._sync_interval_seconds is None)
        except OSError as error:
            failure = f"the record could not be written: {error.strerror or error}"
            logger.error("%d decisions are not given: %s", len(batch), failure)  # noqa: TRY400 - the reason is enough
        except Exception as error:  # whatever it is, nobody may be left waiting for ever
            failure = f"the record could not be written: {type(error).__name__}"
            logger.exception("%d decisions are not given", len(batch))
            self._writer.give_up()
        if self._sync_interval_seconds is not None and self._unsynced_since is None:
            self._unsynced_since = time.monotonic()
        with self._lock:
            self._waiting_records -= len(batch)
            self._waiting_bytes -= sum(len(w.event_json) for w in batch)
            self._last_error = failure
        _let_go(batch, receipts, failure)

    def _probe(self) -> None:
        try:
            self._writer.probe()
        except OSError as error:
            failure = f"the record could not be written: {error.strerror or error}"
        else:
            failure = ""
            logger.warning("the audit log can be written again")
        with self._lock:
            self._last_error = failure

    def _seconds_until_due(self) -> float | None:
        until_probe = self._probe_interval_seconds if self._last_error else None
        due = [seconds for seconds in (self._seconds_until_sync(), until_probe) if seconds is not None]
        return min(due, default=None)

    def _seconds_until_sync(self) -> float | None:
        if self._unsynced_since is None or self._sync_interval_seconds is None:
            return None
        return max(0.0, self._unsynced_since + self._sync_interval_seconds - time.monotonic())

    def _sync_if_due(self, *, closing: bool) -> None:
        remaining = self._seconds_until_sync()
        if remaining is None or (remaining > 0 and not closing):
            return
        self._unsynced_since = None
        try:
            self._writer.sync()
        except OSError as error:
            logger.critical("decisions that were answered since the last sync may not survive a loss of power")
            with self._lock:
                self._last_error = f"the log could not be synced: {error.strerror or error}"


def _let_go(batch: Sequence[_Waiting], receipts: Sequence[Receipt], failure: str) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Receipt], Receipt | None]]] = defaultdict(list)
    for waiting, receipt in zip_longest(batch, receipts):
        by_loop[waiting.loop].append((waiting.future, receipt))
    for loop, settled in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle, settled, failure)
        except RuntimeError:  # the loop is closed: nobody waits there any more
            logger.warning("%d records were written for callers whose event loop is gone", len(settled))


def _settle(settled: Sequence[tuple[asyncio.Future[Receipt], Receipt | None]], failure: str) -> None:
    for future, receipt in settled:
        if future.done():  # cancelled: its client has gone
            continue
        if receipt is None:
            future.set_exception(AuditUnavailable(failure))
        else:
            future.set_result(receipt)


def _locked(folder: Path) -> int:
    """Make the folder and take its lock; the descriptor holds it until it is closed, or the process ends."""
    try:
        made = not folder.is_dir()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if made:
            sync_folder(folder.parent)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise AuditUnavailable(f"the audit log {folder} cannot be opened: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise AuditUnavailable(f"the audit log {folder} is being written by another process") from error
    return descriptor
