"""
``bylaw serve`` is killed under load, and loses its disk while it serves. Every decision that a client has read is on
the log, and the chain holds; a decision whose record cannot be written is never given.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import pytest

from bylaw.audit.verify import Holds, verify
from bylaw_adapters.audit_logs.segments import audit_folder, read_records, segments_to_verify

CONNECTIONS = 24

RULES = """package app

allow if input.user == "alice"
"""

MASK = """package system.log

mask contains "/input/secret"
mask contains {"op": "upsert", "path": "/input/user", "value": "somebody"}
"""

BROKEN_MASK = """package system.log

mask := "/input/secret"
"""


def bundle(folder: Path, **modules: str) -> Path:
    folder.mkdir()
    (folder / ".manifest").write_text(json.dumps({"roots": ["app", "system"], "revision": "r1"}))
    for name, text in {"app": RULES, **modules}.items():
        (folder / f"{name}.rego").write_text(text)
    return folder


@contextmanager
def serving(state: Path, rules: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A service of its own, and the port that it answers at."""
    words = ["serve", "--no-library", "--bundle", str(rules), "--addr", "127.0.0.1:0", "--state", str(state)]
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said.startswith("bylaw serves on http://127.0.0.1:"), said
            yield process, int(said.rsplit(":", 1)[1])
        finally:
            process.kill()


def request(body: bytes) -> bytes:
    return b"POST /v1/data/app/allow HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> tuple[int, bytes]:
    """The status and the whole body of one answer; an answer that is cut short raises ``IncompleteReadError``."""
    writer.write(request(body))
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = next(int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length:"))
    return int(head.split(" ")[1]), await reader.readexactly(length)


def asked(port: int, body: bytes) -> tuple[int, dict[str, object]]:
    async def work() -> tuple[int, dict[str, object]]:
        async with connected(port) as (reader, writer):
            status, answer = await ask(reader, writer, body)
        return status, json.loads(answer)

    return asyncio.run(work())


def answered_until_killed(process: subprocess.Popen[str], port: int, answers: int) -> list[str]:
    """Ask over many connections; kill the service once so many decisions were read; every decision that was read."""
    read: list[str] = []

    async def client() -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            async with connected(port) as (reader, writer):
                while True:
                    status, answer = await ask(reader, writer, b'{"input":{"user":"alice"}}')
                    assert status == 200
                    read.append(json.loads(answer)["decision_id"])
                    if len(read) == answers:
                        process.kill()

    async def work() -> None:
        await asyncio.gather(*(client() for _ in range(CONNECTIONS)))

    asyncio.run(work())
    return read


def on_the_log(state: Path) -> list[str]:
    return [json.loads(line)["decision_id"] for line in read_records(audit_folder(state))]


def verified(state: Path) -> Holds:
    outcome = verify(segments_to_verify(audit_folder(state)))
    assert isinstance(outcome, Holds)
    return outcome


@pytest.mark.parametrize("answers", [1, 100, 2000])
def test_every_decision_that_was_read_before_a_kill_is_on_the_log(tmp_path: Path, answers: int) -> None:
    state, rules = tmp_path / "state", bundle(tmp_path / "rules")
    read: list[str] = []
    for _ in range(2):  # the second service goes on where the first was killed
        with serving(state, rules) as (process, port):
            read += answered_until_killed(process, port, answers)
    assert len(read) >= 2 * answers
    with serving(state, rules):  # a torn end is recovered
        logged = on_the_log(state)
        assert verified(state).torn_bytes == 0
    assert set(read) - set(logged) == set()
    assert len(logged) == len(set(logged))


def test_a_service_without_disk_gives_no_decision_until_there_is_space_again(tmp_path: Path) -> None:
    state, question = tmp_path / "state", b'{"input":{"user":"alice"}}'
    with serving(state, bundle(tmp_path / "rules")) as (process, port):
        status, first = asked(port, question)
        assert (status, first["result"]) == (200, True)

        unlimited = resource.RLIM_INFINITY
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1000, unlimited))
        while asked(port, question)[0] == 200:  # a few records have room
            pass
        refused = [asked(port, question) for _ in range(3)]
        assert [(status, "result" in answer) for status, answer in refused] == [(503, False)] * 3

        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (unlimited, unlimited))
        status, last = asked(port, question)
        assert (status, last["result"]) == (200, True)
        logged = on_the_log(state)
    assert (logged[0], logged[-1]) == (first["decision_id"], last["decision_id"])
    assert verified(state).records == len(logged)


def test_what_the_law_masks_never_reaches_the_disk(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with serving(state, bundle(tmp_path / "rules", mask=MASK)) as (_, port):
        status, answer = asked(port, b'{"input":{"user":"alice","secret":"s3cr3t","n":1.10}}')
        assert (status, answer["result"]) == (200, True)
    (line,) = read_records(audit_folder(state))
    event = json.loads(line)
    assert (event["input"], event["erased"], event["masked"]) == (
        {"user": "somebody", "n": 1.1},
        ["/input/secret"],
        ["/input/user"],
    )
    assert not [path for path in audit_folder(state).iterdir() if b"s3cr3t" in path.read_bytes()]


def test_a_mask_that_cannot_be_understood_lets_nothing_reach_the_disk(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with serving(state, bundle(tmp_path / "rules", mask=BROKEN_MASK)) as (_, port):
        status, answer = asked(port, b'{"input":{"user":"alice","secret":"s3cr3t"}}')
        assert (status, answer["result"]) == (200, True)
    (line,) = read_records(audit_folder(state))
    event = json.loads(line)
    assert ("input" in event, "result" in event, event["erased"]) == (False, False, ["/input", "/result"])
    assert event["custom"]["masking_failed"] == "the mask is a string, wanted a set"


def test_a_client_that_is_gone_leaves_a_log_that_holds(tmp_path: Path) -> None:
    async def hang_up(port: int) -> None:
        for _ in range(20):
            async with connected(port) as (_, writer):
                writer.write(request(b'{"input":{"user":"alice"}}'))
                writer.transport.abort()

    state = tmp_path / "state"
    with serving(state, bundle(tmp_path / "rules")) as (_, port):
        asyncio.run(hang_up(port))
        status, answer = asked(port, b'{"input":{"user":"alice"}}')
        assert (status, answer["result"]) == (200, True)
        logged = on_the_log(state)
    assert answer["decision_id"] in logged
    assert len(set(logged)) == len(logged) == verified(state).records
