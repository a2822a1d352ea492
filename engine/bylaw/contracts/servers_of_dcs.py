"""
Servers of the Data Contract Specification as those of ODCS 3.1. ODCS knows kinds of servers and of each its keys; what
is of another kind, or lacks a key that its kind requires, is a ``custom`` one that says which.
"""

from __future__ import annotations

from typing import Any

from bylaw.contracts.kept import Kept, Notes
from bylaw.facts.documents.document import Value
from bylaw.facts.documents.node import Node
from bylaw.facts.said import said

# Of each kind the keys that ODCS 3.1 requires, and those that it knows besides.
_KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "azure": (("location", "format"), ("delimiter",)),
    "bigquery": (("project", "dataset"), ()),
    "clickhouse": (("host", "port", "database"), ()),
    "databricks": (("catalog", "schema"), ("host",)),
    "glue": (("account", "database"), ("location", "format")),
    "kafka": (("host",), ("format",)),
    "kinesis": ((), ("region", "format")),
    "local": (("path", "format"), ()),
    "oracle": (("host", "port", "serviceName"), ()),
    "postgres": (("host", "port", "database", "schema"), ()),
    "pubsub": (("project",), ()),
    "redshift": (("database", "schema"), ("host", "region", "account")),
    "s3": (("location",), ("endpointUrl", "format", "delimiter")),
    "sftp": (("location",), ("format", "delimiter")),
    "snowflake": (("account", "database", "schema"), ("host", "port", "warehouse")),
    "sqlserver": (("host", "database", "schema"), ("port",)),
    "trino": (("host", "port", "catalog", "schema"), ()),
}
_CUSTOM = (
    *("account", "catalog", "database", "dataset", "delimiter", "endpointUrl", "format", "host", "location", "path"),
    *("port", "project", "region", "regionName", "schema", "serviceName", "stagingDir", "warehouse", "stream"),
)
_OF_ALL = ("type", "description", "environment", "roles")


def server(name: str, node: Node, notes: Notes) -> dict[str, Any]:
    kept = Kept(notes)
    kind = node.text("type")
    required, more = _KINDS.get(kind or "", ((), _CUSTOM))
    own = {key: node.mapping()[key] for key in (*required, *more) if _fits(key, node.mapping().get(key))}
    if kind not in _KINDS or any(key not in own for key in required):
        kept.keep("serverType", kind or "")
        own = {key: node.mapping()[key] for key in _CUSTOM if _fits(key, node.mapping().get(key))}
        written = "custom"
    else:
        written = kind
    for key, value in node.mapping().items():
        if key not in own and key not in _OF_ALL:
            kept.keep(key, value)
    return said(
        server=name,
        type=written,
        description=node.text("description"),
        environment=node.text("environment"),
        **own,
        roles=[_role(role) for role in node.elements("roles")],
        customProperties=kept.properties,
    )


def _fits(key: str, value: Value) -> bool:
    if key == "port":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str)


def _role(node: Node) -> dict[str, Any]:
    known = {"role": node.text("role", "name"), "description": node.text("description"), "access": node.text("access")}
    rest = [
        {"property": key, "value": value}
        for key, value in node.mapping().items()
        if key not in ("name", *known) and value is not None
    ]
    return said(**known, customProperties=rest)
