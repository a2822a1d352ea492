"""
Which records of a fleet are on the audit log already. An index beside the log, in SQLite: what it lacks is read from
the log again when it is opened, so that a crash between both makes no record a second one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from bylaw.errors import AuditUnavailable

logger = logging.getLogger("bylaw.fleet")

_SCHEMA = """
create table if not exists received (key blob primary key) without rowid;
create table if not exists indexed (one integer primary key check (one = 1), sequence integer not null);
"""
_MARK = b'"received":{"from":'
_ASKED_AT_ONCE = 500


def key_of(sender: str, instance: str, decision_id: str) -> bytes:
    """What a record is known by, in 32 bytes."""
    return hashlib.sha256(json.dumps([sender, instance, decision_id]).encode()).digest()


class Received:
    """The index. Safe to be used from any thread."""

    def __init__(self, state_dir: Path, records: Callable[[int], Iterable[bytes]], head_sequence: int) -> None:
        """
        Args:
            records: The lines of the audit log, oldest first, at least those behind a sequence number.
            head_sequence: Of the last of them; what is written to the log later is said to ``remember``.

        Raises:
            AuditUnavailable: The index cannot be opened or written.
        """
        self._lock = threading.Lock()
        self._unwritten: dict[bytes, int] = {}
        file = state_dir / "received.sqlite"
        try:
            self._database = _opened(file)
        except sqlite3.DatabaseError:
            # The log says all that it said.
            logger.warning("%s cannot be read, and is made anew from the audit log", file)
            for path in (file, *(file.with_name(f"{file.name}-{part}") for part in ("wal", "shm"))):
                path.unlink(missing_ok=True)
            try:
                self._database = _opened(file)
            except sqlite3.Error as error:
                raise AuditUnavailable(f"{file} cannot be opened: {error}") from error
        try:
            indexed = self._indexed()
            if head_sequence > indexed:
                self.remember(dict(_received(records(indexed), indexed)), head_sequence=head_sequence)
        except sqlite3.Error as error:
            raise AuditUnavailable(f"{file} cannot be written: {error}") from error

    def known(self, keys: Collection[bytes]) -> set[bytes]:
        """
        Raises:
            AuditUnavailable: The index cannot be read: better asked again than stored twice.
        """
        ordered = list(keys)
        with self._lock:
            found = {key for key in ordered if key in self._unwritten}
            try:
                for start in range(0, len(ordered), _ASKED_AT_ONCE):
                    part = ordered[start : start + _ASKED_AT_ONCE]
                    marks = ",".join("?" * len(part))
                    rows = self._database.execute(f"select key from received where key in ({marks})", part)  # noqa: S608
                    found.update(bytes(key) for (key,) in rows)
            except sqlite3.Error as error:
                raise AuditUnavailable(f"the index of received records cannot be read: {error}") from error
        return found

    def remember(self, stored: Mapping[bytes, int], *, head_sequence: int = -1) -> None:
        """
        Keys of records that are durable, with their sequence numbers; kept in memory while the disk is full. All up to
        the last of them, or up to ``head_sequence``, have been said then.
        """
        with self._lock:
            self._unwritten.update(stored)
            last = max((head_sequence, *self._unwritten.values()))
            if last < 0:
                return
            try:
                with self._database:
                    self._database.executemany(
                        "insert or ignore into received values (?)", [(key,) for key in self._unwritten]
                    )
                    self._database.execute(
                        "insert into indexed values (1, ?) on conflict (one) do update set "
                        "sequence = max(sequence, excluded.sequence)",
                        (last,),
                    )
            except sqlite3.Error:
                logger.exception("the index of received records cannot be written; the records themselves are durable")
            else:
                self._unwritten.clear()

    def close(self) -> None:
        with self._lock, contextlib.suppress(sqlite3.Error):
            self._database.close()

    def _indexed(self) -> int:
        row = self._database.execute("select sequence from indexed").fetchone()
        return -1 if row is None else int(row[0])


def _opened(file: Path) -> sqlite3.Connection:
    file.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(file, check_same_thread=False)
    try:
        database.execute("pragma journal_mode = wal")
        database.execute("pragma synchronous = normal")
        database.executescript(_SCHEMA)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _received(lines: Iterable[bytes], after: int) -> Iterator[tuple[bytes, int]]:
    """Keys of the received records behind a sequence number."""
    for line in lines:
        if _MARK not in line:
            continue
        event = json.loads(line)
        said = event.get("custom", {}).get("received") if isinstance(event.get("custom"), dict) else None
        sequence = event["chain"]["seq"]
        if isinstance(said, dict) and sequence > after:
            yield key_of(said["from"], event.get("labels", {}).get("id", ""), event["decision_id"]), sequence
