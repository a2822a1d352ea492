"""The root application over plain ASGI, without a network: defects, reloading, one law for a whole request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from bylaw.decide import Answer
from bylaw.law import Law
from bylaw.ports import Receipt
from bylaw_adapters.serving.app import App, Route, Routes
from bylaw_adapters.serving.authentication import NoAuthentication
from bylaw_adapters.serving.exchange import BodyLimits, Exchange, Reply
from bylaw_adapters.serving.service import BundleState, Release, Service

ENTRYPOINT = "app/answer"


class FixedSnapshot:
    """Answers every entrypoint with one text, once it is let go on."""

    def __init__(self, answer: bytes, released: asyncio.Event | None = None) -> None:
        self._answer = answer
        self._released = released

    async def evaluate_async(self, *question: Any, **how: Any) -> bytes | None:  # noqa: ARG002  it asks nothing
        if self._released is not None:
            await self._released.wait()
        return self._answer

    def defines(self, entrypoint: str) -> bool:  # noqa: ARG002  it holds no rules
        return False


class ListLog:
    """Keeps records in a list."""

    def __init__(self) -> None:
        self.events: list[bytes] = []

    async def append(self, event_json: bytes) -> Receipt:
        self.events.append(event_json)
        return Receipt(len(self.events) - 1, "0" * 64)

    def close(self) -> None:
        pass


class Remembering:
    """Fills ``Observer`` and remembers what it was told."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, int]] = []

    def decided(self, entrypoint: str, door: str, answer: Answer) -> None: ...

    def undecided(self, entrypoint: str, door: str, code: str) -> None: ...

    def answered(self, handler: str, method: str, status: int, seconds: float) -> None:  # noqa: ARG002  times differ
        self.requests.append((handler, method, status))

    def activated(self) -> None: ...

    def refused(self) -> None: ...

    def told_of_bundles(self, bundles: Mapping[str, BundleState]) -> None: ...


def release(answer: bytes, revision: str, released: asyncio.Event | None = None) -> Release:
    snapshot: Any = FixedSnapshot(answer, released)
    return Release(Law(snapshot, {"app": revision}), {}, {"app": ("app",)})


def service_of(first: Release, observer: Any = None) -> Service:
    return Service(
        release=first,
        log=ListLog(),
        observer=observer or Remembering(),
        labels={},
        evaluation_timeout_seconds=1,
        max_batch_items=1,
    )


def client_of(service: Service, handler: Any) -> httpx.AsyncClient:
    app: Any = App(
        service,
        Routes({}, (("/door", Route(handler, frozenset({"POST"}), "door")),)),
        limits=BodyLimits(100, 1),
        authenticator=NoAuthentication(),
        authorizes=False,
        max_concurrent_requests=1,
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")


def test_a_defect_of_a_door_is_a_500_that_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    observer = Remembering()

    async def handler(exchange: Exchange) -> Reply:
        raise ZeroDivisionError("with a secret in it")

    async def ask() -> httpx.Response:
        async with client_of(service_of(release(b"1", "r1"), observer), handler) as client:
            return await client.post("/door")

    with caplog.at_level(logging.ERROR):
        response = asyncio.run(ask())
    wanted = {"code": "internal_error", "message": "the request could not be served"}
    assert (response.status_code, response.json(), observer.requests) == (500, wanted, [("door", "POST", 500)])
    assert "with a secret in it" in caplog.text


def test_a_request_keeps_the_law_it_began_with() -> None:
    async def ask() -> tuple[httpx.Response, list[bytes]]:
        released = asyncio.Event()
        service = service_of(release(b'"old"', "r1", released))

        async def handler(exchange: Exchange) -> Reply:
            answer = await service.decide(exchange, ENTRYPOINT, None, door="test")
            return Reply(200, answer.result_json or b"")

        async with client_of(service, handler) as client:
            asked = asyncio.create_task(client.post("/door"))
            await asyncio.sleep(0)
            service.activate(release(b'"new"', "r2"), {})
            released.set()
            response = await asked
        log: Any = service.log
        return response, log.events

    response, events = asyncio.run(ask())
    assert response.json() == "old"
    assert [b'"app":{"revision":"r1"}' in event for event in events] == [True]
