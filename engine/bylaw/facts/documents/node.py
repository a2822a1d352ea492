"""
One value of a document under a reader's eyes: typed questions, and an error with a place where the answer has another
shape. A reader never guesses: text where a flag belongs is refused, not taken for true.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from bylaw.errors import InputTooLarge, WrongShape
from bylaw.facts.documents.document import Document, Pointer, Value
from bylaw.facts.gathered import NotRead

MAX_FIELDS = 20_000
"""Of one document. Definitions and named types that are used many times over multiply."""

_NAMES = {dict: "a mapping", list: "a list", str: "text", bool: "a flag", int: "a number", float: "a number"}


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about a part of the document, which stands under this path."""

    path: str
    reason: str


@dataclass(slots=True)
class Reading:
    """
    What a reader writes down beside the facts: their sources, what it could not make a fact of, what the standard
    requires and the document does not say, and what it says twice and differently.
    """

    document: Document
    fields_left: int = MAX_FIELDS
    sources: dict[str, Pointer] = field(default_factory=dict)
    not_read: list[NotRead] = field(default_factory=list)
    lacking: list[Remark] = field(default_factory=list)
    contradictions: list[Remark] = field(default_factory=list)

    def top(self) -> Node:
        return Node(self, self.document.value, ())

    def count_field(self) -> None:
        """To be called for each field: references multiply them, and what unfolds without end is not read."""
        self.fields_left -= 1
        if self.fields_left < 0:
            raise InputTooLarge(
                f"more than {MAX_FIELDS} fields, references followed", location=self.document.location()
            )


# Not frozen, though nobody changes one: a contract has hundreds of them, and to freeze one costs as much as to make it.
@dataclass(slots=True)
class Node:
    """A value, where it stands, and the reading it belongs to."""

    reading: Reading
    value: Value
    pointer: Pointer
    behind: Node | None = None
    """What the mapping says by reference, wherever it says nothing itself."""

    def source(self, path: str) -> str:
        """Write down that facts of this path were said here. Answers the path."""
        self.reading.sources[path] = self.pointer
        return path

    def sources(self, paths: Mapping[str, str]) -> None:
        """Write down, for each of these keys that is there, that facts of its path were said under it."""
        for key, path in paths.items():
            if (child := self.get(key)) is not None:
                child.source(path)

    def skip(self, path: str, reason: str) -> None:
        """Write down that this became no fact."""
        self.reading.not_read.append(NotRead(path, self.pointer, reason))
        self.reading.sources.setdefault(path, self.pointer)

    def require(self, path: str, *keys: str, standard: str) -> None:
        """Write down which of these keys, all of which the standard requires, say nothing here."""
        for key in keys:
            child = self.get(key)
            if child is None or (isinstance(child.value, str) and not child.value.strip()):
                self.reading.lacking.append(Remark(f"{path}.{key}", f"{standard} requires {key!r} here"))
                self.reading.sources.setdefault(f"{path}.{key}", self.pointer)

    def contradict(self, path: str, reason: str) -> None:
        """Write down that what is said here is said differently elsewhere."""
        self.reading.contradictions.append(Remark(path, reason))
        self.reading.sources.setdefault(path, self.pointer)

    def skip_unknown(self, known: Container[str], path: str) -> None:
        """Write down every key of this mapping, and of what it refers to, that the reader does not know."""
        if self.behind is not None:
            self.behind.skip_unknown(known, path)
        if isinstance(self.value, dict):
            for key in [key for key in self.value if key not in known]:
                self[key].skip(f"{path}.{key}", f"{key!r} is no key that is known here")

    def __getitem__(self, step: str | int) -> Node:
        """The child, which is there."""
        return Node(self.reading, self.value[step], (*self.pointer, step))  # type: ignore[index]

    def get(self, key: str) -> Node | None:
        """The member, where there is one that says something."""
        if not isinstance(self.value, dict):
            raise self.wrong("a mapping")
        value = self.value.get(key)
        if value is None:
            return None if self.behind is None else self.behind.get(key)
        return Node(self.reading, value, (*self.pointer, key))

    def _is_silent(self, key: str) -> bool:
        """Whether nothing can stand under the key: of most keys that are asked for, nothing does."""
        value = self.value
        return value.__class__ is dict and key not in value and self.behind is None

    def first(self, *keys: str) -> Node | None:
        for key in keys:
            if (node := self.get(key)) is not None:
                return node
        return None

    def mapping(self) -> dict[str, Value]:
        if not isinstance(self.value, dict):
            raise self.wrong("a mapping")
        return self.value if self.behind is None else {**self.behind.mapping(), **self.value}

    def members(self, key: str) -> list[tuple[str, Node]]:
        node = self.get(key)
        return [] if node is None else [(name, node[name]) for name in node.mapping()]

    def elements(self, key: str) -> list[Node]:
        """The elements of a list that stands under the key; none where the key is absent."""
        if self._is_silent(key):
            return []
        node = self.get(key)
        return [] if node is None else node.listed()

    def listed(self) -> list[Node]:
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return [Node(self.reading, value, (*self.pointer, index)) for index, value in enumerate(self.value)]

    def as_text(self) -> str | None:
        """Text; numbers as they were written. Blank text says nothing."""
        if isinstance(self.value, str):
            return self.value.strip() or None
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.wrong("text")
        return self.reading.document.spellings.get(self.pointer) or str(self.value)

    def text(self, *keys: str) -> str | None:
        """The text under the first of the keys that says something."""
        value = self.value
        if value.__class__ is dict and self.behind is None:  # as almost always: a node only for what is no text
            for key in keys:
                if (found := value.get(key)) is not None:
                    return (found.strip() or None) if found.__class__ is str else self[key].as_text()
            return None
        node = self.first(*keys)
        return None if node is None else node.as_text()

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A list of texts; one text alone is a list of one."""
        node = self.get(key)
        if node is None:
            return None
        nodes = node.listed() if isinstance(node.value, list) else [node]
        return tuple(text for element in nodes if element.value is not None and (text := element.as_text()))

    def flag(self, key: str) -> bool | None:
        if self._is_silent(key):
            return None
        node = self.get(key)
        if node is None:
            return None
        if not isinstance(node.value, bool):
            raise node.wrong("true or false")
        return node.value

    def count(self, key: str) -> int | None:
        """A whole number, not below zero."""
        node = self.get(key)
        if node is None:
            return None
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value != int(value):
            raise node.wrong("a whole number, not below zero")
        return int(value)

    def number(self, key: str) -> float | None:
        node = self.get(key)
        if node is None:
            return None
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise node.wrong("a number")
        return node.value

    def wrong(self, wanted: str) -> WrongShape:
        pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in self.pointer)
        came = "nothing" if self.value is None else _NAMES[type(self.value)]
        if isinstance(self.value, str | int | float):
            came = f"{came} ({str(self.value)[:40]!r})"
        where = self.reading.document.location(self.pointer)
        return WrongShape(f"{pointer or 'the document'}: wanted {wanted}, came {came}", location=where)
