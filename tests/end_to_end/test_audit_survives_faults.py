"""
The audit log of real processes that are killed, or whose disk is full: what was answered is on the log, and nothing
else is. The service's own way through the same is ``test_audit_survives_kill.py``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bylaw.audit.verify import Broken, ExpectedHead, Holds, verify
from bylaw.errors import AuditUnavailable
from bylaw_adapters.audit_logs.files import FileAuditLog
from bylaw_adapters.audit_logs.segments import audit_folder, read_records, segments_to_verify

# Appends from many tasks for ever; says each decision on its standard output once it would have been answered.
ANSWERING = """
import asyncio, itertools, os, sys
from pathlib import Path
from bylaw_adapters.audit_logs.files import FileAuditLog

async def answer(log, numbers):
    while True:
        decision_id = f"{os.getpid()}-{next(numbers)}"
        receipt = await log.append(b'{"decision_id":"%b","input":"%b"}' % (decision_id.encode(), b"x" * 300))
        os.write(1, f"{decision_id} {receipt.sequence} {receipt.record_hash}\\n".encode())

async def main():
    log, numbers = FileAuditLog(Path(sys.argv[1]), max_segment_bytes=200_000), itertools.count()
    await asyncio.gather(*(answer(log, numbers) for _ in range(32)))

asyncio.run(main())
"""

# The same, one at a time, on a disk that ends at so many bytes; the limit is lifted when it was met ten times.
FILLING = """
import asyncio, resource, sys
from pathlib import Path
from bylaw.errors import AuditUnavailable
from bylaw_adapters.audit_logs.files import FileAuditLog

async def main():
    log, refused, number = FileAuditLog(Path(sys.argv[1])), 0, 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    while refused < 10:
        number += 1
        try:
            await log.append(b'{"decision_id":"%d","input":"%b"}' % (number, b"x" * 100))
            print(number)
        except AuditUnavailable as error:
            assert "File too large" in str(error), error
            refused += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await log.append(b'{"decision_id":"%d"}' % (number + 1))
    print(number + 1)
    log.close()

asyncio.run(main())
"""


def decision_ids(state: Path) -> list[str]:
    return [line.split(b'"')[3].decode() for line in read_records(audit_folder(state))]


def verified(state: Path, expected_head: ExpectedHead | None = None) -> Holds | Broken:
    return verify(segments_to_verify(audit_folder(state)), expected_head=expected_head)


def answered_until_killed(state: Path, answers: int) -> list[str]:
    """What a process answered that was killed in the middle of its work, after at least so many answers."""
    process = subprocess.Popen([sys.executable, "-c", ANSWERING, str(state)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process, process.stdout as output:
        lines = [output.readline() for _ in range(answers)]
        process.kill()
        lines += output.readlines()
    return [line.decode() for line in lines if line.endswith(b"\n")]


@pytest.mark.parametrize("answers", [1, 7, 50, 400, 3000])
def test_every_answer_before_a_kill_is_on_a_log_that_holds(tmp_path: Path, answers: int) -> None:
    all_answers: list[str] = []
    for _ in range(2):  # the second process goes on where the first was killed
        all_answers += answered_until_killed(tmp_path, answers)
        FileAuditLog(tmp_path).close()
    outcome = verified(tmp_path)
    assert isinstance(outcome, Holds)
    assert outcome.torn_bytes == 0
    on_the_log = decision_ids(tmp_path)
    for answer in all_answers:
        decision_id, sequence, record_hash = answer.split()
        assert on_the_log[int(sequence)] == decision_id
    decision_id, sequence, record_hash = all_answers[-1].split()
    assert verified(tmp_path, ExpectedHead(int(sequence), record_hash)) == outcome
    assert len(set(on_the_log)) == len(on_the_log) == outcome.records


@pytest.mark.parametrize("disk_bytes", [0, 1, 1000, 4096, 4321])
def test_a_full_disk_gives_no_answer_and_the_log_goes_on_when_there_is_space(tmp_path: Path, disk_bytes: int) -> None:
    filling = [sys.executable, "-c", FILLING, str(tmp_path), str(disk_bytes)]
    done = subprocess.run(filling, capture_output=True, text=True, check=True)
    answered = done.stdout.split()
    assert decision_ids(tmp_path) == answered
    assert "decisions are not given" in done.stderr
    outcome = verified(tmp_path)
    assert isinstance(outcome, Holds)
    assert (outcome.records, outcome.torn_bytes) == (len(answered), 0)


# A small disk of its own: fills it by one record after another, frees it, and goes on.
FULL_DISK = """
import asyncio, sys
from pathlib import Path
from bylaw.audit.verify import verify
from bylaw.errors import AuditUnavailable
from bylaw_adapters.audit_logs.files import FileAuditLog
from bylaw_adapters.audit_logs.segments import audit_folder, read_records, segments_to_verify

async def main():
    state = Path(sys.argv[1])
    state.joinpath("ballast").write_bytes(bytes(20_000))
    log, answered, refused = FileAuditLog(state), 0, 0
    while refused < 10:
        try:
            await log.append(b'{"decision_id":"x","input":"%b"}' % (b"x" * 700))
            answered += 1
        except AuditUnavailable as error:
            assert "No space left on device" in str(error), error
            refused += 1
    state.joinpath("ballast").unlink()
    await log.append(b'{"decision_id":"x"}')
    log.close()
    outcome = verify(segments_to_verify(audit_folder(state)))
    assert (outcome.records, outcome.torn_bytes) == (answered + 1, 0), outcome
    print("full, then free")

asyncio.run(main())
"""

READ_ONLY = """
import sys
from pathlib import Path
from bylaw.errors import AuditUnavailable
from bylaw_adapters.audit_logs.files import FileAuditLog

try:
    FileAuditLog(Path(sys.argv[1]))
except AuditUnavailable as error:
    print(error)
"""


def on_a_disk_of_its_own(program: str, folder: Path, mount_options: str) -> str:
    """What a program prints whose state directory is a small file system, mounted in a name space of its own."""
    script = f'mount -t tmpfs -o "{mount_options}" tmpfs "$1" && exec "$2" -c "$3" "$1"'
    words = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", str(folder)]
    try:
        subprocess.run([*words[:4], "mount", "-t", "tmpfs", "tmpfs", str(folder)], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this system lets nobody mount a file system in a name space of one's own")
    return subprocess.run([*words, sys.executable, program], capture_output=True, text=True, check=True).stdout


def test_a_disk_without_space_gives_no_answer_until_there_is_some(tmp_path: Path) -> None:
    assert on_a_disk_of_its_own(FULL_DISK, tmp_path, "size=64k") == "full, then free\n"


def test_a_read_only_file_system_is_refused_when_the_log_is_opened(tmp_path: Path) -> None:
    want = f"the audit log {tmp_path}/audit cannot be opened: Read-only file system\n"
    assert on_a_disk_of_its_own(READ_ONLY, tmp_path, "ro") == want


def test_a_state_directory_where_nobody_can_write_is_refused_when_the_log_is_opened() -> None:
    """In /proc nobody can make a folder, not even root, whom a mode of 0500 would not stop."""
    with pytest.raises(AuditUnavailable, match="the audit log /proc/state/audit cannot be opened: "):
        FileAuditLog(Path("/proc/state"))
