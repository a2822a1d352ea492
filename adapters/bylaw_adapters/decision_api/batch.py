"""
Many decisions in one request: ``POST /v1/batch/data/{path}`` as EOPA has it, each with its own decision and record.

    {"inputs": {"a": …, "b": …}}  →  {"batch_decision_id": "…", "responses": {"a": {"decision_id", "result"}, …}}

200 where all were decided, 207 where some were, 500 where none was; then each response says its own status.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import dataclass
from typing import Any

from bylaw.decide import Answer
from bylaw.errors import BylawError, WrongShape
from bylaw_adapters.decision_api.data_documents import DataDocuments, entrypoint_of
from bylaw_adapters.serving.bodies import body_as_json
from bylaw_adapters.serving.errors import error_document, meaning_of
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.json_texts import split_object

PATH = "/v1/batch/data"
METHODS = frozenset({"POST"})

# Enough that their records share one write to disk; few enough that a batch does not starve other callers.
_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class BatchDocuments:
    """The handler of ``/v1/batch/data``."""

    documents: DataDocuments

    async def handle(self, exchange: Exchange) -> Reply:
        entrypoint = entrypoint_of(exchange.raw_path_below(PATH))
        inputs = self._inputs(await body_as_json(exchange))
        batch_id = str(uuid.uuid4())
        outcomes: dict[str, Answer | BylawError] = {}
        keys = list(inputs)
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            work = (self._decide(exchange, entrypoint, inputs[key], batch_id) for key in some)
            outcomes.update(zip(some, await asyncio.gather(*work), strict=True))
        return _reply(batch_id, outcomes)

    def _inputs(self, body: bytes) -> dict[str, bytes]:
        members = split_object(body)
        for name in members:
            if name != "inputs":
                raise WrongShape(f"the body: only 'inputs' is known, not {name!r}")
        if "inputs" not in members:
            raise WrongShape("the body: wanted an object at '/inputs', there is none")
        inputs = split_object(members["inputs"], what="/inputs")
        limit = self.documents.service.max_batch_items
        if len(inputs) > limit:
            raise WrongShape(f"/inputs: {len(inputs)} items, at most {limit} are decided at once")
        return inputs

    async def _decide(
        self, exchange: Exchange, entrypoint: str, input_json: bytes, batch_id: str
    ) -> Answer | BylawError:
        guard = self.documents.guard_of(entrypoint)
        try:
            answer = await self.documents.service.decide(
                exchange,
                entrypoint,
                input_json,
                door="opa" if guard is None else guard.door,
                strict_builtin_errors=exchange.is_set("strict-builtin-errors"),
                custom={"batch_decision_id": batch_id},
            )
            if guard is not None:
                guard.check(entrypoint, answer.result_json)
        except BylawError as error:
            return error
        return answer


def _reply(batch_id: str, outcomes: dict[str, Answer | BylawError]) -> Reply:
    failed = sum(isinstance(outcome, BylawError) for outcome in outcomes.values())
    status = 200 if not failed else 500 if failed == len(outcomes) else 207
    responses = b",".join(
        json.dumps(key).encode() + b":" + _response(outcome, says_status=status != 200)
        for key, outcome in outcomes.items()
    )
    return Reply(status, b'{"batch_decision_id":"%s","responses":{%s}}\n' % (batch_id.encode(), responses))


def _response(outcome: Answer | BylawError, *, says_status: bool) -> bytes:
    if isinstance(outcome, BylawError):
        document: dict[str, Any] = error_document(outcome)
        document["http_status_code"] = str(meaning_of(outcome).status)
        return json.dumps(document).encode()
    parts = [b'{"decision_id":"%s"' % outcome.decision_id.encode()]
    if says_status:
        parts.append(b',"http_status_code":"200"')
    if outcome.result_json is not None:
        parts.append(b',"result":' + outcome.result_json)
    return b"".join(parts) + b"}"
