"""What was measured, in words: the table of ``benchmarks/README.md`` and whether each target was met."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from startup import COLD_START_TARGET_SECONDS, HELP_TARGET_SECONDS, Startup

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- results -->", "<!-- /results -->"
RATIO_TARGET = 2.0


@dataclass(frozen=True, slots=True)
class Round:
    """One contestant's share of one round. Processor time is that of the server, a decision, whoever else was busy."""

    decisions_per_second: float
    processor_us: float
    p50_ms: float
    p99_ms: float
    resident_mib: float

    @classmethod
    def of(cls, report: Mapping[str, Any], *, processor_seconds: float, resident_mib: float) -> Round:
        processor_us = processor_seconds / report["answers"] * 1e6
        return cls(report["decisions_per_second"], processor_us, report["p50_ms"], report["p99_ms"], resident_mib)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rounds in the order they were run: the n-th of each side are neighbours in time, so ratios are made of pairs."""

    opa: Sequence[Round]
    bylaw: Sequence[Round]
    ceiling_per_second: float

    def ratio(self, of: Callable[[Round], float]) -> float:
        return statistics.median(of(ours) / of(theirs) for ours, theirs in zip(self.bylaw, self.opa, strict=True))

    def spread(self, of: Callable[[Round], float]) -> tuple[float, float]:
        ratios = [of(ours) / of(theirs) for ours, theirs in zip(self.bylaw, self.opa, strict=True)]
        return min(ratios), max(ratios)


ROWS: Mapping[str, Callable[[Round], float]] = {
    "decisions per second": lambda r: r.decisions_per_second,
    "processor time per decision": lambda r: r.processor_us,
    "p50": lambda r: r.p50_ms,
    "p99": lambda r: r.p99_ms,
    "resident memory under load": lambda r: r.resident_mib,
}


def verdicts(comparison: Comparison | None, startup: Startup | None) -> list[str]:
    rows: list[tuple[str, bool]] = []
    if comparison is not None:
        ratio = comparison.ratio(ROWS["decisions per second"])
        rows.append((f"decisions/s against OPA: {ratio:.2f}x, at least {RATIO_TARGET}x wanted", ratio >= RATIO_TARGET))
    if startup is not None:
        for what, seconds, target in (
            ("bylaw --help", startup.help_seconds, HELP_TARGET_SECONDS),
            ("bylaw serve, example mesh, until healthy", startup.cold_start_seconds, COLD_START_TARGET_SECONDS),
        ):
            rows.append((f"{what}: {seconds:.3f} s, at most {target} s wanted", seconds <= target))
    return [f"{'met   ' if met else 'MISSED'}  {text}" for text, met in rows]


def table(comparison: Comparison, startup: Startup, *, machine: str, method: str) -> str:
    lines = [machine, "", method, "", "| Bylaw / OPA | median of rounds | lowest and highest round |", "|---|---|---|"]
    for name, of in ROWS.items():
        low, high = comparison.spread(of)
        lines.append(f"| {name} | {comparison.ratio(of):.2f} | {low:.2f} … {high:.2f} |")
    ceiling = comparison.ceiling_per_second / statistics.median(r.decisions_per_second for r in comparison.bylaw)
    help_share = startup.help_seconds / HELP_TARGET_SECONDS
    cold_share = startup.cold_start_seconds / COLD_START_TARGET_SECONDS
    first_share = startup.first_start_seconds / COLD_START_TARGET_SECONDS
    lines += ["", "| alone | share of its target |", "|---|---|"]
    lines.append(f"| `bylaw --help` (target {HELP_TARGET_SECONDS * 1000:.0f} ms) | {help_share:.2f} |")
    lines.append(
        f"| `bylaw serve` with the example mesh until `/health` answers 200 (target {COLD_START_TARGET_SECONDS:.0f} s) "
        f"| {cold_share:.2f} |"
    )
    lines.append(f"| the same on a new state folder | {first_share:.2f} |")
    lines.append("")
    lines.append(
        f"The load generator alone, against a server that answers with canned bytes, asks {ceiling:.1f} times what "
        "Bylaw answers: it is not the bottleneck."
    )
    return "\n".join(lines)


def write(text: str) -> None:
    before, _, rest = README.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")
