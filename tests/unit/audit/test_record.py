"""What a record says, and that nothing a caller sends can make it say more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.audit.record import DecisionRecord, is_json, timestamp
from bylaw.errors import EvaluationTimedOut, MalformedInput

AT_NS = 1_790_000_000_000_000_042


def record(**fields: Any) -> DecisionRecord:
    given_fields: dict[str, Any] = {
        "decision_id": "4ca636c1-55e4-417a-b1d8-4aceb67960d1",
        "at_ns": AT_NS,
        "path": "bylaw/decisions/access/decision",
        "input_json": b'{"subject":{"id":"alice"}}',
        "result_json": b'{"allow":true}',
        "revisions": {"global": "r1", "customer": "r2"},
        "labels": {"id": "here"},
    }
    return DecisionRecord(**{**given_fields, **fields})


def test_a_record_is_the_event_that_opa_would_log() -> None:
    event = record(requested_by="10.0.0.1:5", request_id=7, evaluation_ns=1234, custom={"door": "trino"}).to_event()
    assert json.loads(event) == {
        "labels": {"id": "here"},
        "decision_id": "4ca636c1-55e4-417a-b1d8-4aceb67960d1",
        "bundles": {"global": {"revision": "r1"}, "customer": {"revision": "r2"}},
        "path": "bylaw/decisions/access/decision",
        "input": {"subject": {"id": "alice"}},
        "result": {"allow": True},
        "requested_by": "10.0.0.1:5",
        "timestamp": "2026-09-21T14:13:20.000000042Z",
        "metrics": {"timer_rego_query_eval_ns": 1234},
        "req_id": 7,
        "custom": {"door": "trino"},
    }


def test_what_there_was_not_has_no_key() -> None:
    event = record(input_json=None, result_json=None, revisions={}).to_event()
    assert json.loads(event) == {
        "labels": {"id": "here"},
        "decision_id": "4ca636c1-55e4-417a-b1d8-4aceb67960d1",
        "path": "bylaw/decisions/access/decision",
        "timestamp": "2026-09-21T14:13:20.000000042Z",
        "metrics": {"timer_rego_query_eval_ns": 0},
    }


def test_a_query_stands_in_place_of_a_path() -> None:
    event = json.loads(record(path="", query='data.a["b"]').to_event())
    assert (event["query"], "path" in event) == ('data.a["b"]', False)


def test_null_is_told_apart_from_nothing() -> None:
    event = json.loads(record(input_json=b"null", result_json=b"null").to_event())
    assert (event["input"], event["result"]) == (None, None)


def test_an_error_is_recorded_with_its_code_and_message() -> None:
    event = json.loads(record(result_json=None, error=EvaluationTimedOut("stopped after 10 s")).to_event())
    assert event["error"] == {"code": "eval_cancel_error", "message": "stopped after 10 s"}
    assert "result" not in event


def test_texts_over_several_lines_become_one_line_and_mean_the_same() -> None:
    text = b'{\r\n\t"a": [1,\n 2],\n\t"b": "line\\nbreak"\r\n}\n'
    event = record(input_json=text, result_json=text).to_event()
    assert b"\n" not in event
    assert b"\r" not in event
    assert json.loads(event)["input"] == json.loads(event)["result"] == {"a": [1, 2], "b": "line\nbreak"}


@pytest.mark.parametrize(
    "input_json",
    [
        pytest.param(b'{"a":', id="cut short"),
        pytest.param(b"", id="empty"),
        pytest.param(b'1,"decision_id":"forged","input":2', id="forges members of the event"),
        pytest.param(b'{}}\n{"decision_id":"forged"', id="forges a line"),
        pytest.param(b'{"a":"x\ny"}', id="a raw line break in a string"),
        pytest.param(b'{"a":NaN}', id="NaN"),
        pytest.param(b'{"a":-Infinity}', id="infinity"),
        pytest.param(b'"\xff"', id="not UTF-8"),
        pytest.param(b"\xef\xbb\xbf{}", id="a byte order mark"),
        pytest.param('{"a":1}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b"[" * 100_000, id="open brackets only"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="deeper than can be read"),
        pytest.param(b"{} {}", id="two values"),
    ],
)
def test_an_input_that_is_no_json_is_left_out_and_said(input_json: bytes) -> None:
    event = record(input_json=input_json, result_json=None, error=MalformedInput("no JSON")).to_event()
    assert b"\n" not in event
    assert json.loads(event) == {
        "labels": {"id": "here"},
        "decision_id": "4ca636c1-55e4-417a-b1d8-4aceb67960d1",
        "bundles": {"global": {"revision": "r1"}, "customer": {"revision": "r2"}},
        "path": "bylaw/decisions/access/decision",
        "erased": ["/input"],
        "error": {"code": "malformed_input", "message": "no JSON"},
        "timestamp": "2026-09-21T14:13:20.000000042Z",
        "metrics": {"timer_rego_query_eval_ns": 0},
        "custom": {"input_dropped": {"reason": "not JSON", "bytes": len(input_json)}},
    }


@pytest.mark.parametrize(
    "input_json",
    [
        pytest.param(b'{"a":"\\ud800"}', id="a lone surrogate"),
        pytest.param(b"1" * 5000, id="an integer of 5000 digits"),
        pytest.param(b"[1e400,-0.0,1.10]", id="numbers beyond a float"),
        pytest.param(b'{"a":1,"a":2}', id="a key twice"),
        pytest.param(b" \t{} ", id="blanks around"),
    ],
)
def test_an_unusual_input_that_is_json_is_kept_as_it_was_spelled(input_json: bytes) -> None:
    assert b',"input":' + input_json + b',"result"' in record(input_json=input_json).to_event()


def test_where_masking_failed_neither_input_nor_result_nor_message_is_left() -> None:
    failed = record(result_json=None, error=EvaluationTimedOut("secret"), custom={"door": "trino"})
    assert json.loads(failed.to_erased_event(reason="no set")) == {
        "labels": {"id": "here"},
        "decision_id": "4ca636c1-55e4-417a-b1d8-4aceb67960d1",
        "bundles": {"global": {"revision": "r1"}, "customer": {"revision": "r2"}},
        "path": "bylaw/decisions/access/decision",
        "erased": ["/input", "/error/message"],
        "error": {"code": "eval_cancel_error", "message": ""},
        "timestamp": "2026-09-21T14:13:20.000000042Z",
        "metrics": {"timer_rego_query_eval_ns": 0},
        "custom": {"door": "trino", "masking_failed": "no set"},
    }


def test_revisions_of_a_new_release_are_not_those_of_the_old_one() -> None:
    revisions = {"global": "r1"}
    first = json.loads(record(revisions=revisions).to_event())["bundles"]
    revisions["global"] = "r2"
    second = json.loads(record(revisions=revisions).to_event())["bundles"]
    assert (first, second) == ({"global": {"revision": "r1"}}, {"global": {"revision": "r2"}})


def test_a_label_that_has_no_json_form_is_written_as_text() -> None:
    custom = {
        "object": {
            1,
        },
        "surrogate": "\ud800",
        "huge": 2**70,
        "nested": {3: "three"},
    }
    assert json.loads(record(custom=custom).to_event())["custom"] == {
        "object": "{1}",
        "surrogate": "\ud800",
        "huge": 2**70,
        "nested": {"3": "three"},
    }


@pytest.mark.parametrize(
    ("at_ns", "text"),
    [
        pytest.param(0, "1970-01-01T00:00:00.000000000Z", id="the epoch"),
        pytest.param(1, "1970-01-01T00:00:00.000000001Z", id="a nanosecond later"),
        pytest.param(951_782_400_500_000_000, "2000-02-29T00:00:00.500000000Z", id="a leap day"),
    ],
)
def test_an_instant_is_written_with_all_its_nanoseconds(at_ns: int, text: str) -> None:
    assert timestamp(at_ns) == text


texts = st.text()
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(value=json_values, path=texts, requested_by=texts, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_any_input_and_path_come_back_as_they_were(
    value: Any, path: str, requested_by: str, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()
    event = record(input_json=text, result_json=text, path=path, requested_by=requested_by).to_event()
    assert b"\n" not in event
    read = json.loads(event)
    assert (read["input"], read["result"], read["path"]) == (value, value, path)
    assert read.get("requested_by", "") == requested_by


@given(text=st.binary(max_size=40))
def test_what_is_taken_for_json_is_json(text: bytes) -> None:
    if is_json(text):
        json.loads(b"[" + text + b"]")
