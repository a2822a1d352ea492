"""
``bylaw test``: runs Rego tests as ``opa test`` does, and decision cases beside them. Exit codes are bylaw's: 1 when a
test failed, 2 when one could not be run, or when there was none to run: an empty run has shown nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bylaw_adapters.cli.eval import evaluator_options, read_capabilities, read_schemas, refuse_beyond_native, seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bylaw_adapters.bundle_sources import LooseFiles
    from bylaw_adapters.decision_cases import CaseLaw, DecisionCase
    from bylaw_adapters.rego_tests import Run, TestResult
    from bylaw_adapters.rego_tests.coverage import Coverage

# Of a policy set that nobody covered, enough to begin with.
_MAX_MISSED_FILES = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """Flags as in ``opa test``, where it has them."""
    parser.add_argument(
        "path", metavar="PATH", nargs="+", help="a Rego, JSON, YAML or *_cases.yaml file, or a folder of them"
    )
    parser.add_argument("-b", "--bundle", action="store_true", help="each PATH is laid out as a bundle")
    parser.add_argument(
        "--with", dest="beside", metavar="PATH", action="append", default=[],
        help="load this beside what is tested: its own tests are not run",
    )  # fmt: skip
    parser.add_argument("-v", "--verbose", action="store_true", help="say what passed as well")
    parser.add_argument("-r", "--run", metavar="REGEX", default="", help="only tests whose name it is found in")
    parser.add_argument(
        "-p", "--parallel", metavar="N", type=int, default=0, help="how many run at a time; default: 0, one a processor"
    )
    parser.add_argument("-c", "--coverage", action="store_true", help="report which lines were evaluated, as JSON")
    parser.add_argument("--threshold", metavar="N", type=float, help="fail when less than N percent of lines were")
    parser.add_argument("-f", "--format", choices=("text", "json", "junit"), default="text", help="default: text")
    evaluator_options(parser)
    parser.add_argument("--timeout", type=seconds, metavar="DURATION", default=10.0, help="for each test; default: 10s")
    mutation = parser.add_argument_group("mutation testing")
    mutation.add_argument(
        "--mutate",
        action="store_true",
        help="change each rule as a mistake would, and say which change no test notices",
    )
    mutation.add_argument(
        "--mutation-threshold", metavar="N", type=float, help="fail when less than N percent of mutants are noticed"
    )
    mutation.add_argument(
        "--max-mutants", metavar="N", type=int, default=1000, help="how many are tried; default: 1000"
    )
    mutation.add_argument(
        "--mutation-time", type=seconds, metavar="DURATION", default=300.0, help="for all of them; default: 5m"
    )
    parser.epilog = "Exit code: 0 all passed, 1 a test failed, 2 a test could not be run or there was none."


@dataclass(frozen=True, slots=True)
class Subject:
    """What is tested: ``paths`` as they were given. Of the modules ``beside`` neither tests nor lines count."""

    paths: Sequence[str]
    loaded: LooseFiles
    beside: frozenset[str]
    options: dict[str, Any]
    cases: Sequence[DecisionCase] = ()
    law: CaseLaw | None = None

    @property
    def data_json(self) -> bytes:
        return json.dumps(self.loaded.data).encode()


def run(arguments: argparse.Namespace) -> int:
    """Run, print, answer the exit code."""
    refuse_beyond_native(arguments)
    arguments.parallel = arguments.parallel or os.cpu_count() or 1
    arguments.mutate = arguments.mutate or arguments.mutation_threshold is not None
    _refuse_what_cannot_be(arguments)
    subject = _subject(arguments)
    done = _run_all(subject, arguments)
    if not done.results:
        print("bylaw test: no tests were found", file=sys.stderr)
        return 2
    verdict = _verdict(done.results)
    if arguments.mutate and verdict == 0:
        from bylaw_adapters.cli import mutation

        verdict = mutation.run(subject, done.results, arguments)
        return max(verdict, _threshold(done.coverage, arguments.threshold))
    if arguments.coverage and done.coverage is not None:
        print(json.dumps(done.coverage.report(), indent=2))
        _say_failures(done.results)
    else:
        _print(done.results, arguments)
    if arguments.mutate:
        print("bylaw test: rules are not mutated while tests fail", file=sys.stderr)
    return max(verdict, _threshold(done.coverage, arguments.threshold))


def _refuse_what_cannot_be(arguments: argparse.Namespace) -> None:
    from bylaw.errors import InvalidSetting

    if arguments.parallel < 0 or arguments.max_mutants < 1:
        raise InvalidSetting("--parallel is a number from 0 on, --max-mutants one from 1 on")
    if arguments.mutate and arguments.coverage:
        raise InvalidSetting("--coverage and --mutate each print a report: ask for one at a time")
    try:
        re.compile(arguments.run)
    except re.error as error:
        raise InvalidSetting(f"--run {arguments.run!r} is no regular expression: {error}") from error


def _subject(arguments: argparse.Namespace) -> Subject:
    from bylaw_adapters.bundle_sources import load_bundle_sources, load_loose_files
    from bylaw_adapters.decision_cases import CASES_SUFFIXES, find_case_files, read_case_file, read_case_law

    def load(paths: list[str]) -> LooseFiles:
        if arguments.bundle:
            return load_bundle_sources([path for path in paths if not path.endswith(CASES_SUFFIXES)])
        return load_loose_files(paths, leave_out=CASES_SUFFIXES)

    paths = [*arguments.path, *arguments.beside]
    loaded = load(paths)
    own_modules = load(arguments.path).modules if arguments.beside else loaded.modules
    beside = frozenset(loaded.modules) - frozenset(own_modules)
    options = {
        "evaluator": arguments.evaluator,
        "rego_v0": arguments.v0_compatible,
        "capabilities_json": read_capabilities(arguments.capabilities),
        "schemas_json": read_schemas(arguments.schema),
    }
    own, others = _places(arguments.path), _places(arguments.beside)
    read = [case for file in find_case_files(own) for case in read_case_file(file)]
    cases = [case for case in read if re.search(arguments.run, case.full_name)]
    law = read_case_law([*own, *others], loaded.modules, evaluator=arguments.evaluator) if cases else None
    return Subject(own, loaded, beside, options, cases, law)


def _places(paths: Sequence[str]) -> list[str]:
    """Without those that put a file somewhere in data, ``a.b:file.json``: they hold no case and are no bundle."""
    return [path for path in paths if ":" not in path or Path(path).exists()]


def _run_all(subject: Subject, arguments: argparse.Namespace) -> Run:
    from bylaw_adapters.decision_cases import run_cases
    from bylaw_adapters.rego_tests import Run, run_tests
    from bylaw_adapters.rego_tests.coverage import CoveredRanges

    done = run_tests(
        subject.loaded.modules,
        subject.data_json,
        matching=arguments.run,
        timeout_seconds=arguments.timeout,
        with_coverage=arguments.coverage or arguments.threshold is not None,
        parallel=arguments.parallel,
        beside=subject.beside,
        **subject.options,
    )
    if subject.law is None:
        return done
    watch = done.coverage.watch if isinstance(done.coverage, CoveredRanges) else None
    decided = run_cases(subject.cases, subject.law, timeout_seconds=arguments.timeout, watch=watch)
    return Run([*done.results, *decided], done.coverage)


def _print(results: list[TestResult], arguments: argparse.Namespace) -> None:
    from bylaw_adapters.rego_tests import reports

    if arguments.format == "json":
        print(reports.as_json(results))
    elif arguments.format == "junit":
        print(reports.as_junit(results))
    else:
        print("\n".join(reports.text(results, verbose=arguments.verbose)))


def _verdict(results: list[TestResult]) -> int:
    from bylaw_adapters.rego_tests import Outcome

    outcomes = {result.outcome for result in results}
    if Outcome.ERROR in outcomes:
        return 2
    return 1 if Outcome.FAIL in outcomes else 0


def _say_failures(results: list[TestResult]) -> None:
    """The coverage report has the output to itself; that a test failed is said beside it."""
    from bylaw_adapters.rego_tests import Outcome, reports

    if any(result.outcome in {Outcome.FAIL, Outcome.ERROR} for result in results):
        print("\n".join(reports.text(results, verbose=False)), file=sys.stderr)


def _threshold(coverage: Coverage | None, wanted: float | None) -> int:
    from bylaw_adapters.rego_tests.coverage import missed_lines

    if wanted is None or coverage is None or coverage.percent >= wanted:
        return 0
    print(f"bylaw test: {coverage.percent:.4g}% of lines were covered, {wanted:g}% are wanted", file=sys.stderr)
    missed = list(missed_lines(coverage.report()))
    for line in missed[:_MAX_MISSED_FILES]:
        print(f"  not covered: {line}", file=sys.stderr)
    if len(missed) > _MAX_MISSED_FILES:
        print(f"  and lines of {len(missed) - _MAX_MISSED_FILES} more files; --coverage lists them", file=sys.stderr)
    return 1
