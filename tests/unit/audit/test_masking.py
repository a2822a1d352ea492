"""What a mask takes out of an event, and that nothing is written where it cannot be understood."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bylaw.audit.masking import MaskingFailed, mask_event

EVENT = {
    "decision_id": "d",
    "input": {"user": {"name": "alice", "mail": "a@example.org"}, "rows": ["r0", "r1", "r2"], "a b": 1, "x/y": 2},
    "result": {"allow": True, "why": [["deep", "deeper"]]},
    "metrics": {"timer_rego_query_eval_ns": 5},
}


def masked(mask: Any, event: Any = None) -> Any:
    return json.loads(mask_event(json.dumps(event or EVENT).encode(), json.dumps(mask).encode()))


def changed(**members: Any) -> dict[str, Any]:
    return {**EVENT, **members}


INPUT: dict[str, Any] = EVENT["input"]  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("mask", "want"),
    [
        pytest.param([], EVENT, id="nothing"),
        pytest.param(
            ["/input/user/mail"],
            changed(input={**INPUT, "user": {"name": "alice"}}, erased=["/input/user/mail"]),
            id="a pointer erases",
        ),
        pytest.param(
            [{"op": "remove", "path": "/input/user"}],
            changed(input={k: v for k, v in INPUT.items() if k != "user"}, erased=["/input/user"]),
            id="so does op remove",
        ),
        pytest.param(
            ["/input"],
            {**{k: v for k, v in EVENT.items() if k != "input"}, "erased": ["/input"]},
            id="the whole input",
        ),
        pytest.param(
            [{"op": "upsert", "path": "/input/user/mail", "value": "**"}],
            changed(input={**INPUT, "user": {"name": "alice", "mail": "**"}}, masked=["/input/user/mail"]),
            id="an upsert replaces",
        ),
        pytest.param(
            [{"op": "upsert", "path": "/result/new/key", "value": {"n": 1.5}}],
            changed(result={**EVENT["result"], "new": {"key": {"n": 1.5}}}, masked=["/result/new/key"]),  # type: ignore[dict-item]
            id="an upsert makes what is missing",
        ),
        pytest.param(
            [{"op": "upsert", "path": "/input", "value": None}],
            changed(input=None, masked=["/input"]),
            id="an upsert of the whole input",
        ),
        pytest.param(
            [{"op": "upsert", "path": "/input/rows/1", "value": "**"}],
            changed(input={**INPUT, "rows": ["r0", "**", "r2"]}, masked=["/input/rows/1"]),
            id="an upsert into a list",
        ),
        pytest.param(
            ["/input/rows/0", "/input/rows/1"],
            changed(input={**INPUT, "rows": ["r2"]}, erased=["/input/rows/0", "/input/rows/1"]),
            id="positions are those before masking",
        ),
        pytest.param(
            ["/result/why/0/1"],
            changed(result={"allow": True, "why": [["deep"]]}, erased=["/result/why/0/1"]),
            id="a list in a list",
        ),
        pytest.param(
            ["/input/a b"],
            changed(input={k: v for k, v in INPUT.items() if k != "a b"}, erased=["/input/a%20b"]),
            id="a key with a blank, listed as OPA lists it",
        ),
        pytest.param(
            ["/input/x~1y"],
            changed(input={k: v for k, v in INPUT.items() if k != "x/y"}, erased=["/input/x~1y"]),
            id="a key with a slash, as in RFC 6901",
        ),
        pytest.param(
            ["/input/x%2Fy"],
            changed(input={k: v for k, v in INPUT.items() if k != "x/y"}, erased=["/input/x%252Fy"]),
            id="a key with a slash, as in a URL",
        ),
        pytest.param(["/input/nobody", "/input/user/name/first", "/nd_builtin_cache"], EVENT, id="targets not there"),
        pytest.param(
            ["/input/rows/3", "/input/rows/-1", "/input/rows/x", "/input/rows/²", "/input/rows/99999999999"],
            EVENT,
            id="positions that no list has",
        ),
        pytest.param(
            [{"op": "upsert", "path": "/input/rows/3", "value": 1}], EVENT, id="an upsert behind a list's end"
        ),
        pytest.param(
            [{"op": "upsert", "path": "/input/user/name/x", "value": 1}], EVENT, id="an upsert below a string"
        ),
        pytest.param([{"op": "upsert", "path": "/nd_builtin_cache/x", "value": 1}], EVENT, id="an upsert into nothing"),
    ],
)
def test_a_mask_does_what_opa_says_it_does(mask: Any, want: Any) -> None:
    assert masked(mask) == want


def test_a_list_at_the_top_is_masked_too() -> None:
    assert masked(["/input/0"], {"input": ["secret", "public"]}) == {"input": ["public"], "erased": ["/input/0"]}


def test_what_was_erased_before_stays_listed() -> None:
    event = {"result": 1, "erased": ["/input"]}
    assert masked(["/result"], event) == {"erased": ["/input", "/result"]}


def test_an_undefined_mask_leaves_the_event_as_it_was() -> None:
    assert mask_event(b'{"input":1}', None) == b'{"input":1}'


def test_numbers_are_spelled_as_before() -> None:
    event = b'{"input":{"n":[1.10,1e400,-0.0,' + b"1" * 5000 + b'],"secret":1},"result":"1.10"}'
    want = b'{"input":{"n":[1.10,1e400,-0.0,' + b"1" * 5000 + b']},"result":"1.10","erased":["/input/secret"]}'
    assert mask_event(event, b'["/input/secret"]') == want


def test_a_key_that_stands_twice_is_masked_both_times() -> None:
    assert mask_event(b'{"input":{"s":"one","s":"two","t":0}}', b'["/input/s"]') == (
        b'{"input":{"t":0},"erased":["/input/s"]}'
    )


@pytest.mark.parametrize(
    ("mask", "why"),
    [
        pytest.param(b"true", "the mask is a boolean, wanted a set", id="a boolean"),
        pytest.param(b"null", "the mask is a null, wanted a set", id="null"),
        pytest.param(b'{"/input": true}', "the mask is a object, wanted a set", id="an object"),
        pytest.param(b"[1]", "the path of a mask does not start with a slash", id="a number in the set"),
        pytest.param(b"[null]", "a mask is a null, wanted a pointer or an object", id="null in the set"),
        pytest.param(b'[["/input"]]', "a mask is a array, wanted a pointer or an object", id="an array in the set"),
        pytest.param(b'["input/x"]', "the path of a mask does not start with a slash", id="no slash"),
        pytest.param(b'[""]', "the path of a mask does not start with a slash", id="an empty pointer"),
        pytest.param(
            b'["/labels/id"]',
            "the path of a mask starts with none of /input, /result, /nd_builtin_cache",
            id="what cannot be masked",
        ),
        pytest.param(
            b'["/inputs/x"]',
            "the path of a mask starts with none of /input, /result, /nd_builtin_cache",
            id="a mistyped prefix",
        ),
        pytest.param(b'[{"path":"/input"}]', "the op of a mask is neither remove nor upsert", id="no op"),
        pytest.param(
            b'[{"op":"replace","path":"/input"}]', "the op of a mask is neither remove nor upsert", id="another op"
        ),
        pytest.param(b'[{"op":"remove"}]', "the path of a mask does not start with a slash", id="no path"),
        pytest.param(b"[", "the mask or the event cannot be read: JSONDecodeError", id="no JSON"),
        pytest.param(
            b"[" * 100_000 + b"]" * 100_000, "the mask or the event cannot be read: RecursionError", id="too deep"
        ),
    ],
)
def test_a_mask_that_cannot_be_understood_fails(mask: bytes, why: str) -> None:
    with pytest.raises(MaskingFailed) as failed:
        mask_event(json.dumps(EVENT).encode(), mask)
    assert str(failed.value) == why
