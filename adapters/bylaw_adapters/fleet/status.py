"""
``POST /status``: what each OPA of a fleet says of itself, the last of each, for ``GET /v1/fleet`` and the metrics. It
is kept in memory: an OPA says it again with its next change, and with the next answer to its long polling.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bylaw.audit.record import timestamp
from bylaw.errors import MalformedInput, WrongShape
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.service import Service

PATH = "/status"
METHODS = frozenset({"POST"})
FLEET_PATH = "/v1/fleet"

# The oldest goes where there are more.
MAX_INSTANCES = 10_000
MAX_STATUS_BYTES = 1024 * 1024
MAX_LABEL_CHARACTERS = 256


@dataclass(slots=True)
class Statuses:
    """The handlers."""

    service: Service
    _instances: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    async def take(self, exchange: Exchange) -> Reply:
        """``POST /status``."""
        body = await exchange.body()
        if len(body) > MAX_STATUS_BYTES:
            raise WrongShape(f"a status is larger than {MAX_STATUS_BYTES} bytes")
        said = await asyncio.to_thread(_read, body)
        sender = exchange.identity.name if exchange.identity is not None else ""
        key = (sender, said["id"])
        self._instances.pop(key, None)
        self._instances[key] = {**said, "reported_by": sender, "reported_at": timestamp(time.time_ns())}
        while len(self._instances) > MAX_INSTANCES:
            del self._instances[next(iter(self._instances))]
        return Reply(200, b"{}\n")

    async def show(self, exchange: Exchange) -> Reply:
        """``GET /v1/fleet``; an identity of a domain sees what it reported itself."""
        identity = exchange.identity
        own = identity.name if identity is not None and identity.domain else None
        shown = [status for (sender, _), status in self._instances.items() if own is None or sender == own]
        indent = 2 if exchange.is_set("pretty") else None
        document = {"result": {"instances": sorted(shown, key=lambda status: str(status["id"]))}}
        return Reply(200, json.dumps(document, indent=indent).encode() + b"\n")

    def counted(self) -> Counter[tuple[str, str]]:
        """How many instances have which bundle ``current``, ``behind`` or ``failing``."""
        revisions = self.service.law.revisions
        counts: Counter[tuple[str, str]] = Counter()
        for status in self._instances.values():
            for name, bundle in status["bundles"].items():
                if name in revisions:
                    is_current = bundle.get("active_revision") == revisions[name]
                    state = "failing" if bundle.get("code") else "current" if is_current else "behind"
                    counts[name, state] += 1
        return counts


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedInput("the status is no JSON") from error
    labels = said.get("labels") if isinstance(said, dict) else None
    bundles = said.get("bundles", {}) if isinstance(said, dict) else None
    if not isinstance(labels, dict) or not isinstance(bundles, dict | None):
        raise WrongShape("a status is an object with labels and bundles")
    instance = labels.get("id")
    if not isinstance(instance, str) or not 0 < len(instance) <= MAX_LABEL_CHARACTERS:
        raise WrongShape(f"/labels/id is no text of 1 to {MAX_LABEL_CHARACTERS} characters")
    members = ("active_revision", "code", "message", "last_successful_activation")
    shown = {
        name: {member: bundle[member] for member in members if isinstance(bundle.get(member), str)}
        for name, bundle in (bundles or {}).items()
        if isinstance(bundle, dict)
    }
    return {
        "id": instance,
        "labels": {name: value for name, value in labels.items() if isinstance(value, str)},
        "bundles": shown,
    }
