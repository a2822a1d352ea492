"""
Everything that tests a law, ready to be asked whether it notices a change: Rego tests and decision cases.

A change of one module can be noticed only by tests that reach it by references. Of these the ones beside it are tried
first, on as few modules as they need: most changes are noticed there, and that takes a few milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import bylaw_native

from bylaw.bundle.syntax import Step
from bylaw.errors import BundleError, InputError, PolicyError
from bylaw_adapters.decision_cases import CaseLaw, DecisionCase, run_cases
from bylaw_adapters.mutation.mutant import Fate, Mutant, Tried
from bylaw_adapters.rego_tests.discovery import Test, discover
from bylaw_adapters.rego_tests.outcomes import Outcome, TestResult
from bylaw_adapters.rego_tests.runner import run_test

_ACCEPTED_OUTCOMES = frozenset({Outcome.PASS, Outcome.SKIPPED})


@dataclass(slots=True)
class Suite:
    """
    Modules by file, the data beside them, how they are loaded (``options`` of ``bylaw_native.load``), and the cases
    with their law and the texts of its ``policies``. Any thread may ask it.
    """

    modules: Mapping[str, str]
    data_json: bytes
    options: Mapping[str, Any]
    tests: Sequence[Test]
    rewritten: Mapping[str, str]
    timeout_seconds: float
    cases: Sequence[DecisionCase] = ()
    law: CaseLaw | None = None
    policies: Mapping[str, str] = field(default_factory=dict)
    _reads: dict[str, frozenset[str]] = field(default_factory=dict)
    _packages: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        facts = {
            file: bylaw_native.parse_module(file, text, rego_v0=bool(self.options.get("rego_v0")))
            for file, text in self.modules.items()
        }
        self._packages = {file: tuple(said["package"]) for file, said in facts.items()}
        for file, said in facts.items():
            paths = set(_paths(said))
            self._reads[file] = frozenset(
                other
                for other, package in self._packages.items()
                if package == self._packages[file] or any(_may_reach(path, package) for path in paths)
            )

    def judge(self, mutant: Mutant) -> Tried:
        """What becomes of a mutant. An error of a test, and a test that takes too long, notice it too."""
        file = mutant.location.file
        try:
            content = mutant.change.applied(self.modules[file] if file in self.modules else self.policies[file])
            noticed = None if mutant.in_data else self._first_test(file, content)
            noticed = noticed or self._first_case(mutant, content)
        except (PolicyError, BundleError, InputError):
            return Tried(mutant, Fate.INVALID)
        if noticed is None:
            return Tried(mutant, Fate.SURVIVED)
        return Tried(mutant, Fate.NOTICED, f"{noticed.package}.{noticed.name}")

    def _first_test(self, file: str, content: str) -> TestResult | None:
        for group in self._groups(file):
            files = {test.location.file for test in group}
            needed = self._needed(files | {file})
            tests, rewritten = group, {each: self.rewritten[each] for each in needed} | {file: content}
            if file in files:
                # The rule stands among tests: what they are called in the rewritten text is found out again.
                changed = {each: self.modules[each] for each in needed} | {file: content}
                found, rewritten = discover(changed, rego_v0=bool(self.options.get("rego_v0")))
                names = {test.full_name for test in group}
                tests = [test for test in found if test.full_name in names]
            snapshot = bylaw_native.load(rewritten, self.data_json, **self.options)
            for test in tests:
                result = run_test(test, snapshot, None, self.timeout_seconds)
                if result.outcome not in _ACCEPTED_OUTCOMES:
                    return result
        return None

    def _first_case(self, mutant: Mutant, content: str) -> TestResult | None:
        if self.law is None or not self.cases:
            return None
        law, replaced = self.law, None
        if mutant.in_data:
            law = law.with_file(mutant.location.file, content.encode())
        else:
            replaced = (self.modules[mutant.location.file], content)
            if not law.holds(replaced[0]):
                return None
        results = run_cases(self.cases, law, timeout_seconds=self.timeout_seconds, replaced=replaced)
        return next((result for result in results if result.outcome not in _ACCEPTED_OUTCOMES), None)

    def _groups(self, file: str) -> Iterator[list[Test]]:
        """The tests beside a module, then the others that reach it; an empty group where there is none at all."""
        reaching = {each for each in self.modules if file in self._needed({each})}
        package = self._packages[file]
        beside = {
            each
            for each in reaching
            if self._packages[each] in {package, (*package[:-1], f"{package[-1]}_test"), (*package, "test")}
        }
        near = [test for test in self.tests if test.location.file in beside]
        far = [test for test in self.tests if test.location.file in reaching - beside]
        yield near
        if far:
            yield far

    def _needed(self, files: Iterable[str]) -> set[str]:
        """These modules and all that they reach."""
        needed: set[str] = set()
        waiting = list(files)
        while waiting:
            file = waiting.pop()
            if file not in needed:
                needed.add(file)
                waiting += self._reads[file]
        return needed


def new_suite(
    modules: Mapping[str, str],
    data_json: bytes,
    options: Mapping[str, Any],
    *,
    timeout_seconds: float,
    beside: frozenset[str] = frozenset(),
    matching: str = "",
    cases: Sequence[DecisionCase] = (),
    law: CaseLaw | None = None,
    policies: Mapping[str, str] | None = None,
) -> Suite:
    """
    The suite of these modules. Tests of the modules ``beside`` are left out, and tests whose full name the regular
    expression ``matching`` is not found in.

    Raises:
        PolicyError: A module does not parse.
    """
    tests, rewritten = discover(modules, rego_v0=bool(options.get("rego_v0")))
    own = [
        test
        for test in tests
        if test.location.file not in beside and not test.is_todo and re.search(matching, test.full_name)
    ]
    return Suite(modules, data_json, options, own, rewritten, timeout_seconds, cases, law, policies or {})


def _paths(facts: Any) -> Iterator[tuple[Step, ...]]:
    for each in facts["imports"]:
        root, *steps = each["path"]
        if root == "data":
            yield tuple(steps)
    for rule in facts["rules"]:
        for reference in rule["references"]:
            if reference["root"] == "data":
                yield tuple(reference["path"])
        for call in rule["calls"]:
            root, *steps = call["name"].split(".")
            if root == "data":
                yield tuple(steps)


def _may_reach(path: tuple[Step, ...], package: tuple[str, ...]) -> bool:
    return all(step is None or step == part for step, part in zip(path, package, strict=False))
