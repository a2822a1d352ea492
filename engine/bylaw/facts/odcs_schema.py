"""
The reader of an ODCS ``schema``: objects and their properties, nested ones and the items of arrays included.
"""

from __future__ import annotations

import json
from typing import Any

from bylaw.facts import units
from bylaw.facts.node import Node
from bylaw.facts.odcs_custom import custom_properties
from bylaw.facts.said import classification, personal, said

_OBJECT_KEYS = (
    *("id", "name", "physicalName", "physicalType", "logicalType", "description", "businessName", "tags", "quality"),
    *("relationships", "properties", "authoritativeDefinitions", "dataGranularityDescription", "customProperties"),
    *("transformSourceObjects", "transformLogic", "transformDescription", "context", "synonyms", "deprecated"),
)
_PROPERTY_KEYS = (
    *_OBJECT_KEYS,
    *("primaryKey", "primaryKeyPosition", "logicalTypeOptions", "required", "unique", "partitioned"),
    *("partitionKeyPosition", "classification", "encryptedName", "criticalDataElement", "examples", "items", "enum"),
    *("semanticType", "keys", "values"),
)


def read_objects(top: Node) -> list[dict[str, Any]]:
    return [_object(element) for element in top.elements("schema")]


def object_name(element: Node) -> str:
    """Its name; contracts that have none are told apart by where the object stands."""
    return element.text("name", "physicalName", "id") or f"{element.pointer[-1]}"


def _object(element: Node) -> dict[str, Any]:
    path = element.source(f"contract.schema[{object_name(element)}]")
    element.skip_unknown(_OBJECT_KEYS, path)
    tags = _tags(element, custom_properties(element))
    about_people = personal(stated=_flagged_personal(element), tags=tags)
    return said(
        name=object_name(element),
        path=path,
        description=element.text("description"),
        tags=tags,
        fields=[_field(child, path, inherited=bool(about_people)) for child in element.elements("properties")],
    )


def _field(element: Node, parent: str, *, inherited: bool, name: str | None = None) -> dict[str, Any]:
    name = name or object_name(element)
    path = element.source(f"{parent}.{name}")
    element.skip_unknown(_PROPERTY_KEYS, path)
    custom = custom_properties(element)
    label, tags, meaning = _label(element, custom, path), _tags(element, custom), _meaning(element)
    stated = _flagged_personal(element)
    about_people = personal(stated=stated, inherited=inherited, label=label, tags=tags, meaning=meaning)
    required = element.flag("required")
    if required is None:  # where nothing is said, a key is what a row cannot do without
        required = bool(element.flag("primaryKey"))
    default = custom.get("default")
    return said(
        name=name,
        path=path,
        type=element.text("logicalType", "physicalType"),
        physical_type=element.text("physicalType"),
        item_type=_item_type(element),
        required=required,
        nullable=not required,
        unique=bool(element.flag("unique")),
        primary_key=bool(element.flag("primaryKey")),
        description=element.text("description"),
        classification=label,
        personal=about_people,
        semantic_type=meaning,
        tags=tags,
        has_default=default is not None,
        default=default.value if default is not None else None,
        encryption=_encryption(custom, path),
        enum=_enum(element, custom),
        fields=_nested(element, path, inherited=bool(about_people)),
    )


def _nested(element: Node, path: str, *, inherited: bool) -> list[dict[str, Any]]:
    """Fields below: of an object its own, of an array those of its items."""
    fields = [_field(child, path, inherited=inherited) for child in element.elements("properties")]
    items = element.get("items")
    while items is not None:
        items.mapping()
        fields += [_field(child, path, inherited=inherited) for child in items.elements("properties")]
        items = items.get("items")
    return fields


def _item_type(element: Node) -> str | None:
    items = element.get("items")
    return None if items is None else items.text("logicalType", "physicalType")


def _label(element: Node, custom: dict[str, Node], path: str) -> str | None:
    node = element.get("classification") or custom.get("classification")
    if node is None:
        return None
    node.source(f"{path}.classification")
    return classification(node.as_text())


def _tags(element: Node, custom: dict[str, Node]) -> tuple[str, ...] | None:
    own = element.texts("tags") or ()
    added = custom.get("tags")
    if added is None:
        return own or None
    if isinstance(added.value, list):
        return (*own, *(text for tag in added.listed() if (text := tag.as_text())))
    return (*own, *(word.strip() for word in (added.as_text() or "").split(",") if word.strip()))


def _meaning(element: Node) -> str | None:
    options = element.get("logicalTypeOptions")
    return element.text("semanticType") or (options.text("format") if options is not None else None)


def _flagged_personal(element: Node) -> bool | None:
    """``pii: true`` among the custom properties, as converters from older contracts write it."""
    custom = custom_properties(element)
    node = custom.get("pii") or custom.get("personal") or custom.get("containspii")
    if node is None:
        return None
    word = str(node.value).lower()
    if word not in ("true", "false"):
        raise node.wrong("true or false")
    return word == "true"


def _encryption(custom: dict[str, Node], path: str) -> str | None:
    node = custom.get("encryption")
    if node is None or (text := node.as_text()) is None:
        return None
    node.source(f"{path}.encryption")
    return units.encryption_at_rest(text)


def _enum(element: Node, custom: dict[str, Node]) -> tuple[Any, ...] | None:
    node = element.get("enum") or custom.get("enum") or custom.get("enumvalues")
    if node is None:
        return None
    if isinstance(node.value, str):
        return tuple(_words(node.value))
    if isinstance(node.value, dict):  # Protobuf's importer writes {SYMBOL: number}
        return tuple(node.value)
    return tuple(
        element.value.get("value") if isinstance(element.value, dict) else element.value for element in node.listed()
    )


def _words(text: str) -> list[Any]:
    """A list in one text: JSON, or words with commas between."""
    if text.lstrip().startswith("["):
        try:
            listed = json.loads(text)
        except ValueError:
            listed = None
        if isinstance(listed, list):
            return listed
    return [word.strip() for word in text.split(",") if word.strip()]
