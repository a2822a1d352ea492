"""A converted contract is one to the standard, says the same to law, and has lost nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bylaw.contracts.dcs_to_odcs import Conversion, dcs_to_odcs
from bylaw.contracts.yaml_writing import written
from bylaw.errors import WrongShape
from bylaw.facts.documents.text import read_documents
from bylaw.facts.gathered import Facts
from bylaw.facts.recognise import gather

SHARED = Path(__file__).parents[4] / "shared" / "contracts"
SCHEMA = SHARED / "schemas" / "odcs-json-schema-v3.1.0.json"
PUBLIC = sorted((SHARED / "datacontract-cli").glob("dcs__*"))

EVERYTHING = """# Owned by checkout.
dataContractSpecification: 1.2.1
id: orders
info:
  title: Orders
  version: 1.10
  status: active
  owner: checkout
  domain: order
  contact: {name: Jo, url: https://chat.example/orders, email: jo@example.com}
  cost-centre: 4711
servers:
  lake: {type: s3, environment: prod, location: s3://b/p, format: delta, roles: [{name: analyst, description: reads}]}
  events: {type: kafka, host: k:9092, topic: orders.v1, format: avro}
  frame: {type: dataframe, location: nowhere}
  half: {type: postgres, host: db, database: d}
terms:
  usage: Reports.
  limitations: No resale.
  billing: free
  noticePeriod: P3M
  policies: [{type: privacy, url: https://example.com/p, description: Ours}]
models:
  orders:
    type: table
    title: All orders
    description: One row an order.
    tags: [gold]
    primaryKey: [order_id, line]
    additionalFields: false
    config: {avroNamespace: x}
    quality:
    - {type: sql, query: select 1, mustBeGreaterThanOrEqualTo: 5}
    - {type: sql, query: select 2}
    - {metric: rowCount, mustBe: 3, dimension: completeness}
    - {type: text, description: Looks right}
    - {type: custom, engine: soda, implementation: {a: b}}
    - {rule: odd, mustBe: 1, mustNotBe: 2, dimension: karma}
    examples: [{mail: a@b.example}]
    fields:
      order_id: {type: varchar, maxLength: 18, references: customers.id, enum: [a, b], title: Id}
      line: {type: integer, minimum: 1, format: i32, pattern: '^x'}
      mail: {$ref: '#/definitions/mail', required: true, tags: [contact]}
      price: {type: decimal, precision: 10, scale: 2, exclusiveMaximum: 100, example: 9.99}
      day: {type: date, minimum: 2000-01-01}
      raw: {type: bytes, minLength: 1}
      lines: {type: array, items: {type: record, fields: {sku: {type: text, required: true}}}}
      extra: {type: map, keys: {type: text}, values: {type: record, fields: {v: {type: long}}}}
      made: {type: text, lineage: {inputFields: [{namespace: crm, name: t, field: f}], transformationType: MASKED}}
      odd: {type: text, weird-key: 1, purposes: x, links: {glossary: https://example.com/g}, unique: true}
definitions:
  mail: {type: text, format: email, pii: true, classification: restricted, description: Where to reach them.}
servicelevels:
  availability: {percentage: 99.9%, description: often}
  retention: {period: P1Y, timestampField: orders.day}
  latency: {threshold: 25h, sourceTimestampField: orders.day, processedTimestampField: orders.at}
  freshness: {threshold: 1h}
  frequency: {type: batch, interval: daily, cron: 0 0 * * *}
  support: {time: 9-5}
quality: {type: SodaCL, specification: "checks for orders:\\n  - row_count > 5\\n"}
tags: [sales]
links: {catalog: https://example.com/c}
owner: not a key here
"""


def converted(text: str) -> Conversion:
    (document,) = read_documents(text.encode(), file="c.yaml")
    return dcs_to_odcs(document)


def said_to_law(content: bytes) -> dict[str, Any]:
    """The facts, without which standard they came from and what it lacks in the other."""
    (facts,) = gather(content, file="c.yaml")
    assert isinstance(facts, Facts), facts
    product = dict(facts.input["product"])
    contract = {
        key: value
        for key, value in product["contract"].items()
        if key not in ("standard", "standard_version", "unread", "lacks")
    }
    return {**product, "contract": contract}


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from leaves(child)
    elif value is not None and not isinstance(value, bool):
        yield str(value).strip()


def require_nothing_is_lost(content: bytes, odcs: Any) -> None:
    (document,) = read_documents(content, file="c.yaml")
    assert isinstance(document.value, dict)
    said = {key: value for key, value in document.value.items() if key != "dataContractSpecification"}
    kept = "\n".join(leaves(odcs))
    assert [leaf for leaf in leaves(said) if leaf not in kept] == []


def require_odcs(odcs: Any) -> None:
    if SCHEMA.is_file():
        jsonschema.Draft201909Validator(json.loads(SCHEMA.read_text())).validate(odcs)


@pytest.mark.skipif(not PUBLIC, reason="the public contracts are not on this machine")
def test_there_are_public_contracts_to_convert() -> None:
    assert len(PUBLIC) == 24


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.name.removeprefix("dcs__"))
def test_a_public_contract_says_the_same_in_odcs(path: Path) -> None:
    (document,) = read_documents(path.read_bytes(), file=path.name)
    odcs = dcs_to_odcs(document).document
    require_odcs(odcs)
    require_nothing_is_lost(path.read_bytes(), odcs)
    assert said_to_law(written(odcs).encode()) == said_to_law(path.read_bytes())


def test_a_contract_that_uses_everything_says_the_same_in_odcs() -> None:
    odcs = converted(EVERYTHING).document
    require_odcs(odcs)
    require_nothing_is_lost(EVERYTHING.encode(), odcs)
    assert said_to_law(written(odcs).encode()) == said_to_law(EVERYTHING.encode())


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member and element: what holds it, and its key or index."""
    for step in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, step
        yield from places(value[step])


def test_a_contract_that_leaves_something_out_says_the_same_in_odcs() -> None:
    (document,) = read_documents(EVERYTHING.encode(), file="c.yaml")
    compared = 0
    for holder, step in [place for place in places(document.value) if isinstance(place[0], dict)]:
        left_out = holder.pop(step)
        content = json.dumps(document.value).encode()
        (facts,) = gather(content, file="c.json")
        if isinstance(facts, Facts) and facts.recognised_as == "dcs 1.2.1":
            assert said_to_law(written(converted(content.decode()).document).encode()) == said_to_law(content), step
            compared += 1
        holder[step] = left_out
    assert compared > 150


def test_what_contradicts_itself_does_so_in_odcs_too() -> None:
    text = (
        "dataContractSpecification: 1.2.1\nid: c\ninfo: {title: T, version: 1.0.0}\n"
        "models: {m: {fields: {f: {pii: false, tags: [pii]}}}}\n"
        "servicelevels: {retention: {period: P1Y, unlimited: true}}\n"
    )
    said = said_to_law(text.encode())
    assert len(said["contract"]["contradictions"]) == 2
    assert said_to_law(written(converted(text).document).encode()) == said


def test_what_nobody_reads_is_told_with_its_place() -> None:
    (document,) = read_documents(EVERYTHING.encode(), file="c.yaml")
    lines = EVERYTHING.splitlines()
    notes = [(document.location(note.pointer).row, note.reason) for note in dcs_to_odcs(document).notes]
    unknown = "{!r} is no key of the standard; it is kept as a custom property"
    assert sorted(notes) == [
        (lines.index("  cost-centre: 4711") + 1, unknown.format("cost-centre")),
        *(
            (next(row for row, line in enumerate(lines, 1) if "weird-key" in line), unknown.format(key))
            for key in ("purposes", "weird-key")
        ),
        (
            next(row for row, line in enumerate(lines, 1) if line.startswith("quality:")),
            "'quality' is in the words of another tool; it is kept as a custom property, and nothing reads it",
        ),
        (len(lines), unknown.format("owner")),
    ]


def test_a_key_that_no_standard_knows_takes_no_place_that_has_a_meaning() -> None:
    odcs = converted(EVERYTHING).document
    assert {"property": "dcsOwner", "value": "not a key here"} in odcs["customProperties"]
    assert odcs["team"] == {"name": "checkout"}


def test_what_odcs_requires_and_nobody_said_is_blank_and_noted() -> None:
    conversion = converted("dataContractSpecification: 0.9.3\ninfo: {title: T}\n")
    odcs = conversion.document
    require_odcs(odcs)
    assert (odcs["id"], odcs["version"], odcs["status"]) == ("", "", "")
    assert [note.reason for note in conversion.notes] == [
        f"ODCS requires {key!r}, and the contract says none; it is left blank" for key in ("id", "version", "status")
    ]


@pytest.mark.parametrize(
    "definition", ["{items: {$ref: '#/definitions/d'}}", "{fields: {x: {$ref: '#/definitions/d'}}}"]
)
def test_what_refers_to_itself_is_refused(definition: str) -> None:
    text = "dataContractSpecification: 1.2.1\nmodels: {m: {fields: {f: {$ref: '#/definitions/d'}}}}\n"
    with pytest.raises(WrongShape, match="a reference that does not lead back to itself"):
        converted(f"{text}definitions: {{d: {definition}}}\n")


def test_the_order_is_one_to_read_from_top_to_bottom() -> None:
    assert list(converted(EVERYTHING).document) == [
        *("apiVersion", "kind", "id", "name", "version", "status", "domain", "description", "tags", "servers"),
        *("schema", "slaProperties", "support", "team", "authoritativeDefinitions", "customProperties"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "1e3",
        "0o17",
        "~",
        "null",
        "2024-01-01",
        "1:30",
        "a: b",
        "# c",
        "x\ny\n",
        " x\ny",
        "x \ny",
        "- a",
        "\u00e9",
    ],
    ids=repr,
)
def test_text_stays_text(text: str) -> None:
    (again,) = read_documents(written({"text": text, "list": [text]}).encode(), file="w.yaml")
    assert again.value == {"text": text, "list": [text]}
