"""
The Rego engine against OPA as a Go library, in one run: the same policies, data and inputs, from bytes to bytes.

Our side makes the workloads and writes them (`engine/native/examples/time_workloads.rs`); OPA's side
(`opa_library/`) prepares a query for each and answers the same inputs. Both count processor time, so that what else
runs on the machine counts little. The first answers must be equal. Bounds are in `BOUNDS`; whether they are met is
printed, never part of the exit code.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from profile_guided import build_examples

OPA = Path(__file__).parent / "opa_library"

# Microseconds for one decision of ours, and how many times faster than OPA it is to be (where that is asked for).
BOUNDS: Mapping[str, tuple[float, float]] = {
    "rbac": (8, 10),
    "layered": (60, 1),
    "batch of 5,000, input replaced": (30_000, 1),
    "batch of 5,000, input patched": (30_000, 1),
}
# A workload, the one it is compared with, and how many times its time ours may take.
GROWTH: Sequence[tuple[str, str, float]] = (
    ("10,000 rules", "100 rules", 1.3),
    ("batch of 20,000, input patched", "batch of 5,000, input patched", 5),
    ("batch of 100,000, input patched", "batch of 5,000, input patched", 25),
    ("batch of 100,000, input replaced", "batch of 5,000, input replaced", 25),
)
# OPA copies the input for each resource: beyond this size it would be waited for too long.
TOO_SLOW_FOR_OPA = (
    "batch of 5,000, input patched",
    "batch of 20,000, input patched",
    "batch of 100,000, input patched",
)


class EnginesDisagreeError(Exception):
    """The two engines answered one input differently."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="workloads, by the beginning of their names; none: all")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bylaw-rego-bench-") as folder:
        programs = build_examples({"time_workloads": ["time"], "load_base_data": ["45"]})
        ours, theirs = measure(Path(folder), programs["time_workloads"], options.names)
        loads = None if options.names else measure_loading(Path(folder), programs["load_base_data"])
    try:
        lines = compare(ours, theirs)
    except EnginesDisagreeError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(lines))
    if loads is not None:
        print(loads)
    return 0


def measure(folder: Path, own: str, names: Sequence[str]) -> tuple[Any, Any]:
    judge = folder / "opa_library"
    subprocess.run(["go", "build", "-mod=readonly", "-o", str(judge), "."], cwd=OPA, check=True)
    workloads = folder / "workloads"
    subprocess.run([own, "write", str(workloads)], check=True)
    wanted = [
        name
        for file in sorted(workloads.glob("*/name"))
        if (name := file.read_text()) not in TOO_SLOW_FOR_OPA and (not names or name.startswith(tuple(names)))
    ]
    return output([own, "time", *names]), output([str(judge), "decisions", str(workloads), *wanted]) if wanted else {}


def measure_loading(folder: Path, program: str) -> str:
    own = subprocess.run([program, "45"], check=True, capture_output=True, text=True).stdout
    theirs = output([str(folder / "opa_library"), "load", str(folder / "workloads" / "base_data.json")])
    return (
        f"45 MB of base data, ours (at most 0.6 s and 120 MB):\n{own.strip()}\n"
        f"OPA: {theirs['seconds']:.2f} s, {theirs['resident_bytes'] / 1e6:.0f} MB resident"
    )


def compare(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    lines = [f"{'one decision':<36}{'ours':>12}{'OPA':>12}{'ratio':>8}  bound"]
    for name, own in ours.items():
        opa = theirs.get(name)
        if opa is not None and opa["answer"] != own["answer"]:
            raise EnginesDisagreeError(f"{name}: ours answered {own['answer'][:300]}\nOPA {opa['answer'][:300]}")
        micros = own["nanoseconds"] / 1e3
        ratio = opa["nanoseconds"] / own["nanoseconds"] if opa else None
        beside = f"{opa['nanoseconds'] / 1e3:>10,.1f}us{ratio:>7.1f}x" if opa else f"{'':>20}"
        lines.append(f"{name:<36}{micros:>10,.1f}us{beside}  {verdict(name, micros, ratio)}")
    for name, base, limit in GROWTH:
        if name in ours and base in ours:
            growth = ours[name]["nanoseconds"] / ours[base]["nanoseconds"]
            lines.append(f"{name} / {base}: {growth:.2f}, at most {limit:g}: {met(growth <= limit)}")
    return lines


def verdict(name: str, micros: float, ratio: float | None) -> str:
    if name not in BOUNDS:
        return ""
    most, times = BOUNDS[name]
    fast_enough = micros <= most and (ratio is None or ratio >= times)
    asked = f"at most {most:,g} us" + (f" and {times:g}x OPA" if times > 1 else "")
    return f"{asked}: {met(fast_enough)}"


def met(holds: bool) -> str:
    return "met" if holds else "NOT MET"


def output(command: Sequence[str]) -> Any:
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


if __name__ == "__main__":
    sys.exit(main())
