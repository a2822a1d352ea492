"""
The reader of domain definitions: one file with all domains of a mesh, each with its data products. Every product is
decided on its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bylaw.facts.documents.node import Node
from bylaw.facts.said import said
from bylaw.facts.seeds.seed_fields import read_fields
from bylaw.facts.seeds.seed_governance import GOVERNANCE_KEYS, governance
from bylaw.facts.service_levels import read_levels
from bylaw.facts.sourced import texts_at

STANDARD = "seed:domain-definitions"

_DOMAIN_KEYS = ("owner", "cloud", "region", "description", "data_products")
_PRODUCT_KEYS = (
    *("name", "type", "description", "version", "status", "owner", "classification", "tags", "dependencies"),
    *("freshness_sla", "quality_sla", "availability_sla", "retention_days", "schema", "endpoints", "access_policies"),
    *GOVERNANCE_KEYS,
)
_LEVELS = {"freshness_sla": "freshness", "quality_sla": "quality", "availability_sla": "availability"}
_ENDPOINT_KEYS = (
    *("type", "name", "format", "url", "topic", "table", "container", "dataset", "bucket", "path"),
    *("auth", "brokers", "project", "account", "database"),
)
_PLACES = ("url", "topic", "table", "container", "dataset", "bucket", "path")


def products_of_domains(top: Node) -> Iterator[Node]:
    """Each product, where it stands."""
    for _name, domain in top.members("domains"):
        domain.skip_unknown(_DOMAIN_KEYS, "product")
        yield from domain.elements("data_products")


def read_domain_product(product: Node) -> dict[str, Any]:
    """The facts of the product that stands here."""
    product.source("product")
    product.sources(
        {"endpoints": "product.output_ports", "schema": "contract.schema", "dependencies": "product.dependencies"}
    )
    product.skip_unknown(_PRODUCT_KEYS, "product")
    name = str(product.pointer[1])
    domain = product.reading.top()["domains"][name]
    domain.source("product.domain")
    facts = texts_at(product, ("name", "type", "version", "status", "description", "owner"))
    schema = product.get("schema")
    path = f"contract.schema[{facts.get('name', 'product')}]"
    fields = schema.get("fields") if schema is not None else None
    return said(
        **{"domain": name, **texts_at(domain, ("owner",)), **facts},
        **{"regions": _regions(domain), **governance(product)},
        sla=_levels(product),
        dependencies=[_dependency(element) for element in product.elements("dependencies")],
        input_ports=[_input_port(element) for element in product.elements("dependencies")],
        output_ports=_ports(product),
        contract=said(
            standard=STANDARD,
            name=facts.get("name"),
            version=facts.get("version"),
            schema=[
                {"name": facts.get("name", "product"), "path": schema.source(path), "fields": read_fields(fields, path)}
            ]
            if schema is not None
            else None,
        ),
    )


def _levels(product: Node) -> dict[str, Any]:
    written = {_LEVELS[key]: product.mapping()[key] for key in _LEVELS if key in product.mapping()}
    facts = read_levels(Node(product.reading, written, product.pointer))
    for key, level in _LEVELS.items():
        if (node := product.get(key)) is not None:
            node.source(f"product.sla.{'freshness_seconds' if level == 'freshness' else level}")
    return facts


def _dependency(node: Node) -> str:
    if isinstance(node.value, str):
        return node.value
    return f"{node.text('domain')}/{node.text('product')}"


def _input_port(node: Node) -> dict[str, Any]:
    product = _dependency(node)
    return {"name": product, "path": node.source(f"input_ports[{product}]"), "product": product}


def _regions(domain: Node) -> tuple[str, ...] | None:
    if (region := domain.get("region")) is not None:
        region.source("product.regions")
    return domain.texts("region")


def _ports(product: Node) -> list[dict[str, Any]]:
    """Endpoints by their type; a second one of the type is told apart by its number."""
    ports: list[dict[str, Any]] = []
    for endpoint in product.elements("endpoints"):
        kind = endpoint.text("type") or "endpoint"
        same = sum(port.get("type") == kind for port in ports)
        name = endpoint.text("name") or (f"{kind}-{same + 1}" if same else kind)
        path = endpoint.source(f"output_ports[{name}]")
        endpoint.skip_unknown(_ENDPOINT_KEYS, path)
        ports.append(
            said(
                name=name,
                path=path,
                type=kind,
                format=(endpoint.text("format") or "").lower(),
                location=endpoint.text(*_PLACES),
            )
        )
    return ports
