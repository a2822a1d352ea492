"""
Runs tests, each an evaluation of its own, so that an error in one is that test's only. Several run at a time on
threads: an evaluation holds no lock of the interpreter, so threads gain as much as processes would, and start at once.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import bylaw_native

from bylaw.errors import BylawError, PolicyError
from bylaw_adapters.rego_tests.coverage import Coverage, CoveredLines, CoveredRanges
from bylaw_adapters.rego_tests.discovery import Test, discover
from bylaw_adapters.rego_tests.outcomes import Case, Outcome, TestResult

DEFAULT_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Run:
    """Every test, in the order of files and rows, and what their evaluation covered if that was asked for."""

    results: list[TestResult]
    coverage: Coverage | None


def run_tests(
    modules: Mapping[str, str],
    data_json: bytes,
    *,
    matching: str = "",
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    evaluator: Literal["native", "regorus"] = "native",
    rego_v0: bool = False,
    capabilities_json: bytes | None = None,
    schemas_json: bytes | None = None,
    with_coverage: bool = False,
    parallel: int = 1,
    beside: Collection[str] = (),
) -> Run:
    """
    Run the tests of all modules whose full name (``data.a.test_b``) the regular expression ``matching`` is found in,
    ``parallel`` at a time. ``with_coverage`` takes longer. ``beside`` are modules that are only loaded: their tests are
    not run, their lines not counted.

    Raises:
        PolicyError, InputError: Modules or data cannot be loaded, so no test ran.
    """
    tests, rewritten = discover(modules, rego_v0=rego_v0)
    snapshot = bylaw_native.load(
        rewritten,
        data_json,
        evaluator=evaluator,
        rego_v0=rego_v0,
        keeps_print=True,
        capabilities_json=capabilities_json,
        schemas_json=schemas_json,
    )
    coverage: CoveredRanges | CoveredLines | None = None
    if with_coverage:
        own = {file: text for file, text in modules.items() if file not in beside}
        coverage = CoveredRanges(own, rego_v0) if evaluator == "native" else CoveredLines.of(own)
    wanted = [test for test in tests if test.location.file not in beside and re.search(matching, test.full_name)]

    def run(test: Test) -> TestResult:
        return run_test(test, snapshot, coverage, timeout_seconds)

    with ThreadPoolExecutor(max(parallel, 1)) as threads:
        return Run(list(threads.map(run, wanted)), coverage)


def run_test(
    test: Test,
    snapshot: bylaw_native.Snapshot,
    coverage: CoveredRanges | CoveredLines | None,
    timeout_seconds: float,
) -> TestResult:
    """One test in a snapshot of the modules that ``discover`` has rewritten. What goes wrong is in the result."""
    package = f"data.{'.'.join(test.package)}"
    if test.is_todo:
        return TestResult(test.location, package, test.name, Outcome.SKIPPED)
    started = time.perf_counter_ns()
    error: BylawError | None = None
    cases: Mapping[str, Case] = {}
    printed: list[str] = []
    outcome = Outcome.ERROR
    try:
        if test.is_function:
            raise PolicyError(f"{test.name} is a function, and nobody calls it", code="rego_type_error")
        watch = coverage.watch if isinstance(coverage, CoveredRanges) else None
        value, lines, printed = _observe(snapshot, test, test.rule, timeout_seconds, watch)
        if isinstance(coverage, CoveredLines):
            coverage.add(lines)
        if test.cases_rule is None:
            outcome = Outcome.PASS if value is True else Outcome.FAIL
        else:
            told, _, _ = _observe(snapshot, test, test.cases_rule, timeout_seconds)
            cases = _cases(told if isinstance(told, dict) else {}, value)
            outcome = Outcome.PASS if all(case.passed for case in cases.values()) else Outcome.FAIL
    except BylawError as raised:
        error = raised
    duration_ns = time.perf_counter_ns() - started
    return TestResult(test.location, package, test.name, outcome, duration_ns, error, cases, tuple(printed))


def _observe(
    snapshot: bylaw_native.Snapshot,
    test: Test,
    rule: str,
    timeout_seconds: float,
    watch: bylaw_native.Watch | None = None,
) -> tuple[Any, dict[str, tuple[list[int], list[int]]], list[str]]:
    entrypoint = "/".join((*test.package, rule))
    value_json, lines, printed = snapshot.observe(entrypoint, None, deadline_seconds=timeout_seconds, watch=watch)
    return None if value_json is None else json.loads(value_json), lines, printed


def _cases(told: Mapping[str, Any], value: Any) -> dict[str, Case]:
    """The cases that the body got to, each with whether the test says ``true`` of it."""
    found: dict[str, Case] = {}
    for key, below in sorted(told.items()):
        said = value.get(key) if isinstance(value, dict) else None
        if isinstance(below, dict):
            inner = _cases(below, said)
            found[key] = Case(all(case.passed for case in inner.values()), inner)
        else:
            found[key] = Case(said is True)
    return found
