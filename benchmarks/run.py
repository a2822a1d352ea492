"""
Bylaw against OPA in one run: the same bundle, the same questions, one core each, alternating rounds.

The exit code says whether the benchmark ran and every answer was right and recorded, never whether a target was met:
that is printed, and a machine that does other things meanwhile is not a defect.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import contestants
import results
import startup
from contestants import Contestant, ContestantFailedError
from rbac_workload import Workload, make_workload

TARGET = "/v1/data/rbac/authz/decision"
HERE = Path(__file__).parent
WARM_UP_SECONDS = 2.0


def main() -> int:
    options = _options()
    if len(os.sched_getaffinity(0)) < 2:
        print("two cores are needed: one for the server, one for the load", file=sys.stderr)
        return 2
    try:
        comparison = None if options.only == "startup" else compare(options)
        started = None if options.only == "decisions" else startup.measure(rounds=options.rounds)
    except ContestantFailedError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(results.verdicts(comparison, started)))
    if comparison is not None and started is not None and not options.no_write:
        results.write(results.table(comparison, started, machine=_machine(), method=_method(options)))
        print(f"wrote {results.README.relative_to(HERE.parent)}")
    return 0


def compare(options: argparse.Namespace) -> results.Comparison:
    workload = make_workload()
    sides: dict[str, list[results.Round]] = {"opa": [], "bylaw": []}
    with tempfile.TemporaryDirectory(prefix="bylaw-bench-") as folder:
        work = Path(folder)
        bundle = write_bundle(work / "rbac", workload)
        questions = write_questions(work / "questions.jsonl", workload)
        ceiling = measure_ceiling(work, workload, options)
        print(f"ceiling of the load generator: {ceiling:,.0f} answers/s", flush=True)
        makers: dict[str, Callable[[Path, Path], Contestant]] = {"opa": contestants.opa, "bylaw": contestants.bylaw}
        for number in range(1, options.rounds + 1):
            for name, make in makers.items():
                round_ = measure(make(bundle, _new_folder(work / f"{name}-{number}")), questions, options)
                sides[name].append(round_)
                print(f"round {number}  {name:<6} {_words(round_)}", flush=True)
    return results.Comparison(sides["opa"], sides["bylaw"], ceiling)


def measure(contestant: Contestant, questions: Path, options: argparse.Namespace) -> results.Round:
    """
    One contestant, started, asked, stopped, and its own log counted.

    Raises:
        ContestantFailedError: An answer was wrong or without a decision_id, or fewer were recorded than were given.
    """
    with contestants.running(contestant) as process:
        before = contestants.processor_seconds(process)
        report = ask(contestant, questions, options)
        processor_seconds = contestants.processor_seconds(process) - before
        resident_mib = contestants.resident_mib(process)
    if report["wrong"] or report["without_id"]:
        raise ContestantFailedError(f"{contestant.name} answered wrongly: {json.dumps(report, indent=1)}")
    records = contestant.records()
    if records < report["answers"]:
        raise ContestantFailedError(f"{contestant.name} gave {report['answers']} decisions and recorded {records}")
    return results.Round.of(report, processor_seconds=processor_seconds, resident_mib=resident_mib)


def measure_ceiling(work: Path, workload: Workload, options: argparse.Namespace) -> float:
    question, answer = workload.requests[0], workload.answers[0]
    questions = work / "one-question.jsonl"
    questions.write_text(json.dumps({"body": question, "result": answer}) + "\n")
    contestant = contestants.canned(json.dumps({"decision_id": "canned", "result": answer}), work)
    with contestants.running(contestant):
        report = ask(contestant, questions, options)
    if report["wrong"]:
        raise ContestantFailedError(f"the load generator failed against a canned server: {json.dumps(report)}")
    return float(report["decisions_per_second"])


def ask(contestant: Contestant, questions: Path, options: argparse.Namespace) -> Any:
    command = [sys.executable, str(HERE / "load_generator.py"), "--port", str(contestant.port), "--target", TARGET]
    command += ["--questions", str(questions), "--connections", str(options.connections)]
    command += ["--warm-up", str(WARM_UP_SECONDS), "--seconds", str(options.seconds)]
    command += ["--core", str(contestants.LOAD_CORE)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        tail = contestant.output.read_text(errors="replace")[-1_000:]
        raise ContestantFailedError(f"asking {contestant.name} failed:\n{done.stderr.decode()[-1_000:]}\n{tail}")
    return json.loads(done.stdout)


def write_bundle(folder: Path, workload: Workload) -> Path:
    shutil.copytree(HERE / "rbac", folder)
    (folder / "rbac" / "data.json").write_text(json.dumps(workload.data))
    return folder


def write_questions(path: Path, workload: Workload) -> Path:
    pairs = zip(workload.requests, workload.answers, strict=True)
    path.write_text("".join(json.dumps({"body": body, "result": result}) + "\n" for body, result in pairs))
    return path


def _new_folder(path: Path) -> Path:
    path.mkdir()
    return path


def _words(round_: results.Round) -> str:
    return (
        f"{round_.decisions_per_second:>8,.0f} decisions/s   {round_.processor_us:5.0f} us each   "
        f"p50 {round_.p50_ms:6.2f} ms   p99 {round_.p99_ms:6.2f} ms   {round_.resident_mib:6.1f} MiB"
    )


def _machine() -> str:
    return f"Measured on a shared machine with {os.cpu_count()} cores, {platform.system()} on {platform.machine()}."


def _method(options: argparse.Namespace) -> str:
    return (
        f"{options.rounds} alternating rounds of {options.seconds:g} s after {WARM_UP_SECONDS:g} s of warm-up, "
        f"{options.connections} connections, server and load on one core each."
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="alternating rounds (default 5)")
    parser.add_argument("--seconds", type=float, default=6.0, help="measured seconds a round and side (default 6)")
    parser.add_argument("--connections", type=int, default=32, help="kept-alive connections (default 32)")
    parser.add_argument("--only", choices=("decisions", "startup"), help="measure one part; the table is not written")
    parser.add_argument("--no-write", action="store_true", help="leave benchmarks/README.md as it is")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
