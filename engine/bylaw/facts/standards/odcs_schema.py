"""
The reader of an ODCS ``schema``: objects and their properties, nested ones and the items of arrays included.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bylaw.facts import units
from bylaw.facts.bounds import bounds
from bylaw.facts.documents.document import Value
from bylaw.facts.documents.node import Node
from bylaw.facts.said import classification, personal, said
from bylaw.facts.samples import samples_look_like
from bylaw.facts.standards.odcs_custom import Custom, about_people, behind, custom_properties, first, words

_OBJECT_KEYS = (
    *("id", "name", "physicalName", "physicalType", "logicalType", "description", "businessName", "tags", "quality"),
    *("relationships", "properties", "authoritativeDefinitions", "dataGranularityDescription", "customProperties"),
    *("transformSourceObjects", "transformLogic", "transformDescription", "context", "synonyms", "deprecated"),
)
_PROPERTY_KEYS = (
    *_OBJECT_KEYS,
    *("primaryKey", "primaryKeyPosition", "logicalTypeOptions", "required", "unique", "partitioned"),
    *("partitionKeyPosition", "classification", "encryptedName", "criticalDataElement", "examples", "items", "enum"),
    *("semanticType", "map", "keys", "values"),
)

_USUAL_KEYS = frozenset(
    {
        *("name", "businessName", "physicalName", "description", "classification", "tags", "criticalDataElement"),
        *("logicalType", "physicalType", "required", "unique", "primaryKey", "primaryKeyPosition", "deprecated"),
        *("partitioned", "partitionKeyPosition", "examples", "semanticType", "quality"),
    }
)
"""With none but these, a field says nothing that ``_unusual`` reads."""


_PLAIN_TEXTS = frozenset(
    {"name", "businessName", "physicalName", "description", "logicalType", "physicalType", "classification"}
)
_PLAIN_FLAGS = frozenset({"required", "unique", "primaryKey", "criticalDataElement", "deprecated"})


def read_objects(top: Node) -> list[dict[str, Any]]:
    return [_object(element) for element in top.elements("schema")]


def object_name(element: Node) -> str:
    """Its name; contracts that have none are told apart by where the object stands."""
    return element.text("name", "physicalName", "id") or f"{element.pointer[-1]}"


def _object(element: Node) -> dict[str, Any]:
    name = object_name(element)
    path = element.source(f"contract.schema[{name}]")
    element.skip_unknown(_OBJECT_KEYS, path)
    element.require(path, "name", standard="ODCS")
    custom = custom_properties(element, path)
    tags = _tags(element, custom)
    about = personal(stated=_flagged_personal(custom), tags=tags)
    rows = custom.get("examples")
    samples = rows.value if rows is not None and isinstance(rows.value, list) else []
    return said(
        name=name,
        path=path,
        physical_name=_unless(name, element.text("physicalName")),
        description=element.text("description"),
        tags=tags,
        deprecated=element.flag("deprecated"),
        fields=[
            _field(child, path, inherited=bool(about), rows=[row for row in samples if isinstance(row, dict)])
            for child in element.elements("properties")
        ],
    )


def _field(element: Node, parent: str, *, inherited: bool, rows: Sequence[Mapping[str, Value]] = ()) -> dict[str, Any]:
    if not rows and (plain := _plain(element)) is not None:
        return _plain_field(element, plain, parent, inherited=inherited)
    name = object_name(element)
    path = element.source(f"{parent}.{name}")
    element.reading.count_field()
    element.skip_unknown(_PROPERTY_KEYS, path)
    element.require(path, "name", standard="ODCS")
    custom = custom_properties(element, path)
    label, tags, meaning = _label(element, custom, path), _tags(element, custom), _meaning(element, custom)
    stated = _flagged_personal(custom)
    about = personal(stated=stated, inherited=inherited, label=label, tags=tags, meaning=meaning)
    if stated is False and personal(label=label, tags=tags):
        element.contradict(path, "it is said not to be personal, and a classification or a tag says that it is")
    required = element.flag("required")
    if required is None:  # where nothing is said, a key is what a row cannot do without
        required = bool(element.flag("primaryKey"))
    return said(
        name=name,
        path=path,
        physical_name=_unless(name, element.text("physicalName")),
        type=element.text("logicalType", "physicalType"),
        physical_type=element.text("physicalType"),
        required=required,
        nullable=not required,
        unique=bool(element.flag("unique")),
        primary_key=bool(element.flag("primaryKey")),
        description=element.text("description"),
        classification=label,
        personal=about,
        semantic_type=meaning,
        tags=tags,
        critical=element.flag("criticalDataElement"),
        deprecated=element.flag("deprecated"),
        has_default="default" in custom,
        samples_look_like=samples_look_like(element.mapping().get("examples"), [row.get(name) for row in rows]),
        **({} if element.mapping().keys() <= _USUAL_KEYS else _unusual(element, custom, path, inherited=bool(about))),
    )


def _plain(element: Node) -> dict[str, Any] | None:
    """
    What a field says that has a name and says nothing but words and flags under the commonest keys: most fields, and
    their number is what a contract takes its time by. ``None`` for any other, of which ``_field`` asks everything.
    """
    value = element.value
    if element.behind is not None or value.__class__ is not dict or "name" not in value:
        return None
    plain = {}
    for key, item in value.items():
        if item.__class__ is str:
            item = item.strip()  # noqa: PLW2901
            if not item or key not in _PLAIN_TEXTS:
                return None
        elif item.__class__ is not bool or key not in _PLAIN_FLAGS:
            return None
        plain[key] = item
    return plain


def _plain_field(element: Node, plain: dict[str, Any], parent: str, *, inherited: bool) -> dict[str, Any]:
    """As ``_field``, of a field that ``_plain`` knows."""
    name = plain["name"]
    path = element.source(f"{parent}.{name}")
    element.reading.count_field()
    label = plain.get("classification")
    if label is not None:
        element.reading.sources[f"{path}.classification"] = (*element.pointer, "classification")
        label = classification(label)
    key = plain.get("primaryKey", False)
    required = plain.get("required", key)
    physical_type = plain.get("physicalType")
    return said(
        name=name,
        path=path,
        physical_name=_unless(name, plain.get("physicalName")),
        type=plain.get("logicalType", physical_type),
        physical_type=physical_type,
        required=required,
        nullable=not required,
        unique=plain.get("unique", False),
        primary_key=key,
        description=plain.get("description"),
        classification=label,
        personal=personal(inherited=inherited, label=label) if inherited or label else None,
        critical=plain.get("criticalDataElement"),
        deprecated=plain.get("deprecated"),
        has_default=False,
    )


def _unusual(element: Node, custom: Custom, path: str, *, inherited: bool) -> dict[str, Any]:
    """What is said under keys that most fields do not have."""
    default = custom.get("default")
    return {
        "synonyms": _synonyms(element),
        "item_type": _item_type(element),
        "default": default.value if default is not None else None,
        "encryption": _encryption(custom, path),
        "enum": _enum(element, custom),
        "derived_from": _derived_from(element, path),
        "references": _references(element, custom, path),
        **_custom_bounds(element),
        **bounds(element.get("logicalTypeOptions")),
        **about_people(custom, path),
        "fields": _nested(element, path, inherited=inherited),
    }


def _unless(name: str, physical: str | None) -> str | None:
    return None if physical == name else physical


def _synonyms(element: Node) -> tuple[str, ...]:
    """Since 3.2 mappings with the word under ``synonym``; plain words are read as well."""
    said_so = (
        synonym.text("synonym") if isinstance(synonym.value, dict) else synonym.as_text()
        for synonym in element.elements("synonyms")
        if synonym.value is not None
    )
    return tuple(word for word in said_so if word)


def _derived_from(element: Node, path: str) -> tuple[str, ...] | None:
    sources = element.get("transformSourceObjects")
    if sources is None:
        return None
    sources.source(f"{path}.derived_from")
    return element.texts("transformSourceObjects")


def _references(element: Node, custom: Custom, path: str) -> tuple[str, ...]:
    """Whither its ``relationships`` lead; or a custom property of the older standard's name."""
    relationships = element.elements("relationships")
    ends = [end for each in relationships if (end := each.get("to")) is not None]
    if not ends and (added := custom.get("references")) is not None:
        ends = [added]
    for end in ends:
        end.source(f"{path}.references")
    return tuple(text for end in ends for text in words(end))


def _nested(element: Node, path: str, *, inherited: bool) -> list[dict[str, Any]]:
    """Fields below: of an object its own, of an array those of its items, of a map those of its values."""
    fields = [_field(child, path, inherited=inherited) for child in element.elements("properties")]
    inner = _inner(element)
    while inner is not None:
        inner.skip_unknown(_PROPERTY_KEYS, f"{path}.items")
        fields += [_field(child, path, inherited=inherited) for child in inner.elements("properties")]
        inner = _inner(inner)
    return fields


def _inner(element: Node) -> Node | None:
    """What an array or a map is of. Before 3.2 maps say it in custom properties of the older standard's names."""
    entries = element.get("map")
    inner = element.get("items") if entries is None else entries.get("value")
    if inner is None and (added := behind(element).behind) is not None:
        inner = next((node for node in (added.get("items"), added.get("values")) if node is not None), None)
        return inner if inner is not None and isinstance(inner.value, dict) else None
    if inner is not None:
        inner.mapping()
    return inner


def _item_type(element: Node) -> str | None:
    """Of an array its items' type, of a map its values', of a vector its numbers' with how many they are."""
    inner = _inner(element)
    if inner is not None:
        return inner.text("logicalType", "physicalType")
    options = element.get("logicalTypeOptions")
    if options is None or element.text("logicalType") != "vector":
        return None
    return f"{options.text('elementType') or 'float32'}({options.text('dimensions') or '?'})"


def _label(element: Node, custom: Custom, path: str) -> str | None:
    """The standard's key, or a custom property of that name; two that differ contradict each other."""
    own, added = element.get("classification"), custom.get("classification")
    node = own or added
    if node is None:
        return None
    node.source(f"{path}.classification")
    label = classification(node.as_text())
    if own is not None and added is not None and (other := classification(added.as_text())) != label:
        added.contradict(f"{path}.classification", f"it is classified as {label} and as {other}")
    return label


def _tags(element: Node, custom: Custom) -> tuple[str, ...] | None:
    own = element.texts("tags") or ()
    added = custom.get("tags")
    if added is None:
        return own or None
    if isinstance(added.value, list):
        return (*own, *(text for tag in added.listed() if (text := tag.as_text())))
    return (*own, *(word.strip() for word in (added.as_text() or "").split(",") if word.strip()))


def _meaning(element: Node, custom: Custom) -> str | None:
    options = element.get("logicalTypeOptions")
    meaning = element.text("semanticType") or (options.text("format") if options is not None else None)
    added = first(custom, ("semantictype", "format"))
    return meaning or (added.as_text() if added is not None else None)


def _custom_bounds(element: Node) -> dict[str, Any]:
    """Bounds that the standard has no option for, or none for this type."""
    return bounds(behind(element).behind)


def _flagged_personal(custom: Custom) -> bool | None:
    """``pii: true`` among the custom properties, as converters from older contracts write it."""
    node = custom.get("pii") or custom.get("personal") or custom.get("containspii")
    if node is None:
        return None
    word = str(node.value).lower()
    if word not in ("true", "false"):
        raise node.wrong("true or false")
    return word == "true"


def _encryption(custom: Custom, path: str) -> str | None:
    node = custom.get("encryption")
    if node is None or (text := node.as_text()) is None:
        return None
    node.source(f"{path}.encryption")
    return units.encryption_at_rest(text)


def _enum(element: Node, custom: Custom) -> tuple[Any, ...] | None:
    node = element.get("enum") or custom.get("enum") or custom.get("enumvalues")
    if node is None:
        return None
    if isinstance(node.value, str):
        return tuple(_words(node.value))
    if isinstance(node.value, dict):  # Protobuf's importer writes {SYMBOL: number}
        return tuple(node.value)
    return tuple(_allowed(element.value) for element in node.listed())


def _allowed(element: Value) -> Value:
    """Since 3.2 a mapping with the ``value`` and what it means."""
    return element.get("value", element) if isinstance(element, dict) else element


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
