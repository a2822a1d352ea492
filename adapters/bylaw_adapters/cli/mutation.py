"""
``bylaw test --mutate``: what the tests of a law would not notice.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bylaw_adapters.cli.test import Subject
    from bylaw_adapters.mutation import Mutant
    from bylaw_adapters.rego_tests import TestResult

# A mutant may loop where its rule did not; what takes this much longer than all tests did is noticed by the clock.
_SLOWER = 10.0
_AT_LEAST_SECONDS = 1.0


def run(subject: Subject, results: Sequence[TestResult], arguments: argparse.Namespace) -> int:
    """Try the mutants, print, answer the exit code. The tests, ``results``, have passed."""
    from bylaw_adapters.mutation import MAX_FOUND, mutate, new_suite, reports

    policies = dict(_policies(subject))
    slowest = max((result.duration_ns for result in results), default=0) / 1e9
    suite = new_suite(
        subject.loaded.modules,
        subject.data_json,
        {**subject.options, "keeps_print": True},
        timeout_seconds=min(arguments.timeout, max(slowest * _SLOWER, _AT_LEAST_SECONDS)),
        beside=subject.beside,
        matching=arguments.run,
        cases=subject.cases,
        law=subject.law,
        policies={file: content.decode() for file, content in policies.items()},
    )
    found = islice(_mutants(subject, policies, rego_v0=arguments.v0_compatible), MAX_FOUND)
    done = mutate(
        suite,
        list(found),
        max_mutants=arguments.max_mutants,
        seconds=arguments.mutation_time,
        parallel=arguments.parallel,
    )
    if arguments.format == "json":
        print(reports.as_json(done))
    elif arguments.format == "junit":
        print(reports.as_junit(done))
    else:
        print("\n".join(reports.text(done, verbose=arguments.verbose)))
    if not done.counted:
        print("bylaw test: there is no mutant that counts", file=sys.stderr)
        return 2
    return _verdict(done.score, arguments.mutation_threshold, is_cut_short=done.is_cut_short)


def _verdict(score: float, wanted: float | None, *, is_cut_short: bool) -> int:
    if wanted is None:
        return 0
    if score < wanted:
        print(f"bylaw test: {score:g}% of mutants were noticed, {wanted:g}% are wanted", file=sys.stderr)
        return 1
    if is_cut_short:
        print("bylaw test: time ran out before the score was known; see --mutation-time", file=sys.stderr)
        return 2
    return 0


def _mutants(subject: Subject, policies: Mapping[str, bytes], *, rego_v0: bool) -> Iterator[Mutant]:
    from bylaw_adapters.mutation.data_mutants import enforcement_mutants, policy_mutants
    from bylaw_adapters.mutation.rego_mutants import rego_mutants

    for file, text in sorted(subject.loaded.modules.items()):
        if file in subject.beside or file.endswith("_test.rego"):
            continue
        if subject.law is not None and subject.law.is_built_from(file):
            yield from enforcement_mutants(file, text)
        yield from rego_mutants(file, text, rego_v0=rego_v0)
    for file, content in policies.items():
        yield from policy_mutants(file, content)


def _policies(subject: Subject) -> Iterator[tuple[str, bytes]]:
    """The YAML policies of the bundles that are tested; none where there is no case that could notice them."""
    from bylaw.bundle.contents import DATA_FILES
    from bylaw.bundle.policies import POLICIES_FOLDER
    from bylaw_adapters.decision_cases import CASES_SUFFIXES, files_of_law

    for file, content in files_of_law(subject.paths) if subject.law is not None else ():
        path = PurePosixPath(file)
        is_policy = path.parent.name == POLICIES_FOLDER and path.suffix in {".yaml", ".yml"}
        if is_policy and path.name not in DATA_FILES and not file.endswith(CASES_SUFFIXES):
            yield file, content
