"""
OPA's ad-hoc queries: ``GET /v1/query?q=…`` and ``POST /v1/query``. Each is recorded with its text.

Anyone who may use this door can ask anything of ``data``; `docs/service.md` shows how the law closes it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from bylaw.errors import MalformedInput, WrongShape
from bylaw_adapters.serving.bodies import body_as_json
from bylaw_adapters.serving.errors import plain_error
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.json_texts import split_object
from bylaw_adapters.serving.service import Service

DOOR = "opa"
METHODS = frozenset({"GET", "POST"})
# A query is written by hand or by a small program; this is a page of Rego.
MAX_QUERY_CHARACTERS = 64 * 1024


@dataclass(frozen=True, slots=True)
class Queries:
    """The handler of ``/v1/query``."""

    service: Service

    async def handle(self, exchange: Exchange) -> Reply:
        if exchange.method == "GET":
            values = exchange.parameters.get("q")
            if not values:
                return plain_error(400, "invalid_parameter", "missing parameter 'q'")
            query, input_json = values[0], None
        else:
            query, input_json = _read(await body_as_json(exchange))
        if not query.strip():
            return plain_error(500, "internal_error", "cannot evaluate empty query")  # as OPA
        if len(query) > MAX_QUERY_CHARACTERS:
            raise WrongShape(f"/query: at most {MAX_QUERY_CHARACTERS} characters")
        answer = await self.service.decide(
            exchange,
            "",
            input_json,
            door=DOOR,
            strict_builtin_errors=exchange.is_set("strict-builtin-errors"),
            query=query,
        )
        body = b"{}" if answer.result_json is None else b'{"result":%s}' % answer.result_json
        if exchange.is_set("pretty"):
            body = json.dumps(json.loads(body), indent=2).encode()
        return Reply(200, body + b"\n")


def _read(body: bytes) -> tuple[str, bytes | None]:
    members = split_object(body)
    try:
        query = json.loads(members.get("query", b'""'))
    except ValueError:
        raise MalformedInput("/query: not a text") from None
    if not isinstance(query, str):
        raise WrongShape("/query: wanted a text")
    return query, members.get("input")
