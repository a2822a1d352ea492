"""
How many records a second the audit log makes durable, by how many wait at once. Not how fast decisions are: that is
``run.py``.

    .venv/bin/python benchmarks/audit_log.py [--seconds 3] [--state DIR]

The directory must be on the disk that is meant: a file system in memory syncs for nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import uvloop

from bylaw.audit.record import DecisionRecord
from bylaw.audit.verify import verify
from bylaw_adapters.audit_logs.files import Durability, FileAuditLog
from bylaw_adapters.audit_logs.segments import SegmentFile, audit_folder, segments_to_verify

CONCURRENCY = (1, 16, 64, 256)
INPUT = b'{"subject":{"type":"user","id":"alice"},"action":{"name":"read"},"resource":{"type":"table","id":"lake.c.t"}}'


def event() -> bytes:
    return DecisionRecord(
        decision_id="4ca636c1-55e4-417a-b1d8-4aceb67960d1",
        at_ns=time.time_ns(),
        path="bylaw/decisions/access/decision",
        input_json=INPUT,
        result_json=b'{"allow":true,"decision":"allow","violations":[],"warnings":[]}',
        revisions={"library": "r1", "global": "r2", "mesh": "r3", "customer": "r4"},
        labels={"id": "benchmark"},
        requested_by="127.0.0.1:40000",
        evaluation_ns=40_000,
        custom={"door": "decisions"},
    ).to_event()


def record_microseconds() -> float:
    started = time.perf_counter()
    for _ in range(50_000):
        event()
    return (time.perf_counter() - started) / 50_000 * 1e6


async def appended_each_second(log: FileAuditLog, callers: int, seconds: float) -> tuple[float, float]:
    """Records a second, and the 99th percentile of the wait of one, in milliseconds."""
    waits: list[float] = []
    event_json = event()
    stop = time.perf_counter() + seconds

    async def caller() -> None:
        started = time.perf_counter()
        while started < stop:
            await log.append(event_json)
            ended = time.perf_counter()
            waits.append(ended - started)
            started = ended

    started = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(callers)))
    elapsed = time.perf_counter() - started
    waits.sort()
    return len(waits) / elapsed, waits[len(waits) * 99 // 100] * 1000


def syncs_each_second(folder: Path, seconds: float) -> float:
    """What the disk itself does: one short write and one sync after another."""
    file = SegmentFile.create(folder / "probe")
    offset, count, stop = 0, 0, time.perf_counter() + seconds
    while time.perf_counter() < stop:
        file.write_at(offset, b"x" * 600)
        file.sync()
        offset, count = offset + 600, count + 1
    file.close()
    file.path.unlink()
    return count / seconds


def measure(state: Path, durability: Durability, seconds: float) -> None:
    for callers in CONCURRENCY:
        folder = state / f"{durability}-{callers}"
        log = FileAuditLog(folder, durability=durability)
        rate, p99 = uvloop.run(appended_each_second(log, callers, seconds))
        log.close()
        started = time.perf_counter()
        outcome = verify(segments_to_verify(audit_folder(folder)))
        verified = getattr(outcome, "records", 0) / (time.perf_counter() - started)
        print(f"| {durability} | {callers} | {rate:,.0f} | {p99:.2f} | {verified:,.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description="How many records a second the audit log makes durable.")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--state", type=Path, default=Path())
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.state) as folder:
        print(f"one record is made in {record_microseconds():.1f} µs, {len(event())} bytes")
        print(f"the disk syncs {syncs_each_second(Path(folder), args.seconds):,.0f} times a second\n")
        print("| durability | callers at once | records/s | p99 ms | verified/s |\n|---|---|---|---|---|")
        for durability in ("before_answer", "interval"):
            measure(Path(folder), durability, args.seconds)


if __name__ == "__main__":
    main()
