"""
How one decision is made, whatever the door: evaluate, record, answer. Nothing here knows a protocol.

1. The instant is fixed; the snapshot evaluates one entrypoint with one input. Where the answer cannot name the waivers
   that it was decided with, it is asked for them likewise: no use of a waiver goes unrecorded.
2. The outcome, an error included, becomes a record; the law's own masking runs over it. If masking fails, input and
   result are left out of the record: they are never written unmasked, and the decision is still accounted for.
3. The record is made durable.
4. Only then is the answer given. If 3 fails, there is none.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from bylaw.audit.masking import MaskingFailed, mask_event
from bylaw.audit.record import DecisionRecord
from bylaw.errors import EvaluationError, InputError, PolicyError
from bylaw.law import MASK_ENTRYPOINT, Law
from bylaw.ports import DEFAULT_DEADLINE_SECONDS, AuditLog, Receipt


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """
    One question. ``input_json`` is the text of the input; ``None`` where the caller gave none. A ``query`` in Rego is
    asked instead of an entrypoint, where there is one; its result is the list of its bindings.
    """

    entrypoint: str
    input_json: bytes | None
    requested_by: str = ""
    request_id: int = 0
    door: str = ""
    deadline_seconds: float = DEFAULT_DEADLINE_SECONDS
    strict_builtin_errors: bool = False
    custom: Mapping[str, object] = field(default_factory=dict)
    query: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """``result_json`` is ``None`` where the entrypoint is undefined. The record is durable by the time this exists."""

    decision_id: str
    result_json: bytes | None
    revisions: Mapping[str, str]
    at_ns: int
    evaluation_ns: int
    audit_ns: int
    receipt: Receipt
    waivers: tuple[str, ...] = ()
    """The waivers that it was decided with, where the result itself has no room for them."""


async def decide(law: Law, log: AuditLog, request: DecisionRequest, *, labels: Mapping[str, str]) -> Answer:
    """
    Decide, record, answer.

    Raises:
        EvaluationError, InputError: No decision was reached; that, too, is on the log.
        PolicyError: A query does not parse; that, too, is on the log.
        AuditUnavailable: The record could not be stored, so there is no answer.
    """
    decision_id = _identifier()
    at_ns = time.time_ns()  # (1)
    failure: EvaluationError | InputError | PolicyError | None = None
    result_json: bytes | None = None
    waivers: tuple[str, ...] = ()
    started = time.perf_counter_ns()
    try:
        if request.query:
            result_json = await asyncio.to_thread(_bindings, law, request, at_ns)
        else:
            result_json = await law.snapshot.evaluate_async(
                request.entrypoint,
                request.input_json,
                at_ns=at_ns,
                deadline_seconds=request.deadline_seconds,
                strict_builtin_errors=request.strict_builtin_errors,
            )
            if request.entrypoint in law.beside:
                waivers = await _waivers(law, request, at_ns)
    except (EvaluationError, InputError, PolicyError) as error:
        failure = error
    evaluation_ns = time.perf_counter_ns() - started

    record = DecisionRecord(  # (2)
        decision_id=decision_id,
        at_ns=at_ns,
        path=request.entrypoint,
        query=request.query,
        input_json=request.input_json,
        input_was_read=failure is None,
        result_json=result_json,
        error=failure,
        revisions=law.revisions,
        labels=labels,
        requested_by=request.requested_by,
        request_id=request.request_id,
        evaluation_ns=evaluation_ns,
        custom=_custom(request, waivers),
    )
    event_json = await _masked_event(law, record) if law.masks else record.to_event()

    appending = time.perf_counter_ns()
    receipt = await log.append(event_json)  # (3)
    audit_ns = time.perf_counter_ns() - appending
    if failure is not None:
        raise failure
    return Answer(decision_id, result_json, law.revisions, at_ns, evaluation_ns, audit_ns, receipt, waivers)  # (4)


async def _waivers(law: Law, request: DecisionRequest, at_ns: int) -> tuple[str, ...]:
    listed = await law.snapshot.evaluate_async(
        law.beside[request.entrypoint], request.input_json, at_ns=at_ns, deadline_seconds=request.deadline_seconds
    )
    return () if listed is None else tuple(map(str, json.loads(listed)))


def _custom(request: DecisionRequest, waivers: tuple[str, ...]) -> Mapping[str, object]:
    custom = {"door": request.door, **request.custom} if request.door else request.custom
    return {**custom, "waivers": list(waivers)} if waivers else custom


def _identifier() -> str:
    """A random UUID (version 4) as text; a third of what ``uuid.uuid4`` and its formatting cost."""
    digits = os.urandom(16).hex()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


async def _masked_event(law: Law, record: DecisionRecord) -> bytes:
    event_json = record.to_event()
    try:
        return mask_event(
            event_json, await law.snapshot.evaluate_async(MASK_ENTRYPOINT, event_json, at_ns=record.at_ns)
        )
    except MaskingFailed as failed:
        return record.to_erased_event(reason=str(failed))
    except (EvaluationError, InputError) as error:
        return record.to_erased_event(reason=f"the mask rule could not be evaluated: {error.code}")


def _bindings(law: Law, request: DecisionRequest, at_ns: int) -> bytes | None:
    results = law.snapshot.query(
        request.query,
        request.input_json,
        at_ns=at_ns,
        deadline_seconds=request.deadline_seconds,
        strict_builtin_errors=request.strict_builtin_errors,
    )
    bindings = [result.get("bindings", {}) for result in results]
    return json.dumps(bindings).encode() if bindings else None
