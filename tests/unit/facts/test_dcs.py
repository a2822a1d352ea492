"""What a Data Contract Specification document says, from 0.9 to 1.2."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.facts import gathering

from bylaw.facts.gathered import Facts
from bylaw.facts.recognise import gather

HEAD = "dataContractSpecification: 1.2.1\nid: c\ninfo: {title: T, version: 1.0.0}\n"


def gathered(body: str, *, head: str = HEAD) -> Facts:
    return gathering.gathered(head + body)


def product(body: str) -> dict[str, Any]:
    return gathering.product(HEAD + body)


def field(body: str) -> dict[str, Any]:
    return dict(product(f"models: {{m: {{fields: {{f: {{{body}}}}}}}}}")["contract"]["schema"][0]["fields"][0])


def unread(body: str) -> list[tuple[str, str]]:
    return [(part.path, part.reason) for part in gathered(body).not_read]


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        pytest.param("type: text", {"type": "string", "physical_type": "text"}, id="a type as ODCS says it"),
        pytest.param(
            "type: decimal, precision: 10, scale: 2",
            {"type": "number", "physical_type": "decimal(10,2)"},
            id="precision",
        ),
        pytest.param("type: variant", {"type": "variant", "physical_type": "variant"}, id="a type ODCS does not have"),
        pytest.param(
            "type: array, items: {type: long}", {"type": "array", "item_type": "integer"}, id="of what an array is"
        ),
        pytest.param(
            "type: map, keys: {type: text}, values: {type: double}",
            {"type": "object", "physical_type": "map", "item_type": "number"},
            id="of what a map is",
        ),
        pytest.param(
            "minimum: 1, exclusiveMaximum: 9, minLength: 2, maxLength: 3, pattern: '^a', format: uuid",
            {"minimum": 1, "exclusive_maximum": 9, "min_length": 2, "max_length": 3, "pattern": "^a", "format": "uuid"},
            id="bounds",
        ),
        pytest.param("example: a@b.example", {"samples_look_like": ["email"]}, id="a sample, of 0.9"),
        pytest.param("examples: [1, a@b.example]", {"samples_look_like": ["email"]}, id="samples"),
        pytest.param(
            "lineage: {inputFields: [{namespace: crm, name: people, field: mail}]}",
            {"derived_from": ["crm/people.mail"]},
            id="lineage",
        ),
        pytest.param("references: orders.id", {"references": ["orders.id"]}, id="what it refers to"),
        pytest.param("classification: Internal, pii: true", {"classification": "internal", "personal": True}, id="pii"),
    ],
)
def test_a_field(body: str, facts: dict[str, Any]) -> None:
    said = field(body)
    assert {key: said.get(key) for key in facts} == facts


def test_fields_of_items_and_values_are_fields_below() -> None:
    said = field("type: array, items: {type: map, values: {type: record, fields: {x: {type: text}}}}")
    assert [below["path"] for below in said["fields"]] == ["contract.schema[m].f.x"]


def test_what_a_reference_says_stands_where_it_leads() -> None:
    facts = gathered(
        "models: {m: {fields: {f: {$ref: '#/definitions/d', required: true}}}}\n"
        "definitions:\n  d:\n    type: record\n    pii: true\n    fields:\n      x: {type: text}\n"
    )
    said = facts.input["product"]["contract"]["schema"][0]["fields"][0]
    assert (said["required"], said["personal"], said["fields"][0]["personal"]) == (True, True, True)
    assert facts.location("contract.schema[m].f").row == 4
    assert facts.location("contract.schema[m].f.x").row == 10


def test_a_key_of_several_fields() -> None:
    said = product("models: {m: {primaryKey: [a, b], fields: {a: {}, b: {required: false}, c: {}}}}")
    fields = said["contract"]["schema"][0]["fields"]
    assert [(each["primary_key"], each["required"]) for each in fields] == [(True, True), (True, False), (False, False)]


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param("examples: [{type: csv, model: m, data: 'f,g\n\n  a@b.example,1'}]", id="CSV of 0.9"),
        pytest.param("examples: [{type: json, model: m, data: [{f: a@b.example}]}]", id="rows of 0.9"),
        pytest.param("", id="rows of the model"),
    ],
)
def test_samples_of_a_table_are_samples_of_its_fields(samples: str) -> None:
    rows = "" if samples else ", examples: [{f: a@b.example, g: 1}]"
    said = product(f"models: {{m: {{fields: {{f: {{}}, g: {{}}}}{rows}}}}}\n{samples}")
    fields = said["contract"]["schema"][0]["fields"]
    assert [each.get("samples_look_like") for each in fields] == [["email"], None]


def test_service_levels_retention_and_what_they_are_measured_by() -> None:
    said = product(
        "servicelevels:\n"
        "  availability: {percentage: 99.9%}\n"
        "  retention: {period: P1Y, timestampField: m.at}\n"
        "  latency: {threshold: 25h, sourceTimestampField: m.at}\n"
        "  freshness: {threshold: 1h}\n"
        "  support: {time: 9-5}\n"
    )
    assert (said["sla"], said["retention"]) == ({"availability": 0.999, "freshness_seconds": 90_000}, {"days": 365})
    assert [(level["element"], level["measure"], level["value"]) for level in said["element_levels"]] == [
        ("m.at", "retention_days", 365),
        ("m.at", "freshness_seconds", 90_000),
    ]


def test_data_that_is_kept_for_ever_says_so() -> None:
    assert product("servicelevels: {retention: {unlimited: true}}")["retention"] == {"unlimited": True}
    both = product("servicelevels: {retention: {unlimited: true, period: P1Y}}")
    assert both["contract"]["contradictions"] == [
        {"path": "product.retention", "reason": "it is said to be unlimited, and to be 365 days"}
    ]


def test_a_server_says_where_it_stands_and_for_whom() -> None:
    said = product("servers: {s: {type: kinesis, environment: prod, region: eu-central-1, roles: [{name: analyst}]}}")
    assert "lacks" not in said["contract"]
    assert said["output_ports"] == [
        {
            "name": "s",
            "path": "output_ports[s]",
            "type": "kinesis",
            "environment": "prod",
            "regions": ["eu-central-1"],
        }
    ]
    assert said["access_policies"] == [
        {"role": "analyst", "path": "output_ports[s].access_policies[analyst]", "permissions": []}
    ]


@pytest.mark.parametrize(
    ("body", "reported"),
    [
        pytest.param(
            "quality: {type: SodaCL, specification: x}",
            [("contract.quality", "quality checks in the words of SodaCL are not read")],
            id="checks of an engine",
        ),
        pytest.param(
            "schema: {type: dbt, specification: x}",
            [("contract.schema", "a schema in dbt is not read, only models are")],
            id="a schema of 0.9",
        ),
        pytest.param(
            "servicelevels: {availability: {percentage: often}, karma: 1}",
            [
                ("product.sla.karma", "'karma' is no key that is known here"),
                ("product.sla.availability", "service level 'availability' with the value 'often' is not understood"),
            ],
            id="levels in words",
        ),
        pytest.param(
            "terms: {noticePeriod: soon, colour: red}",
            [
                ("product.terms.colour", "'colour' is no key that is known here"),
                ("product.deprecation_notice_days", "a notice period of 'soon' is no number of days"),
            ],
            id="terms",
        ),
        pytest.param(
            "models: {m: {speed: 1, fields: {f: {$ref: '#/definitions/d'}}}}\ndefinitions: {d: {size: 2}}",
            [
                ("contract.schema[m].speed", "'speed' is no key that is known here"),
                ("contract.schema[m].f.size", "'size' is no key that is known here"),
            ],
            id="keys of models and definitions",
        ),
    ],
)
def test_what_is_not_understood_is_reported(body: str, reported: list[tuple[str, str]]) -> None:
    assert unread(body) == reported


def test_what_the_standard_requires_and_is_not_said_is_a_fact() -> None:
    (facts,) = gather(b"dataContractSpecification: 1.1.0\ninfo: {owner: o}\n", file="c.yaml")
    assert isinstance(facts, Facts)
    assert [part["path"] for part in facts.input["product"]["contract"]["lacks"]] == [
        "contract.id",
        "product.title",
        "product.version",
    ]
