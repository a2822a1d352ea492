"""What every audit log promises (``bylaw.ports.AuditLog``), the fake included."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import pytest

from bylaw.audit.chain import record_hash
from bylaw.audit.verify import ExpectedHead, Holds, SegmentLines, verify
from bylaw.errors import AuditUnavailable
from bylaw.ports import AuditLog
from bylaw_adapters.audit_logs.files import FileAuditLog
from bylaw_adapters.audit_logs.memory import InMemoryAuditLog
from bylaw_adapters.audit_logs.segments import audit_folder, read_records

T = TypeVar("T")
Lines: TypeAlias = Callable[[], list[bytes]]
Opened: TypeAlias = AbstractContextManager[tuple[AuditLog, Lines]]


@contextmanager
def in_memory(_: Path) -> Iterator[tuple[AuditLog, Lines]]:
    log = InMemoryAuditLog()
    yield log, lambda: log.lines
    log.close()


@contextmanager
def durable_before_answer(state: Path) -> Iterator[tuple[AuditLog, Lines]]:
    log = FileAuditLog(state)
    yield log, lambda: list(read_records(audit_folder(state)))
    log.close()


@contextmanager
def durable_at_an_interval(state: Path) -> Iterator[tuple[AuditLog, Lines]]:
    log = FileAuditLog(state, durability="interval", sync_interval_seconds=0.01)
    yield log, lambda: list(read_records(audit_folder(state)))
    log.close()


@contextmanager
def in_tiny_segments(state: Path) -> Iterator[tuple[AuditLog, Lines]]:
    log = FileAuditLog(state, max_segment_bytes=1)
    yield log, lambda: list(read_records(audit_folder(state)))
    log.close()


@pytest.fixture(
    params=[in_memory, durable_before_answer, durable_at_an_interval, in_tiny_segments],
    ids=lambda implementation: implementation.__name__,
)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    opening: Opened = request.param(tmp_path)
    return opening


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def event(number: int) -> bytes:
    return b'{"decision_id":"%d"}' % number


def test_a_record_is_on_the_log_when_append_returns(opened: Opened) -> None:
    async def work() -> None:
        for number in range(5):
            receipt = await log.append(event(number))
            assert receipt.sequence == number
            assert receipt.record_hash == record_hash(lines()[-1])
            assert lines()[-1].startswith(b'{"decision_id":"%d","chain":{"seq":%d,"prev":"' % (number, number))

    with opened as (log, lines):
        run(work())


def test_records_of_many_callers_make_one_chain(opened: Opened) -> None:
    async def work() -> None:
        receipts = await asyncio.gather(*(log.append(event(number)) for number in range(200)))
        assert sorted(receipt.sequence for receipt in receipts) == list(range(200))
        chain = lines()
        for number, receipt in enumerate(receipts):
            assert chain[receipt.sequence].startswith(b'{"decision_id":"%d",' % number)
            assert record_hash(chain[receipt.sequence]) == receipt.record_hash
        head = ExpectedHead(199, record_hash(chain[-1]))
        segment = SegmentLines(f"segment-{0:020d}.jsonl", [line + b"\n" for line in chain])
        assert verify([segment]) == Holds(200, 1, head)

    with opened as (log, lines):
        run(work())


def test_callers_in_several_event_loops_share_a_log(opened: Opened) -> None:
    async def two_loops() -> list[int]:
        def in_another_loop() -> int:
            return run(log.append(event(1))).sequence

        return [(await log.append(event(0))).sequence, await asyncio.to_thread(in_another_loop)]

    with opened as (log, lines):
        assert run(two_loops()) == [0, 1]
        assert len(lines()) == 2


@pytest.mark.parametrize(
    "event_json",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{}", id="no members"),
        pytest.param(b"[1]", id="no object"),
        pytest.param(b'{"a":1}\n', id="a line break at its end"),
        pytest.param(b'{"a":\n1}', id="a line break in it"),
        pytest.param(b'{"a":1', id="cut short"),
    ],
)
def test_what_can_be_no_record_is_refused_and_leaves_no_trace(opened: Opened, event_json: bytes) -> None:
    async def work() -> None:
        with pytest.raises(AuditUnavailable):
            await log.append(event_json)
        assert (await log.append(event(0))).sequence == 0

    with opened as (log, lines):
        run(work())
        assert len(lines()) == 1


def test_a_caller_that_goes_away_leaves_a_whole_log(opened: Opened) -> None:
    async def work() -> None:
        gone = asyncio.create_task(log.append(event(0)))
        await asyncio.sleep(0)
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
        assert (await log.append(event(1))).sequence == 1

    with opened as (log, lines):
        run(work())
        assert [line.split(b",")[0] for line in lines()] == [event(0)[:-1], event(1)[:-1]]


def test_a_closed_log_refuses_and_closes_again(opened: Opened) -> None:
    with opened as (log, lines):
        run(log.append(event(0)))
        log.close()
        log.close()
        with pytest.raises(AuditUnavailable, match="the audit log is closed"):
            run(log.append(event(1)))
        assert len(lines()) == 1


def test_closing_writes_what_was_accepted(opened: Opened) -> None:
    async def work() -> list[int]:
        waiting = [asyncio.create_task(log.append(event(number))) for number in range(50)]
        await asyncio.sleep(0)
        log.close()
        return [receipt.sequence for receipt in await asyncio.gather(*waiting)]

    with opened as (log, lines):
        assert run(work()) == list(range(50))
        assert len(lines()) == 50
