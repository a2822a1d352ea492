"""
The readers of the manifest forms: what a platform keeps about a product, with its contract as one part of it.
"""

from __future__ import annotations

from typing import Any

from bylaw.facts import units
from bylaw.facts.documents.node import Node
from bylaw.facts.json_schema_fields import read_json_schema
from bylaw.facts.said import classification, said
from bylaw.facts.seeds.seed_contracts import change_policy, node_members, quality_requirements
from bylaw.facts.service_levels import read_levels
from bylaw.facts.sourced import texts_at

_MANIFEST_KEYS = (
    *("product_name", "domain", "owner", "version", "status", "description", "classification", "tags"),
    *("retention_days", "quality_sla", "data_contract", "access", "lineage"),
)
_PRODUCT_KEYS = (
    *("id", "product_id", "name", "domain", "owner", "owner_team", "product_type", "status", "data_contract"),
    *("description", "version", "tags", "dependencies", "consumers", "access_points", "metadata", "created_at"),
    *("updated_at", "access_tier", "sla", "schema_version", "quality_metrics", "endpoints"),
)
_CONTRACT_KEYS = (
    *("schema_version", "data_format", "schema", "sla", "quality_requirements", "semantic_model"),
    *("governance_classification", "retention_policy"),
)
_PORT_TYPES = {"api": "rest", "streaming": "kafka"}


def read_manifest(top: Node) -> dict[str, Any]:
    """``product_name``, ``quality_sla``, ``data_contract``, ``access``, ``lineage``: a data product manifest."""
    top.sources({"access": "product.output_ports", "quality_sla": "product.sla", "data_contract": "contract"})
    top.skip_unknown(_MANIFEST_KEYS, "product")
    facts = texts_at(top, ("domain", ("product_name", "name"), "version", "owner", "status", "description"))
    contract, access = top.get("data_contract"), top.get("access")
    if contract is not None:
        contract.skip_unknown(("schema_version", "breaking_change_policy", "backward_compatibility"), "contract")
        contract.source("product.compatibility")
        contract.source("product.deprecation_notice_days")
    return said(
        **facts,
        classification=classification(top.text("classification")),
        tags=top.texts("tags"),
        retention=said(days=top.number("retention_days")),
        sla=read_levels(top.get("quality_sla")),
        input_ports=_source_systems(top.get("lineage")),
        compatibility="BACKWARD" if contract is not None and contract.flag("backward_compatibility") else None,
        deprecation_notice_days=change_policy(contract) if contract is not None else None,
        output_ports=_formats(access) if access is not None else None,
        contract=said(
            standard="seed:product-manifest",
            name=facts.get("name"),
            **(texts_at(contract, (("schema_version", "version"),), prefix="contract") if contract is not None else {}),
        ),
    )


def _source_systems(lineage: Node | None) -> list[dict[str, Any]]:
    """``lineage: {source_systems: […]}``: what the product is made of, by name."""
    if lineage is None:
        return []
    lineage.skip_unknown(("source_systems", "transformations", "last_updated"), "product.lineage")
    return [
        {"name": name, "path": system.source(f"input_ports[{name}]")}
        for system in lineage.elements("source_systems")
        if (name := system.as_text())
    ]


def read_catalogued_product(top: Node) -> dict[str, Any]:
    """A product as an engine or a marketplace keeps it: ``owner_team``, ``data_contract``, ``access_points``."""
    top.sources(
        {
            "access_points": "product.output_ports",
            "data_contract": "contract",
            "sla": "product.sla",
            "tags": "product.tags",
        }
    )
    top.skip_unknown(_PRODUCT_KEYS, "product")
    identity = (
        "domain",
        "name",
        ("product_type", "type"),
        ("product_id", "id"),
        "id",
        "version",
        "status",
        "description",
        ("owner_team", "owner"),
        "owner",
    )
    facts = texts_at(top, identity)
    contract, metadata = top.get("data_contract"), top.get("metadata")
    levels, rules = quality_requirements(contract.get("quality_requirements") if contract is not None else None)
    promised = contract.get("sla") if contract is not None else top.get("sla")
    return said(
        **facts,
        classification=_classification(contract, metadata, top),
        tags=(*(top.texts("tags") or ()), *_labels(metadata)),
        retention=_retention(contract, metadata),
        encryption=_encryption(metadata),
        sla={**levels, **read_levels(promised)},
        dependencies=top.texts("dependencies"),
        output_ports=_access_points(top, contract),
        contract=_contract(contract, facts, rules) if contract is not None else None,
    )


def _contract(contract: Node, facts: dict[str, str], rules: list[dict[str, Any]]) -> dict[str, Any]:
    contract.skip_unknown(_CONTRACT_KEYS, "contract")
    schema = contract.get("schema")
    name = facts.get("name", "product")
    path = f"contract.schema[{name}]"
    return said(
        standard="seed:data-product",
        name=name,
        **texts_at(contract, (("schema_version", "version"),), prefix="contract"),
        schema=[{"name": name, "path": schema.source(path), "fields": read_json_schema(schema, path)}]
        if schema is not None and schema.value
        else None,
        quality=rules,
    )


def _classification(contract: Node | None, metadata: Node | None, top: Node) -> str | None:
    for holder, key in ((contract, "governance_classification"), (metadata, "classification"), (top, "access_tier")):
        node = holder.get(key) if holder is not None else None
        if node is not None:
            node.source("product.classification")
            return classification(node.as_text())
    return None


def _labels(metadata: Node | None) -> tuple[str, ...]:
    return (metadata.texts("classifications") if metadata is not None else None) or ()


def _retention(contract: Node | None, metadata: Node | None) -> dict[str, Any]:
    policy = contract.get("retention_policy") if contract is not None else None
    for holder in (policy, metadata):
        if holder is not None and (node := holder.get("retention_days")) is not None:
            node.source("product.retention")
            return said(days=holder.number("retention_days"))
    return {}


def _encryption(metadata: Node | None) -> dict[str, Any]:
    """``encryption_enabled: true`` says that data is encrypted, and not with what."""
    if metadata is None:
        return {}
    node = metadata.first("encryption", "encryption_enabled")
    if node is not None:
        node.source("product.encryption")
    cipher = metadata.text("encryption") or ("enabled" if metadata.flag("encryption_enabled") else None)
    return said(at_rest=units.encryption_at_rest(cipher) if cipher else None)


def _formats(access: Node) -> list[dict[str, Any]]:
    """One port a format that the read endpoint serves."""
    access.skip_unknown(("read_endpoint", "query_interface", "supported_formats", "authentication"), "product.access")
    formats = access.texts("supported_formats") or ("",)
    return [
        said(
            name=form or "default",
            path=access.source(f"output_ports[{form or 'default'}]"),
            type=access.text("query_interface"),
            format=form.lower(),
            location=access.text("read_endpoint"),
        )
        for form in formats
    ]


def _access_points(top: Node, contract: Node | None) -> list[dict[str, Any]]:
    form = (contract.text("data_format") if contract is not None else None) or ""
    return [
        said(
            name=name,
            path=point.source(f"output_ports[{name}]"),
            type=_PORT_TYPES.get(name, name),
            format=form.lower(),
            location=point.as_text(),
        )
        for name, point in node_members(top.get("access_points"))
    ]
