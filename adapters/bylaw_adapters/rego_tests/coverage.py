"""
What the tests evaluated, and what they never reached. What the runner added to the modules is nobody's.

Our engine tells ranges, as OPA does; the second opinion tells lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import bylaw_native


class Coverage(Protocol):
    """What is known when all tests were run."""

    @property
    def percent(self) -> float:
        """Of all lines that can be evaluated."""

    def report(self) -> dict[str, Any]:
        """In the shape of OPA's coverage report."""


def missed_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """What a report says was not evaluated, a line a file: ``rules.rego: 3-5, 9``."""
    for file, told in report.get("files", {}).items():
        missed = told.get("not_covered", [])
        rows = {row for each in missed for row in range(each["start"]["row"], each["end"]["row"] + 1)}
        if rows:
            yield f"{file}: {', '.join(map(_row_or_rows, _ranges(rows)))}"


@dataclass(frozen=True, slots=True)
class CoveredRanges:
    """``watch`` is given to each evaluation."""

    modules: Mapping[str, str]
    rego_v0: bool
    watch: bylaw_native.Watch = field(default_factory=lambda: bylaw_native.Watch(coverage=True))

    @property
    def percent(self) -> float:
        return float(self.report()["coverage"])

    def report(self) -> dict[str, Any]:
        told = self.watch.coverage_json(self.modules, rego_v0=self.rego_v0)
        return dict(json.loads(told or b"{}"))


@dataclass(slots=True)
class CoveredLines:
    """Grows by each evaluation. ``rows`` says how long each file is."""

    rows: Mapping[str, int]
    covered: dict[str, set[int]] = field(default_factory=dict)
    seen: dict[str, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, modules: Mapping[str, str]) -> CoveredLines:
        return cls({file: text.count("\n") + 1 for file, text in modules.items()})

    def add(self, files: Mapping[str, tuple[list[int], list[int]]]) -> None:
        """One evaluation's lines: for each file the covered and the others."""
        for file, (covered, not_covered) in files.items():
            if file not in self.rows:
                continue
            self.covered.setdefault(file, set()).update(self._own(file, covered))
            self.seen.setdefault(file, set()).update(self._own(file, [*covered, *not_covered]))

    def _own(self, file: str, rows: Iterable[int]) -> Iterator[int]:
        return (row for row in rows if row <= self.rows.get(file, 0))

    @property
    def percent(self) -> float:
        """Of all lines that can be evaluated; 100 where there are none."""
        return _percent(sum(map(len, self.covered.values())), sum(map(len, self.seen.values())))

    def report(self) -> dict[str, Any]:
        """In the shape of OPA's coverage report."""
        files = {}
        for file in sorted(self.seen):
            covered, missed = self.covered[file], self.seen[file] - self.covered[file]
            files[file] = {
                "covered": list(_ranges(covered)),
                "not_covered": list(_ranges(missed)),
                "covered_lines": len(covered),
                "not_covered_lines": len(missed),
                "coverage": _percent(len(covered), len(covered) + len(missed)),
            }
        covered_lines = sum(map(len, self.covered.values()))
        not_covered_lines = sum(map(len, self.seen.values())) - covered_lines
        return {
            "files": files,
            "covered_lines": covered_lines,
            "not_covered_lines": not_covered_lines,
            "coverage": self.percent,
        }


def _row_or_rows(told: Mapping[str, Mapping[str, int]]) -> str:
    first, last = told["start"]["row"], told["end"]["row"]
    return str(first) if first == last else f"{first}-{last}"


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 100.0


def _ranges(rows: Iterable[int]) -> Iterator[dict[str, dict[str, int]]]:
    start = last = None
    for row in sorted(rows):
        if start is not None and last is not None and row > last + 1:
            yield {"start": {"row": start}, "end": {"row": last}}
            start = row
        start, last = (row if start is None else start), row
    if start is not None and last is not None:
        yield {"start": {"row": start}, "end": {"row": last}}
