"""
The fields of a JSON Schema object, as facts. Only what describes fields is read: ``properties``, ``required``,
``items``; what combines or refers (``allOf``, ``$ref``) is reported as not read.
"""

from __future__ import annotations

from typing import Any

from bylaw.facts.bounds import bounds
from bylaw.facts.documents.node import Node
from bylaw.facts.field_facts import field_facts

_NOT_READ = ("$ref", "allOf", "anyOf", "oneOf", "if", "patternProperties")


def read_json_schema(node: Node, path: str, *, inherited: bool = False) -> list[dict[str, Any]]:
    """The fields under ``properties``, nested ones included."""
    _report_combinations(node, path)
    required = set(node.texts("required") or ()) if isinstance(node.mapping().get("required"), list) else set()
    return [
        _field(child, path, name=name, required=name in required, inherited=inherited)
        for name, child in node.members("properties")
    ]


def _field(node: Node, parent: str, *, name: str, required: bool, inherited: bool) -> dict[str, Any]:
    path = f"{parent}.{name}"
    types = [kind for kind in node.texts("type") or () if kind != "null"]
    items = node.get("items")
    enum = node.get("enum")
    facts = field_facts(
        node,
        name=name,
        path=path,
        nullable=not required or "null" in (node.texts("type") or ()),
        inherited=inherited,
        meaning=node.text("format"),
        type="|".join(types) or None,
        item_type="|".join(items.texts("type") or ()) or None if items is not None else None,
        enum=tuple(element.value for element in enum.listed()) if enum is not None else None,
        deprecated=node.flag("deprecated"),
        **bounds(node),
    )
    nested = read_json_schema(node, path, inherited=bool(facts.get("personal")))
    if items is not None:
        nested += read_json_schema(items, path, inherited=bool(facts.get("personal")))
    return {**facts, "fields": nested}


def _report_combinations(node: Node, path: str) -> None:
    for key in _NOT_READ:
        if (found := node.get(key)) is not None:
            found.skip(f"{path}.{key}", f"{key!r} combines or refers to schemas, which is not followed")
