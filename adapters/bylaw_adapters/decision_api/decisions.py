"""
Decisions by kind: ``POST /v1/decisions/{kind}`` with ``{"input": …}``, answered with the decision document, its id and
the revision of each bundle that took part. Never an answer without a decision: undefined is an error.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from bylaw.decision import DECISION_KINDS, entrypoint
from bylaw.errors import UndefinedDecision, WrongShape
from bylaw_adapters.serving.bodies import body_as_json
from bylaw_adapters.serving.errors import plain_error
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.json_texts import input_of
from bylaw_adapters.serving.service import Service

PATH = "/v1/decisions"
METHODS = frozenset({"POST"})
DOOR = "decisions"


@dataclass(frozen=True, slots=True)
class Decisions:
    """The handler of ``/v1/decisions/{kind}``."""

    service: Service

    async def handle(self, exchange: Exchange) -> Reply:
        kind = exchange.path[len(PATH) :].strip("/")
        if kind not in DECISION_KINDS:
            message = f"there are no decisions of kind {kind!r}; there are {', '.join(DECISION_KINDS)}"
            return plain_error(404, "resource_not_found", message)
        input_json, _ = input_of(await body_as_json(exchange))
        if input_json is None:
            raise WrongShape("the body: wanted the facts to decide on at '/input', there are none")
        answer = await self.service.decide(exchange, entrypoint(kind), input_json, door=DOOR)
        if answer.result_json is None:
            raise UndefinedDecision(f"{entrypoint(kind)} is undefined for this input")
        return Reply(
            200,
            b'{"decision_id":"%s","result":%s,"revisions":%s}\n'
            % (answer.decision_id.encode(), answer.result_json, json.dumps(dict(answer.revisions)).encode()),
        )
