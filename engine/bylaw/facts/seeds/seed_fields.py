"""
Fields as the simple contract forms write them: a list of ``{name, type, …}``, or a mapping from name to a type or to
``{type, …}``.
"""

from __future__ import annotations

from typing import Any

from bylaw.facts.bounds import bounds
from bylaw.facts.documents.node import Node
from bylaw.facts.field_facts import field_facts

_KNOWN = frozenset(
    {
        *("name", "type", "nullable", "description", "doc", "enum", "allowed_values", "min", "max", "pattern", "items"),
        *("values", "fields", "constraints", "constraint", "required", "unique", "primary_key", "is_primary_key"),
        *("semantic_type", "semantic", "business_rule", "references", "source", "classification", "sensitivity"),
        *("privacy", "tags", "pii", "encryption", "default", "retention_days", "format", "example", "examples"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength"),
    }
)
_CONSTRAINTS = frozenset({"primary_key", "not_null", "required", "unique"})


def read_fields(node: Node | None, path: str, *, inherited: bool = False) -> list[dict[str, Any]]:
    """The fields of a list or a mapping; none where there is neither."""
    if node is None:
        return []
    if isinstance(node.value, list):
        return [_field(element, path, element.text("name"), inherited=inherited) for element in node.listed()]
    return [_field(node[name], path, name, inherited=inherited) for name in node.mapping()]


def _field(node: Node, parent: str, name: str | None, *, inherited: bool) -> dict[str, Any]:
    if name is None:
        raise node.wrong("a field with a name")
    path = f"{parent}.{name}"
    if isinstance(node.value, str):  # name: type
        node.source(path)
        node.reading.count_field()
        return {"name": name, "path": path, "type": node.value}
    node.skip_unknown(_KNOWN, path)
    constraints = _constraints(node, path)
    key = "primary_key" in constraints or bool(node.flag("primary_key") or node.flag("is_primary_key"))
    facts = field_facts(
        node,
        name=name,
        path=path,
        nullable=_nullable(node, constraints, key=key),
        inherited=inherited,
        meaning=node.text("format"),
        type=node.text("type"),
        item_type=node.text("items", "values") if not _is_nested_items(node) else None,
        primary_key=key,
        unique=key or "unique" in constraints or bool(node.flag("unique")),
        enum=tuple(element.value for element in _enum(node)),
        retention_days=node.number("retention_days"),
        derived_from=_named(node, "source", f"{path}.derived_from"),
        references=_named(node, "references", f"{path}.references"),
        **bounds(node),
    )
    return {**facts, "fields": read_fields(node.get("fields"), path, inherited=bool(facts.get("personal")))}


def _named(node: Node, key: str, path: str) -> tuple[str, ...] | None:
    """``domain.product.field`` as ``domain/product/field``: that is how things of other products are named here."""
    if (written := node.get(key)) is not None:
        written.source(path)
    names = node.texts(key)
    return None if names is None else tuple(name.replace(".", "/", 2) for name in names)


def _nullable(node: Node, constraints: tuple[str, ...], *, key: bool) -> bool:
    stated = node.flag("nullable")
    if stated is not None:
        return stated
    return not (key or node.flag("required") or "not_null" in constraints or "required" in constraints)


def _constraints(node: Node, path: str) -> tuple[str, ...]:
    written = (*(node.texts("constraints") or ()), *(node.texts("constraint") or ()))
    unknown = [constraint for constraint in written if constraint not in _CONSTRAINTS]
    for constraint in unknown:
        node.skip(f"{path}.constraints", f"constraint {constraint!r} is not understood")
    return written


def _enum(node: Node) -> list[Node]:
    return node.elements("enum") or node.elements("allowed_values")


def _is_nested_items(node: Node) -> bool:
    items = node.first("items", "values")
    return items is not None and not isinstance(items.value, str)
