"""Which waivers a decision was made with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bylaw.errors import AuditCorrupt
from bylaw.waivers.uses import Uses, uses_in, waivers_used

_WAIVED = {"waived": [{"id": "PRV-1", "waiver": {"id": "W-1"}}, {"id": "PRV-2", "waiver": {"id": "W-2"}}]}

_RESULTS: dict[str, tuple[Any, set[str]]] = {
    "a decision": ({"allow": True, **_WAIVED}, {"W-1", "W-2"}),
    "an AuthZEN answer": ({"decision": True, "context": _WAIVED}, {"W-1", "W-2"}),
    "a review": (
        {"response": {"auditAnnotations": {"waived": "PRV-1", "waivers": "W-1, W-2"}}},
        {"W-1", "W-2"},
    ),
    "a review without": ({"response": {"auditAnnotations": {"audits": "A"}}}, set()),
    "a decision without": ({"allow": True, "waived": []}, set()),
    "something that looks like it": ({"waived": [{"waiver": "W-1"}, {}]}, set()),
    "something else": ({"x": {"waived": [{"waiver": {"id": "W-1"}}]}}, set()),
    "a list": ([{"waived": [{"waiver": {"id": "W-1"}}]}], set()),
}


@pytest.mark.parametrize(("result", "used"), _RESULTS.values(), ids=_RESULTS)
def test_the_waivers_used_are_told_from(result: Any, used: set[str]) -> None:
    assert waivers_used(json.dumps(result, separators=(",", ":")).encode()) == used


def test_what_is_no_json_used_none() -> None:
    assert waivers_used(b'{"waived":[{') == frozenset()


def _record(result: Any, timestamp: str) -> bytes:
    return json.dumps({"result": result, "timestamp": timestamp}, separators=(",", ":")).encode()


def test_uses_on_a_log_are_counted_with_the_last() -> None:
    lines = [_record({"allow": True}, "1"), _record(_WAIVED, "2"), _record(_WAIVED, "3"), _record(None, "4")]

    assert uses_in(lines) == {"W-1": Uses(2, "3"), "W-2": Uses(2, "3")}


def test_a_line_that_is_no_record_is_told() -> None:
    with pytest.raises(AuditCorrupt):
        uses_in([b'[{"waived":[{}]}'])
