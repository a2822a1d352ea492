"""
The reader of Bylaw's own product documents: the normal form itself, written by hand (``apiVersion: bylaw.io/v1``,
``kind: DataProduct``), or as the input of a decision (``product: …``). Paths are filled in; nothing else is.
"""

from __future__ import annotations

from typing import Any

from bylaw.facts.documents.node import Node
from bylaw.facts.said import said

API_VERSION = "bylaw.io/v1"
KIND = "DataProduct"
INPUT_KEYS = frozenset({"product", "previous", "schema", "quality", "lineage"})


def is_decision_input(top: Node) -> bool:
    """``{"product": …}`` with nothing beside it but what a decision's input has."""
    value = top.mapping()
    schema = value.get("schema")
    return (
        isinstance(value.get("product"), dict)
        and value.keys() <= INPUT_KEYS
        and (schema is None or (isinstance(schema, dict) and "differences" in schema))
    )


def read_product(top: Node) -> dict[str, Any]:
    """The product that stands here, with its paths and their sources."""
    top.source("product")
    facts = {key: value for key, value in top.mapping().items() if key not in ("apiVersion", "kind")}
    for key in facts:
        top[key].source(f"product.{key}")
    for holder in ("sla", "encryption", "retention"):
        for key, child in top.members(holder):
            child.source(f"product.{holder}.{key}")
    if top.get("output_ports") is not None:
        facts["output_ports"] = [
            _named(port, f"output_ports[{port.text('name')}]") for port in top.elements("output_ports")
        ]
    if top.get("input_ports") is not None:
        facts["input_ports"] = [
            _named(port, f"input_ports[{port.text('name')}]") for port in top.elements("input_ports")
        ]
    if top.get("access_policies") is not None:
        facts["access_policies"] = [
            _named(policy, f"product.access_policies[{policy.text('role')}]")
            for policy in top.elements("access_policies")
        ]
    if top.get("transfers") is not None:
        facts["transfers"] = [
            _named(each, f"product.transfers[{each.text('to')}]") for each in top.elements("transfers")
        ]
    contract = top.get("contract")
    if contract is not None:
        facts["contract"] = _contract(contract)
    return said(**facts)


def _named(node: Node, path: str) -> dict[str, Any]:
    """What the document says of it as it is, and the path of it and of all that it says."""
    node.source(path)
    for key in node.mapping():
        node[key].source(f"{path}.{key}")
    return {**node.mapping(), "path": path}


def _contract(node: Node) -> dict[str, Any]:
    facts: dict[str, Any] = {"standard": "bylaw", **_named(node, "contract")}
    if node.get("schema") is not None:
        facts["schema"] = [_object(child) for child in node.elements("schema")]
    if node.get("quality") is not None:
        facts["quality"] = [
            {**rule.mapping(), "path": rule.source(f"contract.quality[{rule.text('metric') or index}]")}
            for index, rule in enumerate(node.elements("quality"))
        ]
    return facts


def _object(node: Node) -> dict[str, Any]:
    path = node.source(f"contract.schema[{node.text('name')}]")
    return {**node.mapping(), "path": path, "fields": [_field(child, path) for child in node.elements("fields")]}


def _field(node: Node, parent: str) -> dict[str, Any]:
    node.reading.count_field()
    path = node.source(f"{parent}.{node.text('name')}")
    facts = {**node.mapping(), "path": path, "fields": [_field(child, path) for child in node.elements("fields")]}
    return {**_derived(node), **facts}


def _derived(node: Node) -> dict[str, Any]:
    """What one of two words for the same thing says about the other."""
    required, nullable = node.flag("required"), node.flag("nullable")
    return said(
        required=not nullable if required is None and nullable is not None else required,
        nullable=not required if nullable is None and required is not None else nullable,
        has_default="default" in node.mapping() or bool(node.flag("has_default")),
    )
