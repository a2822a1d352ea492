"""No answer without its record; an error is recorded like an answer; masking fails towards silence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bylaw.decide import Answer, DecisionRequest, decide
from bylaw.errors import AuditUnavailable, BylawError, EvaluationTimedOut, MalformedInput
from bylaw.law import MASK_ENTRYPOINT, Law
from bylaw_adapters.audit_logs.memory import InMemoryAuditLog

ENTRYPOINT = "bylaw/decisions/access/decision"


class ScriptedSnapshot:
    """A snapshot whose answers are given: by entrypoint, a text, nothing, or an error."""

    def __init__(self, answers: Mapping[str, bytes | BylawError | None]) -> None:
        self._answers = answers
        self.asked: list[tuple[str, bytes | None, int | None]] = []

    def evaluate(
        self, entrypoint: str, input_json: bytes | None, *, at_ns: int | None = None, **_limits: Any
    ) -> bytes | None:
        self.asked.append((entrypoint, input_json, at_ns))
        answer = self._answers[entrypoint]
        if isinstance(answer, BylawError):
            raise answer
        return answer

    async def evaluate_async(self, entrypoint: str, input_json: bytes | None, **options: Any) -> bytes | None:
        return self.evaluate(entrypoint, input_json, **options)

    def query(self, *_question: Any, **_options: Any) -> Sequence[Mapping[str, Any]]:
        raise AssertionError("a decision asks for entrypoints only")

    def defines(self, entrypoint: str) -> bool:
        return entrypoint in self._answers


def decided(
    log: InMemoryAuditLog, answers: Mapping[str, bytes | BylawError | None], input_json: bytes = b'{"secret":"s3"}'
) -> Answer:
    law = Law(ScriptedSnapshot(answers), {"global": "r1"})
    request = DecisionRequest(ENTRYPOINT, input_json, door="decisions")
    return asyncio.run(decide(law, log, request, labels={"id": "here"}))


def recorded(log: InMemoryAuditLog) -> dict[str, Any]:
    """The one record, without what differs from run to run."""
    (line,) = log.lines
    event: dict[str, Any] = json.loads(line)
    for name in ("decision_id", "timestamp", "metrics", "chain"):
        del event[name]
    return event


COMMON = {"labels": {"id": "here"}, "bundles": {"global": {"revision": "r1"}}, "path": ENTRYPOINT}


def test_an_answer_has_its_record() -> None:
    log = InMemoryAuditLog()
    answer = decided(log, {ENTRYPOINT: b'{"allow":true}'})
    assert json.loads(log.lines[answer.receipt.sequence])["decision_id"] == answer.decision_id
    want = {"input": {"secret": "s3"}, "result": {"allow": True}, "custom": {"door": "decisions"}}
    assert recorded(log) == {**COMMON, **want}


def test_the_instant_that_the_rules_saw_is_the_one_on_record() -> None:
    log = InMemoryAuditLog()
    snapshot = ScriptedSnapshot({ENTRYPOINT: b"1"})
    request = DecisionRequest(ENTRYPOINT, None)
    answer = asyncio.run(decide(Law(snapshot, {}), log, request, labels={}))
    assert snapshot.asked == [(ENTRYPOINT, None, answer.at_ns)]
    fraction = json.loads(log.lines[0])["timestamp"].split(".")[1]
    assert fraction == f"{answer.at_ns % 1_000_000_000:09d}Z"


def test_an_error_is_recorded_and_raised() -> None:
    log = InMemoryAuditLog()
    with pytest.raises(EvaluationTimedOut):
        decided(log, {ENTRYPOINT: EvaluationTimedOut("too slow")})
    error = {"code": "eval_cancel_error", "message": "too slow"}
    assert recorded(log) == {**COMMON, "input": {"secret": "s3"}, "error": error, "custom": {"door": "decisions"}}


def test_a_refused_input_is_recorded_without_it() -> None:
    log = InMemoryAuditLog()
    with pytest.raises(MalformedInput):
        decided(log, {ENTRYPOINT: MalformedInput("no JSON")}, b"{")
    assert recorded(log) == {
        **COMMON,
        "erased": ["/input"],
        "error": {"code": "malformed_input", "message": "no JSON"},
        "custom": {"door": "decisions", "input_dropped": {"reason": "not JSON", "bytes": 1}},
    }


def test_without_a_record_there_is_no_answer() -> None:
    log = InMemoryAuditLog()
    log.fail_with = AuditUnavailable("the disk is full")
    with pytest.raises(AuditUnavailable):
        decided(log, {ENTRYPOINT: b'{"allow":true}'})


def test_an_error_that_cannot_be_recorded_is_an_unavailable_log() -> None:
    log = InMemoryAuditLog()
    log.fail_with = AuditUnavailable("the disk is full")
    with pytest.raises(AuditUnavailable):
        decided(log, {ENTRYPOINT: EvaluationTimedOut("too slow")})


def test_the_law_masks_the_record_and_not_the_answer() -> None:
    log = InMemoryAuditLog()
    answer = decided(log, {ENTRYPOINT: b'{"token":"t"}', MASK_ENTRYPOINT: b'["/input/secret","/result/token"]'})
    assert answer.result_json == b'{"token":"t"}'
    assert recorded(log) == {
        **COMMON,
        "input": {},
        "result": {},
        "erased": ["/input/secret", "/result/token"],
        "custom": {"door": "decisions"},
    }


def test_a_mask_that_is_undefined_masks_nothing() -> None:
    log = InMemoryAuditLog()
    decided(log, {ENTRYPOINT: b"1", MASK_ENTRYPOINT: None})
    assert recorded(log) == {**COMMON, "input": {"secret": "s3"}, "result": 1, "custom": {"door": "decisions"}}


@pytest.mark.parametrize(
    ("mask", "reason"),
    [
        pytest.param(b'{"a":1}', "the mask is a object, wanted a set", id="another shape"),
        pytest.param(
            EvaluationTimedOut("secret"), "the mask rule could not be evaluated: eval_cancel_error", id="an error"
        ),
    ],
)
def test_a_mask_that_fails_leaves_a_record_without_input_and_result(mask: bytes | BylawError, reason: str) -> None:
    log = InMemoryAuditLog()
    answer = decided(log, {ENTRYPOINT: b'{"allow":true}', MASK_ENTRYPOINT: mask})
    assert answer.result_json == b'{"allow":true}'
    assert recorded(log) == {
        **COMMON,
        "erased": ["/input", "/result"],
        "custom": {"door": "decisions", "masking_failed": reason},
    }
