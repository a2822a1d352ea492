"""
How long `bylaw check` takes, beside conftest over the same files in the same run:

    python benchmarks/check.py [--rounds 7] [--contracts 1000]

A thousand contracts of ten fields, judged by everything that the example mesh has, against `conftest test` with three
rules about them; and one contract of 192 KB. Whole commands are timed, from the start of the process to its end, the
two by turns. What each says is counted: an answer that lacks a file is an error, not a result.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONFTEST = ROOT / ".tools" / "conftest"
ADVENTUREWORKS = ROOT.parent / "shared" / "contracts" / "odcs" / "postgresql-adventureworks-contract.odcs.yaml"

MOST_TIMES_CONFTEST = 2.0
MOST_SECONDS_FOR_ONE = 0.3

POLICY = """package main

deny contains msg if {
	not input.team
	msg := "nobody owns it"
}

deny contains msg if {
	some object in input.schema
	some property in object.properties
	not property.classification
	msg := sprintf("%s has no classification", [property.name])
}

deny contains msg if {
	not input.slaProperties
	msg := "nothing is promised"
}
"""

HEAD = """apiVersion: v3.1.0
kind: DataContract
id: contract-{number}
name: product-{number}
version: 1.0.0
status: draft
domain: sales
description: {{purpose: what product {number} is for}}
team: {{name: owners, members: [{{username: an-owner, role: owner}}]}}
schema:
"""

FIELD = """      - name: field_{number}
        logicalType: string
        physicalType: varchar(64)
        required: true
        description: {description}
        classification: internal
"""

TAIL = """slaProperties:
  - {property: retention, value: 365, unit: d}
  - {property: freshness, value: 1, unit: h}
"""


def contract(number: int, *, tables: int = 1, fields: int = 10, described_by: int = 1) -> str:
    """An ODCS contract; ``described_by`` is how often the sentence about a field is said."""
    parts = [HEAD.format(number=number)]
    for table in range(tables):
        parts.append(f"  - name: table_{table}\n    description: table {table}\n    properties:\n")
        for which in range(table * fields // tables, (table + 1) * fields // tables):
            description = " ".join([f"what field {which} of contract {number} says"] * described_by)
            parts.append(FIELD.format(number=which, description=description))
    return "".join(parts) + TAIL


@dataclass(slots=True)
class Timed:
    """A command, and how long each of its runs took, in seconds."""

    name: str
    command: Sequence[str]
    check: Callable[[str], None]
    took: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    def run(self) -> None:
        before, started = os.times(), time.perf_counter()
        done = subprocess.run(self.command, capture_output=True, text=True, check=False)
        self.took.append(time.perf_counter() - started)
        after = os.times()
        self.worked.append(after.children_user - before.children_user + after.children_system - before.children_system)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{self.name} ended with {done.returncode}:\n{done.stderr}")
        self.check(done.stdout)

    def __str__(self) -> str:
        took, worked = statistics.median(self.took), statistics.median(self.worked)
        return f"{took:6.2f} s   ({min(self.took):.2f} … {max(self.took):.2f}; processor {worked:.2f} s)   {self.name}"


def judged(files: int) -> Callable[[str], None]:
    def check(printed: str) -> None:
        summary = json.loads(printed)["summary"]
        if (summary["files"], summary["undecided"]) != (files, 0):
            raise SystemExit(f"{files} files to judge, and this came of them: {summary}")

    return check


def conftested(files: int) -> Callable[[str], None]:
    def check(printed: str) -> None:
        if len({result["filename"] for result in json.loads(printed)}) != files:
            raise SystemExit(f"conftest did not answer for all of the {files} files")

    return check


def bylaw_check(name: str, path: Path, *, files: int) -> Timed:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", "check", "--format", "json", str(path)]
    return Timed(name, command, judged(files))


def alone(folder: Path) -> list[Timed]:
    """Contracts of 192 KB, each judged alone."""
    large = folder / "large.odcs.yaml"
    large.write_text(contract(0, tables=68, fields=480, described_by=8))
    size = large.stat().st_size // 1_000
    timed = [bylaw_check(f"bylaw check, one contract of 68 tables, 480 fields and {size} KB", large, files=1)]
    if ADVENTUREWORKS.is_file():
        timed.append(bylaw_check("bylaw check, the public contract of adventureworks, 192 KB", ADVENTUREWORKS, files=1))
    return timed


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--contracts", type=int, default=1_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        contracts, policy = folder / "contracts", folder / "policy"
        contracts.mkdir()
        policy.mkdir()
        (policy / "three_rules.rego").write_text(POLICY)
        for number in range(arguments.contracts):
            (contracts / f"{number:05}.odcs.yaml").write_text(contract(number))
        conftest_command = [str(CONFTEST), "test", "--policy", str(policy), "--output", "json", str(contracts)]
        conftest = Timed("conftest test, three rules", conftest_command, conftested(arguments.contracts))
        ours = bylaw_check("bylaw check, the law of the example mesh", contracts, files=arguments.contracts)
        single = alone(folder)
        for _ in range(arguments.rounds):
            for timed in (conftest, ours, *single):
                timed.run()
    print(
        f"{arguments.contracts} contracts of ten fields, {os.cpu_count()} cores, medians of {arguments.rounds} rounds:"
    )
    print(f"  {conftest}\n  {ours}")
    ratio = statistics.median(mine / theirs for mine, theirs in zip(ours.took, conftest.took, strict=True))
    print(f"  {ratio:6.2f} times what conftest takes, bound {MOST_TIMES_CONFTEST}\n")
    print(f"One contract, bound {MOST_SECONDS_FOR_ONE} s:")
    for timed in single:
        print(f"  {timed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
