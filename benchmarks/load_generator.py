"""
Asks for decisions over kept-alive connections for a fixed time, and checks each answer.

Each connection has one request under way: the next is sent when the answer was read and found right. Runs as a process
of its own, pinned to a core; prints one JSON line and ends by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import uvloop

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"
# A server that stops answering must not hold the benchmark for ever.
GRACE_SECONDS = 20.0


@dataclass(slots=True)
class Tally:
    """
    What was seen. Every answer is counted and checked; latencies are those between the end of the warm-up and the end.
    """

    begins: float
    ends: float
    answers: int = 0
    latencies: list[float] = field(default_factory=list)
    without_id: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Question:
    request: bytes
    result: Any


class Connection(asyncio.Protocol):
    """One connection: ask, read, check, ask again until the time is over."""

    def __init__(self, questions: Iterator[Question], tally: Tally, finished: asyncio.Future[None]) -> None:
        self._questions, self._tally, self._finished = questions, tally, finished
        self._received = b""
        self._asked_at = 0.0
        self._question: Question | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, rest = self._received.partition(END_OF_HEAD)
        if not found:
            return
        lower = head.lower()
        start = lower.find(LENGTH)
        if start < 0:
            self._end(f"an answer without its length: {head[:80]!r}")
            return
        end = lower.find(b"\r\n", start)
        length = int(lower[start + len(LENGTH) : end if end > 0 else None])
        if len(rest) >= length:
            self._received = rest[length:]
            self._judge(head, rest[:length])

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(f"the connection was closed: {exc}" if time.perf_counter() < self._tally.ends else "")

    def _ask(self) -> None:
        self._question = next(self._questions)
        self._asked_at = time.perf_counter()
        self._transport.write(self._question.request)  # type: ignore[union-attr]

    def _judge(self, head: bytes, body: bytes) -> None:
        now = time.perf_counter()
        self._tally.answers += 1
        if self._tally.begins <= now < self._tally.ends:
            self._tally.latencies.append(now - self._asked_at)
        answer = orjson.loads(body)
        if answer.get("result") != self._question.result or head[9:12] != b"200":  # type: ignore[union-attr]
            self._tally.wrong.append(body[:200].decode())
        if not answer.get("decision_id"):
            self._tally.without_id += 1
        if now < self._tally.ends:
            self._ask()
        else:
            self._end("")

    def _end(self, problem: str) -> None:
        if problem:
            self._tally.wrong.append(problem)
        if not self._finished.done():
            self._finished.set_result(None)
        if self._transport is not None:
            self._transport.close()


def read_questions(path: Path, *, target: str, port: int) -> list[Question]:
    """One question a line: ``{"body": …, "result": …}``."""
    lines = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    return [Question(_request(orjson.dumps(line["body"]), target, port), line["result"]) for line in lines]


def _request(body: bytes, target: str, port: int) -> bytes:
    head = (
        f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def run(questions: list[Question], *, port: int, connections: int, warm_up: float, seconds: float) -> Tally:
    loop = asyncio.get_running_loop()
    begins = time.perf_counter() + warm_up
    tally = Tally(begins, begins + seconds)
    supply = itertools.cycle(questions)
    finished = [loop.create_future() for _ in range(connections)]
    for future in finished:
        await loop.create_connection(lambda f=future: Connection(supply, tally, f), "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.wait_for(asyncio.gather(*finished), warm_up + seconds + GRACE_SECONDS)
    return tally


def report(tally: Tally, *, seconds: float) -> dict[str, Any]:
    latencies = sorted(tally.latencies) or [float("nan")]
    return {
        "answers": tally.answers,
        "decisions_per_second": len(tally.latencies) / seconds,
        "p50_ms": latencies[len(latencies) // 2] * 1000,
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1000,
        "wrong": len(tally.wrong),
        "first_wrong": tally.wrong[0] if tally.wrong else None,
        "without_id": tally.without_id,
        "cpu_share": sum(os.times()[:2]) / seconds,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--target", required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--connections", type=int, required=True)
    parser.add_argument("--warm-up", type=float, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--core", type=int)
    arguments = parser.parse_args()
    if arguments.core is not None:
        os.sched_setaffinity(0, {arguments.core})
    questions = read_questions(arguments.questions, target=arguments.target, port=arguments.port)
    tally = uvloop.run(
        run(
            questions,
            port=arguments.port,
            connections=arguments.connections,
            warm_up=arguments.warm_up,
            seconds=arguments.seconds,
        )
    )
    json.dump(report(tally, seconds=arguments.seconds), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
