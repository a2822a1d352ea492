"""
What gathering one document gives: the input of a decision, and the way back from a fact to its place in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bylaw.errors import Location
from bylaw.facts.documents.document import Document, Pointer

PUBLICATION = "publication"
PROVISIONING = "provisioning"

_NAMING_KEYS = ("name", "address", "id", "key")


class Sources(Protocol):
    """From a fact path (``contract.schema[customers].email``) to where in the document it was said."""

    def pointer(self, path: str) -> Pointer:
        """Of the path, or of the longest beginning of it that is known; the document's top where none is."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """Something in the document that became no fact, and why. Carried on, so that nobody takes it for judged."""

    path: str
    pointer: Pointer
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one document: ``input`` is what a decision of ``kind`` is asked with."""

    recognised_as: str
    kind: str
    input: Mapping[str, Any]
    document: Document
    sources: Sources
    not_read: tuple[NotRead, ...] = ()

    def location(self, path: str) -> Location:
        return self.document.location(self.sources.pointer(path))


@dataclass(frozen=True, slots=True)
class RecordedSources:
    """Sources written down while a contract was read."""

    pointers: Mapping[str, Pointer] = field(default_factory=dict)

    def pointer(self, path: str) -> Pointer:
        while path and path not in self.pointers:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.pointers.get(path, ())


@dataclass(frozen=True, slots=True)
class DocumentSources:
    """Sources of a value whose fact paths are its own: elements of lists go by name, address or index."""

    value: Any

    def pointer(self, path: str) -> Pointer:
        pointer: Pointer = ()
        value, rest = self.value, path
        while rest:
            step = self._step(value, rest)
            if step is None:
                break
            key, value, rest = step
            pointer = (*pointer, key)
        return pointer

    def _step(self, value: Any, rest: str) -> tuple[str | int, Any, str] | None:
        if isinstance(value, dict):
            return self._member(value, rest.removeprefix("."))
        if isinstance(value, list) and rest.startswith("["):
            return self._element(value, rest)
        return None

    @staticmethod
    def _member(value: dict[str, Any], rest: str) -> tuple[str | int, Any, str] | None:
        """Keys have dots in them (``metadata.labels.mesh.company.com/owner``): the longest that fits is meant."""
        fitting = [key for key in value if rest == key or rest.startswith((f"{key}.", f"{key}["))]
        if not fitting:
            return None
        key = max(fitting, key=len)
        return key, value[key], rest[len(key) :]

    def _element(self, value: list[Any], rest: str) -> tuple[str | int, Any, str] | None:
        for index, element in enumerate(value):
            names = {str(index)}
            if isinstance(element, dict):
                names |= {str(element[key]) for key in _NAMING_KEYS if key in element}
            for name in names:
                if rest.startswith(f"[{name}]"):
                    return index, element, rest[len(name) + 2 :]
        return None
