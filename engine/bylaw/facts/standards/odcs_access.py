"""
The readers of ODCS ``servers`` and ``roles``: where data is handed out, and to whom.
"""

from __future__ import annotations

import re
from typing import Any

from bylaw.facts.documents.node import Node
from bylaw.facts.said import said
from bylaw.facts.standards.odcs_custom import behind, custom_properties, encryption, first, words

_WHOLE_PLACES = ("location", "path", "endpointUrl", "topic")
_PARTS = ("host", "account", "project", "catalog", "database", "dataset", "schema")
_SERVER_KEYS = frozenset(
    {
        *("id", "server", "type", "description", "environment", "roles", "customProperties", "account", "catalog"),
        *("database", "dataset", "delimiter", "endpointUrl", "format", "host", "location", "path", "port", "project"),
        *("region", "regionName", "schema", "serviceName", "stagingDir", "warehouse", "stream", "topic"),
    }
)
_ROLE_KEYS = (
    *("id", "role", "name", "description", "access", "firstLevelApprovers", "secondLevelApprovers"),
    "customProperties",
)
_BETWEEN = re.compile(r"\s*[,;/]\s*|\s+and\s+")


def read_ports(top: Node) -> list[dict[str, Any]]:
    return [_port(server) for server in top.elements("servers")]


def read_roles(holder: Node, path: str) -> list[dict[str, Any]]:
    """The roles of the contract or of a server. A name that stands there twice is told apart by its number."""
    policies: list[dict[str, Any]] = []
    for role in holder.elements("roles"):
        name = role.text("role", "name") or f"{role.pointer[-1]}"
        same = sum(policy["role"] == name for policy in policies)
        own = role.source(f"{path}[{name}]" if not same else f"{path}[{name}-{same + 1}]")
        role.skip_unknown(_ROLE_KEYS, own)
        if role.get("name") is None:  # what the Data Contract Specification calls it
            role.require(own, "role", standard="ODCS")
        approvers = tuple(
            approver
            for key in ("firstLevelApprovers", "secondLevelApprovers")
            for approver in _listed(role, key, f"{own}.approvers")
        )
        policies.append(
            said(role=name, path=own, permissions=_listed(role, "access", f"{own}.permissions"), approvers=approvers)
        )
    return policies


def _listed(node: Node, key: str, path: str) -> tuple[str, ...]:
    """``read, write`` as two, ``Reporting Manager`` as one."""
    found = node.get(key)
    if found is None:
        return ()
    found.source(path)
    if isinstance(found.value, list):
        return words(found)
    return tuple(word for word in _BETWEEN.split(found.as_text() or "") if word)


def _port(server: Node) -> dict[str, Any]:
    name = server.text("server", "id") or f"{server.pointer[-1]}"
    path = server.source(f"output_ports[{name}]")
    server.skip_unknown(_SERVER_KEYS, path)
    server.require(path, "server", "type", standard="ODCS")
    server.sources({key: f"{path}.{key}" for key in ("type", "format", "location", "environment")})
    custom = custom_properties(server, path)
    described = behind(server)
    return said(
        name=name,
        path=path,
        type=_kind(described),
        format=(described.text("format") or "").lower(),
        location=location(described),
        environment=server.text("environment"),
        regions=_regions(server, first(custom, ("regions", "region", "residency", "dataresidency")), path),
        encryption=encryption(custom, f"{path}.encryption"),
    )


def _kind(server: Node) -> str | None:
    """A ``custom`` server may say of which kind it is; blank is a kind that nobody said."""
    kind, own = server.text("type"), server.get("serverType")
    return own.as_text() if kind == "custom" and own is not None else kind


def _regions(server: Node, custom: Node | None, path: str) -> tuple[str, ...]:
    node = server.first("region", "regionName") or custom
    if node is None:
        return ()
    node.source(f"{path}.regions")
    return words(node)


def location(server: Node) -> str | None:
    """Where the data is, in one line: what names the place as a whole, else its parts from the outside in."""
    return server.text(*_WHOLE_PLACES) or ".".join(part for key in _PARTS if (part := server.text(key))) or None
