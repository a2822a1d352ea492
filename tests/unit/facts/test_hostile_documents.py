"""Whatever a document says, reading it ends in facts or in an error with a code, and opens nothing."""

from __future__ import annotations

import contextlib
import copy
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bylaw.contracts.dcs_to_odcs import dcs_to_odcs
from bylaw.contracts.yaml_writing import written
from bylaw.errors import InputError
from bylaw.facts.documents.text import read_documents
from bylaw.facts.gathered import PUBLICATION, Facts
from bylaw.facts.product import product_schema
from bylaw.facts.recognise import gather

HERE = Path(__file__).parent
PUBLIC = HERE.parents[2].parent / "shared" / "contracts"
SCHEMA = jsonschema.Draft7Validator(product_schema())


RICH = [
    """
apiVersion: v3.2.0
kind: DataContract
id: c
version: 1.0.0
team: {name: crew, members: [{username: a, role: owner}]}
roles: [{role: r, access: read, firstLevelApprovers: a}]
servers: [{server: s, type: custom, region: eu, customProperties: [{property: serverType, value: x}]}]
customProperties:
- {property: purposes, value: 'a, b'}
- {property: regions, value: [eu]}
- {property: noticePeriod, value: P3M}
- {property: encryption, value: {at_rest: aes256}}
slaProperties: [{property: retention, value: 3, unit: y, element: t}, {property: endOfLife, value: 2030-01-01}]
schema:
- name: t
  customProperties: [{property: examples, value: [{f: a@b.example}]}]
  quality: [{metric: rowCount, mustBeBetween: [1, 2], customProperties: [{property: dimension, value: x}]}]
  properties:
  - {name: f, logicalType: string, logicalTypeOptions: {minLength: 1, exclusiveMinimum: true}, synonyms: [{synonym: g}]}
  - {name: m, logicalType: map, map: {key: {}, value: {properties: [{name: x}]}}, enum: [{value: a}]}
  - name: o
    customProperties:
    - {property: dataCategories, value: a}
    - {property: retentionDays, value: 3}
    - {property: pii, value: true}
""",
    """
dataContractSpecification: 1.2.1
id: c
info: {title: T, version: 1.0.0, contact: {name: n, url: u, email: e}}
terms: {noticePeriod: P1M, policies: [{type: t, url: u}]}
servers: {s: {type: kafka, host: h, topic: t, roles: [{name: r}]}}
models:
  m:
    primaryKey: [f]
    examples: [{f: x}]
    quality: [{type: sql, query: q, mustBe: 1}]
    fields:
      f: {$ref: '#/definitions/d', precision: 3, lineage: {inputFields: [{namespace: n, name: t, field: f}]}}
      g: {type: map, values: {type: array, items: {fields: {x: {enum: [a]}}}}, references: a.b, links: {l: u}}
definitions: {d: {type: decimal, pii: true}}
servicelevels: {availability: {percentage: 9%}, retention: {period: P1Y, unlimited: true}, frequency: {cron: x}}
examples: [{type: csv, model: m, data: "f,g"}]
""",
    """
apiVersion: v1.0.0
kind: DataProduct
id: p
inputPorts: [{name: a, version: 1, contractId: c}]
outputPorts:
- {name: b, version: 1, inputContracts: [{id: c, version: 1}], customProperties: [{property: format, value: x}]}
""",
]
"""Documents that use what few documents use."""


def _values() -> list[Any]:
    """Documents to spoil: one of every form, and public ones of a size that a person would write."""
    paths = [
        *sorted((HERE / "documents").iterdir()),
        *(path for path in sorted(PUBLIC.glob("*/*.yaml")) if path.stat().st_size < 12_000),
    ]
    texts = [*(path.read_bytes() for path in paths), *(rich.encode() for rich in RICH * 5)]
    return [document.value for text in texts for document in read_documents(text, file="c.yaml")]


VALUES = _values()

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**20), max_value=10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [
            "",
            " ",
            "${HOME}",
            "file:///etc/passwd",
            "#/definitions/x",
            "PT",
            "P99999999Y",
            "1" * 400,
            "\u0435mail",
            "\u202e",
        ]
    ),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=3)), max_size=3),
    st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.integers(), st.text(max_size=3)), max_size=3),
)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member and element: what holds it, and its key or index."""
    steps = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for step in steps:
        yield value, step
        yield from _places(value[step])


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """A document of which a few parts are another thing, are gone, are there twice, or stand under another key."""
    value = copy.deepcopy(draw(st.sampled_from(VALUES)))
    for _ in range(draw(st.integers(min_value=1, max_value=4))):
        places = list(_places(value))
        if not places:
            break
        holder, step = draw(st.sampled_from(places))
        match draw(st.sampled_from(["replace", "remove", "repeat", "rename", "swap"])):
            case "replace":
                holder[step] = draw(ODD)
            case "remove":
                del holder[step]
            case "repeat" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[step]))
            case "rename" if isinstance(holder, dict):
                holder[draw(st.text(max_size=6))] = holder.pop(step)
            case "swap":
                other, there = draw(st.sampled_from(places))
                if not isinstance(other, list) or (isinstance(there, int) and there < len(other)):
                    holder[step] = copy.deepcopy(other[there] if isinstance(other, list) else other.get(there))
            case _:
                pass
    return value


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(spoilt())
def test_a_spoilt_document_gives_facts_of_the_normal_form_or_an_error_with_a_code(value: Any) -> None:
    text = json.dumps(value).encode()
    try:
        found = list(gather(text, file="c.json"))
    except InputError as error:
        found = [error]
    assert found
    for each in found:
        if isinstance(each, Facts) and each.kind == PUBLICATION:
            SCHEMA.validate(each.input["product"])
            json.dumps(each.input, allow_nan=False)
        else:
            assert isinstance(each, Facts) or each.code


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(spoilt())
def test_a_spoilt_contract_is_converted_or_refused(value: Any) -> None:
    if not isinstance(value, dict) or "dataContractSpecification" not in value:
        return
    (document,) = read_documents(json.dumps(value).encode(), file="c.json")
    try:
        list(gather(json.dumps(value).encode(), file="c.json"))
        dcs_to_odcs(document)
    except InputError:
        return


OTHER_THINGS: tuple[Any, ...] = (None, True, -1, 10**30, 0.5, "", "x", [], [None], ["x"], {}, {"x": 1}, [{}], [["x"]])


def require_facts_or_an_error(value: Any) -> None:
    text = json.dumps(value).encode()
    for each in gather(text, file="c.json"):
        if isinstance(each, Facts) and each.kind == PUBLICATION:
            json.dumps(each.input, allow_nan=False)
    if isinstance(value, dict) and "dataContractSpecification" in value:
        (document,) = read_documents(text, file="c.json")
        with contextlib.suppress(InputError):
            written(dcs_to_odcs(document).document)


@pytest.mark.parametrize("rich", RICH, ids=["odcs", "dcs", "odps"])
def test_each_part_of_a_document_may_be_any_other_thing(rich: str) -> None:
    (document,) = read_documents(rich.encode(), file="c.yaml")
    value = copy.deepcopy(document.value)
    for holder, step in list(_places(value)):
        right = holder[step]
        for other in OTHER_THINGS:
            holder[step] = other
            require_facts_or_an_error(value)
        holder[step] = right


class _Watch:
    """What the interpreter is asked for by one thread while it is watched: files, sockets, processes."""

    WATCHED = ("open", "socket.", "subprocess.", "os.", "urllib.", "import", "ctypes.", "exec", "compile", "glob.")

    def __init__(self) -> None:
        self.seen: list[tuple[str, Any]] = []
        self.thread: int | None = None

    def __call__(self, event: str, arguments: Any) -> None:
        if self.thread is not None and self.thread == threading.get_ident() and event.startswith(self.WATCHED):
            self.seen.append((event, arguments))

    @contextlib.contextmanager
    def watching(self) -> Iterator[list[tuple[str, Any]]]:
        self.seen, self.thread = [], threading.get_ident()
        try:
            yield self.seen
        finally:
            self.thread = None


@pytest.fixture(scope="module")
def watch() -> _Watch:
    """One for the module: an audit hook stays for good."""
    watch = _Watch()
    sys.addaudithook(watch)
    return watch


@pytest.mark.parametrize(
    "contract",
    [
        pytest.param(
            """
apiVersion: v3.1.0
kind: DataContract
id: ${HOME}
version: $(cat /etc/passwd)
servers:
- {server: here, type: local, path: /etc/passwd, format: csv}
- {server: there, type: api, location: 'http://169.254.169.254/latest/meta-data'}
authoritativeDefinitions: [{type: schema, url: 'file:///etc/shadow'}]
schema:
- name: t
  $ref: file:///etc/passwd
  authoritativeDefinitions: [{type: x, url: 'https://attacker.example/x'}]
  quality: [{type: sql, query: "COPY t TO PROGRAM 'sh'", mustBe: 0}]
  properties: [{name: f, examples: ['${AWS_SECRET_ACCESS_KEY}'], $ref: 'https://attacker.example/f'}]
""",
            id="odcs",
        ),
        pytest.param(
            "dataContractSpecification: 1.2.1\nid: c\nservers: {s: {type: local, path: /etc/passwd}}\n"
            "models: {m: {fields: {f: {$ref: 'file:///etc/passwd'}}}}\n",
            id="dcs",
        ),
        pytest.param(
            "dataContractSpecification: 1.2.1\nid: c\n"
            "models: {m: {$ref: 'file:///etc/passwd', fields: {f: {ref: ../x}}}}\n"
            "definitions: {$ref: 'https://attacker.example/d'}\n",
            id="dcs with references that are not followed",
        ),
        pytest.param(
            "apiVersion: v1.1.0\nkind: DataProduct\nid: '${HOME}'\noutputPorts: [{name: p, contractId: /etc/passwd}]\n",
            id="odps",
        ),
        pytest.param(
            "data_product_contract: {domain: d, name: n, schema: {$ref: 'file:///etc/passwd', properties: {}}}\n",
            id="a JSON Schema",
        ),
        pytest.param(
            'serving_infrastructure: {mode: kafka}\nschema_definition: \'{"type": "record", "name": "../../x", '
            '"fields": [{"name": "f", "type": "file:///etc/passwd"}]}\'\n',
            id="an Avro schema",
        ),
    ],
)
def test_nothing_is_opened_because_a_document_says_so(watch: _Watch, contract: str) -> None:
    content = contract.encode()
    list(gather(content, file="c.yaml"))  # what is imported on first use is
    with watch.watching() as seen:
        found = list(gather(content, file="c.yaml"))
    assert found
    assert seen == []


def test_the_watch_sees_a_file_that_is_opened(watch: _Watch) -> None:
    with watch.watching() as seen:
        Path(__file__).read_bytes()
    assert [event for event, _ in seen] == ["open"]


def test_what_the_environment_holds_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWNER", "mallory")
    (facts,) = gather(b"apiVersion: v3.1.0\nkind: DataContract\nid: c\nteam: {name: '${OWNER}'}\n", file="c.yaml")
    assert isinstance(facts, Facts)
    assert facts.input["product"]["owner"] == "${OWNER}"


MEBIBYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(
            b"apiVersion: v3.1.0\nkind: DataContract\nschema:\n" + b"- {name: t, description: x}\n" * (2 * MEBIBYTE),
            "input_too_large",
            id="50 MB of a contract",
        ),
        pytest.param(
            b'{"apiVersion": "v3.1.0", "kind": "DataContract", "schema": [{"name": "t", "properties": ['
            + b",".join(b'{"name": "f%d"}' % number for number in range(30_000))
            + b"]}]}",
            "input_too_large",
            id="more fields than anybody reads",
        ),
        pytest.param(
            b"apiVersion: v3.1.0\nkind: DataContract\nx: &a [" + b"y," * 500 + b"]\nz: [" + b"*a," * 2_000 + b"]\n",
            "input_too_large",
            id="a list that is repeated",
        ),
        pytest.param(
            b"kind: DataContract\na: &a {}\n"
            + b"".join(b"%c: &%c [%s]\n" % (98 + n, 98 + n, b"*%c, " % (97 + n) * 10) for n in range(9)),
            "input_too_large",
            id="a bomb of aliases",
        ),
        pytest.param(b"kind: DataContract\na: &a [*a]\n", "malformed_input", id="an alias inside itself"),
        pytest.param(b"kind: DataContract\nid: a\nid: b\n", "duplicate_key", id="an id twice"),
        pytest.param(
            b"apiVersion: v3.1.0\nkind: DataContract\nschema: [{name: t}, {name: t}]\n",
            "wrong_shape",
            id="an object twice",
        ),
        pytest.param(
            b"apiVersion: v3.1.0\nkind: DataContract\nservers: [{server: s}, {server: s}]\n",
            "wrong_shape",
            id="a server twice",
        ),
    ],
)
def test_refused(content: bytes, code: str) -> None:
    try:
        (found,) = gather(content, file="c.yaml")
    except InputError as error:
        found = error
    assert isinstance(found, InputError)
    assert found.code == code


def test_days_outside_the_calendars_of_computers_stay_what_they_are() -> None:
    contract = (
        b"apiVersion: v3.1.0\nkind: DataContract\nid: c\nslaProperties:\n"
        b"- {property: endOfLife, value: 12026-01-01}\n- {property: generalAvailability, value: '1815-12-10'}\n"
        b"- {property: retention, value: 9000, unit: y}\n"
        b"schema: [{name: t, properties: [{name: d, "
        b"logicalTypeOptions: {minimum: '-0044-03-15', maximum: '99999-01-01'}}]}]\n"
    )
    (facts,) = gather(contract, file="c.yaml")
    assert isinstance(facts, Facts)
    product = facts.input["product"]
    field = product["contract"]["schema"][0]["fields"][0]
    assert (product["end_of_life"], product["available_from"], product["retention"]["days"]) == (
        "12026-01-01",
        "1815-12-10",
        9000 * 365,
    )
    assert (field["minimum"], field["maximum"]) == ("-0044-03-15", "99999-01-01")
