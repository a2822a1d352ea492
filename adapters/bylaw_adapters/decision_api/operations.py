"""
What operators ask: ``/health``, ``/v1/status``, ``/v1/config`` and ``/metrics``, as OPA answers
them. Nothing here decides, so nothing here is on the audit log.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bylaw.audit.record import timestamp
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.service import BundleState, Service

METRICS_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
_HEALTH = "/health"


@dataclass(frozen=True, slots=True)
class Operations:
    """The handlers."""

    service: Service
    log_error: Callable[[], str]
    """Why the audit log last failed; empty while it works."""
    metrics_text: Callable[[], bytes]
    before_metrics: Callable[[], Awaitable[None]]
    """What is told by numbers and not counted is brought up to date."""

    async def health(self, exchange: Exchange) -> Reply:
        """200 ``{}`` while requests are welcome; ``/health/{rule}`` asks ``data.system.health.{rule}``."""
        if self.service.is_draining:
            return _unhealthy(503, "shutting down")
        rule = exchange.path[len(_HEALTH) :].strip("/")
        if rule:
            return await self._health_by_law(rule)
        # The service only listens once its bundles are activated and its log is open, so `bundles` and `plugins` add
        # the one thing that can go wrong later: a log that cannot be written.
        if exchange.is_set("plugins") and self.log_error():
            return _unhealthy(500, "one or more plugins are not up")
        return _json({})

    async def _health_by_law(self, rule: str) -> Reply:
        input_json = json.dumps({"plugin_state": self._plugins(), "plugins_ready": True}).encode()
        answer = await self.service.law.snapshot.evaluate_async(
            f"system/health/{rule}", input_json, deadline_seconds=self.service.evaluation_timeout_seconds
        )
        if answer == b"true":
            return _json({})
        said = "undefined" if answer is None else "not true"
        return _unhealthy(500, f"health check (data.system.health.{rule}) was {said}")

    async def status(self, exchange: Exchange) -> Reply:
        bundles = {name: _bundle_status(state) for name, state in self.service.bundles.items()}
        plugins = {name: {"state": state} for name, state in self._plugins().items()}
        return _json(
            {"result": {"labels": dict(self.service.labels), "bundles": bundles, "plugins": plugins}}, exchange
        )

    async def config(self, exchange: Exchange) -> Reply:
        shown = {
            "labels": dict(self.service.labels),
            "default_decision": "/system/main",
            "default_authorization_decision": "/system/authz/allow",
            "settings": dict(self.service.shown_settings),
        }
        return _json({"result": shown}, exchange)

    async def metrics(self, exchange: Exchange) -> Reply:  # noqa: ARG002  all handlers take one
        await self.before_metrics()
        return Reply(200, self.metrics_text(), METRICS_TYPE)

    def _plugins(self) -> dict[str, str]:
        failing = any(state.error is not None for state in self.service.bundles.values())
        return {
            "bundle": "WARN" if failing else "OK",
            "decision_logs": "ERROR" if self.log_error() else "OK",
            "status": "OK",
        }


def _bundle_status(state: BundleState) -> dict[str, Any]:
    status: dict[str, Any] = {
        "name": state.name,
        "active_revision": state.active_revision,
        "last_successful_activation": timestamp(state.activated_ns),
        "type": "snapshot",
    }
    times = {
        "last_request": state.requested_ns,
        "last_successful_request": state.request_succeeded_ns,
        "last_successful_download": state.downloaded_ns,
    }
    status |= {member: timestamp(at_ns) for member, at_ns in times.items() if at_ns}
    if state.size_bytes:
        status["size"] = state.size_bytes
    if state.place:
        status["source"] = state.place
    if state.pinned:
        status["pinned"] = True
    if state.error is not None:
        status |= {"code": "bundle_error", "message": str(state.error), "errors": [{"code": state.error.code}]}
    return status


def _unhealthy(status: int, reason: str) -> Reply:
    return Reply(status, json.dumps({"error": reason}).encode() + b"\n")


def _json(document: Any, exchange: Exchange | None = None) -> Reply:
    indent = 2 if exchange is not None and exchange.is_set("pretty") else None
    return Reply(200, json.dumps(document, indent=indent).encode() + b"\n")
