"""
A file of cases: its form, held to it with messages that point at the line. The form is in ``docs/testing.md``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from bylaw.bundle.documents import read_yaml_document
from bylaw.decision import DECISION_KINDS
from bylaw.errors import DuplicateKey, Location, UnreadableInput, WrongShape
from bylaw.facts.documents.document import Document, Pointer

CASES_SUFFIXES = ("_cases.yaml", "_cases.yml")

DECISIONS = ("allow", "warn", "deny")
"""``warn`` is an allow with at least one warning; ``allow`` says nothing about warnings."""

LISTS = ("violations", "warnings", "audits", "waived")
OBLIGATIONS = ("row_filters", "column_masks", "protections", "quality")

_NEEDED = ("name", "kind", "input", "decision")
_KEYS = (*_NEEDED, "at", "data", "obligations", *LISTS)

MAX_CASES = 10_000

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - spelled as Python 3.11 and its readers know it


@dataclass(frozen=True, slots=True)
class DecisionCase:
    """
    One case. ``rules`` maps a list of the decision (``violations``, …) to the ids or paths of the rules that it shall
    name, all of them and no other; a list that is not there is not looked at. ``obligations`` likewise, by value.
    ``data`` stands beside the bundles' own. ``at_ns`` is the instant, in nanoseconds since 1970.
    """

    location: Location
    name: str
    kind: str
    input: Mapping[str, Any]
    decision: str
    rules: Mapping[str, frozenset[str]] = field(default_factory=dict)
    obligations: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    at_ns: int | None = None

    @property
    def full_name(self) -> str:
        return f"cases.{self.kind}.{self.name}"


def read_case_file(file: Path) -> list[DecisionCase]:
    """
    Raises:
        UnreadableInput: The file cannot be read.
        WrongShape, DuplicateKey, InputError: As ``read_cases``.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableInput(f"{file}: {error.strerror or error}") from error
    return read_cases(str(file), content)


def read_cases(file: str, content: bytes) -> list[DecisionCase]:
    """
    The cases of one file.

    Raises:
        WrongShape: It is no list of cases; names the line.
        DuplicateKey: Two cases have one name.
        InputError: It is no YAML that can be read.
    """
    document = read_yaml_document(content, file)
    if document is None or not isinstance(document.value, list) or not document.value:
        raise WrongShape("a file of cases is a list of them", location=Location(file, 1))
    if len(document.value) > MAX_CASES:
        raise WrongShape(f"{len(document.value)} cases, at most {MAX_CASES} are read", location=Location(file, 1))
    found: list[DecisionCase] = []
    names: set[str] = set()
    for index in range(len(document.value)):
        case = _case(document, index, document.value[index])
        if case.name in names:
            raise DuplicateKey(f"another case is named {case.name!r}", location=case.location)
        names.add(case.name)
        found.append(case)
    return found


def _case(document: Document, index: int, value: Any) -> DecisionCase:
    def wrong(message: str, *below: str | int) -> WrongShape:
        pointer: Pointer = (index, *below)
        return WrongShape(message, location=document.location(pointer))

    if not isinstance(value, dict):
        raise wrong("a case is a mapping")
    for key in value:
        if key not in _KEYS:
            raise wrong(f"no key {key!r} in a case{_nearest(key, _KEYS)}", key)
    for key in _NEEDED:
        if key not in value:
            raise wrong(f"the case has no {key}")
    if not isinstance(value["name"], str) or not value["name"].strip():
        raise wrong("name is a text", "name")
    for key, words in (("kind", DECISION_KINDS), ("decision", DECISIONS)):
        if value[key] not in words:
            raise wrong(f"{key} is one of {', '.join(words)}, not {value[key]!r}", key)
    for key in ("input", "data", "obligations"):
        if not isinstance(value.get(key, {}), dict):
            raise wrong(f"{key} is a mapping", key)
    rules = {key: _rules(value[key], key, wrong) for key in LISTS if key in value}
    for key in value.get("obligations", {}):
        if key not in OBLIGATIONS:
            raise wrong(f"no obligation {key!r}{_nearest(key, OBLIGATIONS)}", "obligations", key)
    return DecisionCase(
        location=document.location((index,)),
        name=value["name"].strip(),
        kind=value["kind"],
        input=value["input"],
        decision=value["decision"],
        rules=rules,
        obligations=value.get("obligations", {}),
        data=value.get("data", {}),
        at_ns=_instant(value["at"], wrong) if "at" in value else None,
    )


def _rules(value: Any, key: str, wrong: Any) -> frozenset[str]:
    if not isinstance(value, list):
        raise wrong(f"{key} is a list of rule ids", key)
    for index, rule in enumerate(value):
        if not isinstance(rule, str) or not rule:
            raise wrong(f"{key} is a list of rule ids, and {rule!r} is none", key, index)
    return frozenset(value)


def _instant(value: Any, wrong: Any) -> int:
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise wrong(f"at is an RFC 3339 time, not {value!r}", "at") from None
    if instant.tzinfo is None:
        raise wrong(f"at is an RFC 3339 time with its zone, not {value!r}", "at")
    return (instant - _EPOCH) // timedelta(microseconds=1) * 1000


def _nearest(key: Any, keys: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(key), list(keys), n=1)
    return f"; the nearest is {near[0]!r}" if near else f"; there are {', '.join(keys)}"
