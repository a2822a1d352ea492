"""
OpenID AuthZEN Authorization API 1.0: ``/access/v1/evaluation``, ``/access/v1/evaluations`` and the metadata. A denial
is a 200 with ``"decision": false``; an item of a batch that could not be decided is one too, and says so in context.

The decision is the law's (``rego/bylaw/authzen``); which item of a batch ends it is the specification's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bylaw.errors import AuditError, BylawError, MalformedInput, UndefinedDecision, WrongShape
from bylaw_adapters.decision_api.authzen_models import Evaluation, Evaluations, check
from bylaw_adapters.decision_api.descriptions import EVALUATION, EVALUATIONS
from bylaw_adapters.serving.errors import error_reply, meaning_of
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.json_texts import split_array, split_object
from bylaw_adapters.serving.service import Service

DOOR = "authzen"
ENTRYPOINT = "bylaw/authzen/evaluation"

_MEMBERS = ("subject", "action", "resource", "context")
_HOST = re.compile(r"[A-Za-z0-9._:\[\]-]{1,255}")
_ENDS_ON = {"deny_on_first_deny": False, "permit_on_first_permit": True}


@dataclass(frozen=True, slots=True)
class AuthZen:
    """The handlers."""

    service: Service

    async def evaluation(self, exchange: Exchange) -> Reply:
        body = await exchange.body()
        return await _answered(exchange, self._evaluate(exchange, _members(body)))

    async def evaluations(self, exchange: Exchange) -> Reply:
        body = await exchange.body()
        return await _answered(exchange, self._evaluate_all(exchange, body))

    async def configuration(self, exchange: Exchange) -> Reply:
        host = exchange.header(b"host")
        if not _HOST.fullmatch(host):
            raise MalformedInput("the Host header is no host")
        base = f"{exchange.scope['scheme']}://{host}"
        document = {
            "policy_decision_point": base,
            "access_evaluation_endpoint": base + EVALUATION.path,
            "access_evaluations_endpoint": base + EVALUATIONS.path,
        }
        return Reply(200, json.dumps(document).encode() + b"\n")

    async def _evaluate(self, exchange: Exchange, members: Mapping[str, bytes]) -> dict[str, Any]:
        text = _object(members)
        check(Evaluation, text)
        answer = await self.service.decide(exchange, ENTRYPOINT, text, door=DOOR)
        document = None if answer.result_json is None else json.loads(answer.result_json)
        if not isinstance(document, dict) or not isinstance(document.get("decision"), bool):
            raise UndefinedDecision("the law has no decision for this request")
        context = {**document.get("context", {}), "decision_id": answer.decision_id}
        return {"decision": document["decision"], "context": context}

    async def _evaluate_all(self, exchange: Exchange, body: bytes) -> dict[str, Any]:
        request: Evaluations = check(Evaluations, body)
        members = split_object(body)
        defaults = _only(members)
        if not request.evaluations:
            return await self._evaluate(exchange, defaults)
        if len(request.evaluations) > self.service.max_batch_items:
            raise WrongShape(f"the body at '/evaluations': at most {self.service.max_batch_items} items")
        answers = []
        ends_on = _ENDS_ON.get(request.options.evaluations_semantic)
        for position, item in enumerate(split_array(members["evaluations"], what="/evaluations")):
            answers.append(await self._item(exchange, item, defaults, position))
            if answers[-1]["decision"] is ends_on:
                break
        return {"evaluations": answers}

    async def _item(
        self, exchange: Exchange, item: bytes, defaults: Mapping[str, bytes], position: int
    ) -> dict[str, Any]:
        try:
            own = split_object(item, what=f"/evaluations/{position}")
            return await self._evaluate(exchange, {**defaults, **_only(own)})
        except AuditError:
            raise  # nothing at all can be accounted for; the batch as a whole is refused
        except BylawError as error:
            detail = {"status": meaning_of(error).status, "code": error.code, "message": error.message}
            return {"decision": False, "context": {"error": detail}}


async def _answered(exchange: Exchange, work: Any) -> Reply:
    """The answer, an error included, with the caller's ``X-Request-ID``."""
    try:
        reply = Reply(200, json.dumps(await work).encode() + b"\n")
    except BylawError as error:
        reply = error_reply(error)
    request_id = exchange.headers.get(b"x-request-id")
    if request_id is None:
        return reply
    return Reply(reply.status, reply.body, reply.content_type, (*reply.headers, (b"x-request-id", request_id)))


def _members(body: bytes) -> dict[str, bytes]:
    return _only(split_object(body))


def _only(members: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: members[name] for name in _MEMBERS if name in members}


def _object(members: Mapping[str, bytes]) -> bytes:
    return b"{" + b",".join(b'"%s":%s' % (name.encode(), text) for name, text in members.items()) + b"}"
