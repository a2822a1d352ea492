"""
``bylaw test``: runs Rego tests as ``opa test`` does. Exit codes are bylaw's: 1 when a test failed, 2 when one could not
be run, or when there was none to run: an empty run has shown nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from bylaw_adapters.cli.eval import evaluator_options, read_capabilities, read_schemas, refuse_beyond_native, seconds

if TYPE_CHECKING:
    from bylaw_adapters.rego_tests import TestResult


def configure(parser: argparse.ArgumentParser) -> None:
    """Flags as in ``opa test``, where it has them."""
    parser.add_argument("path", metavar="PATH", nargs="+", help="a Rego, JSON or YAML file, or a folder of them")
    parser.add_argument("-b", "--bundle", action="store_true", help="each PATH is laid out as a bundle")
    parser.add_argument("-v", "--verbose", action="store_true", help="say what passed as well")
    parser.add_argument("-r", "--run", metavar="REGEX", default="", help="only tests whose name it is found in")
    parser.add_argument("-c", "--coverage", action="store_true", help="report which lines were evaluated, as JSON")
    parser.add_argument("--threshold", metavar="N", type=float, help="fail when less than N percent of lines were")
    parser.add_argument("-f", "--format", choices=("text", "json", "junit"), default="text", help="default: text")
    evaluator_options(parser)
    parser.add_argument("--timeout", type=seconds, metavar="DURATION", default=10.0, help="for each test; default: 10s")
    parser.epilog = "Exit code: 0 all passed, 1 a test failed, 2 a test could not be run or there was none."


def run(arguments: argparse.Namespace) -> int:
    """Run, print, answer the exit code."""
    from bylaw_adapters.bundle_sources import load_bundle_sources, load_loose_files
    from bylaw_adapters.rego_tests import run_tests

    refuse_beyond_native(arguments)
    loaded = load_bundle_sources(arguments.path) if arguments.bundle else load_loose_files(arguments.path)
    data_json = json.dumps(loaded.data).encode()
    done = run_tests(
        loaded.modules,
        data_json,
        matching=arguments.run,
        timeout_seconds=arguments.timeout,
        evaluator=arguments.evaluator,
        rego_v0=arguments.v0_compatible,
        capabilities_json=read_capabilities(arguments.capabilities),
        schemas_json=read_schemas(arguments.schema),
        with_coverage=arguments.coverage or arguments.threshold is not None,
    )
    if not done.results:
        print("bylaw test: no tests were found", file=sys.stderr)
        return 2
    if arguments.coverage and done.coverage is not None:
        print(json.dumps(done.coverage.report(), indent=2))
    else:
        _print(done.results, arguments)
    percent = done.coverage.percent if done.coverage is not None else 100.0
    return max(_verdict(done.results), _threshold(percent, arguments.threshold))


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


def _threshold(percent: float, wanted: float | None) -> int:
    if wanted is None or percent >= wanted:
        return 0
    print(f"bylaw test: {percent:.4g}% of lines were covered, {wanted:g}% are wanted", file=sys.stderr)
    return 1
