"""
The reader of Open Data Contract Standard documents, 3.0.0 to 3.2.0 (bitol-io/open-data-contract-standard).

ODCS describes a contract; of the product around it it says little. What it has a place for is read from that place
(team, slaProperties, servers); what people put into ``customProperties`` for want of one (owner, classification,
encryption) is read from there.
"""

from __future__ import annotations

from typing import Any

from bylaw.facts import units
from bylaw.facts.node import Node
from bylaw.facts.odcs_custom import custom_properties, encryption
from bylaw.facts.odcs_quality import read_quality
from bylaw.facts.odcs_schema import read_objects
from bylaw.facts.said import classification, said

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
}
_OWNER_ROLES = frozenset({"owner", "data owner", "product owner", "data product owner", "contract owner"})
_SHARES = {
    "availability": "availability",
    "completeness": "completeness",
    "accuracy": "accuracy",
    "uniqueness": "uniqueness",
    "quality": "quality",
}
# Properties of the standard's list that no fact is made of. Whatever is in neither table is reported as not read.
_OTHER_SLA = frozenset(
    {
        *("throughput", "errorrate", "generalavailability", "endofsupport", "endoflife", "frequency"),
        *("timetodetect", "timetonotify", "timetorepair", "timeofavailability"),
    }
)


def read_odcs(top: Node, version: str) -> dict[str, Any]:
    """The facts of one contract, in the normal form of ``bylaw.facts.product``."""
    top.skip_unknown(_KNOWN, "contract")
    top.sources(_PARTS)
    custom = custom_properties(top)
    promises = _promises(top)
    return said(
        domain=_sourced(top, "domain", "product.domain"),
        name=_sourced(top, "dataProduct", "product.name") or _sourced(top, "name", "product.name"),
        version=_sourced(top, "version", "product.version"),
        owner=_owner(top, custom),
        status=_sourced(top, "status", "product.status"),
        description=_description(top),
        classification=_custom_text(custom, "classification", "product.classification", lower=True),
        tags=top.texts("tags"),
        encryption=encryption(custom, "product.encryption"),
        protections=_custom_list(custom, "protections", "product.protections"),
        deprecation_notice_days=_custom_number(custom, "deprecationnoticedays", "product.deprecation_notice_days"),
        retention=promises.pop("retention", None),
        sla=promises,
        compatibility=_compatibility(custom),
        output_ports=[_port(server) for server in top.elements("servers")],
        contract=said(
            standard="odcs",
            standard_version=version,
            id=_sourced(top, "id", "contract.id"),
            name=top.text("name"),
            version=_sourced(top, "version", "contract.version"),
            status=_sourced(top, "status", "contract.status"),
            description=_description(top),
            schema=read_objects(top),
            quality=read_quality(top),
        ),
    )


def _sourced(top: Node, key: str, path: str) -> str | None:
    node = top.get(key)
    if node is None:
        return None
    node.source(path)
    return node.as_text()


def _custom_text(custom: dict[str, Node], name: str, path: str, *, lower: bool = False) -> str | None:
    node = custom.get(name)
    if node is None:
        return None
    node.source(path)
    return classification(node.as_text()) if lower else node.as_text()


def _custom_list(custom: dict[str, Node], name: str, path: str) -> list[str] | None:
    node = custom.get(name)
    if node is None:
        return None
    node.source(path)
    elements = node.listed() if isinstance(node.value, list) else [node]
    return [text for element in elements if element.value is not None and (text := element.as_text())]


def _custom_number(custom: dict[str, Node], name: str, path: str) -> float | None:
    node = custom.get(name)
    if node is None:
        return None
    node.source(path)
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise node.wrong("a number")
    return node.value


def _description(top: Node) -> str | None:
    node = top.get("description")
    if node is None:
        return None
    node.source("product.description")
    return node.text("purpose", "usage", "limitations") if isinstance(node.value, dict) else node.as_text()


def _owner(top: Node, custom: dict[str, Node]) -> str | None:
    """A member in the role of owner who has not left, else the team, else what ``customProperties`` names."""
    team = top.get("team")
    if team is not None:
        members = team.elements("members") if isinstance(team.value, dict) else team.listed()
        for member in members:
            if (member.text("role") or "").lower() in _OWNER_ROLES and member.get("dateOut") is None:
                member.source("product.owner")
                return member.text("username", "name")
        if isinstance(team.value, dict) and team.text("name"):
            return _sourced(team, "name", "product.owner")
    return _custom_text(custom, "owner", "product.owner")


def _compatibility(custom: dict[str, Node]) -> str | None:
    node = custom.get("compatibility") or custom.get("compatibilitymode")
    if node is None:
        return None
    node.source("product.compatibility")
    return (node.as_text() or "").upper().replace("-", "_") or None


def _port(server: Node) -> dict[str, Any]:
    name = server.text("server", "id") or f"{server.pointer[-1]}"
    path = server.source(f"output_ports[{name}]")
    custom = custom_properties(server)
    for key in ("format", "location"):
        if (node := server.get(key)) is not None:
            node.source(f"{path}.{key}")
    return said(
        name=name,
        path=path,
        type=server.text("type"),
        format=(server.text("format") or "").lower(),
        location=_location(server),
        encryption=encryption(custom, f"{path}.encryption"),
    )


def _location(server: Node) -> str | None:
    """Where the data is, in one line: what names the place as a whole, else its parts from the outside in."""
    whole = server.text("location", "path", "endpointUrl", "topic")
    if whole:
        return whole
    keys = ("host", "account", "project", "catalog", "database", "dataset", "schema")
    return ".".join(part for key in keys if (part := server.text(key))) or None


def _promises(top: Node) -> dict[str, Any]:
    """Service levels of ``slaProperties``; ``retention`` among them."""
    promises: dict[str, Any] = {}
    kept_days: list[int] = []
    for element in top.elements("slaProperties"):
        name = (element.text("property") or "").lower().replace("_", "")
        value, unit = element.get("value"), element.text("unit")
        path = f"product.sla.{name}"
        if name in _OTHER_SLA:
            continue
        fact = None if value is None else _promise(name, value, unit)
        if fact is None:
            element.skip(path, f"service level {name!r} with the value {value and value.value!r} is not understood")
        elif name == "retention":
            element.source("product.retention")
            kept_days.append(int(fact))
        else:
            key = _SHARES.get(name, "freshness_seconds")
            element.source(f"product.sla.{key}")
            # ODCS prefers `latency` to `freshness` for the same thing. Where both are said, the longer wait counts.
            promises[key] = max(fact, promises[key]) if key == "freshness_seconds" and key in promises else fact
    if kept_days:
        shortest, longest = min(kept_days), max(kept_days)
        promises["retention"] = said(days=shortest, longest_days=longest if longest != shortest else None)
    return promises


def _promise(name: str, value: Node, unit: str | None) -> float | None:
    text = value.as_text() or ""
    if name == "retention":
        return units.days(text, unit)
    if name in ("latency", "freshness"):
        return units.seconds(text, unit)
    return units.share(text, unit) if name in _SHARES else None
