"""
The reader of the ``models`` of Data Contract Specification documents. Types are said as ODCS says them, logical and
physical, so that a contract means the same before and after it is converted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from bylaw.facts.bounds import bounds
from bylaw.facts.documents.document import Value
from bylaw.facts.documents.node import Node
from bylaw.facts.field_facts import field_facts
from bylaw.facts.said import personal, said
from bylaw.facts.samples import MAX_SAMPLES, samples_look_like
from bylaw.facts.standards.odcs_quality import rules_of

MODEL_KEYS = frozenset(
    {
        *("type", "title", "description", "fields", "primaryKey", "quality", "examples", "additionalFields", "config"),
        *("tags", "links"),
    }
)
FIELD_KEYS = frozenset(
    {
        *(
            "type",
            "title",
            "description",
            "required",
            "unique",
            "primary",
            "primaryKey",
            "references",
            "enum",
            "format",
        ),
        *("precision", "scale", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum"),
        *("exclusiveMaximum", "example", "examples", "pii", "classification", "tags", "links", "fields", "items"),
        *("keys", "values", "quality", "lineage", "config", "$ref", "ref", "domain", "name", "default", "encryption"),
        "value",
    }
)
LOGICAL_TYPES = {
    **dict.fromkeys(("string", "text", "varchar"), "string"),
    **dict.fromkeys(("number", "decimal", "numeric", "float", "double"), "number"),
    **dict.fromkeys(("int", "integer", "long", "bigint"), "integer"),
    **dict.fromkeys(("timestamp", "timestamp_tz", "timestamp_ntz"), "timestamp"),
    **dict.fromkeys(("object", "record", "struct", "map"), "object"),
    **{kind: kind for kind in ("date", "time", "boolean", "array")},
}
"""Types of the specification and what ODCS 3.1 calls them; the rest (``bytes``, ``json``, ``variant``) it does not."""

Followed: TypeAlias = tuple[str, ...]
"""References, in the order in which they led from one to the next."""

Rows: TypeAlias = list[Mapping[str, Value]]


def read_models(top: Node) -> list[dict[str, Any]]:
    samples = dict(sample_rows(top))
    return [_object(name, model, samples.get(name, [])) for name, model in top.members("models")]


def read_quality(top: Node) -> list[dict[str, Any]]:
    """Since 1.1 the rules of models and fields are written as in ODCS."""
    rules: list[dict[str, Any]] = []
    for name, model in top.members("models"):
        rules += _rules_below(model, f"contract.schema[{name}]", measured=name)
    return rules


def physical_type(node: Node) -> str | None:
    """The type as it is written, with its precision: ``decimal(10,2)``."""
    written, precision = node.text("type"), node.count("precision")
    if written is None or precision is None:
        return written
    return f"{written}({precision},{node.count('scale') or 0})"


def resolved(node: Node, followed: Followed) -> tuple[Node, Followed]:
    """
    The field with what its ``$ref`` says behind what it says itself, and the references that were followed. What it
    says about a field (that it is personal, for one) must not get lost, so a reference that cannot be followed is an
    error, as is one that was ``followed`` on the way here: it never ends. Nothing outside is looked at.
    """
    reference = node.get("$ref")
    if reference is None:
        return node, followed
    text = reference.as_text() or ""
    if text in followed:
        raise reference.wrong("a reference that does not lead back to itself")
    steps = text.removeprefix("#/").split("/")
    target: Value = node.reading.document.value
    for step in steps if text.startswith("#/") else ("",):
        target = target.get(step) if isinstance(target, dict) else None
    if not isinstance(target, dict) or "$ref" in target:
        raise reference.wrong("a reference into this document's definitions")
    behind = Node(node.reading, target, tuple(steps))
    return Node(node.reading, node.value, node.pointer, behind), (*followed, text)


def _object(name: str, model: Node, rows: Rows) -> dict[str, Any]:
    path = model.source(f"contract.schema[{name}]")
    model.skip_unknown(MODEL_KEYS, path)
    keys, tags = model.texts("primaryKey") or (), model.texts("tags")
    inherited = bool(personal(tags=tags))
    return said(
        name=name,
        path=path,
        description=model.text("description"),
        tags=tags,
        fields=[
            _field(child, f"{path}.{key}", key, inherited=inherited, in_key=key in keys, rows=rows)
            for key, child in model.members("fields")
        ],
    )


def _field(
    node: Node,
    path: str,
    name: str,
    *,
    inherited: bool = False,
    in_key: bool = False,
    rows: Rows | None = None,
    followed: Followed = (),
) -> dict[str, Any]:
    node, followed = resolved(node, followed)
    node.skip_unknown(FIELD_KEYS, path)
    key = bool(in_key or node.flag("primaryKey") or node.flag("primary"))
    required = node.flag("required")
    written = physical_type(node)
    samples = [node.mapping().get("example"), node.mapping().get("examples"), [row.get(name) for row in rows or ()]]
    facts = field_facts(
        node,
        name=name,
        path=path,
        nullable=not (key if required is None else required),
        inherited=inherited,
        meaning=node.text("format"),
        type=LOGICAL_TYPES.get((node.text("type") or "").lower(), written),
        physical_type=written,
        item_type=_item_type(node),
        primary_key=key,
        unique=bool(node.flag("unique")),
        enum=tuple(element.value for element in node.elements("enum")),
        derived_from=_derived_from(node, path),
        references=node.texts("references"),
        samples_look_like=samples_look_like(*samples),
        **bounds(node),
    )
    about_people = bool(facts.get("personal"))
    nested = [
        _field(child, f"{path}.{key}", key, inherited=about_people, followed=behind)
        for holder, behind in _holders(node, followed)
        for key, child in holder.members("fields")
    ]
    return {**facts, "fields": nested}


def _holders(node: Node, followed: Followed) -> Iterator[tuple[Node, Followed]]:
    """
    What has the fields below, and the references that led there: a record itself, of an array its items, of a map its
    values.
    """
    yield node, followed
    while (inner := node.first("items", "values")) is not None:
        node, followed = resolved(inner, followed)
        yield node, followed


def _item_type(node: Node) -> str | None:
    written = node.first("items", "values")
    if written is None:
        return None
    inner, _ = resolved(written, ())
    return LOGICAL_TYPES.get((inner.text("type") or "").lower(), physical_type(inner))


def _derived_from(node: Node, path: str) -> tuple[str, ...]:
    """``lineage.inputFields``: of each its namespace, name and field."""
    lineage = node.get("lineage")
    if lineage is None:
        return ()
    lineage.source(f"{path}.derived_from")
    return tuple(source_field(each) for each in lineage.elements("inputFields"))


def source_field(node: Node) -> str:
    thing = ".".join(part for key in ("name", "field") if (part := node.text(key)))
    return "/".join(part for part in (node.text("namespace"), thing) if part) or "?"


def sample_rows(top: Node) -> Iterator[tuple[str, Rows]]:
    """Rows of samples by model: of its ``examples``, or, before 1.1, of those of the contract (as rows, or as CSV)."""
    for name, model in top.members("models"):
        if model.get("examples") is not None:
            yield name, _mappings(model.mapping()["examples"])
    for example in top.elements("examples") if isinstance(top.mapping().get("examples"), list) else ():
        if not isinstance(example.value, dict):
            continue
        data, kind = example.mapping().get("data"), example.text("type")
        model_name = example.text("model")
        if model_name and isinstance(data, str) and kind == "csv":
            yield model_name, [dict(row) for _, row in zip(range(MAX_SAMPLES), _csv(data), strict=False)]
        elif model_name:
            yield model_name, _mappings(data)


def _csv(text: str) -> Iterator[dict[str, Value]]:
    try:
        yield from csv.DictReader(text.splitlines(), restkey="", restval="")
    except csv.Error:  # samples are no facts; text that is no CSV shows none
        return


def _mappings(value: Value) -> Rows:
    return [row for row in value[:MAX_SAMPLES] if isinstance(row, dict)] if isinstance(value, list) else []


def _rules_below(node: Node, path: str, *, measured: str) -> Iterator[dict[str, Any]]:
    yield from rules_of(node, path, measured=measured)
    for name, child in node.members("fields"):
        yield from _rules_below(child, f"{path}.{name}", measured=f"{measured}.{name}")
