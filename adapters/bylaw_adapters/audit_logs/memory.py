"""
An audit log that lives as long as its process. It keeps every promise of the port but durability, so it is for tests
and for trying things, never for a service whose decisions somebody must account for.
"""

from __future__ import annotations

import threading

from bylaw.audit.chain import Head, check_event, link
from bylaw.errors import AuditUnavailable
from bylaw.ports import Receipt


class InMemoryAuditLog:
    """The fake of the port ``AuditLog``. ``fail_with`` makes it refuse, as a full disk would."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.fail_with: AuditUnavailable | None = None
        self._head = Head()
        self._closed = False
        self._lock = threading.Lock()

    async def append(self, event_json: bytes) -> Receipt:
        """See ``bylaw.ports.AuditLog.append``."""
        with self._lock:
            if self._closed:
                raise AuditUnavailable("the audit log is closed")
            if self.fail_with is not None:
                raise self.fail_with
            try:
                check_event(event_json)
            except ValueError as error:
                raise AuditUnavailable(str(error)) from error
            line, self._head = link(self._head, event_json)
            self.lines.append(line)
            return Receipt(self._head.sequence, self._head.record_hash)

    def close(self) -> None:
        """See ``bylaw.ports.AuditLog.close``."""
        self._closed = True
