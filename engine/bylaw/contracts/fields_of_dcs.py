"""
Models and fields of the Data Contract Specification as objects and properties of ODCS 3.1.

What ODCS has no place for (allowed values, bounds of a type that has none, how a map is made) becomes custom properties
of the names that our reader of ODCS knows, so that the facts stay what they are.
"""

from __future__ import annotations

import re
from typing import Any

from bylaw.contracts.kept import Kept, Notes
from bylaw.contracts.quality_of_dcs import quality_rules
from bylaw.facts.documents.document import Value
from bylaw.facts.documents.node import Node
from bylaw.facts.said import said
from bylaw.facts.standards.dcs_fields import (
    FIELD_KEYS,
    LOGICAL_TYPES,
    MODEL_KEYS,
    Followed,
    physical_type,
    resolved,
    source_field,
)

_SHORT_REFERENCE = re.compile(r"[A-Za-z_]\w*\.[A-Za-z_]\w*", re.ASCII)
_BOUNDS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern"),
    "format",
)
_TEXT_OPTIONS = {"minLength": int, "maxLength": int, "pattern": str, "format": str}
_TIME_OPTIONS = dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "format"), str)
_NUMBER_OPTIONS = dict.fromkeys(
    ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), (int, float)
)
_OPTIONS: dict[str | None, Any] = {
    "string": _TEXT_OPTIONS,
    **dict.fromkeys(("date", "timestamp", "time"), _TIME_OPTIONS),
    **dict.fromkeys(("number", "integer"), _NUMBER_OPTIONS),
}
"""Of each logical type the options that ODCS has for it, and what their values are."""


def objects(top: Node, notes: Notes, rows: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """``rows`` are samples by model that stand elsewhere in the document."""
    return [_object(name, model, notes, rows.get(name, [])) for name, model in top.members("models")]


def links(node: Node) -> list[dict[str, Any]]:
    """``links: {name: url}`` as authoritative definitions."""
    return [{"type": name, "url": url} for name, link in node.members("links") if (url := link.as_text())]


def _object(name: str, model: Node, notes: Notes, rows: list[Any]) -> dict[str, Any]:
    kept = Kept(notes)
    kept.keep("additionalFields", model.mapping().get("additionalFields"))
    kept.keep("config", model.mapping().get("config"))
    kept.keep("examples", model.mapping().get("examples") or rows or None)
    _keep_unknown(model, MODEL_KEYS, kept)
    keys = model.texts("primaryKey") or ()
    return said(
        name=name,
        physicalType=model.text("type"),
        businessName=model.text("title"),
        description=model.text("description"),
        tags=list(model.texts("tags") or ()),
        authoritativeDefinitions=links(model),
        quality=quality_rules(model, notes),
        properties=[
            _property(child, notes, name=key, position=keys.index(key) + 1 if key in keys else None)
            for key, child in model.members("fields")
        ],
        customProperties=kept.properties,
    )


def _property(
    written: Node, notes: Notes, *, name: str | None = None, position: int | None = None, followed: Followed = ()
) -> dict[str, Any]:
    """``name`` is absent for what an array or a map is of; ``followed`` are the references that led here."""
    node, followed = resolved(written, followed)
    node.reading.count_field()
    kept = Kept(notes)
    kind = (node.text("type") or "").lower()
    logical = LOGICAL_TYPES.get(kind)
    facts = node.mapping()
    options = _options(facts, logical, kept)
    kept.keep("definition", facts.get("$ref"))
    for key in ("enum", "pii", "default", "encryption", "config", "precision", "scale", "value"):
        kept.keep(key, facts.get(key) if facts.get(key) != [] else None)
    relationships = _relationships(node, kept)
    inner = node.get("items")
    if inner is not None and logical != "array":
        kept.keep("items", _property(inner, notes, followed=followed))
    for key in ("keys", "values"):
        if (entry := node.get(key)) is not None:
            kept.keep(key, _property(entry, notes, followed=followed))
    sources = _sources(node, kept)
    _keep_unknown(node, FIELD_KEYS, kept)
    return said(
        name=name,
        businessName=node.text("title"),
        logicalType=logical,
        physicalType=physical_type(node),
        description=node.text("description"),
        primaryKey=True if position else node.flag("primaryKey") or node.flag("primary"),
        primaryKeyPosition=position,
        required=node.flag("required"),
        unique=node.flag("unique"),
        logicalTypeOptions=options,
        classification=node.text("classification"),
        tags=list(node.texts("tags") or ()),
        examples=[*_listed(facts.get("example")), *_listed(facts.get("examples"))],
        authoritativeDefinitions=links(node),
        relationships=relationships,
        transformSourceObjects=sources,
        quality=quality_rules(node, notes),
        properties=[_property(child, notes, name=key, followed=followed) for key, child in node.members("fields")],
        items=_property(inner, notes, followed=followed) if inner is not None and logical == "array" else None,
        customProperties=kept.properties,
    )


def _options(facts: dict[str, Value], logical: str | None, kept: Kept) -> dict[str, Value]:
    """What the logical type has an option for; the rest is kept."""
    shapes = _OPTIONS.get(logical, {})
    options: dict[str, Value] = {}
    for key in _BOUNDS:
        value = facts.get(key)
        if value is None:
            continue
        if key in shapes and isinstance(value, shapes[key]) and not isinstance(value, bool):
            options[key] = value
        else:
            kept.keep(key, value)
    return options


def _relationships(node: Node, kept: Kept) -> list[dict[str, Any]]:
    """``references: table.column``."""
    reference = node.text("references")
    if reference is None:
        return []
    if _SHORT_REFERENCE.fullmatch(reference):
        return [{"type": "foreignKey", "to": reference}]
    kept.keep("references", reference)
    return []


def _sources(node: Node, kept: Kept) -> list[str]:
    """The fields that ``lineage`` names; how they were transformed is kept."""
    lineage = node.get("lineage")
    if lineage is None:
        return []
    fields = lineage.elements("inputFields")
    plain = {"namespace", "name", "field"}
    if lineage.mapping().keys() - {"inputFields"} or any(each.mapping().keys() - plain for each in fields):
        kept.keep("lineage", lineage.value)
    return [source_field(each) for each in fields]


def _keep_unknown(node: Node, known: frozenset[str], kept: Kept) -> None:
    for key, value in node.mapping().items():
        if key not in known:
            child = node.get(key)
            kept.keep_unknown(key, value, child.pointer if child is not None else node.pointer)
    for key in ("ref", "domain", "name"):  # of definitions, before 1.1
        if key in known:
            kept.keep(f"definition{key.capitalize()}", node.mapping().get(key))


def _listed(value: Value) -> list[Value]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
