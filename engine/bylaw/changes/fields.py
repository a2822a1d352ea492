"""
What is different between the fields of two contracts, or of two Avro records. A nested field that came or went with
what it is part of is not listed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bylaw.changes.constraints import constraint_differences
from bylaw.changes.difference import Difference, Thing, by_name, difference, of_lists
from bylaw.changes.protection import field_protection_differences
from bylaw.facts.avro_fields import read_avro_record
from bylaw.facts.documents.json_text import read_json
from bylaw.facts.documents.node import Reading


def contract_differences(previous: Mapping[str, Any], current: Mapping[str, Any]) -> list[Difference]:
    """
    Differences between two contracts in the normal form (``input.product.contract``), sorted by path.

    An object that is new is a ``field_added`` that nothing requires; one that is gone is a ``field_removed`` that
    everything required.
    """
    found = _objects(by_name(previous.get("schema", ())), by_name(current.get("schema", ())))
    return sorted(found, key=lambda each: (each["path"], each["type"], each.get("constraint", "")))


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


def _avro_fields(text: str) -> list[dict[str, Any]]:
    return read_avro_record(Reading(read_json(text, file="schema")).top(), "schema")


def _objects(before: Mapping[str, Thing], after: Mapping[str, Thing]) -> Iterator[Difference]:
    for name in before.keys() - after.keys():
        yield _came_or_went("field_removed", before[name], required=True)
    for name in after.keys() - before.keys():
        yield _came_or_went("field_added", after[name], required=False)
    for name in before.keys() & after.keys():
        yield from _called(before[name], after[name])
        yield from _fields(by_name(before[name].get("fields", ())), by_name(after[name].get("fields", ())))


def _fields(before: Mapping[str, Thing], after: Mapping[str, Thing]) -> Iterator[Difference]:
    for name in before.keys() - after.keys():
        yield _came_or_went("field_removed", before[name])
    for name in after.keys() - before.keys():
        yield _came_or_went("field_added", after[name])
    for name in before.keys() & after.keys():
        yield from _changes(before[name], after[name])
        yield from _fields(by_name(before[name].get("fields", ())), by_name(after[name].get("fields", ())))


def _called(before: Thing, after: Thing) -> Iterator[Difference]:
    """What queries call it, which is its own name where no other is said."""
    was, is_ = before.get("physical_name", before["name"]), after.get("physical_name", after["name"])
    if was != is_:
        yield _of_field("name_changed", "changed", after, was=was, now=is_)


def _changes(before: Thing, after: Thing) -> Iterator[Difference]:
    yield from _called(before, after)
    was, is_ = _types(before, after)
    if was != is_:
        yield _of_field("type_changed", "changed", after, was=was, now=is_)
    for fact, added, removed in (
        ("has_default", "default_added", "default_removed"),
        ("required", "required_added", "required_removed"),
    ):
        had, has = bool(before.get(fact)), bool(after.get(fact))
        if had != has:
            yield _of_field(added if has else removed, "added" if has else "removed", after)
    meant, means = before.get("semantic_type"), after.get("semantic_type")
    if meant is not None and means is not None and meant != means:
        yield _of_field("meaning_changed", "changed", after, was=meant, now=means)
    for reference, direction in of_lists(before.get("references"), after.get("references")):
        side = {"was": reference} if direction == "removed" else {"now": reference}
        yield _of_field("reference_changed", direction, after, **side)
    if bool(before.get("deprecated")) != bool(after.get("deprecated")):
        yield _of_field("deprecation_changed", "added" if after.get("deprecated") else "removed", after)
    yield from constraint_differences(before, after)
    yield from field_protection_differences(before, after)


def _came_or_went(kind: str, field: Thing, *, required: bool | None = None) -> Difference:
    direction = "added" if kind == "field_added" else "removed"
    found = _of_field(kind, direction, field)
    return found if required is None else {**found, "required": required}


def _of_field(kind: str, direction: Any, field: Thing, **facts: Any) -> Difference:
    return {
        **difference(
            kind, direction, path=field["path"], subject=f"field {field['name']}", field=field["name"], **facts
        ),
        "required": bool(field.get("required")),
        "has_default": bool(field.get("has_default")),
        **({"was_deprecated": True} if kind == "field_removed" and field.get("deprecated") else {}),
        **({"personal": True} if kind == "field_added" and field.get("personal") else {}),
    }


def _types(before: Thing, after: Thing) -> tuple[str | None, str | None]:
    """
    The first pair of types that differs: logical, physical, of the elements. A kind of type that only one side states
    is no difference while another kind is comparable and equal.
    """
    pairs = [(_logical(before), _logical(after)), (before.get("physical_type"), after.get("physical_type"))]
    comparable = [pair for pair in pairs if None not in pair]
    for was, is_ in comparable or [(before.get("type"), after.get("type"))]:
        if was != is_:
            return was, is_
    return _of_items(before, after), _of_items(after, before)


def _logical(field: Thing) -> str | None:
    """Its logical type; where a contract only states a physical one, ``type`` repeats that, which is no other."""
    return None if field.get("type") == field.get("physical_type") else field.get("type")


def _of_items(field: Thing, other: Thing) -> str | None:
    if field.get("item_type") == other.get("item_type"):
        return None
    return f"{field.get('type')} of {field['item_type']}" if field.get("item_type") else field.get("type")
