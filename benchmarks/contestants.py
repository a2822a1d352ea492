"""
The servers that take part, each as a process on one core: how it is started, when it is ready, what memory it holds,
what its own decision log says afterwards.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
OPA = REPOSITORY / ".tools" / "opa"
BYLAW = Path(sys.executable).parent / "bylaw"
SERVER_CORE, LOAD_CORE = 0, 1
READY_WITHIN_SECONDS = 60.0
STOPPED_WITHIN_SECONDS = 20.0


class ContestantFailedError(RuntimeError):
    """A server that did not start, or ended while it was asked."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """``decision_log`` is a file (or a folder of files) that grows by one line a decision."""

    name: str
    command: Sequence[str]
    port: int
    output: Path
    decision_log: Path
    ready_path: str = "/health"
    environment: Mapping[str, str] | None = None

    def records(self) -> int:
        """How many lines of decisions the contestant's own log holds."""
        files = sorted(self.decision_log.glob("**/*.jsonl")) if self.decision_log.is_dir() else [self.decision_log]
        return sum(line.count(b'"decision_id"') > 0 for file in files for line in file.open("rb"))


def opa(bundle: Path, work: Path) -> Contestant:
    """An unmodified OPA with its console decision log, kept in a file; its other messages are turned down."""
    port = free_port()
    settings = ["--set", "decision_logs.console=true", "--log-level", "error", "--disable-telemetry"]
    command = [str(OPA), "run", "--server", "--addr", f"127.0.0.1:{port}", *settings, "--bundle", str(bundle)]
    output = work / "opa.log"
    return Contestant("opa", command, port, output, decision_log=output)


def bylaw(bundle: Path, work: Path) -> Contestant:
    """Our service as it comes: each record is on the disk before its answer leaves."""
    port, state = free_port(), work / "state"
    command = [str(BYLAW), "serve", "--bundle", str(bundle), "--no-library"]
    command += ["--addr", f"127.0.0.1:{port}", "--state", str(state)]
    return Contestant("bylaw", command, port, work / "bylaw.log", decision_log=state / "audit")


def canned(body: str, work: Path) -> Contestant:
    port = free_port()
    command = [sys.executable, str(Path(__file__).parent / "canned_server.py"), str(port), body]
    return Contestant("canned", command, port, work / "canned.log", decision_log=work / "canned.log", ready_path="/")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(contestant: Contestant, *, core: int | None = SERVER_CORE) -> Iterator[subprocess.Popen[bytes]]:
    """The contestant, ready to answer; stopped (first politely) on the way out."""
    with contestant.output.open("wb") as output:
        process = subprocess.Popen(
            [*(["taskset", "-c", str(core)] if core is not None else []), *contestant.command],
            stdout=output,
            stderr=output,
            env={**os.environ, **(contestant.environment or {})},
            start_new_session=True,
        )
        try:
            _wait_until_ready(contestant, process)
            yield process
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOPPED_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def is_ready(contestant: Contestant) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{contestant.port}{contestant.ready_path}", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def resident_mib(process: subprocess.Popen[bytes]) -> float:
    """Resident memory of the process and all it started, now."""
    return sum(_resident_kib(pid) for pid in _family(process.pid)) / 1024


def processor_seconds(process: subprocess.Popen[bytes]) -> float:
    """Processor time that the process and all it started have used so far."""
    return sum(_processor_ticks(pid) for pid in _family(process.pid)) / os.sysconf("SC_CLK_TCK")


def _wait_until_ready(contestant: Contestant, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if is_ready(contestant):
            return
        time.sleep(0.05)
    tail = contestant.output.read_text(errors="replace")[-2_000:]
    raise ContestantFailedError(f"{contestant.name} was not ready: {' '.join(contestant.command)}\n{tail}")


def _family(pid: int) -> list[int]:
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()
    ]
    return [pid, *(member for child in children for member in _family(child))]


def _resident_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def _processor_ticks(pid: int) -> int:
    # The name, in brackets, may hold anything; what is counted stands behind it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
