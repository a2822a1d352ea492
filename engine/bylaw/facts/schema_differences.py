"""
What is different between two schemas, as a list of facts. Whether a difference breaks anybody is for rules to say
(``global.schema.compatible_with_mode``); nothing here knows of compatibility.

Differences are between the fields of the normal form, so contracts of any form are compared alike, and Avro records
too. A nested field that came or went with what it is part of is not listed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from bylaw.facts.avro_fields import read_avro_record
from bylaw.facts.json_text import read_json
from bylaw.facts.node import Reading

FieldFacts: TypeAlias = Mapping[str, Any]
Difference: TypeAlias = dict[str, Any]


def contract_differences(previous: Mapping[str, Any], current: Mapping[str, Any]) -> list[Difference]:
    """
    Differences between two contracts in the normal form (``input.product.contract``), sorted by path.

    An object that is new is a ``field_added`` that nothing requires; one that is gone is a ``field_removed`` that
    everything required.
    """
    differences = _objects(_by_name(previous.get("schema", ())), _by_name(current.get("schema", ())))
    return sorted(differences, key=lambda difference: (difference["path"], difference["type"]))


def avro_differences(previous: str, current: str) -> list[Difference]:
    """
    Differences between two Avro record schemas, as JSON text.

    Raises:
        InputError: One of them is no JSON, or no record.
    """
    before, after = (
        {"schema": [{"name": "record", "path": "schema", "fields": _avro_fields(text)}]} for text in (previous, current)
    )
    return contract_differences(before, after)


def schema_facts(previous: Mapping[str, Any], current: Mapping[str, Any]) -> dict[str, Any]:
    """``input.schema`` for a product and its released version, both in the normal form."""
    contract = current.get("contract", {})
    mode = current.get("compatibility")
    name = "/".join(part for part in (current.get("domain"), current.get("name")) if part)
    return {
        **({"subject": subject} if (subject := contract.get("id") or name) else {}),
        **({"compatibility": mode} if mode else {}),
        "type": "AVRO" if contract.get("standard") == "seed:event-stream" else "CONTRACT",
        "differences": contract_differences(previous.get("contract", {}), contract),
    }


def _avro_fields(text: str) -> list[dict[str, Any]]:
    return read_avro_record(Reading(read_json(text, file="schema")).top(), "schema")


def _objects(before: Mapping[str, FieldFacts], after: Mapping[str, FieldFacts]) -> Iterator[Difference]:
    for name in before.keys() - after.keys():
        yield _difference("field_removed", before[name], required=True)
    for name in after.keys() - before.keys():
        yield _difference("field_added", after[name], required=False)
    for name in before.keys() & after.keys():
        yield from _fields(_by_name(before[name].get("fields", ())), _by_name(after[name].get("fields", ())))


def _fields(before: Mapping[str, FieldFacts], after: Mapping[str, FieldFacts]) -> Iterator[Difference]:
    for name in before.keys() - after.keys():
        yield _difference("field_removed", before[name])
    for name in after.keys() - before.keys():
        yield _difference("field_added", after[name])
    for name in before.keys() & after.keys():
        yield from _changes(before[name], after[name])
        yield from _fields(_by_name(before[name].get("fields", ())), _by_name(after[name].get("fields", ())))


def _changes(before: FieldFacts, after: FieldFacts) -> Iterator[Difference]:
    was, is_ = _types(before, after)
    if was != is_:
        stated = {key: value for key, value in (("from", was), ("to", is_)) if value is not None}
        yield {**_difference("type_changed", after), **stated}
    for fact, added, removed in (
        ("has_default", "default_added", "default_removed"),
        ("required", "required_added", "required_removed"),
    ):
        had, has = bool(before.get(fact)), bool(after.get(fact))
        if had != has:
            yield _difference(added if has else removed, after)


def _difference(kind: str, field: FieldFacts, *, required: bool | None = None) -> Difference:
    return {
        "type": kind,
        "path": field["path"],
        "field": field["name"],
        "required": bool(field.get("required")) if required is None else required,
        "has_default": bool(field.get("has_default")),
    }


def _types(before: FieldFacts, after: FieldFacts) -> tuple[str | None, str | None]:
    """
    The first pair of types that differs: logical, physical, of the elements, the values allowed. A kind of type that
    only one side states is no difference while another kind is comparable and equal.
    """
    pairs = [(_logical(before), _logical(after)), (before.get("physical_type"), after.get("physical_type"))]
    comparable = [pair for pair in pairs if None not in pair]
    for was, is_ in comparable or [(before.get("type"), after.get("type"))]:
        if was != is_:
            return was, is_
    if before.get("item_type") != after.get("item_type"):
        return _of_items(before), _of_items(after)
    return _allowed(before), _allowed(after)


def _logical(field: FieldFacts) -> str | None:
    """Its logical type; where a contract only states a physical one, ``type`` repeats that, which is no other."""
    return None if field.get("type") == field.get("physical_type") else field.get("type")


def _of_items(field: FieldFacts) -> str | None:
    return f"{field.get('type')} of {field['item_type']}" if field.get("item_type") else field.get("type")


def _allowed(field: FieldFacts) -> str | None:
    """The values allowed, whatever their order."""
    if not field.get("enum"):
        return None
    return f"one of {', '.join(sorted(str(value) for value in field['enum']))}"


def _by_name(things: Any) -> dict[str, FieldFacts]:
    return {thing["name"]: thing for thing in things}
