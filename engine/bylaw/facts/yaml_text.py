"""
YAML text to ``Document``\\ s: the core schema of YAML 1.2, because what is read ends as JSON and must mean the same to
every reader. libyaml's parser gives the events; everything that builds is here, without recursion.

What YAML 1.1 loaders do and this one does not: ``no`` is a country and not false, ``1:30`` and ``2024-01-01`` stay
text, ``010`` is not eight. Tags are refused, aliases are paid for by what they expand to.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from bylaw.errors import DuplicateKey, InputTooDeep, InputTooLarge, Location, MalformedInput, UnrecognisedDocument
from bylaw.facts.document import Document, Pointer, Value
from bylaw.facts.json_text import MAX_DEPTH

MAX_NODES = 500_000
"""Values of one file, aliases counted by what they expand to: a document that grows past this is a bomb."""

MAX_DOCUMENTS = 10_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STANDARD = "tag:yaml.org,2002:"
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_DOUBTFUL = frozenset(form for word in ("yes", "no", "on", "off") for form in (word, word.title(), word.upper()))
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,300})")
_PREFIXED = re.compile(r"0o[0-7]{1,100}|0x[0-9a-fA-F]{1,100}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")

_Event: TypeAlias = Any


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    value: dict[str, Value] | list[Value]
    pointer: Pointer
    anchor: str | None
    nodes_before: int
    key: str | None = None
    key_mark: Any = None
    merges: list[Value] = field(default_factory=list)

    def step(self) -> str | int:
        if isinstance(self.value, list):
            return len(self.value)
        return self.key if self.key is not None else ""


class YamlPositions:
    """Places by pointer: of an entry its key, of an element its beginning."""

    def __init__(self, start: tuple[int, int]) -> None:
        self.marks: dict[Pointer, tuple[int, int]] = {(): start}

    def at(self, pointer: Pointer) -> tuple[int, int]:
        while pointer not in self.marks:
            pointer = pointer[:-1]
        return self.marks[pointer]


def read_yaml(text: str, *, file: str) -> tuple[Document, ...]:
    """
    The documents of a YAML stream; empty ones beside others are nothing.

    Raises:
        MalformedInput, DuplicateKey, InputTooDeep, InputTooLarge: Each with its place.
        UnrecognisedDocument: All of them are empty.
    """
    reader = _Reader(file)
    try:
        for event in _events(text):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = Location(file, mark.line + 1, mark.column + 1) if mark else Location(file, 1)
        raise MalformedInput(f"not YAML: {error.problem or error.context}", location=where) from error
    except yaml.YAMLError as error:
        raise MalformedInput(f"not YAML: {' '.join(str(error).split())}", location=Location(file, 1)) from error
    documents = tuple(document for document in reader.documents if document.value is not None)
    if not documents:
        raise UnrecognisedDocument("the file holds no document", location=Location(file, 1))
    return documents


def _events(text: str) -> Iterator[_Event]:
    yield from yaml.parse(text, Loader=_LOADER)


class _Reader:
    """Builds documents from events. One of a stream's; what it holds between documents is only the count of nodes."""

    def __init__(self, file: str) -> None:
        self.documents: list[Document] = []
        self._file = file
        self._nodes = 0

    def take(self, event: _Event) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self._begin(event)
            case yaml.DocumentEndEvent():
                self._finish()
            case yaml.MappingStartEvent():
                self._open(event, {}, "map")
            case yaml.SequenceStartEvent():
                self._open(event, [], "seq")
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close(event)
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.AliasEvent():
                self._alias(event)

    def _begin(self, event: _Event) -> None:
        if len(self.documents) >= MAX_DOCUMENTS:
            raise InputTooLarge(f"more than {MAX_DOCUMENTS} documents in one file", location=self._at(event))
        self._stack: list[_Open] = []
        self._root: Value = None
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._positions = YamlPositions(_mark(event.start_mark))
        self._spellings: dict[Pointer, str] = {}
        self._doubtful: list[Pointer] = []

    def _finish(self) -> None:
        index = len(self.documents)
        self.documents.append(
            Document(self._file, index, self._root, self._positions, self._spellings, tuple(self._doubtful))
        )

    def _open(self, event: _Event, value: dict[str, Value] | list[Value], kind: str) -> None:
        self._require_tag(event, kind)
        if len(self._stack) >= MAX_DEPTH:
            raise InputTooDeep(f"nested deeper than {MAX_DEPTH}", location=self._at(event))
        if self._stack and self._expects_key():
            raise MalformedInput("a key that is no text but a collection", location=self._at(event))
        pointer = self._pointer_of_next(event)
        self._stack.append(_Open(value, pointer, event.anchor, self._nodes))

    def _close(self, event: _Event) -> None:
        done = self._stack.pop()
        if isinstance(done.value, dict):
            self._merge(done, event)
        if done.anchor:
            self._anchors[done.anchor] = (done.value, self._nodes - done.nodes_before)
        self._put(done.value, event)

    def _scalar(self, event: _Event) -> None:
        self._require_tag(event, "str")
        if self._stack and self._expects_key():
            self._key(event)
            return
        pointer = self._pointer_of_next(event)
        value = self._resolve(event, pointer)
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        self._put(value, event)

    def _alias(self, event: _Event) -> None:
        if event.anchor not in self._anchors:
            raise MalformedInput(f"alias *{event.anchor} stands for nothing before it", location=self._at(event))
        value, nodes = self._anchors[event.anchor]
        if self._stack and self._expects_key():
            raise MalformedInput("an alias as a key", location=self._at(event))
        self._count(nodes, event)
        self._pointer_of_next(event)
        self._put(value, event)

    def _key(self, event: _Event) -> None:
        mapping = self._stack[-1]
        assert isinstance(mapping.value, dict)  # noqa: S101 - only a mapping expects a key
        key: str = event.value
        if key == "<<" and event.implicit[0]:
            mapping.key, mapping.key_mark = key, event.start_mark
            return
        if key in mapping.value:
            raise DuplicateKey(f"key {key!r} stands twice in one mapping", location=self._at(event))
        mapping.key, mapping.key_mark = key, event.start_mark
        mapping.value[key] = None

    def _put(self, value: Value, event: _Event) -> None:
        if not self._stack:
            self._root = value
            return
        parent = self._stack[-1]
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif parent.key == "<<" and "<<" not in parent.value:
            parent.merges += self._merged_mappings(value, event)
            parent.key = None
        else:
            parent.value[str(parent.key)] = value
            parent.key = None

    def _merged_mappings(self, value: Value, event: _Event) -> list[Value]:
        mappings: list[Value] = value if isinstance(value, list) else [value]
        if not all(isinstance(mapping, dict) for mapping in mappings):
            raise MalformedInput("<< merges mappings, and this is none", location=self._at(event))
        return mappings

    def _merge(self, done: _Open, event: _Event) -> None:
        """What a mapping says itself wins, then the first of those it merges."""
        assert isinstance(done.value, dict)  # noqa: S101 - for the type checker
        for mapping in done.merges:
            assert isinstance(mapping, dict)  # noqa: S101
            self._count(len(mapping), event)
            done.value.update({key: value for key, value in mapping.items() if key not in done.value})

    def _expects_key(self) -> bool:
        parent = self._stack[-1]
        return isinstance(parent.value, dict) and parent.key is None

    def _pointer_of_next(self, event: _Event) -> Pointer:
        """Count the value that begins here and write down its place."""
        self._count(1, event)
        if not self._stack:
            self._positions.marks[()] = _mark(event.start_mark)
            return ()
        parent = self._stack[-1]
        pointer = (*parent.pointer, parent.step())
        mark = event.start_mark if isinstance(parent.value, list) else parent.key_mark
        self._positions.marks[pointer] = _mark(mark)
        return pointer

    def _count(self, nodes: int, event: _Event) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise InputTooLarge(f"more than {MAX_NODES} values, aliases expanded", location=self._at(event))

    def _require_tag(self, event: _Event, kind: str) -> None:
        if event.tag is not None and event.tag not in ("!", _STANDARD + kind):
            tag = event.tag.replace(_STANDARD, "!!")
            raise MalformedInput(f"tag {tag} is not read", location=self._at(event))

    def _resolve(self, event: _Event, pointer: Pointer) -> Value:
        text: str = event.value
        if not event.implicit[0]:  # quoted, a block, or tagged
            return text
        if text in _NULL:
            return None
        if text in _FLAGS:
            return _FLAGS[text]
        if text in _DOUBTFUL:
            self._doubtful.append(pointer)
        value = _number(text)
        if value is None:
            return text
        if str(value) != text:
            self._spellings[pointer] = text
        return value

    def _at(self, event: _Event) -> Location:
        row, column = _mark(event.start_mark)
        return Location(self._file, row, column)


def _mark(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _number(text: str) -> int | float | None:
    """The number that the core schema sees; what JSON cannot carry (infinities, leading zeros) stays text."""
    if text[0] not in "0123456789+-.":
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    if _PREFIXED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text) and not _LEADING_ZERO.match(text):
        number = float(text)
        return number if math.isfinite(number) else None
    return None
