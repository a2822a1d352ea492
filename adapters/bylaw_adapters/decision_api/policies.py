"""
OPA's policy API, as far as it reads: ``/v1/policies``. The modules in force come from bundles and cannot be written.

Of OPA's ``ast`` there is what clients use: the package's path, and the name and reference of each rule.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import bylaw_native

from bylaw_adapters.serving.app import METHOD_NOT_ALLOWED
from bylaw_adapters.serving.errors import plain_error
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.service import Service

PATH = "/v1/policies"
METHODS = frozenset({"GET", "PUT", "DELETE"})


@dataclass(frozen=True, slots=True)
class Policies:
    """The handler of ``/v1/policies``."""

    service: Service

    async def handle(self, exchange: Exchange) -> Reply:
        modules = self.service.release.modules
        name = unquote(exchange.raw_path_below(PATH).strip("/"))
        if not name:
            return self._list(exchange)
        if exchange.method == "PUT":
            return plain_error(400, "invalid_parameter", "policies come from bundles only")
        if name not in modules:
            message = f"storage_not_found_error: policy id {json.dumps(name)}"
            return plain_error(404, "resource_not_found", message)
        if exchange.method == "DELETE":
            return plain_error(400, "invalid_parameter", "policies come from bundles only")
        return _json(self._policy(name), exchange)

    def _list(self, exchange: Exchange) -> Reply:
        if exchange.method != "GET":
            return METHOD_NOT_ALLOWED
        modules = self.service.release.modules
        return _json([self._policy(name) for name in sorted(modules)], exchange)

    def _policy(self, name: str) -> dict[str, Any]:
        release = self.service.release
        return _policy(name, release.modules[name], rego_v0=name in release.v0_files)


def _policy(name: str, text: str, *, rego_v0: bool) -> dict[str, Any]:
    outline = bylaw_native.parse_module(name, text, rego_v0=rego_v0)
    return {
        "id": name,
        "raw": text,
        "ast": {
            "package": {"path": [{"type": "var", "value": "data"}, *map(_string, outline["package"])]},
            "rules": [_rule(rule["path"]) for rule in outline["rules"]],
        },
    }


def _rule(path: list[str]) -> dict[str, Any]:
    return {"head": {"name": path[0], "ref": [{"type": "var", "value": path[0]}, *map(_string, path[1:])]}}


def _string(value: str) -> dict[str, str]:
    return {"type": "string", "value": value}


def _json(result: Any, exchange: Exchange) -> Reply:
    indent = 2 if exchange.is_set("pretty") else None
    return Reply(200, json.dumps({"result": result}, indent=indent).encode() + b"\n")
