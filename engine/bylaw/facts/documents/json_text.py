"""
JSON text to a ``Document``. Values are read by the C scanner; a place is looked for only when somebody asks for it.

A plan of 50 MB has millions of values and a handful of findings, so nothing is recorded while reading: to find a
place, the text is walked again along the pointer, and what lies beside the way is skipped at the scanner's speed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined] # undocumented, stable since 3.0
from typing import NoReturn

from bylaw.errors import DuplicateKey, InputTooDeep, Location, MalformedInput
from bylaw.facts.documents.document import Document, Pointer, Value

MAX_DEPTH = 200
"""Terraform plans nest some 30 deep, contracts less than 20."""

_SPACE = re.compile(r"[ \t\r\n]*")
_AFTER_KEY = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_BETWEEN = re.compile(r"[ \t\r\n]*,?[ \t\r\n]*")


class _Twice(Exception):
    pass


def looks_like_json(text: str) -> bool:
    """
    Whether a text that begins with a bracket is JSON: YAML flow mappings begin with one too. The first key decides, so
    that JSON with a mistake further down is reported as JSON.
    """
    return (
        re.match(r'\s*(?:\{\s*(?:"(?:[^"\\\n]|\\.)*"\s*:|\})|\[\s*(?:[\[\{"\d\]-]|true|false|null))', text) is not None
    )


def read_json(text: str, *, file: str) -> Document:
    """
    The one document of a JSON text.

    Raises:
        MalformedInput, DuplicateKey, InputTooDeep: Each with its place.
    """
    positions = JsonPositions(text)
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse, parse_float=_finite)
    except JSONDecodeError as error:
        where = Location(file, error.lineno, error.colno)
        raise MalformedInput(f"not JSON: {error.msg.lower()}", location=where) from error
    except _Twice as error:
        key = str(error)
        row, column = positions.row_and_column(_second_place_of(text, key))
        raise DuplicateKey(f"key {key!r} stands twice in one object", location=Location(file, row, column)) from error
    except RecursionError as error:
        raise InputTooDeep(f"nested deeper than {MAX_DEPTH}", location=Location(file, 1)) from error
    except ValueError as error:
        raise MalformedInput(f"a number that cannot be read: {error}", location=Location(file, 1)) from error
    require_depth(value, file)
    return Document(file, 0, value, positions)


def require_depth(value: Value, file: str) -> None:
    """Refuse what nests deeper than ``MAX_DEPTH``, without recursion of our own."""
    level: list[Value] = [value]
    for _ in range(MAX_DEPTH):
        level = [child for parent in level for child in _children(parent) if child.__class__ in (dict, list)]
        if not level:
            return
    raise InputTooDeep(f"nested deeper than {MAX_DEPTH}", location=Location(file, 1))


def _children(value: Value) -> Iterator[Value]:
    if isinstance(value, dict):
        return iter(value.values())
    return iter(value) if isinstance(value, list) else iter(())


def _object(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        seen: set[str] = set()
        raise _Twice(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return fields


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:20]} is beyond what a number holds")
    return number


class JsonPositions:
    """Places in a JSON text, found on demand. What was walked once is remembered."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined] # as above
        self._entries: dict[int, dict[str | int, tuple[int, int]]] = {}

    def at(self, pointer: Pointer) -> tuple[int, int]:
        label = value = _skip(_SPACE, self._text, 0)
        for step in pointer:
            entry = self.entries(value).get(step)
            if entry is None:
                break
            label, value = entry
        return self.row_and_column(label)

    def entries(self, offset: int) -> dict[str | int, tuple[int, int]]:
        """For each key (or index) of the container that begins here: the offsets of its label and of its value."""
        if offset not in self._entries:
            opening = self._text[offset : offset + 1]
            walk = {"{": self._members, "[": self._elements}.get(opening)
            self._entries[offset] = {} if walk is None else dict(walk(offset + 1))
        return self._entries[offset]

    def row_and_column(self, offset: int) -> tuple[int, int]:
        return self._text.count("\n", 0, offset) + 1, offset - self._text.rfind("\n", 0, offset)

    def _members(self, offset: int) -> Iterator[tuple[str | int, tuple[int, int]]]:
        offset = _skip(_SPACE, self._text, offset)
        while self._text[offset] == '"':
            label = offset
            key, offset = scanstring(self._text, offset + 1, True)
            value = _skip(_AFTER_KEY, self._text, offset)
            yield key, (label, value)
            offset = _skip(_BETWEEN, self._text, self._scan(self._text, value)[1])

    def _elements(self, offset: int) -> Iterator[tuple[str | int, tuple[int, int]]]:
        offset, index = _skip(_SPACE, self._text, offset), 0
        while self._text[offset] != "]":
            yield index, (offset, offset)
            offset, index = _skip(_BETWEEN, self._text, self._scan(self._text, offset)[1]), index + 1


def _skip(pattern: re.Pattern[str], text: str, offset: int) -> int:
    match = pattern.match(text, offset)
    return match.end() if match else offset


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')


def _second_place_of(text: str, key: str) -> int:
    """Where the key stands for the second time in one object. The scanner has accepted the syntax up to there."""
    open_objects: list[set[str]] = []
    for token in _TOKEN.finditer(text):
        match token.group():
            case "{" | "[":
                open_objects.append(set())
            case "}" | "]":
                open_objects.pop()
            case quoted if open_objects and text.startswith(":", _skip(_SPACE, text, token.end())):
                if json.loads(quoted, strict=False) != key:
                    continue
                if key in open_objects[-1]:
                    return token.start()
                open_objects[-1].add(key)
            case _:
                pass
    return 0
