"""
What a test can come to. A test passes when its value is ``true``, and in no other way; undefined is a failure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from bylaw.errors import BylawError, Location


class Outcome(Enum):
    """As OPA counts them. ``SKIPPED`` is a test whose name begins with ``todo_``."""

    PASS = "PASS"  # noqa: S105 - a verdict, no password
    FAIL = "FAIL"
    ERROR = "ERROR"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a parametrised test, or a group of them. ``cases`` is empty for a single one."""

    passed: bool
    cases: Mapping[str, Case] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TestResult:
    """
    One test. ``package`` is written as ``data.a.b``; ``name`` ends with ``#01`` where two tests have one name. Of a
    decision case (``is_decision``) ``package`` is ``cases.<kind>``, and ``printed`` says what is otherwise than wanted.
    """

    __test__ = False  # pytest takes names that begin with Test for its own

    location: Location
    package: str
    name: str
    outcome: Outcome
    duration_ns: int = 0
    error: BylawError | None = None
    cases: Mapping[str, Case] = field(default_factory=dict)
    printed: tuple[str, ...] = ()
    is_decision: bool = False


def count(results: list[TestResult]) -> Mapping[Outcome, int]:
    """How many there are of each outcome."""
    return {outcome: sum(1 for result in results if result.outcome is outcome) for outcome in Outcome}
