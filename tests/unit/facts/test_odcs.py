"""What an ODCS document says, and what it does not say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.facts import gathering

from bylaw.facts.gathered import Facts
from bylaw.facts.recognise import gather

HEAD = "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\n"


def gathered(body: str, *, head: str = HEAD) -> Facts:
    return gathering.gathered(head + body)


def product(body: str) -> dict[str, Any]:
    return gathering.product(HEAD + body)


def field(body: str) -> dict[str, Any]:
    said = product(f"schema: [{{name: t, properties: [{{name: f, {body}}}]}}]")["contract"]["schema"][0]["fields"][0]
    return {key: value for key, value in said.items() if key not in ("name", "path", "fields")}


PLAIN = {"required": False, "nullable": True, "unique": False, "primary_key": False, "has_default": False}


def test_a_contract_that_says_nothing_of_its_product_gives_no_fact_of_one() -> None:
    assert product("") == {
        "version": "1.0.0",
        "status": "active",
        "contract": {
            "standard": "odcs",
            "standard_version": "3.1.0",
            "id": "c",
            "version": "1.0.0",
            "status": "active",
            "path": "contract",
            "schema": [],
        },
    }


@pytest.mark.parametrize(
    ("body", "owner", "line"),
    [
        pytest.param("team: {name: crew}", "crew", 6, id="the team"),
        pytest.param(
            "team:\n  name: crew\n  members:\n  - {username: a, role: Owner, dateOut: '2020-01-01'}\n"
            "  - {username: b, role: Owner}\n",
            "b",
            10,
            id="the owner who has not left",
        ),
        pytest.param("team:\n- {username: a, role: reader}\n- {username: b, role: data owner}", "b", 8, id="of 3.0"),
        pytest.param("customProperties:\n- {property: owner, value: crew}", "crew", 7, id="a custom property"),
        pytest.param("team:\n- {username: a, role: reader}", None, 1, id="nobody in that role"),
        pytest.param("team: {name: ''}", None, 1, id="a team without a name"),
    ],
)
def test_the_owner(body: str, owner: str | None, line: int) -> None:
    facts = gathered(body)
    assert facts.input["product"].get("owner") == owner
    assert facts.location("product.owner").row == line


@pytest.mark.parametrize(
    ("promises", "sla", "retention", "unread"),
    [
        pytest.param("{property: availability, value: 99.9%}", {"availability": 0.999}, None, [], id="percent"),
        pytest.param("{property: availability, value: 95%, unit: '%'}", {"availability": 0.95}, None, [], id="twice"),
        pytest.param("{property: latency, value: 4, unit: d}", {"freshness_seconds": 345_600}, None, [], id="latency"),
        pytest.param(
            "{property: latency, value: 1, unit: h}, {property: freshness, value: 2, unit: h}",
            {"freshness_seconds": 7200},
            None,
            [],
            id="the longer wait",
        ),
        pytest.param("{property: retention, value: P1Y}", None, {"days": 365}, [], id="a period"),
        pytest.param(
            "{property: retention, value: 3, unit: y, element: a.b}, {property: Retention, value: 90, unit: d}",
            None,
            {"days": 90, "longest_days": 1095},
            [],
            id="the shortest of two",
        ),
        pytest.param("{property: frequency, value: 1, unit: d}", None, None, [], id="no fact of ours"),
        pytest.param(
            "{property: availability, value: high}",
            None,
            None,
            ["service level 'availability' with the value 'high' is not understood"],
            id="a word",
        ),
        pytest.param(
            "{property: retention, value: unlimited}",
            None,
            {"unlimited": True},
            [],
            id="for ever",
        ),
        pytest.param(
            "{property: karma, value: 1}",
            None,
            None,
            ["service level 'karma' with the value 1 is not understood"],
            id="a property nobody knows",
        ),
    ],
)
def test_service_levels(promises: str, sla: Any, retention: Any, unread: list[str]) -> None:
    facts = gathered(f"slaProperties: [{promises}]")
    said = facts.input["product"]
    assert (said.get("sla"), said.get("retention")) == (sla, retention)
    assert [part.reason for part in facts.not_read] == unread


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        pytest.param("logicalType: string", {"type": "string"}, id="a type"),
        pytest.param(
            "logicalType: string, physicalType: varchar(18)",
            {"type": "string", "physical_type": "varchar(18)"},
            id="two types",
        ),
        pytest.param("physicalType: int", {"type": "int", "physical_type": "int"}, id="only a physical type"),
        pytest.param("required: true", {"required": True, "nullable": False}, id="required"),
        pytest.param("primaryKey: true", {"primary_key": True, "required": True, "nullable": False}, id="a key"),
        pytest.param("primaryKey: true, required: false", {"primary_key": True}, id="a key that may be absent"),
        pytest.param(
            "classification: PII", {"classification": "pii", "personal": True}, id="a classification that says personal"
        ),
        pytest.param("classification: restricted", {"classification": "restricted"}, id="one that says nothing of it"),
        pytest.param("tags: [TABLE_PII]", {"tags": ["TABLE_PII"], "personal": True}, id="a tag"),
        pytest.param("tags: ['PII.None']", {"tags": ["PII.None"]}, id="a tag that denies it"),
        pytest.param(
            "customProperties: [{property: tags, value: 'a, pii'}]",
            {"tags": ["a", "pii"], "personal": True},
            id="tags of an importer",
        ),
        pytest.param("customProperties: [{property: pii, value: 'true'}]", {"personal": True}, id="pii: true"),
        pytest.param("customProperties: [{property: pii, value: false}]", {"personal": False}, id="pii: false"),
        pytest.param(
            "logicalTypeOptions: {format: email}",
            {"personal": True, "semantic_type": "email", "format": "email"},
            id="an email address",
        ),
        pytest.param(
            "customProperties: [{property: encryption, value: aes256}]", {"encryption": "AES-256"}, id="cipher"
        ),
        pytest.param(
            "customProperties: [{property: enumValues, value: {A: 0, B: 1}}]", {"enum": ["A", "B"]}, id="symbols"
        ),
        pytest.param(
            "customProperties: [{property: enum, value: '[\"a\", 1]'}]", {"enum": ["a", 1]}, id="values as text"
        ),
        pytest.param(
            "logicalType: array, items: {logicalType: string}", {"type": "array", "item_type": "string"}, id="an array"
        ),
    ],
)
def test_a_field(body: str, facts: dict[str, Any]) -> None:
    assert field(body) == {**PLAIN, **facts}


def test_what_a_table_says_of_people_holds_for_its_fields_unless_they_deny_it() -> None:
    fields = product(
        "schema: [{name: t, tags: [pii], properties: [{name: a, properties: [{name: b}]}, "
        "{name: c, customProperties: [{property: pii, value: false}]}]}]"
    )["contract"]["schema"][0]["fields"]
    assert [(f["name"], f.get("personal")) for f in (fields[0], fields[0]["fields"][0], fields[1])] == [
        ("a", True),
        ("b", True),
        ("c", False),
    ]


def test_fields_nest_in_objects_and_in_items_of_items() -> None:
    lines = "{name: lines, logicalType: array, items: {logicalType: array, items: {properties: [{name: sku}]}}}"
    fields = product(f"schema: [{{name: t, properties: [{lines}]}}]")["contract"]["schema"][0]["fields"]
    assert fields[0]["fields"][0]["path"] == "contract.schema[t].lines.sku"


def test_ports_are_the_servers_with_what_protects_them() -> None:
    body = """
servers:
- server: lake
  type: s3
  format: Delta
  location: s3://bucket/path
  customProperties:
  - {property: encryption, value: {at_rest: AES256, in_transit: TLSv1.2}}
- server: warehouse
  type: postgres
  host: db
  database: d
  schema: s
customProperties:
- {property: encryptionAtRest, value: AES-256}
- {property: classification, value: Internal}
- {property: compatibility, value: full}
"""
    said = product(body)
    assert said["output_ports"] == [
        {
            "name": "lake",
            "path": "output_ports[lake]",
            "type": "s3",
            "format": "delta",
            "location": "s3://bucket/path",
            "encryption": {"at_rest": "AES-256", "in_transit": "TLS 1.2"},
        },
        {"name": "warehouse", "path": "output_ports[warehouse]", "type": "postgres", "location": "db.d.s"},
    ]
    assert (said["encryption"], said["classification"], said["compatibility"]) == (
        {"at_rest": "AES-256"},
        "internal",
        "FULL",
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("query: select 1", "query: 'select  1'", True, id="whitespace"),
        pytest.param("query: select 1", 'query: "select\\n\\n  1"', True, id="line breaks"),
        pytest.param("query: select 1", "query: select 2", False, id="another query"),
        pytest.param("arguments: {validValues: [a]}", "arguments: {validValues: [b]}", False, id="other arguments"),
        pytest.param("implementation: {a: 1, b: 2}", "implementation: {b: 2, a: 1}", True, id="order"),
    ],
)
def test_what_a_check_does_is_told_apart_by_its_digest(one: str, other: str, same: bool) -> None:
    def digest(terms: str) -> str:
        body = f"schema:\n- name: t\n  quality:\n  - type: sql\n    mustBe: 0\n    {terms}\n"
        return str(product(body)["contract"]["quality"][0]["terms_digest"])

    assert (digest(one) == digest(other)) == same


def test_promises_of_quality_name_what_they_measure() -> None:
    body = """
schema:
- name: orders
  quality:
  - {metric: rowCount, mustBeGreaterThan: 10}
  - {type: sql, query: q, mustBeBetween: [1, 2], description: between}
  properties:
  - name: id
    quality:
    - {rule: nullValues, mustBe: 0, dimension: completeness, unit: rows}
    - {type: text, description: looks right}
"""
    assert product(body)["contract"]["quality"] == [
        {
            "metric": "orders.rowCount",
            "path": "contract.schema[orders].quality[0]",
            "operator": "gt",
            "threshold": 10,
        },
        {
            "metric": "orders.sql[1]",
            "path": "contract.schema[orders].quality[1]",
            "operator": "gte",
            "threshold": 1,
            "query_given": True,
            "terms_digest": "7858727bc86c53fd",
            "description": "between",
        },
        {
            "metric": "orders.sql[1]",
            "path": "contract.schema[orders].quality[1]",
            "operator": "lte",
            "threshold": 2,
            "query_given": True,
            "terms_digest": "7858727bc86c53fd",
            "description": "between",
        },
        {
            "metric": "orders.id.nullValues",
            "path": "contract.schema[orders].id.quality[0]",
            "operator": "equals",
            "threshold": 0,
            "dimension": "completeness",
            "unit": "rows",
        },
        {
            "metric": "orders.id.text[1]",
            "path": "contract.schema[orders].id.quality[1]",
            "description": "looks right",
        },
    ]


def test_keys_that_the_standard_does_not_have_are_reported() -> None:
    facts = gathered("clasification: public\nschema: [{name: t, properties: [{name: f, isNullable: false}]}]")
    assert [(part.path, part.reason) for part in facts.not_read] == [
        ("contract.clasification", "'clasification' is no key that is known here"),
        ("contract.schema[t].f.isNullable", "'isNullable' is no key that is known here"),
    ]
    assert [str(facts.location(part.path)) for part in facts.not_read] == ["c.yaml:6:1", "c.yaml:7:43"]
    assert facts.input["product"]["contract"]["unread"] == [
        {"path": part.path, "reason": part.reason} for part in facts.not_read
    ]


def test_a_neighbouring_standard_gives_the_same_facts() -> None:
    dcs = """
dataContractSpecification: 1.2.1
id: orders
info: {title: Orders, version: 1.0.0, owner: checkout, description: All orders.}
servers: {production: {type: s3, format: delta, location: s3://b/p}}
terms: {noticePeriod: P3M}
quality: {type: SodaCL, specification: checks}
models:
  orders:
    quality: [{type: sql, query: q, mustBeGreaterThan: 5}]
    fields:
      email: {$ref: '#/definitions/email', required: true, quality: [{metric: nullValues, mustBe: 0}]}
definitions:
  email: {type: text, format: email, classification: restricted, description: Where to reach them.}
servicelevels:
  availability: {percentage: 99.9%}
  retention: {period: P1Y}
  freshness: {threshold: 25h}
"""
    (facts,) = gather(dcs.encode(), file="c.yaml")
    assert isinstance(facts, Facts)
    assert facts.input["product"] == {
        "name": "Orders",
        "version": "1.0.0",
        "owner": "checkout",
        "description": "All orders.",
        "retention": {"days": 365},
        "sla": {"availability": 0.999, "freshness_seconds": 90_000},
        "deprecation_notice_days": 90,
        "output_ports": [
            {
                "name": "production",
                "path": "output_ports[production]",
                "type": "s3",
                "format": "delta",
                "location": "s3://b/p",
            }
        ],
        "contract": {
            "standard": "dcs",
            "standard_version": "1.2.1",
            "id": "orders",
            "name": "Orders",
            "version": "1.0.0",
            "description": "All orders.",
            "path": "contract",
            "schema": [
                {
                    "name": "orders",
                    "path": "contract.schema[orders]",
                    "fields": [
                        {
                            **PLAIN,
                            "name": "email",
                            "path": "contract.schema[orders].email",
                            "type": "string",
                            "physical_type": "text",
                            "required": True,
                            "nullable": False,
                            "description": "Where to reach them.",
                            "classification": "restricted",
                            "personal": True,
                            "semantic_type": "email",
                            "format": "email",
                            "fields": [],
                        }
                    ],
                }
            ],
            "quality": [
                {
                    "metric": "orders.sql[0]",
                    "path": "contract.schema[orders].quality[0]",
                    "operator": "gt",
                    "threshold": 5,
                    "query_given": True,
                    "terms_digest": "7858727bc86c53fd",
                },
                {
                    "metric": "orders.email.nullValues",
                    "path": "contract.schema[orders].email.quality[0]",
                    "operator": "equals",
                    "threshold": 0,
                },
            ],
            "unread": [{"path": "contract.quality", "reason": "quality checks in the words of SodaCL are not read"}],
        },
    }


PARTS = [f"{name}{of}" for name in ("f", "email", "g") for of in ("", ".classification", ".description")]
WORDS = st.sampled_from(["a", "Restricted", "PII", " padded ", "integer", "date", "", "ß"])
PLAIN_FIELDS = st.fixed_dictionaries(
    {"name": st.sampled_from(["f", "email", " g "])},
    optional={
        **dict.fromkeys(
            ("businessName", "physicalName", "description", "logicalType", "physicalType", "classification"), WORDS
        ),
        **dict.fromkeys(
            ("required", "unique", "primaryKey", "criticalDataElement", "deprecated"), st.booleans() | st.none()
        ),
    },
)


@given(PLAIN_FIELDS, st.booleans())
def test_a_field_with_one_rare_key_more_is_read_alike(said: dict[str, Any], of_people: bool) -> None:
    def read(**more: Any) -> tuple[Any, Any]:
        table = {"name": "t", "tags": ["pii"] if of_people else [], "properties": [{**said, **more}]}
        contract = {"apiVersion": "v3.1.0", "kind": "DataContract", "id": "c", "version": "1.0.0", "status": "active"}
        facts = gathering.gathered(json.dumps({**contract, "schema": [table]}))
        return facts.input, [facts.sources.pointer(f"contract.schema[t].{part}") for part in PARTS]

    assert read() == read(partitioned=False)
