"""JSON is taken apart without being written anew, and what cannot be read is refused with the reason."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.errors import BylawError, DuplicateKey, InputError, InputTooDeep, MalformedInput, WrongShape
from bylaw_adapters.serving.json_texts import input_of, split_array, split_object

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
indents = st.sampled_from([None, 0, 3])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("{}", {}, id="nothing"),
        pytest.param(' { "a" : 1.10 , "b":[1 ,2]}\n', {"a": b"1.10", "b": b"[1 ,2]"}, id="digits and blanks stay"),
        pytest.param('{"a": 123456789012345678901234567890}', {"a": b"123456789012345678901234567890"}, id="long"),
        pytest.param('{"a": "\\u00e9"}', {"a": b'"\\u00e9"'}, id="escapes stay"),
        pytest.param('{"\\u0061": 1}', {"a": b"1"}, id="a key is read"),
    ],
)
def test_an_object_is_split_into_the_texts_of_its_members(text: str, wanted: dict[str, bytes]) -> None:
    assert split_object(text.encode()) == wanted


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param(b"", MalformedInput, id="nothing"),
        pytest.param(b"{", MalformedInput, id="no end"),
        pytest.param(b'{"a" 1}', MalformedInput, id="no colon"),
        pytest.param(b'{"a": 1,}', MalformedInput, id="a comma too many"),
        pytest.param(b'{"a": 1} {}', MalformedInput, id="two values"),
        pytest.param(b'{"a": NaN}', MalformedInput, id="not a number"),
        pytest.param(b"{a: 1}", MalformedInput, id="a key without quotes"),
        pytest.param(b'{"a": "\xff"}', MalformedInput, id="not UTF-8"),
        pytest.param(b'{"a": 1, "a": 1}', DuplicateKey, id="a key twice"),
        pytest.param(b'{"a": 1, "\\u0061": 1}', DuplicateKey, id="a key twice, once in disguise"),
        pytest.param(b'{"a": {"b": 1, "b": 1}}', DuplicateKey, id="a key twice below"),
        pytest.param(b'{"a": ' + b"[" * 100_000, InputTooDeep, id="too deep"),
        pytest.param(b"[1]", WrongShape, id="a list"),
        pytest.param(b"1", WrongShape, id="a number"),
    ],
)
def test_what_is_no_object_is_refused(text: bytes, error: type[BylawError]) -> None:
    with pytest.raises(error):
        split_object(text)


@given(st.dictionaries(st.text(), values), indents)
def test_the_members_together_are_the_object(document: dict[str, object], indent: int | None) -> None:
    text = json.dumps(document, indent=indent)
    assert {name: json.loads(part) for name, part in split_object(text.encode()).items()} == document


@given(st.lists(values), indents)
def test_the_items_together_are_the_list(document: list[object], indent: int | None) -> None:
    text = json.dumps(document, indent=indent)
    assert [json.loads(part) for part in split_array(text.encode(), what="it")] == document


@given(st.binary() | st.text(alphabet='{}[]":,\\ aeinput1.0-').map(str.encode))
def test_any_bytes_are_split_or_refused(text: bytes) -> None:
    try:
        members = split_object(text)
    except InputError:
        return
    assert {name: json.loads(part) for name, part in members.items()} == json.loads(text)


@given(
    values.filter(lambda value: value is not None),
    st.sampled_from(['{"input":%s}', '{ "input" : %s }', '{"a":1,"input":%s}']),
)
def test_the_input_is_the_callers_own_text(value: object, form: str) -> None:
    text = json.dumps(value)
    input_json, members = input_of((form % text).encode())
    assert (input_json, "input" in members) == (text.encode(), False)


@pytest.mark.parametrize("body", [b"", b"  ", b"null", b"{}", b'{"input":null}', b'{"input": null, "x": 1}'])
def test_no_input_and_an_input_of_null_are_the_same(body: bytes) -> None:
    assert input_of(body)[0] is None


@pytest.mark.parametrize("body", [b"[]", b"1", b'"input"'])
def test_a_body_that_is_no_object_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedInput):
        input_of(body)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"input":{"a":1},"inp\\u0075t":{"a":2}}', id="in disguise"),
        pytest.param(b'{"inp\\u0075t":{"a":1},"input":{"a":2}}', id="in disguise first"),
        pytest.param(b'{"input":{"a":1},"input":{"a":2}}', id="openly"),
    ],
)
def test_of_two_inputs_none_is_taken(body: bytes) -> None:
    with pytest.raises(DuplicateKey):
        input_of(body)
