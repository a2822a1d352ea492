"""
What we add to uvicorn's HTTP/1.1: a bound on the time and size of a request's head, the client's certificate in the
scope, and a short way for a body that is there already and for an answer that is whole.

The short way is worth a fifth of a decision: uvicorn checks every header of an answer by regular expression and writes
head and body apart. It is the only place that knows uvicorn's request object (``RequestResponseCycle``); where that is
not there, as in tests without a network, everything goes by plain ASGI.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

if TYPE_CHECKING:
    from bylaw_adapters.serving.asgi import Scope
    from bylaw_adapters.serving.exchange import Reply

# Beyond any browser's or proxy's; certificates and tokens of 16 KiB fit several times.
MAX_HEAD_BYTES = 128 * 1024

_CYCLE = "bylaw.cycle"


def protocol_class(header_timeout_seconds: float) -> type[HttpToolsProtocol]:
    """The protocol that a server speaks on each connection."""

    class BoundedHead(HttpToolsProtocol):
        _head_is_open = True
        _head_bytes = 0
        _head_timer: asyncio.TimerHandle | None = None
        _certificate: Any = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            tls = transport.get_extra_info("ssl_object")
            self._certificate = tls.getpeercert() if tls is not None else None
            self._start_timer()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_timer()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if not self._head_is_open:
                return
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self.transport.close()
            elif self._head_timer is None:
                self._start_timer()

        def on_message_begin(self) -> None:
            self._head_is_open = True
            self._head_bytes = 0
            super().on_message_begin()

        def on_headers_complete(self) -> None:
            self._head_is_open = False
            self._stop_timer()
            super().on_headers_complete()
            scope: Scope = self.scope  # type: ignore[assignment]
            scope[_CYCLE] = self.cycle
            if self._certificate:
                scope["bylaw.client_certificate"] = self._certificate

        def _start_timer(self) -> None:
            self._head_timer = self.loop.call_later(header_timeout_seconds, self.transport.close)

        def _stop_timer(self) -> None:
            if self._head_timer is not None:
                self._head_timer.cancel()
                self._head_timer = None

    return BoundedHead


def body_at_hand(scope: Scope) -> bytes | None:
    """The whole body, where it has arrived; ``None`` where it must be waited for."""
    cycle = scope.get(_CYCLE)
    if cycle is None or cycle.more_body or cycle.disconnected:
        return None
    body = bytes(cycle.body)
    cycle.body = bytearray()
    return body


def write_at_once(scope: Scope, reply: Reply) -> bool:
    """
    Write a whole answer in one piece; ``False`` where that cannot be done, and plain ASGI must. What ``Cycle.send``
    would do for the same answer, in the same order.
    """
    cycle = scope.get(_CYCLE)
    if cycle is None or cycle.disconnected or cycle.response_started or cycle.flow.write_paused:
        return False
    if scope["method"] == "HEAD" or not cycle.keep_alive:
        return False
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    parts = [STATUS_LINE[reply.status]]
    for name, value in cycle.default_headers:
        parts += (name, b": ", value, b"\r\n")
    for name, value in reply.headers:
        parts += (name, b": ", value, b"\r\n")
    if reply.content_type:
        parts += (b"content-type: ", reply.content_type, b"\r\n")
    parts += (b"content-length: %d\r\n\r\n" % len(reply.body), reply.body)
    cycle.transport.write(b"".join(parts))
    cycle.message_event.set()
    cycle.on_response()
    return True
