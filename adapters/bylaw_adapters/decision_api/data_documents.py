"""
OPA's data API: ``/v1/data`` and ``/v0/data``, in OPA's shapes and status codes (its ``v1/server/server.go``).

What differs: ``data`` comes from bundles only, so it cannot be written; and a document that a door needs is never
answered as undefined (``Guard``), because its caller would read ``{}`` as *no restriction*.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

from bylaw.decide import Answer
from bylaw.errors import BylawError, MalformedInput, UndefinedDecision
from bylaw_adapters.serving.app import METHOD_NOT_ALLOWED
from bylaw_adapters.serving.bodies import body_as_json
from bylaw_adapters.serving.errors import plain_error
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.json_texts import input_of
from bylaw_adapters.serving.service import Service

DOOR = "opa"
WARNING = b'"warning":{"code":"api_usage_warning","message":"\'input\' key missing from the request"}'
V1_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
V0_METHODS = frozenset({"POST"})
_V1, _V0 = "/v1/data", "/v0/data"


class Guard(Protocol):
    """What a door demands of the answers under its own paths."""

    @property
    def door(self) -> str:
        """What the record says about where a question came from."""

    @property
    def prefix(self) -> str:
        """Of the entrypoints it is asked about."""

    def check(self, entrypoint: str, result_json: bytes | None) -> None:
        """
        Raises:
            UndefinedDecision: Nothing was decided, or in a shape that the caller would misread.
        """


@dataclass(frozen=True, slots=True)
class DecisionGuard:
    """A decision that is asked for is defined, or it is an error."""

    door: str = DOOR
    prefix: str = "bylaw/decisions/"

    def check(self, entrypoint: str, result_json: bytes | None) -> None:
        if result_json is None:
            raise UndefinedDecision(f"{entrypoint} is undefined for this input")


@dataclass(frozen=True, slots=True)
class DataDocuments:
    """The handlers of ``/v1/data`` and ``/v0/data``."""

    service: Service
    guards: tuple[Guard, ...]
    version: str

    async def v1(self, exchange: Exchange) -> Reply:
        entrypoint = entrypoint_of(exchange.raw_path_below(_V1))
        if exchange.method == "POST":
            input_json, members = input_of(await body_as_json(exchange))
            warning = input_json is None
        elif exchange.method == "GET":
            input_json, members, warning = _input_parameter(exchange), {}, False
        elif exchange.method == "DELETE" and not entrypoint:
            return METHOD_NOT_ALLOWED
        else:
            return self._refuse_write(entrypoint)
        started = time.perf_counter_ns()
        answer = await self._decide(exchange, entrypoint, input_json, members)
        if not exchange.scope["query_string"]:
            return Reply(200, _document(answer, warning))
        return self._decorated(exchange, answer, warning, time.perf_counter_ns() - started)

    async def v0(self, exchange: Exchange) -> Reply:
        """The whole body is the input, the value is the whole answer."""
        return await self._plain(exchange, entrypoint_of(exchange.raw_path_below(_V0)))

    async def default(self, exchange: Exchange) -> Reply:
        """``POST /``: OPA's default decision, ``data.system.main``."""
        return await self._plain(exchange, "system/main")

    async def _plain(self, exchange: Exchange, entrypoint: str) -> Reply:
        body = await body_as_json(exchange)
        answer = await self._decide(exchange, entrypoint, body if body.strip() else None, {})
        if answer.result_json is None:
            reason = "undefined" if self.service.law.snapshot.defines(entrypoint) else "missing"
            return plain_error(404, "undefined_document", f"document {reason}: {_as_reference(entrypoint)}")
        return Reply(200, answer.result_json + b"\n")

    async def _decide(
        self, exchange: Exchange, entrypoint: str, input_json: bytes | None, members: dict[str, bytes]
    ) -> Answer:
        guard = self.guard_of(entrypoint)
        answer = await self.service.decide(
            exchange,
            entrypoint,
            input_json,
            door=DOOR if guard is None else guard.door,
            strict_builtin_errors=exchange.is_set("strict-builtin-errors"),
            custom=_metadata(members),
        )
        if guard is not None:
            guard.check(entrypoint, answer.result_json)
        return answer

    def guard_of(self, entrypoint: str) -> Guard | None:
        for guard in self.guards:
            if entrypoint.startswith(guard.prefix):
                return guard
        return None

    def _refuse_write(self, entrypoint: str) -> Reply:
        path = "/" + entrypoint
        owner = next(
            (
                name
                for name, roots in self.service.release.roots.items()
                if any(_covers(root, entrypoint) for root in roots)
            ),
            None,
        )
        if owner is not None:
            message = f'path {path} is owned by bundle "{owner}"'
        elif entrypoint:
            message = f"path {path} cannot be written: data comes from bundles only"
        else:
            message = "can't write to document root with bundle roots configured"
        return plain_error(400, "invalid_parameter", message)

    def _decorated(self, exchange: Exchange, answer: Answer, warning: bool, handler_ns: int) -> Reply:
        """With what the parameters ask for. ``explain`` is taken and answered as ``off``: there is no trace."""
        extras: dict[str, Any] = {}
        if exchange.is_set("provenance"):
            extras["provenance"] = self._provenance(answer)
        if exchange.is_set("metrics") or exchange.is_set("instrument"):
            extras["metrics"] = {
                "timer_rego_query_eval_ns": answer.evaluation_ns,
                "timer_server_handler_ns": handler_ns,
            }
        body = _document(answer, warning, extras)
        if exchange.is_set("pretty"):
            body = json.dumps(json.loads(body), indent=2).encode() + b"\n"
        return Reply(200, body)

    def _provenance(self, answer: Answer) -> dict[str, Any]:
        return {
            "version": self.version,
            "build_commit": "",
            "build_timestamp": "",
            "build_hostname": "",
            "bundles": {name: {"revision": revision} for name, revision in answer.revisions.items()},
        }


def entrypoint_of(raw_path: str) -> str:
    """
    The document that a path names, percent-escapes undone. An escaped slash cannot be told from a plain one by then,
    so it is refused, as is a quote.

    Raises:
        MalformedInput, BylawError: A segment that names nothing.
    """
    path = raw_path.strip("/")
    if "%" not in path and '"' not in path:
        return path
    segments = []
    for segment in path.split("/"):
        try:
            plain = unquote_to_bytes(segment).decode("utf-8")
        except UnicodeDecodeError:
            raise MalformedInput(f"invalid path: segment {segment!r} is not UTF-8") from None
        if '"' in plain:
            raise BylawError(f"invalid_parameter: invalid path: a quote in {segment!r}")  # a 500 in OPA too
        if "/" in plain:
            raise MalformedInput(f"invalid path: a slash within a segment: {segment!r}")
        segments.append(plain)
    return "/".join(segments)


def _input_parameter(exchange: Exchange) -> bytes | None:
    values = exchange.parameters.get("input")
    return values[0].encode() if values and values[0].strip() else None


def _metadata(members: dict[str, bytes]) -> dict[str, object] | None:
    """Members beside ``input`` decide nothing; they go to the record, as OPA's request metadata do."""
    if not members:
        return None
    return {"request_metadata": {key: json.loads(text) for key, text in members.items()}}


def _document(answer: Answer, warning: bool, extras: dict[str, Any] | None = None) -> bytes:
    parts = [b'{"decision_id":"', answer.decision_id.encode(), b'"']
    for key, value in (extras or {}).items():
        parts.append(f',"{key}":{json.dumps(value)}'.encode())
    if answer.result_json is not None:
        parts += (b',"result":', answer.result_json)
    if warning:
        parts += (b",", WARNING)
    parts.append(b"}\n")
    return b"".join(parts)


def _as_reference(entrypoint: str) -> str:
    return ".".join(("data", *filter(None, entrypoint.split("/"))))


def _covers(root: str, entrypoint: str) -> bool:
    """Whether writing there would touch what the root owns: above it, at it or below it."""
    ours, theirs = [part for part in root.split("/") if part], [part for part in entrypoint.split("/") if part]
    shared = min(len(ours), len(theirs))
    return bool(theirs) and ours[:shared] == theirs[:shared]
