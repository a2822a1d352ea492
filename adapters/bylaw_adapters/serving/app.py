"""
The root of the service: every request comes through here, in these steps.

1. A service that is full answers 503 at once.
2. The caller says who it is, from the head of the request alone.
3. The law is asked whether it may ask (``data.system.authz.allow``), if authorisation is on.
4. The door answers; an error becomes an answer in one place.
5. What was answered is counted.

Plain ASGI, because a framework's routing and validation cost more than a decision does. Which path leads to which door
is ``routing``'s to say.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from bylaw.errors import BylawError, ServiceBusy
from bylaw_adapters.serving.asgi import Receive, Scope, Send
from bylaw_adapters.serving.authentication import Authenticator
from bylaw_adapters.serving.authorization import authorize
from bylaw_adapters.serving.compression import COMPRESSED_FROM_BYTES, compressed
from bylaw_adapters.serving.errors import error_reply, plain_error
from bylaw_adapters.serving.exchange import BodyLimits, ClientGone, Exchange, Reply
from bylaw_adapters.serving.http_protocol import write_at_once
from bylaw_adapters.serving.service import Service

logger = logging.getLogger("bylaw.service")

Handler: TypeAlias = Callable[[Exchange], Awaitable[Reply]]

# Answers given before the body was read to its end. Its rest is read and thrown away for a moment: a caller that is
# still sending when the connection is closed would see a reset, and not the answer.
_UNREAD = (408, 413)
_DISCARD_SECONDS = 2.0

NOT_FOUND = Reply(404, b"404 page not found\n", b"text/plain; charset=utf-8")
METHOD_NOT_ALLOWED = Reply(405, content_type=b"")


@dataclass(frozen=True, slots=True)
class Route:
    """
    A door: the handler, the methods it takes, and its name in ``http_request_duration_seconds``. One that is
    ``always_open`` is answered by a full service too: a probe that fails under load would have it restarted. One that
    ``waits`` for a change does not count among the requests that a service is full of.
    """

    handler: Handler
    methods: frozenset[str]
    name: str
    always_open: bool = False
    waits: bool = False
    """It waits for a change: while it does, it is not one of the requests that a service is full of."""


@dataclass(frozen=True, slots=True)
class Routes:
    """``exact`` is looked up first; of ``below``, a prefix matches its own path and everything under it, in order."""

    exact: Mapping[str, Route]
    below: tuple[tuple[str, Route], ...]

    def find(self, path: str) -> Route | None:
        route = self.exact.get(path)
        if route is not None:
            return route
        for prefix, candidate in self.below:
            if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("", "/"):
                return candidate
        return None


class App:
    """The ASGI application."""

    def __init__(
        self,
        service: Service,
        routes: Routes,
        *,
        limits: BodyLimits,
        authenticator: Authenticator,
        authorizes: bool,
        max_concurrent_requests: int,
    ) -> None:
        self._service = service
        self._routes = routes
        self._limits = limits
        self._authenticator = authenticator
        self._authorizes = authorizes
        self._max_concurrent = max_concurrent_requests
        self._open = 0
        self._number = 0
        self._busy = error_reply(ServiceBusy(f"{max_concurrent_requests} requests are being served"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # no web sockets here; the process is started and stopped by `server`, not by lifespan events
        started = time.perf_counter()
        route = self._routes.find(scope["path"])
        is_full = self._open >= self._max_concurrent and not (route is not None and route.always_open)
        reply = self._busy if is_full else await self._counted(route, scope, receive)  # (1)
        if reply is None:
            return
        if len(reply.body) >= COMPRESSED_FROM_BYTES and not reply.is_compressed:
            reply = await compressed(reply, scope)
        if reply.status in _UNREAD or not write_at_once(scope, reply):
            await _send(reply, receive, send)
        name = route.name if route is not None else "catchall"
        self._service.observer.answered(name, scope["method"], reply.status, time.perf_counter() - started)  # (5)

    async def _counted(self, route: Route | None, scope: Scope, receive: Receive) -> Reply | None:
        takes_place = route is None or not route.waits
        self._open += takes_place
        self._number += 1
        exchange = Exchange(scope, receive, self._limits, number=self._number)
        try:
            return await self._answer(route, exchange)
        except ClientGone:
            return None
        except BylawError as error:  # (4)
            return error_reply(error)
        except Exception:
            # The last line of defence: a defect of ours is a 500 that says nothing, never a lost connection that some
            # callers would read as leave to go on.
            logger.exception("request %d, %s: a defect", exchange.number, route.name if route else "catchall")
            return plain_error(500, "internal_error", "the request could not be served")
        finally:
            self._open -= takes_place

    async def _answer(self, route: Route | None, exchange: Exchange) -> Reply:
        exchange.identity = self._authenticator.identify(exchange)  # (2)
        if self._authorizes:  # (3)
            deadline = self._service.evaluation_timeout_seconds
            refusal = await authorize(self._service.law, exchange, deadline_seconds=deadline)
            if refusal is not None:
                return refusal
        if route is None:
            return NOT_FOUND
        if "//" in exchange.path or (exchange.path.endswith("/") and exchange.path != "/"):
            return _redirect(exchange)
        if exchange.method not in route.methods:
            return METHOD_NOT_ALLOWED
        return await route.handler(exchange)  # (4)


def _redirect(exchange: Exchange) -> Reply:
    """
    To the same path without empty segments, as OPA does: the law that was asked about `//a` must not have spoken for
    `/a`. One slash stands at the front, whatever was sent: two would name another host.
    """
    segments = [segment for segment in exchange.scope["raw_path"].split(b"/") if segment]
    location: bytes = b"/" + b"/".join(segments)
    query: bytes = exchange.scope["query_string"]
    status = 307 if "//" in exchange.path else 301
    return Reply(status, content_type=b"", headers=((b"location", location + b"?" + query if query else location),))


async def _send(reply: Reply, receive: Receive, send: Send) -> None:
    await send(reply.head())
    if reply.status in _UNREAD:
        await send({"type": "http.response.body", "body": reply.body, "more_body": True})
        await _discard(receive)
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "http.response.body", "body": reply.body})


async def _discard(receive: Receive) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_DISCARD_SECONDS):
            while (await receive()).get("more_body"):
                pass
