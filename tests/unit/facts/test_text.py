"""Text to values: what is read, where it stood, and what is refused."""

from __future__ import annotations

import pytest

from bylaw.errors import InputError
from bylaw.facts.documents import text, yaml_text
from bylaw.facts.documents.document import Document
from bylaw.facts.documents.text import read_documents


def read_one(content: str | bytes, *, file: str = "contract.yaml") -> Document:
    (document,) = read_documents(content.encode() if isinstance(content, str) else content, file=file)
    return document


def test_yaml_is_read_by_the_core_schema_of_1_2() -> None:
    document = read_one(
        """
        country: no
        flag: true
        nothing: ~
        date: 2024-01-01
        time: 1:30
        octal: 0o17
        zeros: 010
        big: 12345678901234567890123
        share: 1e-3
        infinite: .inf
        quoted: "1"
        1: one
        """
    )
    assert document.value == {
        "country": "no",
        "flag": True,
        "nothing": None,
        "date": "2024-01-01",
        "time": "1:30",
        "octal": 15,
        "zeros": "010",
        "big": 12345678901234567890123,
        "share": 0.001,
        "infinite": ".inf",
        "quoted": "1",
        "1": "one",
    }
    assert document.doubtful_flags == (("country",),)


def test_how_a_number_was_written_is_kept_where_the_value_loses_it() -> None:
    assert read_one("version: 1.10\nother: 2.5").spellings == {("version",): "1.10"}


def test_aliases_and_merges_say_what_they_stand_for() -> None:
    document = read_one("base: &base {a: 1, b: 2}\nsame: *base\nmerged:\n  <<: *base\n  b: 3\n")
    assert document.value == {"base": {"a": 1, "b": 2}, "same": {"a": 1, "b": 2}, "merged": {"a": 1, "b": 3}}


def test_an_anchor_on_a_key_and_a_number_by_way_of_an_alias_keep_what_was_written() -> None:
    document = read_one("&k version: &v 1.10\nsame: *v\nname: *k\n")
    assert document.value == {"version": 1.1, "same": 1.1, "name": "version"}
    assert document.spellings == {("version",): "1.10", ("same",): "1.10"}


@pytest.mark.parametrize(
    ("content", "file"),
    [
        pytest.param("\ufeffa: 1\r\nb:\r\n  - x\r\n  - y: 2\r\n", "c.yaml", id="yaml with a BOM and windows line ends"),
        pytest.param('\ufeff{"a": 1,\r\n"b":\r\n  ["x",\r\n   {"y": 2}]}', "c.json", id="json likewise"),
        pytest.param('{"a": 1,\n"b":\n  ["x",\n   {"y": 2}]}', "c.yaml", id="json in a yaml file"),
    ],
)
def test_values_have_a_place(content: str, file: str) -> None:
    document = read_one(content, file=file)
    assert document.value == {"a": 1, "b": ["x", {"y": 2}]}
    rows = {pointer: document.location(pointer).row for pointer in [("a",), ("b",), ("b", 1), ("b", 1, "y")]}
    assert rows == {("a",): 1, ("b",): 2, ("b", 1): 4, ("b", 1, "y"): 4}
    assert document.location(("b", 1, "y", "not there")) == document.location(("b", 1, "y"))
    assert document.location(("not there",)) == document.location()


def test_a_place_in_json_is_the_key_whatever_stands_before_it() -> None:
    document = read_one('{"x": [{"q\\"}": "}]"}, [1, 2]], "deep": {"er": {"k": null}}}', file="plan.json")
    assert str(document.location(("deep", "er", "k"))) == "plan.json:1:49"
    assert str(document.location(("x", 1, 1))) == "plan.json:1:28"


def test_columns_count_characters_and_a_value_by_way_of_an_alias_stands_where_the_alias_does() -> None:
    document = read_one("é: [😀, {k: 1}]\nb: &b {c: 1}\nd: *b\ne: {<<: *b}\n")
    places = {pointer: str(document.location(pointer)) for pointer in [("é", 1, "k"), ("d", "c"), ("e", "c")]}
    assert places == {
        ("é", 1, "k"): "contract.yaml:1:9",
        ("d", "c"): "contract.yaml:3:1",
        ("e", "c"): "contract.yaml:4:1",
    }


def test_every_document_of_a_stream_is_read_and_empty_ones_are_nothing() -> None:
    documents = read_documents(b"---\na: 1\n---\n---\nb: 2\n...\n", file="many.yaml")
    assert [(document.value, str(document.location(("a",)))) for document in documents] == [
        ({"a": 1}, "many.yaml:2:1"),
        ({"b": 2}, "many.yaml:5:1"),
    ]


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)
)

TAGS = "".join(f"%TAG !t{number}! tag:t\n" for number in range(10_000))


@pytest.mark.parametrize(
    ("content", "file", "code", "place"),
    [
        pytest.param(b"", "c.yaml", "unrecognised_document", "1:1", id="nothing"),
        pytest.param(b" \n\n", "c.yaml", "unrecognised_document", "1:1", id="blank"),
        pytest.param(b"# a comment\n", "c.yaml", "unrecognised_document", "1:1", id="a comment"),
        pytest.param(b"---\n---\n", "c.yaml", "unrecognised_document", "1:1", id="empty documents"),
        pytest.param(b"a: 1\nb: \xff\n", "c.yaml", "malformed_input", "2:4", id="not UTF-8"),
        pytest.param("a: 1".encode("utf-16"), "c.yaml", "malformed_input", "1:1", id="UTF-16"),
        pytest.param(b"a: 1\nb: \x00", "c.yaml", "malformed_input", "2:4", id="NUL"),
        pytest.param(b"\x7fELF\x02\x01\x01\x00", "c.yaml", "malformed_input", "1:8", id="a program"),
        pytest.param(b"a: \x07", "c.yaml", "malformed_input", "1:4", id="a control character"),
        pytest.param(b"a: b: c\n", "c.yaml", "malformed_input", "1:5", id="broken yaml"),
        pytest.param(b"a: [1, 2\n", "c.yaml", "malformed_input", "2:1", id="cut short"),
        pytest.param(b'{"a": [1, 2', "c.json", "malformed_input", "1:12", id="json cut short"),
        pytest.param(b'{"a": 1} x', "c.json", "malformed_input", "1:10", id="more after the json"),
        pytest.param(b'{"a": NaN}', "c.json", "malformed_input", "1:1", id="a number json has not"),
        pytest.param(b'{"a": 1e999}', "c.json", "malformed_input", "1:1", id="a number beyond all"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", "c.json", "malformed_input", "1:1", id="five thousand digits"),
        pytest.param(b"a: !!python/object/apply:os.system [id]", "c.yaml", "malformed_input", "1:4", id="a python tag"),
        pytest.param(b"a: !secret x", "c.yaml", "malformed_input", "1:4", id="a tag of somebody's own"),
        pytest.param(b"a: !!timestamp 2024-01-01", "c.yaml", "malformed_input", "1:4", id="a tag of yaml 1.1"),
        pytest.param(b"a: *nothing", "c.yaml", "malformed_input", "1:4", id="an alias for nothing"),
        pytest.param(b"a: &a [*a]", "c.yaml", "malformed_input", "1:8", id="an alias for itself"),
        pytest.param(b"<<: 1\na: 2", "c.yaml", "malformed_input", "1:5", id="a merge of no mapping"),
        pytest.param(b"? [a]\n: 1", "c.yaml", "malformed_input", "1:3", id="a list as a key"),
        pytest.param(b"a: 1\nb: 2\na: 3\n", "c.yaml", "duplicate_key", "3:1", id="a key twice"),
        pytest.param(b'{"a": 1,\n "b": {"a": 1, "a": 2}}', "c.json", "duplicate_key", "2:16", id="a json key twice"),
        pytest.param(b'{"a": 1, "\\u0061": 2}', "c.json", "duplicate_key", "1:10", id="a key twice, once escaped"),
        pytest.param(b"{a: " * 10_000, "c.yaml", "input_too_deep", "1:801", id="ten thousand deep, flow"),
        pytest.param(b"- " * 10_000 + b"x", "c.yaml", "input_too_deep", "1:401", id="ten thousand deep, block"),
        pytest.param(b"[" * 10_000 + b"]" * 10_000, "c.json", "input_too_deep", "1:1", id="ten thousand deep, json"),
        pytest.param(b"[" * 300 + b"]" * 300, "c.json", "input_too_deep", "1:1", id="three hundred deep, json"),
        pytest.param(b"a: {b: !!str, c: 1}", "c.yaml", "malformed_input", "1:5", id="a tag before a comma"),
        pytest.param(TAGS.encode(), "c.yaml", "input_too_large", "1002:1", id="ten thousand directives"),
        pytest.param(BOMB.encode(), "c.yaml", "input_too_large", "6:25", id="a bomb of aliases"),
    ],
)
def test_refused(content: bytes, file: str, code: str, place: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_documents(content, file=file)
    assert (refusal.value.code, str(refusal.value.location)) == (code, f"{file}:{place}")


@pytest.mark.parametrize("file", ["c.json", "c.yaml"])
def test_refused_beyond_the_bytes_that_are_read(file: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_documents(b"a" * (text.MAX_BYTES + 1), file=file)
    assert refusal.value.code == "input_too_large"


def test_a_contract_of_fifty_megabytes_is_read_as_far_as_its_values_are_agreed_to() -> None:
    row = "  - {name: amount, logicalType: number, description: what was paid}\n"
    with pytest.raises(InputError) as refusal:
        read_documents(("schema:\n" + row * 780_000).encode(), file="c.yaml")
    # Of each row a mapping and three values; before them the document and the list.
    last = (yaml_text.MAX_NODES - 2) // 4 + 2
    assert (refusal.value.code, refusal.value.location.row if refusal.value.location else 0) == (
        "input_too_large",
        last,
    )


def test_a_plan_of_fifty_megabytes_is_read_and_its_last_line_found() -> None:
    row = '  {"address": "aws_s3_bucket.b", "values": {"tags": {"a": "' + "x" * 900 + '"}}},\n'
    content = '{"resources": [\n' + row * 53_000 + '  {"address": "last"}]}'
    assert 50_000_000 < len(content) <= text.MAX_BYTES
    document = read_one(content, file="plan.json")
    assert str(document.location(("resources", 53_000, "address"))) == "plan.json:53002:4"


def test_refused_beyond_the_documents_of_one_file() -> None:
    with pytest.raises(InputError) as refusal:
        read_documents(b"--- 1\n" * (yaml_text.MAX_DOCUMENTS + 1), file="many.yaml")
    assert refusal.value.code == "input_too_large"
