"""
What a run found: one row a statement of the law, with its place in the text. Where a decision names facts, this names
lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from bylaw.errors import BylawError, Location
from bylaw.facts.gathered import Facts

Enforcement = Literal["deny", "warn", "audit", "waived", "undecided"]

DOOR_RULE = "bylaw.check"
"""The rule of what the door itself has to say: why nothing was decided, and what became no fact."""

NOT_READ = "not_read"
WAIVER_IGNORED = "waiver_ignored"
UNMATCHED = "evidence_unmatched"

_LISTS: tuple[tuple[str, Enforcement], ...] = (
    ("violations", "deny"),
    ("warnings", "warn"),
    ("audits", "audit"),
    ("waived", "waived"),
)


Place: TypeAlias = Callable[[str], Location | None]


def nowhere_else(_: str) -> None:
    """Where all facts stand in the file that is judged."""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One row of a report. ``path`` is the fact's path, ``line`` and ``column`` count from one; ``file`` is where they
    are, if not in the file that is judged.
    """

    id: str
    rule: str
    enforcement: Enforcement
    msg: str
    path: str
    line: int
    column: int
    remediation: str
    file: str = ""

    def to_json(self) -> dict[str, Any]:
        row = {
            "id": self.id,
            "rule": self.rule,
            "enforcement": self.enforcement,
            "msg": self.msg,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "remediation": self.remediation,
        }
        return {**row, "file": self.file} if self.file else row

    @property
    def order(self) -> tuple[Any, ...]:
        return (self.file, self.line, self.column, self.id, self.msg)


def findings_of(facts: Facts, decision: Mapping[str, Any], place: Place = nowhere_else) -> list[Finding]:
    """
    Every statement of a decision document about these facts, and what the facts leave out. ``place`` says where facts
    stand that another file says.
    """
    statements = list(_statements(facts, decision, place))
    return [*statements, *_ignored(facts, decision), *_not_read(facts, said={found.path for found in statements})]


def undecided(error: BylawError, *, location: Location | None = None) -> Finding:
    """Why there is no decision, where the document gives the reason."""
    where = error.location or location
    return Finding(
        id=error.code,
        rule=DOOR_RULE,
        enforcement="undecided",
        msg=error.message,
        path="",
        line=where.row if where else 1,
        column=where.column if where else 1,
        remediation="",
    )


def note(name: str, message: str, *, path: str = "", location: Location | None = None) -> Finding:
    """What the door has to say beside the decision."""
    line, column = (location.row, location.column) if location else (1, 1)
    return Finding(name, DOOR_RULE, "audit", message, path, line, column, "")


def fact_path(path: str, given: Mapping[str, Any]) -> str:
    """
    A fact path as it is; of a JSON pointer into the input (as the library uses where an input has the wrong shape) the
    path of the last thing on the way that has one.
    """
    if not path.startswith("/"):
        return path
    steps = [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]
    known = ""
    value: Any = given
    for step in steps:
        value = _child(value, step)
        if isinstance(value, dict) and isinstance(value.get("path"), str):
            known = value["path"]
        else:
            known = f"{known}.{step}" if known else step
    return known


def _child(value: Any, step: str) -> Any:
    if isinstance(value, list):
        return value[int(step)] if step.isdecimal() and int(step) < len(value) else None
    return value.get(step) if isinstance(value, dict) else None


def _statements(facts: Facts, decision: Mapping[str, Any], place: Place) -> Iterator[Finding]:
    for name, enforcement in _LISTS:
        for entry in _entries(decision, name):
            path = str(entry.get("path", ""))
            elsewhere = place(path)
            location = elsewhere or facts.location(fact_path(path, facts.input))
            yield Finding(
                id=str(entry.get("id", "")),
                rule=str(entry.get("rule", "")),
                enforcement=enforcement,
                msg=str(entry.get("msg", "")),
                path=path,
                line=location.row,
                column=location.column,
                remediation=str(entry.get("remediation", "")),
                file=elsewhere.file if elsewhere else "",
            )


def _ignored(facts: Facts, decision: Mapping[str, Any]) -> Iterator[Finding]:
    for waiver in _entries(decision, "ignored"):
        message = f"waiver {waiver.get('id')} of rule {waiver.get('rule')} has no effect: {waiver.get('reason')}"
        yield note(WAIVER_IGNORED, message, location=facts.location(""))


def _not_read(facts: Facts, *, said: set[str]) -> Iterator[Finding]:
    """What became no fact, unless a rule has said so already."""
    for part in facts.not_read:
        if part.path not in said:
            location = facts.document.location(part.pointer)
            yield note(NOT_READ, f"not read: {part.reason}", path=part.path, location=location)


def _entries(decision: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    entries = decision.get(name, ())
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else ()
