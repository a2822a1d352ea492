"""
The mutants of what is law as data: a policy written as YAML, and the enforcement that a rule's metadata says. Only a
decision notices these, so only decision cases are asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from bylaw.bundle.documents import read_yaml_document
from bylaw.bundle.tokens import comments, row_and_column
from bylaw.errors import InputError, Location
from bylaw.facts.documents.document import Document, Pointer
from bylaw_adapters.mutation.mutant import DataChange, Mutant, TextChange
from bylaw_adapters.mutation.rego_mutants import neighbours

_ENFORCEMENT = re.compile(r"#\s+enforcement:\s*[\"']?(?P<word>deny|warn)\b")
_LOWERED = {"deny": "warn", "warn": "audit", "mandatory": "advisory", "advisory": "audit"}

_OPERATORS = {
    "equals": "not_equals",
    "not_equals": "equals",
    "in": "not_in",
    "not_in": "in",
    "gte": "lt",
    "gt": "lte",
    "lte": "gt",
    "lt": "gte",
    "matches": "starts_with",
    "starts_with": "contains",
}
_AT_THE_EDGE = {"gte": "gt", "gt": "gte", "lte": "lt", "lt": "lte"}
_ACTIONS = {"allow": "deny", "deny": "allow"}

# What only people read.
_WORDING = frozenset({"name", "description", "reason", "id", "title", "owner", "controls", "remediation", "severity"})

Change: TypeAlias = tuple[str, Pointer, Any]
"""What is done, where, and the value to stand there; ``_GONE`` for none."""

_GONE = object()


def enforcement_mutants(file: str, text: str) -> Iterator[Mutant]:
    """A rule's enforcement one step lower."""
    for comment in comments(text):
        said = _ENFORCEMENT.match(comment.text)
        if said is not None:
            start, end = comment.start + said.start("word"), comment.start + said.end("word")
            row, column = row_and_column(text, start)
            word = said["word"]
            before, after = (f"enforcement: {each}" for each in (word, _LOWERED[word]))
            change = TextChange(((start, end, _LOWERED[word]),))
            yield Mutant(Location(file, row, column), "lower-enforcement", before, after, change, in_data=True)


def policy_mutants(file: str, content: bytes) -> Iterator[Mutant]:
    """The mutants of one policy written as YAML; none of a file that is no mapping."""
    try:
        document = read_yaml_document(content, file)
    except InputError:
        return
    if document is None or not isinstance(document.value, dict):
        return
    yield from (_mutant(document, change) for change in _changes(document.value, ()))


def _mutant(document: Document, change: Change) -> Mutant:
    mutation, pointer, value = change
    before: Any = document.value
    for step in pointer:
        before = before[step]
    is_removal = value is _GONE
    after = "" if is_removal else _shown(pointer, value)
    made = DataChange(pointer, None if is_removal else value, is_removal)
    return Mutant(document.location(pointer), mutation, _shown(pointer, before), after, made, in_data=True)


def _shown(pointer: Pointer, value: Any) -> str:
    said = json.dumps(value, ensure_ascii=False)
    return f"{pointer[-1]}: {said}" if isinstance(pointer[-1], str) else said


def _changes(value: Any, pointer: Pointer) -> Iterator[Change]:
    match value:
        case dict():
            for key, below in value.items():
                if key not in _WORDING:
                    yield from _of_entry(key, below, (*pointer, key))
        case list():
            sort = {"conditions": "drop-condition", "rules": "drop-rule"}.get(str(pointer[-1]), "drop-member")
            for index, below in enumerate(value):
                if len(value) > 1 or sort == "drop-condition":
                    yield sort, (*pointer, index), _GONE
                yield from _changes(below, (*pointer, index))
        case bool():
            yield "flip-flag", pointer, not value
        case int() | float():
            yield from (("move-threshold", pointer, _number(each)) for each in neighbours(str(Decimal(str(value)))))


def _of_entry(key: str, value: Any, pointer: Pointer) -> Iterator[Change]:
    sorts: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]] = {
        "operator": (("flip-operator", _OPERATORS), ("move-edge", _AT_THE_EDGE)),
        "action": (("flip-action", _ACTIONS),),
        "enforcement": (("lower-enforcement", _LOWERED),),
    }
    if key == "scope":
        yield from (("drop-scope", (*pointer, each), _GONE) for each in (value if isinstance(value, dict) else ()))
    for mutation, words in sorts.get(key, ()):
        if isinstance(value, str) and value in words:
            yield mutation, pointer, words[value]
    if key != "priority":
        yield from _changes(value, pointer)


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
