"""
The documented part of the API: a FastAPI application for the paths whose speed is not that of a decision, and one
OpenAPI page (``/docs``, ``/openapi.json``) for all paths, those that other handlers serve included.

Bodies reach the handlers as bytes (``Exchange``), so that numbers keep their digits; FastAPI routes and describes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import FastAPI, Request, Response

from bylaw_adapters.decision_api.authzen_models import Evaluation, Evaluations
from bylaw_adapters.serving.app import Handler
from bylaw_adapters.serving.asgi import Message
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.openapi import Described

_EXCHANGE = "bylaw.exchange"
_SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "Evaluation": Evaluation.model_json_schema,
    "Evaluations": Evaluations.model_json_schema,
}


def fastapi_app(
    served: Sequence[tuple[Described, Handler]], described: Sequence[Described], *, version: str
) -> FastAPI:
    """``served`` is routed here; ``described`` is served elsewhere and stands on the page only."""
    app = FastAPI(
        title="Bylaw",
        version=version,
        summary="Decisions about data products: OPA's REST API, decisions by kind, AuthZEN, Kubernetes and Trino.",
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    for about, handler in served:
        app.add_api_route(about.path, _endpoint(handler), **_arguments(about))
    for about in described:
        app.add_api_route(about.path, _served_elsewhere, **_arguments(about))
    return app


def handler_for(app: FastAPI) -> Handler:
    """The FastAPI application as one handler among others: it is given the exchange and its answer is collected."""

    async def handle(exchange: Exchange) -> Reply:
        collected = _Collected()
        scope = {**exchange.scope, _EXCHANGE: exchange}
        await app(scope, _nothing_to_receive, collected.send)
        return collected.reply()

    return handle


class _Collected:
    def __init__(self) -> None:
        self._status = 500
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], list(message["headers"])
        else:
            self._body += message.get("body", b"")

    def reply(self) -> Reply:
        kept = tuple((name, value) for name, value in self._headers if name != b"content-length")
        return Reply(self._status, bytes(self._body), content_type=b"", headers=kept)


async def _nothing_to_receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _endpoint(handler: Handler) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        reply = await handler(request.scope[_EXCHANGE])
        headers = {name.decode(): value.decode("latin-1") for name, value in reply.headers}
        return Response(reply.body, reply.status, headers, reply.content_type.decode() or None)

    return endpoint


async def _served_elsewhere(request: Request) -> Response:  # noqa: ARG001  never called; it stands on the page
    return Response(status_code=404)


def _arguments(about: Described) -> dict[str, Any]:
    extra: dict[str, Any] = {}
    schema = _SCHEMAS[about.body]() if about.body else about.body_schema
    if schema is not None:
        example = {"example": about.example} if about.example is not None else {}
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema, **example}}}
    extra["parameters"] = [_parameter(name, sentence) for name, sentence in about.parameters.items()]
    return {
        "methods": [about.method],
        "summary": about.summary,
        "operation_id": about.name,
        "tags": [about.tag],
        "openapi_extra": extra,
        "response_class": Response,
    }


def _parameter(name: str, sentence: str) -> dict[str, Any]:
    where = "path" if name.startswith("{") else "query"
    return {
        "name": name.strip("{}"),
        "in": where,
        "required": where == "path",
        "description": sentence,
        "schema": {"type": "string"},
    }
