"""``bylaw audit`` as a person or a script runs it, on a log that was written and one that was tampered with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bylaw.audit.record import DecisionRecord
from bylaw.errors import EvaluationTimedOut
from bylaw_adapters.audit_logs.files import FileAuditLog
from bylaw_adapters.audit_logs.segments import audit_folder, read_records, segment_name, segment_paths

SECOND = 1_000_000_000
START_NS = 1_790_000_000 * SECOND  # 2026-09-21T14:13:20Z


def records() -> list[DecisionRecord]:
    def made(number: int, path: str, result: bytes | None, error: EvaluationTimedOut | None = None) -> DecisionRecord:
        return DecisionRecord(
            decision_id=f"id-{number}",
            at_ns=START_NS + number * SECOND,
            path=path,
            input_json=b'{"n":1.10}',
            result_json=result,
            error=error,
            revisions={},
            labels={},
        )

    return [
        made(0, "bylaw/decisions/access/decision", b'{"decision":"allow","allow":true}'),
        made(1, "bylaw/decisions/access/decision", b'{"decision":"deny","allow":false}'),
        made(2, "bylaw/decisions/privacy/decision", b'{"decision":"deny","allow":false}'),
        made(3, "bylaw/trino/allow", b"true"),
        made(4, "bylaw/kubernetes/validate", b'{"response":{"allowed":false}}'),
        made(5, "nothing/here", None),
        made(6, "loops", None, EvaluationTimedOut("too slow")),
        made(7, "data/\x1b[2J", b"[1]"),
    ]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    import asyncio

    async def append_all() -> None:
        for record in records():
            await log.append(record.to_event())

    log = FileAuditLog(tmp_path, max_segment_bytes=1000)
    asyncio.run(append_all())
    log.close()
    return tmp_path


def audit(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", "audit", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def said(*words: str, state: Path) -> list[str]:
    done = audit(*words, "--state", str(state))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_list_shows_each_decision_on_a_line(state: Path) -> None:
    assert said("list", state=state) == [
        "2026-09-21T14:13:20.000000000Z  id-0  allow      bylaw/decisions/access/decision",
        "2026-09-21T14:13:21.000000000Z  id-1  deny       bylaw/decisions/access/decision",
        "2026-09-21T14:13:22.000000000Z  id-2  deny       bylaw/decisions/privacy/decision",
        "2026-09-21T14:13:23.000000000Z  id-3  allow      bylaw/trino/allow",
        "2026-09-21T14:13:24.000000000Z  id-4  deny       bylaw/kubernetes/validate",
        "2026-09-21T14:13:25.000000000Z  id-5  undefined  nothing/here",
        "2026-09-21T14:13:26.000000000Z  id-6  error      loops",
        "2026-09-21T14:13:27.000000000Z  id-7  other      data/�[2J",
    ]


def test_list_streams_the_records_as_they_are_stored(state: Path) -> None:
    stored = [line.decode() for line in read_records(audit_folder(state))]
    assert said("list", "--format", "json", state=state) == stored


@pytest.mark.parametrize(
    ("words", "want"),
    [
        pytest.param(["--decision", "deny"], [1, 2, 4], id="by decision"),
        pytest.param(["--path", "bylaw/decisions"], [0, 1, 2], id="by path and all below"),
        pytest.param(["--path", "/bylaw/dec"], [], id="a path ends at a slash"),
        pytest.param(["--since", "2026-09-21T14:13:25Z"], [5, 6, 7], id="from an instant, included"),
        pytest.param(["--until", "2026-09-21T16:13:22+02:00"], [0, 1], id="to an instant, excluded"),
        pytest.param(["--since", "2026-09-21", "--until", "2026-09-22"], [*range(8)], id="a day"),
        pytest.param(["--since", "99999999d", "--decision", "error"], [6], id="so long ago"),
        pytest.param(["--since", "9999-01-01"], [], id="none yet"),
    ],
)
def test_list_selects(state: Path, words: list[str], want: list[int]) -> None:
    listed = [json.loads(line)["decision_id"] for line in said("list", "--format", "json", *words, state=state)]
    assert listed == [f"id-{number}" for number in want]


def test_show_prints_one_record_with_its_numbers_as_they_were_and_its_hash(state: Path) -> None:
    lines = said("show", "id-1", state=state)
    assert '    "n": 1.10' in lines
    head = json.loads(said("list", "--format", "json", state=state)[2])["chain"]["prev"]
    assert lines[-1] == f"record hash {head}"


def test_show_prints_the_stored_line_as_json(state: Path) -> None:
    assert said("show", "id-7", "--format", "json", state=state) == said("list", "--format", "json", state=state)[-1:]


def test_a_decision_that_is_not_there_is_a_two(state: Path) -> None:
    done = audit("show", "id-9", "--state", str(state))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"no record of decision id-9 in {state}/audit" in done.stderr


def test_verify_says_that_the_chain_holds_and_its_head(state: Path) -> None:
    holds, head = said("verify", state=state)
    assert holds == "the chain holds: 8 records in 2 segments"
    assert said("verify", "--expect-head", head.removeprefix("head "), state=state) == [holds, head]
    sequence, record_hash = head.removeprefix("head ").split(":")
    assert json.loads(said("verify", "--format", "json", state=state)[0]) == {
        "holds": True,
        "records": 8,
        "segments": 2,
        "head": {"sequence": int(sequence), "record_hash": record_hash},
        "torn_bytes": 0,
    }


def test_verify_says_where_a_chain_does_not_hold(state: Path) -> None:
    segment = segment_paths(audit_folder(state))[0]
    segment.write_bytes(segment.read_bytes().replace(b'"id-1"', b'"id-X"'))
    done = audit("verify", "--state", str(state))
    assert done.returncode == 1
    assert done.stdout.startswith(f"the chain does not hold: {segment_name(0)}:3: wanted prev ")
    in_json = audit("verify", "--state", str(state), "--format", "json")
    assert in_json.returncode == 1
    assert {k: v for k, v in json.loads(in_json.stdout).items() if k not in ("wanted", "got")} == {
        "holds": False,
        "segment": segment_name(0),
        "line": 3,
    }


def test_verify_finds_a_cut_off_end_with_a_kept_head(state: Path) -> None:
    _, head = said("verify", state=state)
    segment_paths(audit_folder(state))[-1].unlink()
    assert audit("verify", "--state", str(state)).returncode == 0
    done = audit("verify", "--state", str(state), "--expect-head", head.removeprefix("head "))
    assert (done.returncode, "records up to 7, as the kept head says" in done.stdout) == (1, True)


def test_the_log_is_read_while_it_is_written(state: Path) -> None:
    log = FileAuditLog(state)
    assert len(said("list", state=state)) == 8
    assert said("verify", state=state)[0] == "the chain holds: 8 records in 2 segments"
    log.close()


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["verify"], id="verify"),
        pytest.param(["list"], id="list"),
        pytest.param(["show", "x"], id="show"),
    ],
)
def test_no_log_is_a_two(tmp_path: Path, words: list[str]) -> None:
    done = audit(*words, "--state", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"no audit log can be read at {tmp_path}/audit: No such file or directory" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["list", "--since", "yesterday"], "wanted RFC 3339, a date, or a time ago", id="since"),
        pytest.param(["list", "--since", "2026-01-01T00:00:00"], "names no time zone", id="no time zone"),
        pytest.param(["verify", "--expect-head", "7"], "a head is SEQ:HASH", id="head"),
        pytest.param([], "required", id="no command"),
    ],
)
def test_wrong_usage_is_a_two(state: Path, words: list[str], message: str) -> None:
    done = audit(*words, BYLAW_STATE=str(state))
    assert (done.returncode, done.stdout, message in done.stderr) == (2, "", True)


def test_the_state_directory_comes_from_the_environment(state: Path) -> None:
    assert len(audit("list", BYLAW_STATE=str(state)).stdout.splitlines()) == 8


def test_a_line_that_is_no_record_is_not_listed_as_one(state: Path) -> None:
    with segment_paths(audit_folder(state))[-1].open("ab") as file:
        file.write(b"garbage\n")
    done = audit("list", "--state", str(state))
    assert (done.returncode, len(done.stdout.splitlines())) == (2, 8)
    assert "a line of the log is no JSON object" in done.stderr
