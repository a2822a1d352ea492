"""
The fields of an Avro record (specification 1.11/1.12), as facts. Named types are followed where they are used;
nothing is resolved, compared or judged.
"""

from __future__ import annotations

from typing import Any

from bylaw.errors import Location
from bylaw.facts.documents.document import Document, Pointer
from bylaw.facts.documents.json_text import read_json
from bylaw.facts.documents.node import Node, Reading
from bylaw.facts.field_facts import field_facts


class OnePlace:
    """The positions of text inside a value of another document: all of them are where that value stands."""

    def __init__(self, place: Location) -> None:
        self._place = place

    def at(self, _pointer: Pointer) -> tuple[int, int]:
        return self._place.row, self._place.column


def read_embedded_avro(node: Node, path: str) -> list[dict[str, Any]]:
    """
    The fields of an Avro record that stands in the document as text, or as a mapping.

    Raises:
        InputError: The text is no JSON, or no Avro record.
    """
    if not isinstance(node.value, str):
        return read_avro_record(node, path)
    place = node.reading.document.location(node.pointer)
    inner = read_json(node.value, file=place.file)
    reading = Reading(Document(inner.file, inner.index, inner.value, OnePlace(place)))
    fields = read_avro_record(reading.top(), path)
    node.reading.sources.update(dict.fromkeys(reading.sources, node.pointer))
    return fields


def read_avro_record(node: Node, path: str) -> list[dict[str, Any]]:
    """The fields of a record schema, nested records included."""
    if node.text("type") not in ("record", "error"):
        raise node.wrong('an Avro record (`"type": "record"`)')
    return _Types().fields(node, path, inside=(), inherited=False)


class _Types:
    """The named types of one schema, in the order they are met."""

    def __init__(self) -> None:
        self._named: dict[str, Node] = {}

    def fields(self, record: Node, path: str, *, inside: tuple[Pointer, ...], inherited: bool) -> list[dict[str, Any]]:
        self._remember(record)
        if record.pointer in inside:  # a record that contains itself is unfolded once
            return []
        return [
            self._field(field, path, inside=(*inside, record.pointer), inherited=inherited)
            for field in record.elements("fields")
        ]

    def _field(self, field: Node, path: str, *, inside: tuple[Pointer, ...], inherited: bool) -> dict[str, Any]:
        name, written = field.text("name"), field.get("type")
        if name is None or written is None:
            raise field.wrong("a field with a name and a type")
        own = f"{path}.{name}"
        branches = self._branches(written)
        types = [branch for branch in branches if branch.value != "null"]
        facts = field_facts(
            field,
            name=name,
            path=own,
            nullable=len(types) < len(branches),
            inherited=inherited,
            type="union" if len(types) > 1 else self._type(types[0]) if types else "null",
            enum=self._symbols(types),
            item_type=self._item_type(types),
        )
        nested = [
            nested
            for branch in types
            for nested in self._nested(branch, own, inside=inside, inherited=bool(facts.get("personal")))
        ]
        return {**facts, "fields": nested}

    def _branches(self, written: Node) -> list[Node]:
        return [
            self._resolved(branch) for branch in (written.listed() if isinstance(written.value, list) else [written])
        ]

    def _resolved(self, written: Node) -> Node:
        if isinstance(written.value, dict):
            inner = written.get("type")
            if inner is not None and isinstance(inner.value, dict | list):
                return self._resolved(inner) if isinstance(inner.value, dict) else written
            self._remember(written)
            return written
        if isinstance(written.value, str):
            return self._named.get(written.value.rpartition(".")[2], written)
        raise written.wrong("an Avro type")

    def _remember(self, named: Node) -> None:
        if named.text("type") in ("record", "error", "enum", "fixed") and (name := named.text("name")):
            self._named.setdefault(name.rpartition(".")[2], named)

    @staticmethod
    def _type(branch: Node) -> str | None:
        if isinstance(branch.value, str):
            return branch.value
        base, logical = branch.text("type"), branch.text("logicalType")
        if logical == "decimal":
            return f"decimal({branch.text('precision')},{branch.text('scale') or 0})"
        if base == "fixed":
            return f"fixed({branch.text('size')})"
        return logical or base

    @staticmethod
    def _symbols(types: list[Node]) -> tuple[str, ...] | None:
        return next((branch.texts("symbols") for branch in types if isinstance(branch.value, dict)), None)

    def _item_type(self, types: list[Node]) -> str | None:
        """Of a collection the type of its elements; of a union of several all its branches, sorted."""
        if len(types) > 1:
            return ",".join(sorted(str(self._type(branch)) for branch in types))
        elements = self._elements(types[0]) if types else None
        if elements is None:
            return None
        return ",".join(str(self._type(branch)) for branch in self._branches(elements))

    @staticmethod
    def _elements(branch: Node) -> Node | None:
        return branch.first("items", "values") if isinstance(branch.value, dict) else None

    def _nested(self, branch: Node, path: str, *, inside: tuple[Pointer, ...], inherited: bool) -> list[dict[str, Any]]:
        if not isinstance(branch.value, dict):
            return []
        elements = self._elements(branch)
        if elements is not None:
            return [
                nested
                for element in self._branches(elements)
                for nested in self._nested(element, path, inside=inside, inherited=inherited)
            ]
        if branch.text("type") not in ("record", "error"):
            return []
        return self.fields(branch, path, inside=inside, inherited=inherited)
