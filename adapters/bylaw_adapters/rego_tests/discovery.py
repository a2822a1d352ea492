"""
Which rules are tests, and a text in which each can be asked for by itself.

OPA runs every *rule* as a test of its own, two of one name included, and reports each case of a parametrised one
(``test_x[note]``), those that fail included. An evaluator answers documents: it would join the two, and leave out the
failing cases. So tests run on a rewritten text, line for line the same:

- the second test of a name gets a name of its own;
- below the text, a parametrised test gets a rule beside it that answers its cases: the same head over the statements of
  its body up to the one that binds the last variable of the head. OPA notes a case at that very point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import bylaw_native

from bylaw.bundle.tokens import Token, row_and_column
from bylaw.errors import Location
from bylaw_adapters.rego_tests.heads import read_head

PREFIX = "test_"
TODO_PREFIX = "todo_test_"

_CASES_PREFIX = "bylaw_cases_of_"
_RENAMED = "__again_"


@dataclass(frozen=True, slots=True)
class Test:
    """A test as it can be asked for: ``rule`` and ``cases_rule`` are names in the rewritten module."""

    __test__ = False  # pytest takes names that begin with Test for its own

    location: Location
    package: tuple[str, ...]
    name: str
    rule: str
    cases_rule: str | None = None
    is_function: bool = False

    @property
    def full_name(self) -> str:
        return f"data.{'.'.join(self.package)}.{self.name}"

    @property
    def is_todo(self) -> bool:
        return self.name.startswith(TODO_PREFIX)


def discover(modules: Mapping[str, str], *, rego_v0: bool = False) -> tuple[list[Test], dict[str, str]]:
    """
    The tests of these modules in the order of their files and rows, and the modules to run them on.

    Raises:
        PolicyError: A module does not parse.
    """
    found: list[Test] = []
    rewritten: dict[str, str] = {}
    seen: dict[tuple[tuple[str, ...], str], int] = {}
    for file, text in sorted(modules.items()):
        tests, rewritten[file] = _of_module(file, text, seen, rego_v0=rego_v0)
        found += tests
    return found, rewritten


def _of_module(
    file: str, text: str, seen: dict[tuple[tuple[str, ...], str], int], *, rego_v0: bool
) -> tuple[list[Test], str]:
    facts = bylaw_native.parse_module(file, text, rego_v0=rego_v0)
    package = tuple(facts["package"])
    tests: list[Test] = []
    renamed: list[tuple[Token, str]] = []
    added: list[str] = []
    for rule in facts["rules"]:
        name = rule["path"][0]
        if not name.startswith((PREFIX, TODO_PREFIX)) or rule["is_default"]:
            continue
        times = seen[package, name] = seen.get((package, name), -1) + 1
        own_name = f"{name}{_RENAMED}{times:02}" if times else name
        head = read_head(text, name, row=rule["row"])
        if times:
            renamed.append((head.name, own_name))
        cases_rule = _CASES_PREFIX + own_name if head.variables else None
        if cases_rule is not None:
            added.append(f"{cases_rule}{head.path} if {{\n{head.binding_statements(text)}\n}}\n")
        reported = f"{name}#{times:02}" if times else name
        location = Location(file, *row_and_column(text, head.name.start))
        tests.append(Test(location, package, reported, own_name, cases_rule, rule["parameters"] is not None))
    for token, replacement in sorted(renamed, key=lambda each: -each[0].start):
        text = text[: token.start] + replacement + text[token.end :]
    return tests, "\n".join([text, *added])
