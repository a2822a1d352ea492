"""What an ODCS document says of governance: who may use a product, for what, where it lies, and what holds its data."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.facts import gathering

from bylaw.facts.gathered import Facts
from bylaw.facts.recognise import gather

HEAD = "apiVersion: v3.2.0\nkind: DataContract\nid: c\nversion: 1.0.0\n"


def gathered(body: str, *, head: str = HEAD) -> Facts:
    return gathering.gathered(head + body)


def product(body: str) -> dict[str, Any]:
    return gathering.product(HEAD + body)


def field(body: str) -> dict[str, Any]:
    return dict(
        product(f"schema: [{{name: t, properties: [{{name: f, {body}}}]}}]")["contract"]["schema"][0]["fields"][0]
    )


def test_roles_are_who_may_do_what_and_who_must_agree() -> None:
    facts = gathered(
        "roles:\n"
        "- role: analyst\n"
        "  access: read\n"
        "  firstLevelApprovers: Reporting Manager\n"
        "  secondLevelApprovers: alice, bob\n"
        "- {role: analyst, access: read/write}\n"
        "servers: [{server: lake, type: s3, roles: [{role: loader, access: write}]}]\n"
    )
    assert facts.input["product"]["access_policies"] == [
        {
            "role": "analyst",
            "path": "product.access_policies[analyst]",
            "permissions": ["read"],
            "approvers": ["Reporting Manager", "alice", "bob"],
        },
        {"role": "analyst", "path": "product.access_policies[analyst-2]", "permissions": ["read", "write"]},
        {"role": "loader", "path": "output_ports[lake].access_policies[loader]", "permissions": ["write"]},
    ]
    assert facts.location("product.access_policies[analyst].permissions").row == 7
    assert facts.location("product.access_policies[analyst-2]").row == 10


def test_custom_properties_say_what_the_standard_has_no_place_for() -> None:
    facts = gathered(
        "customProperties:\n"
        "- {property: purposes, value: [analytics.reporting, marketing]}\n"
        "- {property: lawfulBasis, value: consent}\n"
        "- {property: data_subjects, value: 'customer, prospect'}\n"
        "- {property: dataResidency, value: [DE, eu-west-1]}\n"
        "- {property: recipients, value: [auditors]}\n"
        "- {property: approvers, value: [council]}\n"
    )
    said = facts.input["product"]
    assert {key: said[key] for key in said if key not in ("version", "contract")} == {
        "purposes": ["analytics.reporting", "marketing"],
        "lawful_basis": "consent",
        "data_subjects": ["customer", "prospect"],
        "regions": ["DE", "eu-west-1"],
        "recipients": ["auditors"],
        "approvers": ["council"],
    }
    assert facts.location("product.lawful_basis").row == 7


def test_custom_properties_say_what_protects_people() -> None:
    facts = gathered(
        "customProperties:\n"
        "- {property: specialCategoryBasis, value: explicit consent}\n"
        "- {property: kAnonymity, value: 11}\n"
        "- property: transfers\n"
        "  value:\n"
        "  - {to: us-east-1, mechanism: SCCs}\n"
        "  - {to: auditors}\n"
    )
    said = facts.input["product"]
    assert {key: said[key] for key in said if key not in ("version", "contract")} == {
        "special_category_basis": "explicit consent",
        "k_anonymity": 11,
        "transfers": [
            {"to": "us-east-1", "path": "product.transfers[us-east-1]", "mechanism": "SCCs"},
            {"to": "auditors", "path": "product.transfers[auditors]"},
        ],
    }
    assert facts.location("product.transfers[auditors]").row == 11


@pytest.mark.parametrize("value", ["none", "[{mechanism: SCCs}]", "[us-east-1]"])
def test_transfers_that_do_not_say_where_to_are_reported(value: str) -> None:
    facts = gathered(f"customProperties:\n- {{property: transfers, value: {value}}}\n")
    assert "transfers" not in facts.input["product"]
    assert [part.reason for part in facts.not_read] == ["transfers are a list of {to, mechanism}"]


def test_a_server_says_where_it_stands_and_for_whom() -> None:
    body = "servers: [{server: s, type: kinesis, environment: prod, region: eu-central-1, format: Avro}]"
    assert product(body)["output_ports"] == [
        {
            "name": "s",
            "path": "output_ports[s]",
            "type": "kinesis",
            "format": "avro",
            "environment": "prod",
            "regions": ["eu-central-1"],
        }
    ]


def test_days_from_when_and_until_when_a_product_is_offered() -> None:
    said = product(
        "slaProperties:\n"
        "- {property: generalAvailability, value: '2022-05-12T09:30:10-08:00'}\n"
        "- {property: endOfSupport, value: 2032-05-12}\n"
        "- {property: endOfLife, value: '2042-05-12'}\n"
    )
    assert (said["available_from"], said["end_of_support"], said["end_of_life"]) == (
        "2022-05-12T09:30:10-08:00",
        "2032-05-12",
        "2042-05-12",
    )


def test_a_promise_about_an_element_is_kept_beside_the_weakest_of_all() -> None:
    said = product(
        "slaProperties:\n"
        "- {property: availability, value: 99.9%, element: orders}\n"
        "- {property: availability, value: 95%, element: returns}\n"
        "- {property: retention, value: 3, unit: y, element: orders.created_at}\n"
    )
    assert said["sla"] == {"availability": 0.95}
    assert said["element_levels"] == [
        {"element": "orders", "path": "product.element_levels[0]", "measure": "availability", "value": 0.999},
        {"element": "returns", "path": "product.element_levels[1]", "measure": "availability", "value": 0.95},
        {
            "element": "orders.created_at",
            "path": "product.element_levels[2]",
            "measure": "retention_days",
            "value": 1095,
        },
    ]


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        pytest.param(
            "logicalType: integer, logicalTypeOptions: {minimum: 1, exclusiveMaximum: 9, multipleOf: 2, format: i64}",
            {"minimum": 1, "exclusive_maximum": 9, "multiple_of": 2, "format": "i64"},
            id="bounds of numbers",
        ),
        pytest.param(
            "logicalTypeOptions: {minimum: 1, maximum: 9, exclusiveMinimum: true, exclusiveMaximum: false}",
            {"exclusive_minimum": 1, "maximum": 9},
            id="of 3.0, where a flag says how a bound is meant",
        ),
        pytest.param(
            "logicalType: date, logicalTypeOptions: {minimum: 1969-12-31, maximum: 12000-01-01, format: yyyy-MM-dd}",
            {"minimum": "1969-12-31", "maximum": "12000-01-01", "format": "yyyy-MM-dd"},
            id="of dates, also before 1970 and after 9999",
        ),
        pytest.param(
            "logicalTypeOptions: {minLength: 2, maxLength: 8, pattern: '^[a-z]+$'}",
            {"min_length": 2, "max_length": 8, "pattern": "^[a-z]+$"},
            id="of texts",
        ),
        pytest.param(
            "criticalDataElement: true, deprecated: true, physicalName: f_1",
            {"critical": True, "deprecated": True},
            id="cde",
        ),
        pytest.param("physicalName: col_7", {"physical_name": "col_7"}, id="a column of another name"),
        pytest.param(
            "transformSourceObjects: [src.customers, src.orders]",
            {"derived_from": ["src.customers", "src.orders"]},
            id="what it is made of",
        ),
        pytest.param(
            "synonyms: [{synonym: e-mail, locale: en}, Mail]", {"synonyms": ["e-mail", "Mail"]}, id="other words for it"
        ),
        pytest.param("enum: [{value: a, label: A}, {value: b}]", {"enum": ["a", "b"]}, id="values with labels"),
        pytest.param(
            "logicalType: map, map: {key: {logicalType: string}, value: {logicalType: integer}}",
            {"type": "map", "item_type": "integer"},
            id="a map",
        ),
        pytest.param(
            "logicalType: vector, logicalTypeOptions: {dimensions: 384, elementType: int8}",
            {"type": "vector", "item_type": "int8(384)"},
            id="a vector",
        ),
        pytest.param(
            "relationships: [{to: customers.id}, {to: [a.b, c.d]}]",
            {"references": ["customers.id", "a.b", "c.d"]},
            id="what it refers to",
        ),
        pytest.param("semanticType: measure", {"semantic_type": "measure"}, id="a role in the model"),
        pytest.param(
            "customProperties: [{property: dataCategories, value: user.contact}, {property: retentionDays, value: 30}]",
            {"categories": ["user.contact"], "retention_days": 30},
            id="categories and an end of its own",
        ),
        pytest.param("examples: [a@b.example]", {"samples_look_like": ["email"]}, id="samples, by what they look like"),
    ],
)
def test_a_field_of_the_contract(body: str, facts: dict[str, Any]) -> None:
    said = field(body)
    assert {key: said.get(key) for key in facts} == facts


def test_fields_below_a_map_are_those_of_its_values() -> None:
    said = field("logicalType: map, map: {key: {}, value: {logicalType: object, properties: [{name: x}]}}")
    assert [below["path"] for below in said["fields"]] == ["contract.schema[t].f.x"]


def test_what_the_standard_requires_and_the_document_does_not_say_is_a_fact() -> None:
    lacks = product("schema: [{physicalName: t, properties: [{}]}]\nservers: [{server: s}]")["contract"]["lacks"]
    assert lacks == [
        {"path": "output_ports[s].type", "reason": "ODCS requires 'type' here"},
        {"path": "contract.schema[t].name", "reason": "ODCS requires 'name' here"},
        {"path": "contract.schema[t].0.name", "reason": "ODCS requires 'name' here"},
    ]
    head = "apiVersion: v3.1.0\nkind: DataContract\n"
    (facts,) = gather((head + "name: n").encode(), file="c.yaml")
    assert isinstance(facts, Facts)
    assert [part["path"] for part in facts.input["product"]["contract"]["lacks"]] == [
        "contract.id",
        "contract.version",
        "contract.status",
    ]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(
            "classification: public, customProperties: [{property: classification, value: Restricted}]",
            "it is classified as public and as restricted",
            id="two classifications",
        ),
        pytest.param(
            "tags: [pii], customProperties: [{property: pii, value: false}]",
            "it is said not to be personal, and a classification or a tag says that it is",
            id="personal, and not",
        ),
        pytest.param(
            "customProperties: [{property: pii, value: false}, {property: PII, value: true}]",
            "the custom property 'PII' is given twice, with different values",
            id="one property twice",
        ),
    ],
)
def test_what_is_said_twice_and_differently_is_a_fact(body: str, reason: str) -> None:
    said = product(f"schema: [{{name: t, properties: [{{name: f, {body}}}]}}]")["contract"]
    assert [part["reason"] for part in said["contradictions"]] == [reason]


def test_what_is_said_twice_alike_contradicts_nothing() -> None:
    body = "classification: Public, customProperties: [{property: classification, value: public}]"
    assert "contradictions" not in product(f"schema: [{{name: t, properties: [{{name: f, {body}}}]}}]")["contract"]


def test_keys_that_the_standard_does_not_have_are_reported_wherever_they_stand() -> None:
    facts = gathered(
        "description: {purpos: p}\n"
        "team: {nam: crew, members: [{usernme: a}]}\n"
        "roles: [{role: r, firstlevelApprovers: boss}]\n"
        "servers: [{server: s, type: s3, loction: x}]\n"
        "slaProperties: [{property: retention, value: 3, unity: y}]\n"
        "customProperties: [{property: a, valu: 1}, {value: 2}]\n"
        "schema: [{name: t, nme: u, quality: [{metric: rowCount, mustBeGreater: 5}]}]\n"
    )
    keys = [
        part.path.rpartition(".")[2] for part in facts.not_read if part.reason.endswith("is no key that is known here")
    ]
    assert sorted(keys) == [
        *("firstlevelApprovers", "loction", "mustBeGreater", "nam", "nme", "purpos", "unity", "usernme", "valu"),
    ]
    reasons = [part.reason for part in facts.not_read]
    assert "a custom property without a name" in reasons
    assert "a library rule without a bound" in reasons


def test_a_blank_text_is_not_what_the_standard_requires() -> None:
    (facts,) = gather(b"apiVersion: v3.2.0\nkind: DataContract\nid: ' '\nversion: ''\n", file="c.yaml")
    assert isinstance(facts, Facts)
    assert [part["path"] for part in facts.input["product"]["contract"]["lacks"]] == ["contract.id", "contract.version"]
