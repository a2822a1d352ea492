"""Differences are facts, and the list of them has laws: nothing differs from itself, and back is forth mirrored."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.changes.fields import avro_differences, contract_differences
from bylaw.changes.released import schema_facts
from bylaw.errors import InputError

NAMES = st.sampled_from(["a", "b", "c", "d"])
TYPES = st.sampled_from(["string", "integer", "array"])


def named(things: st.SearchStrategy[dict[str, Any]], *, most: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(things, max_size=most, unique_by=lambda thing: thing["name"])


def with_paths(things: list[dict[str, Any]], parent: str) -> list[dict[str, Any]]:
    return [
        {
            **thing,
            "path": f"{parent}.{thing['name']}",
            "fields": with_paths(thing["fields"], f"{parent}.{thing['name']}"),
        }
        for thing in things
    ]


FLAT = st.fixed_dictionaries(
    {"name": NAMES, "required": st.booleans(), "has_default": st.booleans(), "fields": st.just([])},
    optional={
        "type": TYPES,
        "physical_type": TYPES,
        "item_type": TYPES,
        "enum": st.sampled_from([["x"], ["y"], ["x", "y"]]),
    },
)
FIELDS = st.builds(lambda field, fields: {**field, "fields": fields}, FLAT, named(FLAT, most=2))
CONTRACTS = named(st.fixed_dictionaries({"name": NAMES, "fields": named(FIELDS, most=3)}), most=2).map(
    lambda objects: {"schema": with_paths(objects, "contract.schema")}
)

OPPOSITES = {
    "added": "removed",
    "changed": "changed",
    "tightened": "loosened",
}
OPPOSITES |= {opposite: direction for direction, opposite in OPPOSITES.items()}


def key(difference: dict[str, Any]) -> tuple[str, str, str, str]:
    kind = difference["type"].removesuffix("_" + difference["direction"])
    return kind, difference["direction"], difference["path"], str((difference.get("from"), difference.get("to")))


def mirrored(difference: dict[str, Any]) -> tuple[str, str, str, str]:
    kind = difference["type"].removesuffix("_" + difference["direction"])
    sides = str((difference.get("to"), difference.get("from")))
    return kind, OPPOSITES[difference["direction"]], difference["path"], sides


@given(CONTRACTS)
def test_nothing_differs_from_itself(contract: dict[str, Any]) -> None:
    assert contract_differences(contract, contract) == []


@given(CONTRACTS, CONTRACTS)
def test_the_way_back_is_the_way_there_mirrored(one: dict[str, Any], other: dict[str, Any]) -> None:
    there = {key(difference) for difference in contract_differences(one, other)}
    assert there == {mirrored(difference) for difference in contract_differences(other, one)}


@given(CONTRACTS)
def test_what_is_new_is_all_that_differs_from_nothing(contract: dict[str, Any]) -> None:
    assert [(d["type"], d["path"]) for d in contract_differences({}, contract)] == [
        ("field_added", path) for path in sorted(thing["path"] for thing in contract["schema"])
    ]


def field(name: str = "f", **facts: Any) -> dict[str, Any]:
    return {"name": name, "path": f"contract.schema[t].{name}", "required": False, "has_default": False, **facts}


def contract(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"schema": [{"name": "t", "path": "contract.schema[t]", "fields": list(fields)}]}


def difference(kind: str, **facts: Any) -> dict[str, Any]:
    direction = kind.rpartition("_")[2]
    name = facts.get("field", "f")
    about = {"path": "contract.schema[t].f", "field": "f", "required": False, "has_default": False}
    return {"type": kind, "direction": direction, "subject": f"field {name}", **about, **facts}


def constraint(name: str, direction: str, was: Any = None, now: Any = None) -> dict[str, Any]:
    about = {"path": "contract.schema[t].f", "subject": "field f", "field": "f", "constraint": name}
    sides = {key: value for key, value in (("from", was), ("to", now)) if value is not None}
    return {"type": "constraint_changed", "direction": direction, **about, **sides}


@pytest.mark.parametrize(
    ("before", "after", "differences"),
    [
        pytest.param([], [field(required=True)], [difference("field_added", required=True)], id="added"),
        pytest.param([field(required=True)], [], [difference("field_removed", required=True)], id="removed"),
        pytest.param(
            [field(type="string")],
            [field(type="date")],
            [difference("type_changed", **{"from": "string", "to": "date"})],
            id="another type",
        ),
        pytest.param(
            [field(type="string", physical_type="varchar(18)")],
            [field(type="string", physical_type="varchar(9)")],
            [difference("type_changed", **{"from": "varchar(18)", "to": "varchar(9)"})],
            id="another physical type",
        ),
        pytest.param(
            [field(type="varchar", physical_type="varchar")],
            [field(type="string", physical_type="varchar")],
            [],
            id="a logical type is now said as well",
        ),
        pytest.param(
            [field()],
            [field(type="string")],
            [difference("type_changed", to="string")],
            id="a type where there was none",
        ),
        pytest.param(
            [field(type="array", item_type="string")],
            [field(type="array", item_type="integer")],
            [difference("type_changed", **{"from": "array of string", "to": "array of integer"})],
            id="other elements",
        ),
        pytest.param(
            [field(type="string", enum=["a", "b"])],
            [field(type="string", enum=["b", "c"])],
            [constraint("enum", "changed", ["a", "b"], ["b", "c"])],
            id="other values",
        ),
        pytest.param(
            [field(type="string", enum=["a", "b"])], [field(type="string", enum=["b", "a"])], [], id="another order"
        ),
        pytest.param(
            [field()],
            [field(required=True, has_default=True)],
            [
                difference("default_added", required=True, has_default=True),
                difference("required_added", required=True, has_default=True),
            ],
            id="required with a default",
        ),
        pytest.param(
            [field(fields=[{**field("g"), "path": "contract.schema[t].f.g"}])],
            [field(fields=[])],
            [difference("field_removed", path="contract.schema[t].f.g", field="g")],
            id="nested",
        ),
        pytest.param([field("a"), field("b")], [field("b"), field("a")], [], id="order"),
        pytest.param([field(minimum=0)], [field(minimum=1)], [constraint("minimum", "tightened", 0, 1)], id="least"),
        pytest.param(
            [field(minimum=0)],
            [field(exclusive_minimum=0)],
            [constraint("minimum", "tightened", 0, "beyond 0")],
            id="without the least itself",
        ),
        pytest.param(
            [field(maximum=9, exclusive_maximum=9)],
            [field(maximum=9)],
            [constraint("maximum", "loosened", "beyond 9", 9)],
            id="of two bounds the narrower holds",
        ),
        pytest.param([field(maximum=9)], [field()], [constraint("maximum", "loosened", 9)], id="no bound any more"),
        pytest.param(
            [field(minimum="2020-01-01")],
            [field(minimum=3)],
            [constraint("minimum", "changed", "2020-01-01", 3)],
            id="what cannot be compared",
        ),
        pytest.param(
            [field(max_length=64, min_length=1)],
            [field(max_length=128, min_length=2)],
            [constraint("max_length", "loosened", 64, 128), constraint("min_length", "tightened", 1, 2)],
            id="lengths",
        ),
        pytest.param([field()], [field(pattern="^a")], [constraint("pattern", "tightened", None, "^a")], id="pattern"),
        pytest.param(
            [field(enum=["a"])],
            [field(enum=["b", "a"])],
            [constraint("enum", "loosened", ["a"], ["b", "a"])],
            id="another value",
        ),
        pytest.param(
            [field(unique=True)], [field()], [constraint("unique", "loosened", True, False)], id="no longer unique"
        ),
        pytest.param(
            [field(semantic_type="celsius")],
            [field(semantic_type="fahrenheit")],
            [difference("meaning_changed", **{"from": "celsius", "to": "fahrenheit"})],
            id="another meaning",
        ),
        pytest.param(
            [field(physical_name="mail")],
            [field()],
            [difference("name_changed", **{"from": "mail", "to": "f"})],
            id="another column",
        ),
        pytest.param(
            [field(references=["orders.id"])],
            [field()],
            [difference("reference_changed", direction="removed", **{"from": "orders.id"})],
            id="a reference less",
        ),
        pytest.param([field(physical_name="f")], [field()], [], id="its own name, said twice"),
        pytest.param([field(description="a")], [field(description="b", tags=["c"])], [], id="words"),
    ],
)
def test_differences(before: list[Any], after: list[Any], differences: list[Any]) -> None:
    assert contract_differences(contract(*before), contract(*after)) == differences


def test_an_object_that_is_gone_was_required_and_a_new_one_is_not() -> None:
    there = contract(field())
    about = {"path": "contract.schema[t]", "field": "t"}
    assert contract_differences(there, {}) == [difference("field_removed", required=True, **about)]
    assert contract_differences({}, there) == [difference("field_added", **about)]


def avro(*fields: dict[str, Any]) -> str:
    return json.dumps({"type": "record", "name": "R", "fields": list(fields)})


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        pytest.param({"type": "int"}, {"type": "long"}, [("type_changed", "schema.f", "int", "long")], id="promotion"),
        pytest.param(
            {"type": "string"},
            {"type": ["null", "string"]},
            [("required_removed", "schema.f", None, None)],
            id="nullable",
        ),
        pytest.param(
            {"type": "string"},
            {"type": "string", "default": ""},
            [("default_added", "schema.f", None, None)],
            id="a default",
        ),
        pytest.param(
            {"type": ["null", "long"], "default": None},
            {"type": ["null", "long"]},
            [("default_removed", "schema.f", None, None)],
            id="without the default null",
        ),
        pytest.param(
            {"type": {"type": "long", "logicalType": "timestamp-millis"}},
            {"type": {"type": "long", "logicalType": "timestamp-micros"}},
            [("type_changed", "schema.f", "timestamp-millis", "timestamp-micros")],
            id="a thousand times as much",
        ),
        pytest.param(
            {"type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
            {"type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 3}},
            [("type_changed", "schema.f", "decimal(9,2)", "decimal(9,3)")],
            id="another scale",
        ),
        pytest.param(
            {"type": {"type": "enum", "name": "E", "symbols": ["A", "B"]}},
            {"type": {"type": "enum", "name": "E", "symbols": ["A"]}},
            [("constraint_changed", "schema.f", ["A", "B"], ["A"])],
            id="a symbol less",
        ),
        pytest.param(
            {"type": {"type": "array", "items": {"type": "record", "name": "L", "fields": []}}},
            {
                "type": {
                    "type": "array",
                    "items": {"type": "record", "name": "L", "fields": [{"name": "sku", "type": "string"}]},
                }
            },
            [("field_added", "schema.f.sku", None, None)],
            id="a field of the elements",
        ),
        pytest.param(
            {"type": ["string", "int"]},
            {"type": ["int", "string"]},
            [],
            id="a union in another order",
        ),
        pytest.param(
            {"type": ["string", "int"]},
            {"type": ["int", "string", "long"]},
            [("type_changed", "schema.f", "union of int,string", "union of int,long,string")],
            id="a branch more",
        ),
    ],
)
def test_avro_records(before: dict[str, Any], after: dict[str, Any], kinds: list[Any]) -> None:
    found = avro_differences(avro({"name": "f", **before}), avro({"name": "f", **after}))
    assert [(d["type"], d["path"], d.get("from"), d.get("to")) for d in found] == kinds


def test_a_record_that_contains_itself_is_compared_once() -> None:
    tree = {"type": "record", "name": "T", "fields": [{"name": "next", "type": ["null", "T"], "default": None}]}
    deeper = {**tree, "fields": [*tree["fields"], {"name": "value", "type": "int"}]}
    found = avro_differences(json.dumps(tree), json.dumps(deeper))
    assert [(d["type"], d["path"]) for d in found] == [("field_added", "schema.value")]


def test_named_types_that_multiply_are_refused() -> None:
    schema: Any = {"type": "record", "name": "N0", "fields": []}
    for level in range(1, 25):
        fields = [{"name": "a", "type": schema}, {"name": "b", "type": f"N{level - 1}"}]
        schema = {"type": "record", "name": f"N{level}", "fields": fields}
    with pytest.raises(InputError) as refusal:
        avro_differences(avro(), json.dumps(schema))
    assert refusal.value.code == "input_too_large"


@pytest.mark.parametrize(
    "schema", [pytest.param('"string"', id="no record"), pytest.param('{"type": "record"', id="no json")]
)
def test_what_is_no_avro_record_is_refused(schema: str) -> None:
    with pytest.raises(InputError):
        avro_differences(avro(), schema)


def test_facts_of_a_release_name_subject_type_and_mode() -> None:
    current = {"domain": "d", "name": "n", "compatibility": "FULL", "contract": contract(field())}
    assert schema_facts({"compatibility": "FULL", "contract": contract(field())}, current) == {
        "subject": "d/n",
        "type": "CONTRACT",
        "compatibility": "FULL",
        "differences": [],
    }
    stream = {"contract": {"standard": "seed:event-stream", "id": "events"}}
    assert schema_facts({}, stream) == {"subject": "events", "type": "AVRO", "differences": []}
