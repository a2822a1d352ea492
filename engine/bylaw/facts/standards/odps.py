"""
The reader of Open Data Product Standard documents, 0.9.0 to 1.1.0 (bitol-io/open-data-product-standard): a product, its
ports, and the contracts under which they are consumed and offered. What a contract promises is not in here, and is not
fetched: the product is judged by what this document shows.

The Open Data Product *Specification* of opendataproducts.org has the same letters and is another thing.
"""

from __future__ import annotations

import re
from typing import Any

from bylaw.facts.documents.node import Node
from bylaw.facts.said import said
from bylaw.facts.standards.odcs import description, sourced, team_owner
from bylaw.facts.standards.odcs_access import location
from bylaw.facts.standards.odcs_custom import custom_properties, encryption, first, governance, words

VERSIONS = ("0.9.0", "1.0.0", "1.1.0")
KIND = "DataProduct"

_KNOWN = (
    *("apiVersion", "kind", "id", "name", "version", "status", "domain", "type", "context", "tenant", "tags"),
    *("authoritativeDefinitions", "description", "customProperties", "inputPorts", "outputPorts", "managementPorts"),
    *("support", "team", "productCreatedTs", "deprecated", "synonyms"),
)
_INPUT_KEYS = (
    *("id", "name", "version", "contractId", "tags", "customProperties", "authoritativeDefinitions", "deprecated"),
)
_OUTPUT_KEYS = (*_INPUT_KEYS, "description", "type", "sbom", "inputContracts", "synonyms", "context")
_MANAGEMENT_KEYS = (*_INPUT_KEYS, "content", "type", "url", "channel", "description")
_REQUIRED = {"1.1.0": ("id",)}
_PARTS = {
    "outputPorts": "product.output_ports",
    "inputPorts": "product.input_ports",
    "tags": "product.tags",
    "team": "product.owner",
}
_VERSION = re.compile(r"v?\d+(\.\d+)*")


def is_data_product(top: Node) -> bool:
    """Whether this is of the standard, of whatever version: its ``apiVersion`` has no group before it."""
    value = top.mapping()
    version = value.get("apiVersion")
    return value.get("kind") == KIND and isinstance(version, str) and _VERSION.fullmatch(version) is not None


def read_odps(top: Node, version: str) -> dict[str, Any]:
    """The facts of one product, in the normal form of ``bylaw.facts.product``."""
    top.skip_unknown(_KNOWN, "product")
    standard = f"ODPS {version}"
    top.require("product", *_REQUIRED.get(version, ("id", "status")), standard=standard)
    top.sources(_PARTS)
    for port in top.elements("managementPorts"):
        port.skip_unknown(_MANAGEMENT_KEYS, "product.managementPorts")
    return said(
        **{**governance(custom_properties(top, "product")), **said(owner=team_owner(top))},
        **{fact: sourced(top, fact, f"product.{fact}") for fact in ("id", "name", "type", "version", "domain")},
        status=sourced(top, "status", "product.status") or ("deprecated" if top.flag("deprecated") else None),
        description=description(top),
        tags=top.texts("tags"),
        input_ports=_input_ports(top),
        output_ports=_output_ports(top, standard),
        contract=said(standard="odps", standard_version=version),
    )


def _paths(ports: list[Node], holder: str) -> list[str]:
    """The name and the version of a port are its key: of several of one name each path has its version."""
    names = [port.text("name") or f"{port.pointer[-1]}" for port in ports]
    return [
        f"{holder}[{name}]" if names.count(name) == 1 else f"{holder}[{name}@{port.text('version')}]"
        for name, port in zip(names, ports, strict=True)
    ]


def _input_ports(top: Node) -> list[dict[str, Any]]:
    """The input ports, then the contracts that an output port depends on and that no input port names."""
    ports = top.elements("inputPorts")
    facts = [_input_port(port, path) for port, path in zip(ports, _paths(ports, "input_ports"), strict=True)]
    known = {(port.get("contract_id"), port.get("version")) for port in facts}
    for output in top.elements("outputPorts"):
        for contract in output.elements("inputContracts"):
            contract_id, version = contract.text("id", "contractId"), contract.text("version")
            if contract_id is None or (contract_id, version) in known:
                continue
            known.add((contract_id, version))
            path = contract.source(f"input_ports[{contract_id}@{version}]")
            facts.append(said(name=contract_id, path=path, contract_id=contract_id, version=version))
    return facts


def _input_port(port: Node, path: str) -> dict[str, Any]:
    port.source(path)
    port.skip_unknown(_INPUT_KEYS, path)
    custom = custom_properties(port, path)
    product = first(custom, ("product", "dataproduct"))
    return said(
        name=port.text("name") or f"{port.pointer[-1]}",
        path=path,
        contract_id=port.text("contractId"),
        product=product.as_text() if product is not None else None,
        version=port.text("version"),
        deprecated=port.flag("deprecated"),
    )


def _output_ports(top: Node, standard: str) -> list[dict[str, Any]]:
    ports = top.elements("outputPorts")
    return [_output_port(port, path, standard) for port, path in zip(ports, _paths(ports, "output_ports"), strict=True)]


def _output_port(port: Node, path: str, standard: str) -> dict[str, Any]:
    port.source(path)
    port.skip_unknown(_OUTPUT_KEYS, path)
    port.require(path, "name", *(() if standard.endswith("1.1.0") else ("version",)), standard=standard)
    for key, fact in (("contractId", "contract_id"), ("version", "version"), ("type", "type")):
        if (node := port.get(key)) is not None:
            node.source(f"{path}.{fact}")
    custom = custom_properties(port, path)
    written = {name: node.value for name, node in custom.items()}
    regions, environment = first(custom, ("regions", "region", "residency", "dataresidency")), custom.get("environment")
    return said(
        name=port.text("name") or f"{port.pointer[-1]}",
        path=path,
        type=port.text("type"),
        version=port.text("version"),
        contract_id=port.text("contractId"),
        format=(custom["format"].as_text() or "").lower() if "format" in custom else None,
        location=location(Node(port.reading, written, port.pointer)),
        environment=environment.as_text() if environment is not None else None,
        regions=words(regions) if regions is not None else None,
        encryption=encryption(custom, f"{path}.encryption"),
        deprecated=port.flag("deprecated"),
    )
