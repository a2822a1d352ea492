"""
Whether the law lets a caller ask at all: ``data.system.authz.allow`` over OPA's input ``{identity,
client_certificates, method, path, params, headers, body}``. Not the decision that the caller asks for.

Only a clear yes lets a request through: ``true``, or ``{"allowed": true}``.
"""

from __future__ import annotations

import json
from typing import Any

from bylaw.errors import Unauthorized
from bylaw.law import Law
from bylaw_adapters.serving.bodies import body_as_json
from bylaw_adapters.serving.errors import plain_error
from bylaw_adapters.serving.exchange import Exchange, Reply

ENTRYPOINT = "system/authz/allow"

REJECTED = "request rejected by administrative policy"
UNDEFINED = "authorization policy missing or undefined"
NOT_A_DECISION = "document missing or undefined"


async def authorize(law: Law, exchange: Exchange, *, deadline_seconds: float) -> Reply | None:
    """
    ``None`` where the request may go on; else the answer to give, as OPA gives it.

    Raises:
        Unauthorized: The law says no; its reason is the message.
        EvaluationError, InputError: The law could not be asked, so nothing goes on.
    """
    input_json = await authorization_input(exchange)
    answer = await law.snapshot.evaluate_async(ENTRYPOINT, input_json, deadline_seconds=deadline_seconds)
    if answer is None:
        return plain_error(500, "internal_error", UNDEFINED)
    return _judge(json.loads(answer))


def _judge(answer: Any) -> Reply | None:
    if answer is True:
        return None
    if not isinstance(answer, dict):
        raise Unauthorized(REJECTED)
    if "allowed" not in answer:
        return plain_error(500, "internal_error", NOT_A_DECISION)
    if answer["allowed"] is True:
        return None
    reason = answer.get("reason")
    raise Unauthorized(reason if isinstance(reason, str) else REJECTED)


async def authorization_input(exchange: Exchange) -> bytes:
    """OPA's input. The body is read only where OPA reads it: a ``POST`` of ``/``, ``/v0/data…`` or ``/v1/data…``."""
    segments = exchange.path.split("/")[1:]
    document: dict[str, Any] = {
        "path": segments,
        "method": exchange.method,
        "params": exchange.parameters,
        "headers": _headers(exchange),
    }
    if exchange.identity is not None:
        document["identity"] = exchange.identity.name
        if exchange.identity.certificates:
            document["client_certificates"] = exchange.identity.certificates
    text = json.dumps(document).encode()
    if not _reads_body(exchange.method, segments):
        return text
    body = await body_as_json(exchange)
    return text[:-1] + b',"body":' + body + b"}" if body.strip() else text


def _reads_body(method: str, segments: list[str]) -> bool:
    return method == "POST" and (segments == [""] or tuple(segments[:2]) in (("v0", "data"), ("v1", "data")))


def _headers(exchange: Exchange) -> dict[str, list[str]]:
    """By the names that Go gives them, as ``Content-Type``; each with all its values."""
    headers: dict[str, list[str]] = {}
    for name, value in exchange.scope["headers"]:
        canonical = "-".join(part.capitalize() for part in name.decode("latin-1").split("-"))
        headers.setdefault(canonical, []).append(value.decode("latin-1"))
    return headers
