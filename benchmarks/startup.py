"""How long a person waits: for ``bylaw --help``, and for ``bylaw serve`` with the example mesh to answer 200."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import contestants

HELP_TARGET_SECONDS = 0.150
COLD_START_TARGET_SECONDS = 2.0
POLL_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Startup:
    """Medians, in seconds. ``first_start`` also builds the example mesh; ``cold_start`` finds it built."""

    help_seconds: float
    first_start_seconds: float
    cold_start_seconds: float
    resident_mib: float


def measure(*, rounds: int) -> Startup:
    helps = [_help_seconds() for _ in range(rounds)]
    with tempfile.TemporaryDirectory(prefix="bylaw-bench-") as folder:
        first, _ = _start_seconds(Path(folder))
        starts = [_start_seconds(Path(folder)) for _ in range(rounds)]
    seconds, memory = zip(*starts, strict=True)
    return Startup(statistics.median(helps), first, statistics.median(seconds), statistics.median(memory))


def _help_seconds() -> float:
    began = time.perf_counter()
    subprocess.run([contestants.BYLAW, "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _start_seconds(work: Path) -> tuple[float, float]:
    port = contestants.free_port()
    command = [str(contestants.BYLAW), "serve", "--addr", f"127.0.0.1:{port}", "--state", str(work / "state")]
    contestant = contestants.Contestant(
        "bylaw", command, port, work / "bylaw.log", decision_log=work / "state" / "audit"
    )
    began = time.perf_counter()
    with contestant.output.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        while not contestants.is_ready(contestant):
            if process.poll() is not None or time.perf_counter() - began > contestants.READY_WITHIN_SECONDS:
                raise contestants.ContestantFailedError(contestant.output.read_text(errors="replace")[-2_000:])
            time.sleep(POLL_SECONDS)
        return time.perf_counter() - began, contestants.resident_mib(process)
    finally:
        contestants.stop(process)
