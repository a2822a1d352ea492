"""
What a run comes to: how many files were allowed, denied and undecided, and the exit code for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from bylaw_adapters.ci.checking import CheckedFile

FailOn = Literal["warn", "deny", "never"]
FAIL_ON: tuple[FailOn, ...] = ("warn", "deny", "never")

PASSED, FAILED, UNDECIDED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Summary:
    """``files`` is the sum of the others: every file given is one of them."""

    files: int
    allowed: int
    denied: int
    undecided: int

    def to_json(self) -> dict[str, int]:
        return asdict(self)


def summary_of(checked: Sequence[CheckedFile]) -> Summary:
    allowed, denied, undecided = (
        sum(file.decision == verdict for file in checked) for verdict in ("allow", "deny", "undecided")
    )
    return Summary(len(checked), allowed, denied, undecided)


def exit_code(checked: Sequence[CheckedFile], *, fail_on: FailOn) -> int:
    """
    2 where anything is undecided, and where there was nothing to decide; else 1 where something is denied (or, with
    ``warn``, warned about), unless nothing shall fail.
    """
    if not checked or any(file.decision == "undecided" for file in checked):
        return UNDECIDED
    if fail_on == "never":
        return PASSED
    fails = {"deny", "warn"} if fail_on == "warn" else {"deny"}
    failed = any(
        file.decision == "deny" or any(finding.enforcement in fails for finding in file.findings) for file in checked
    )
    return FAILED if failed else PASSED
