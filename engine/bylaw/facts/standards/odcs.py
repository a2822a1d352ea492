"""
The reader of Open Data Contract Standard documents, 3.0.0 to 3.2.0 (bitol-io/open-data-contract-standard).

ODCS describes a contract; of the product around it it says little. What it has a place for is read from that place
(team, slaProperties, servers); what people put into ``customProperties`` for want of one (owner, classification,
encryption) is read from there.
"""

from __future__ import annotations

from typing import Any

from bylaw.facts.documents.node import Node
from bylaw.facts.said import said
from bylaw.facts.standards.odcs_access import read_ports, read_roles
from bylaw.facts.standards.odcs_custom import custom_properties, governance
from bylaw.facts.standards.odcs_promises import promises
from bylaw.facts.standards.odcs_quality import read_quality
from bylaw.facts.standards.odcs_schema import read_objects

VERSIONS = ("3.0.0", "3.0.1", "3.0.2", "3.1.0", "3.2.0")

_KNOWN = (
    *("apiVersion", "kind", "id", "name", "version", "status", "tenant", "tags", "servers", "dataProduct"),
    *("description", "domain", "schema", "support", "price", "team", "roles", "slaDefaultElement", "slaProperties"),
    *("authoritativeDefinitions", "customProperties", "contractCreatedTs", "context"),
)
# Where a fact is missing, a finding stands at the part of the document that could have said it.
_PARTS = {
    "tags": "product.tags",
    "servers": "product.output_ports",
    "slaProperties": "product.sla",
    "schema": "contract.schema",
    "roles": "product.access_policies",
}
_OWNER_ROLES = frozenset({"owner", "data owner", "product owner", "data product owner", "contract owner"})
_TEAM_KEYS = ("id", "name", "description", "members", "tags", "customProperties", "authoritativeDefinitions")
_MEMBER_KEYS = (
    *("id", "username", "name", "description", "role", "dateIn", "dateOut", "replacedByUsername", "tags", "comment"),
    *("customProperties", "authoritativeDefinitions"),
)
_DESCRIPTION_KEYS = ("purpose", "usage", "limitations", "authoritativeDefinitions", "customProperties", "id")
_REQUIRED = ("id", "version", "status")
_REQUIRED_SINCE = {"3.2.0": ("id", "version")}


def read_odcs(top: Node, version: str) -> dict[str, Any]:
    """The facts of one contract, in the normal form of ``bylaw.facts.product``."""
    top.skip_unknown(_KNOWN, "contract")
    top.require("contract", *_REQUIRED_SINCE.get(version, _REQUIRED), standard=f"ODCS {version}")
    top.sources(_PARTS)
    ports, text = read_ports(top), description(top)
    return said(
        **{
            **governance(custom_properties(top, "contract")),
            **said(owner=team_owner(top)),
        },
        **promises(top),
        domain=sourced(top, "domain", "product.domain"),
        name=sourced(top, "dataProduct", "product.name") or sourced(top, "name", "product.name"),
        version=sourced(top, "version", "product.version"),
        status=sourced(top, "status", "product.status"),
        description=text,
        tags=top.texts("tags"),
        access_policies=_policies(top),
        output_ports=ports,
        contract=said(
            standard="odcs",
            standard_version=version,
            id=sourced(top, "id", "contract.id"),
            name=sourced(top, "name", "contract.name"),
            version=sourced(top, "version", "contract.version"),
            status=sourced(top, "status", "contract.status"),
            description=text,
            schema=read_objects(top),
            quality=read_quality(top),
        ),
    )


def sourced(top: Node, key: str, path: str) -> str | None:
    """The text under this key, and that the fact of this path was said there."""
    node = top.get(key)
    if node is None:
        return None
    node.source(path)
    return node.as_text()


def description(top: Node) -> str | None:
    """One text, or what it is for; else how to use it, or not to."""
    node = top.get("description")
    if node is None:
        return None
    node.source("product.description")
    if isinstance(node.value, dict):
        node.skip_unknown(_DESCRIPTION_KEYS, "product.description")
    return node.text("purpose", "usage", "limitations") if isinstance(node.value, dict) else node.as_text()


def team_owner(top: Node) -> str | None:
    """A member in the role of owner who has not left, else the team."""
    team = top.get("team")
    if team is None:
        return None
    if isinstance(team.value, dict):
        team.skip_unknown(_TEAM_KEYS, "product.team")
    members = team.elements("members") if isinstance(team.value, dict) else team.listed()
    for member in members:
        member.skip_unknown(_MEMBER_KEYS, "product.team")
    for member in members:
        if (member.text("role") or "").lower() in _OWNER_ROLES and member.get("dateOut") is None:
            member.source("product.owner")
            return member.text("username", "name")
    if isinstance(team.value, dict) and team.text("name"):
        return sourced(team, "name", "product.owner")
    return None


def _policies(top: Node) -> list[dict[str, Any]]:
    """Roles of the contract, then those of its servers."""
    policies = read_roles(top, "product.access_policies")
    for server in top.elements("servers"):
        name = server.text("server", "id") or f"{server.pointer[-1]}"
        policies += read_roles(server, f"output_ports[{name}].access_policies")
    return policies
