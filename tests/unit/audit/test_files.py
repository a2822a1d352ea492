"""The log on disk: what it leaves there, what it does when the disk fails, and how it goes on after a crash."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bylaw.audit.chain import Head, record_hash
from bylaw.audit.verify import ExpectedHead, Holds, verify
from bylaw.errors import AuditCorrupt, AuditUnavailable
from bylaw.ports import Receipt
from bylaw_adapters.audit_logs.files import FileAuditLog
from bylaw_adapters.audit_logs.recovery import Recovery
from bylaw_adapters.audit_logs.segments import (
    SegmentFile,
    audit_folder,
    read_records,
    segment_name,
    segment_paths,
    segments_to_verify,
)


def event(number: int) -> bytes:
    return b'{"decision_id":"%d"}' % number


def append(log: FileAuditLog, *numbers: int) -> list[Receipt]:
    async def work() -> list[Receipt]:
        return [await log.append(event(number)) for number in numbers]

    return asyncio.run(work())


def written(state: Path, *numbers: int, max_segment_bytes: int = 1 << 20) -> list[Receipt]:
    """Open, append, close: as a process that lived and ended well."""
    log = FileAuditLog(state, max_segment_bytes=max_segment_bytes)
    try:
        return append(log, *numbers)
    finally:
        log.close()


def head(receipts: list[Receipt]) -> ExpectedHead:
    return ExpectedHead(receipts[-1].sequence, receipts[-1].record_hash)


def verified(state: Path) -> object:
    return verify(segments_to_verify(audit_folder(state)))


def decision_ids(state: Path) -> list[bytes]:
    return [line.split(b'"')[3] for line in read_records(audit_folder(state))]


def test_only_the_owner_can_read_the_log(tmp_path: Path) -> None:
    written(tmp_path / "state", 0)
    folder = audit_folder(tmp_path / "state")
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in [folder, *folder.iterdir()]}
    assert modes == {"audit": "0o700", "lock": "0o600", segment_name(0): "0o600"}


def test_a_full_segment_is_followed_by_another(tmp_path: Path) -> None:
    receipts = written(tmp_path, *range(7), max_segment_bytes=300)
    assert [path.name for path in segment_paths(audit_folder(tmp_path))] == [segment_name(n) for n in (0, 3, 6)]
    assert verified(tmp_path) == Holds(7, 3, head(receipts))


def test_a_log_is_continued_where_it_ended(tmp_path: Path) -> None:
    written(tmp_path, 0, 1)
    receipts = written(tmp_path, 2)
    assert verified(tmp_path) == Holds(3, 1, head(receipts))
    assert decision_ids(tmp_path) == [b"0", b"1", b"2"]


def test_a_log_is_continued_behind_an_empty_last_segment(tmp_path: Path) -> None:
    written(tmp_path, 0, 1)
    (audit_folder(tmp_path) / segment_name(2)).touch()
    receipts = written(tmp_path, 2)
    assert verified(tmp_path) == Holds(3, 2, head(receipts))


def test_two_writers_cannot_fork_the_chain(tmp_path: Path) -> None:
    log = FileAuditLog(tmp_path)
    with pytest.raises(AuditUnavailable, match="is being written by another process"):
        FileAuditLog(tmp_path)
    log.close()
    FileAuditLog(tmp_path).close()


@pytest.mark.parametrize("segments", [pytest.param(1 << 20, id="in its segment"), pytest.param(1, id="alone in one")])
def test_a_last_record_torn_at_any_byte_is_cut_off_kept_and_said(
    tmp_path: Path, segments: int, caplog: pytest.LogCaptureFixture
) -> None:
    whole = written(tmp_path / "whole", 0, 1, 2, max_segment_bytes=segments)
    paths = segment_paths(audit_folder(tmp_path / "whole"))
    content = paths[-1].read_bytes()
    last_line = content[content[:-1].rfind(b"\n") + 1 :]
    for kept in range(1, len(last_line)):
        state = tmp_path / str(kept)
        written(state, 0, 1, 2, max_segment_bytes=segments)
        segment = segment_paths(audit_folder(state))[-1]
        os.truncate(segment, len(content) - len(last_line) + kept)

        caplog.clear()
        log = FileAuditLog(state, max_segment_bytes=segments)
        torn_name = f"{segment.name}.torn-1"
        assert log.recovery == log.status().recovery == Recovery(segment.name, kept, torn_name)
        assert [record.message for record in caplog.records if record.levelno == logging.WARNING] == [
            f"{segment.name}: {kept} torn bytes behind record 1 were cut off and kept in {torn_name}"
        ]
        assert (segment.parent / torn_name).read_bytes() == last_line[:kept]
        assert append(log, 2) == [whole[-1]]
        log.close()
        assert verified(state) == Holds(3, len(paths), head(whole))


def test_a_second_crash_keeps_its_bytes_too(tmp_path: Path) -> None:
    for torn in (b'{"first', b'{"second'):
        written(tmp_path, 0)
        with segment_paths(audit_folder(tmp_path))[-1].open("ab") as file:
            file.write(torn)
    FileAuditLog(tmp_path).close()
    kept = {path.name: path.read_bytes() for path in audit_folder(tmp_path).glob("*.torn-*")}
    assert kept == {f"{segment_name(0)}.torn-1": b'{"first', f"{segment_name(0)}.torn-2": b'{"second'}


@pytest.mark.parametrize(
    "behind",
    [
        pytest.param(b"\x00" * 5000, id="zeros only"),
        pytest.param(b'{"decision_id":"2"\x00\x00\x00\n{"decision_id":"3"}\n', id="zeros, then a line"),
    ],
)
def test_what_a_loss_of_power_left_unwritten_is_cut_off(tmp_path: Path, behind: bytes) -> None:
    receipts = written(tmp_path, 0, 1)
    with segment_paths(audit_folder(tmp_path))[-1].open("ab") as file:
        file.write(behind)
    log = FileAuditLog(tmp_path)
    assert log.recovery == Recovery(segment_name(0), len(behind), f"{segment_name(0)}.torn-1")
    log.close()
    assert verified(tmp_path) == Holds(2, 1, head(receipts))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param(lambda lines: [lines[1], lines[0], lines[2]], "segment-0.*:1: wanted record 0", id="reordered"),
        pytest.param(lambda lines: [lines[0], lines[2]], "segment-0.*:2: wanted record 1", id="one removed"),
        pytest.param(lambda lines: [*lines, b"garbage\n"], "segment-0.*:4: wanted record 3", id="garbage behind"),
        pytest.param(
            lambda lines: [lines[0].replace(b'"0"', b'"7"'), *lines[1:]], "segment-0.*:2: wanted record 1", id="changed"
        ),
    ],
)
def test_a_log_that_no_crash_explains_is_not_continued(tmp_path: Path, change: object, why: str) -> None:
    written(tmp_path, 0, 1, 2)
    segment = segment_paths(audit_folder(tmp_path))[0]
    segment.write_bytes(b"".join(change(segment.read_bytes().splitlines(keepends=True))))  # type: ignore[operator]
    before = segment.read_bytes()
    for _ in range(2):  # the lock is free again after the refusal
        with pytest.raises(AuditCorrupt, match=why):
            FileAuditLog(tmp_path)
    assert segment.read_bytes() == before


def test_a_log_whose_last_segment_follows_nothing_is_not_continued(tmp_path: Path) -> None:
    written(tmp_path, 0, 1, 2, max_segment_bytes=1)
    (audit_folder(tmp_path) / segment_name(1)).unlink()
    with pytest.raises(AuditCorrupt, match=r"segment-0*2.jsonl:1: wanted record 2 after"):
        FileAuditLog(tmp_path)


def test_a_reader_beside_the_writer_sees_whole_records_only(tmp_path: Path) -> None:
    receipts = written(tmp_path, 0, 1)
    with segment_paths(audit_folder(tmp_path))[-1].open("ab") as file:
        file.write(b'{"decision_id":"2","ch')
    assert decision_ids(tmp_path) == [b"0", b"1"]
    assert verified(tmp_path) == Holds(2, 1, head(receipts), torn_bytes=22)


class FaultySegment(SegmentFile):
    """A segment on a disk that fails as it is told: each entry is what the next call of that name meets."""

    writes: list[int] = []  # noqa: RUF012 - how many bytes arrive before the disk is full
    syncs: list[int] = []  # noqa: RUF012 - the error numbers of syncs
    truncates: list[int] = []  # noqa: RUF012 - the error numbers of truncations

    def write_at(self, offset: int, content: bytes) -> None:
        if self.writes:
            super().write_at(offset, content[: self.writes.pop(0)])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().write_at(offset, content)

    def sync(self) -> None:
        if self.syncs and (error := self.syncs.pop(0)):
            raise OSError(error, os.strerror(error))
        super().sync()

    def truncate(self, size: int) -> None:
        if self.truncates and (error := self.truncates.pop(0)):
            raise OSError(error, os.strerror(error))
        super().truncate(size)


@pytest.fixture
def faulty(tmp_path: Path) -> Iterator[FileAuditLog]:
    log = FileAuditLog(tmp_path, segment_file=FaultySegment, probe_interval_seconds=3600)
    yield log
    log.close()
    assert (FaultySegment.writes, FaultySegment.syncs, FaultySegment.truncates) == ([], [], [])


@pytest.mark.parametrize("arrived", [0, 1, 50, 104])
def test_a_full_disk_gives_no_decision_and_leaves_no_trace(tmp_path: Path, faulty: FileAuditLog, arrived: int) -> None:
    append(faulty, 0)
    FaultySegment.writes[:] = [arrived]
    with pytest.raises(AuditUnavailable, match="No space left on device"):
        append(faulty, 1)
    assert "No space left on device" in faulty.status().last_error
    assert verified(tmp_path) == Holds(1, 1, ExpectedHead(0, faulty.status().head_hash))

    receipts = append(faulty, 2)  # there is space again
    assert faulty.status().last_error == ""
    assert decision_ids(tmp_path) == [b"0", b"2"]
    assert verified(tmp_path) == Holds(2, 1, head(receipts))


@pytest.mark.parametrize(
    ("writes", "syncs"),
    [
        pytest.param([50], [], id="a write failed"),
        pytest.param([50, 10, 4096], [], id="and so did the first two attempts"),
        pytest.param([], [errno.EIO, errno.EIO, 0, errno.EIO], id="syncs failed"),
    ],
)
def test_a_log_that_failed_finds_out_by_itself_that_it_can_be_written_again(
    tmp_path: Path, writes: list[int], syncs: list[int]
) -> None:
    log = FileAuditLog(tmp_path, segment_file=FaultySegment, probe_interval_seconds=0.001)
    append(log, 0)
    FaultySegment.writes[:], FaultySegment.syncs[:] = writes, syncs
    with pytest.raises(AuditUnavailable):
        append(log, 1)
    for _ in range(10_000):
        if not log.status().last_error:
            break
        time.sleep(0.001)
    assert log.status().last_error == ""
    receipts = append(log, 2)
    log.close()
    assert verified(tmp_path) == Holds(2, 1, head(receipts))


def test_a_failed_write_fails_everyone_who_waited_for_it(tmp_path: Path, faulty: FileAuditLog) -> None:
    async def work() -> list[BaseException | Receipt]:
        return await asyncio.gather(*(faulty.append(event(n)) for n in range(20)), return_exceptions=True)

    FaultySegment.writes[:] = [100] * 20
    outcomes = asyncio.run(work())
    FaultySegment.writes.clear()
    assert {type(outcome) for outcome in outcomes} == {AuditUnavailable}
    assert verified(tmp_path) == Holds(0, 1, None)


def test_a_write_that_can_not_be_taken_back_is_taken_back_before_the_next(tmp_path: Path, faulty: FileAuditLog) -> None:
    append(faulty, 0)
    FaultySegment.writes[:] = [10]
    FaultySegment.truncates[:] = [errno.EIO]
    with pytest.raises(AuditUnavailable):
        append(faulty, 1)
    assert verified(tmp_path) == Holds(1, 1, ExpectedHead(0, faulty.status().head_hash), torn_bytes=10)
    receipts = append(faulty, 2)
    assert verified(tmp_path) == Holds(2, 1, head(receipts))


@pytest.mark.parametrize(
    ("syncs", "failures"),
    [
        pytest.param([errno.EIO], 1, id="once"),
        pytest.param([errno.EIO, errno.EIO], 2, id="again, when the segment is opened anew"),
        pytest.param([errno.ENOSPC, 0, errno.EIO], 2, id="again, at the next record"),
    ],
)
def test_after_a_failed_sync_the_segment_is_opened_anew(
    tmp_path: Path, faulty: FileAuditLog, syncs: list[int], failures: int
) -> None:
    append(faulty, 0)
    FaultySegment.syncs[:] = syncs
    for number in range(failures):
        with pytest.raises(AuditUnavailable):
            append(faulty, 100 + number)
    receipts = append(faulty, 1)
    assert decision_ids(tmp_path) == [b"0", b"1"]
    assert verified(tmp_path) == Holds(2, 1, head(receipts))


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: content[:-1], id="shorter than accepted"),
        pytest.param(lambda content: content.replace(b'"0"', b'"7"'), id="another last record"),
    ],
)
def test_a_segment_that_changed_while_it_was_given_up_is_not_continued(
    tmp_path: Path, faulty: FileAuditLog, damage: object
) -> None:
    append(faulty, 0)
    FaultySegment.syncs[:] = [errno.EIO]
    with pytest.raises(AuditUnavailable):
        append(faulty, 1)
    segment = segment_paths(audit_folder(tmp_path))[0]
    first_line = segment.read_bytes().splitlines(keepends=True)[0]
    segment.write_bytes(damage(first_line))  # type: ignore[operator]
    with pytest.raises(AuditUnavailable, match="accepted"):
        append(faulty, 2)
    segment.write_bytes(first_line)
    assert append(faulty, 3)[0].sequence == 1


def test_records_are_not_written_into_a_removed_segment(tmp_path: Path) -> None:
    log = FileAuditLog(tmp_path)
    append(log, 0)
    segment_paths(audit_folder(tmp_path))[0].unlink()
    for _ in range(2):
        with pytest.raises(AuditUnavailable, match="the segment was removed while it was written"):
            append(log, 1)
    log.close()


class HeldSegment(SegmentFile):
    """A disk so slow that it waits until it is released."""

    _released = threading.Event()

    @classmethod
    def hold(cls) -> None:
        cls._released.clear()

    @classmethod
    def release(cls) -> None:
        cls._released.set()

    def write_at(self, offset: int, content: bytes) -> None:
        self._released.wait(10)
        super().write_at(offset, content)


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({"max_waiting_records": 2}, id="records"),
        pytest.param({"max_waiting_bytes": 2 * len(event(0))}, id="bytes"),
    ],
)
def test_a_full_queue_refuses_and_what_waited_is_written(tmp_path: Path, limits: dict[str, int]) -> None:
    log = FileAuditLog(tmp_path, segment_file=HeldSegment, **limits)

    async def work() -> list[BaseException | Receipt]:
        waiting = [asyncio.create_task(log.append(event(number))) for number in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(AuditUnavailable, match="wait to be written, and no more may"):
            await log.append(event(2))
        HeldSegment.release()
        return await asyncio.gather(*waiting, return_exceptions=True)

    HeldSegment.hold()
    assert [outcome.sequence for outcome in asyncio.run(work()) if isinstance(outcome, Receipt)] == [0, 1]
    assert append(log, 3)[0].sequence == 2
    log.close()


class DefectiveSegment(SegmentFile):
    """A segment with a defect of ours rather than of the disk, behind the first write."""

    defects: list[str] = []  # noqa: RUF012

    def sync(self) -> None:
        if self.defects:
            raise KeyError(self.defects.pop())
        super().sync()


def test_a_defect_of_ours_leaves_nobody_waiting_and_no_half_record(tmp_path: Path) -> None:
    log = FileAuditLog(tmp_path, segment_file=DefectiveSegment)
    DefectiveSegment.defects.append("a defect")
    with pytest.raises(AuditUnavailable, match="KeyError"):
        append(log, 1_000_000_000)
    receipts = append(log, 0)
    log.close()
    assert verified(tmp_path) == Holds(1, 1, head(receipts))


def test_an_interval_log_syncs_when_it_closes(tmp_path: Path) -> None:
    syncs: list[str] = []

    class CountingSegment(SegmentFile):
        def sync(self) -> None:
            syncs.append(self.path.name)
            super().sync()

    log = FileAuditLog(tmp_path, durability="interval", sync_interval_seconds=3600, segment_file=CountingSegment)
    append(log, 0, 1, 2)
    assert syncs == []
    log.close()
    assert segment_name(0) in syncs


def test_a_state_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no directory")
    with pytest.raises(AuditUnavailable, match="cannot be opened: Not a directory"):
        FileAuditLog(tmp_path / "state")


def test_an_empty_head_is_written_as_none() -> None:
    assert (str(Head()), str(Head(1, record_hash(b"x")))) == ("none", f"0:{record_hash(b'x')}")
