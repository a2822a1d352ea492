"""
The readers of the simple contract forms: a product with its schema, service levels and where it is handed out, in one
mapping. They differ in how they nest and name the same things.
"""

from __future__ import annotations

import re
from typing import Any

from bylaw.facts import units
from bylaw.facts.avro_fields import read_embedded_avro
from bylaw.facts.documents.node import Node
from bylaw.facts.json_schema_fields import read_json_schema
from bylaw.facts.said import said
from bylaw.facts.seeds.seed_fields import read_fields
from bylaw.facts.seeds.seed_governance import GOVERNANCE_KEYS, encryption, governance
from bylaw.facts.service_levels import read_duration, read_levels, read_share, weakest
from bylaw.facts.sourced import texts_at

_PLACES = {
    "product": "product",
    "id": "contract.id",
    "data_product_id": "contract.id",
    "discovery_metadata": "product.tags",
    "schema": "contract.schema",
    "schema_definition": "contract.schema",
    "output_ports": "product.output_ports",
    "output": "product.output_ports",
    "serving_infrastructure": "product.output_ports",
    **dict.fromkeys(("sla", "quality_sla", "service_level", "service_level_objectives"), "product.sla"),
}
_IDENTITY = ("domain", ("data_product", "name"), "name", "version", "owner", "status", "description")
_IDENTITY_KEYS = ("domain", "data_product", "name", "version", "owner", "status", "description", "id")
_PORT_KEYS = (
    *("name", "type", "format", "location", "storage_location", "encryption", "schema", "service_level_objectives"),
    *("description", "path", "version", "environment", "regions", "access_protocol"),
)
_STREAM_KEYS = ("mode", "topic_name", "stream_name", "serialization_format")
_RULE_KEYS = ("rule_id", "description", "condition", "action", "algorithm")
_NOTICE = re.compile(r"(\d{1,5})[-_ ]days?[-_ ](?:deprecation[-_ ])?notice")


def read_sectioned_contract(top: Node) -> dict[str, Any]:
    """``version``, ``product``, ``schema``, ``sla``, ``versioning``: the sectioned data contract."""
    top.sources(_PLACES)
    top.skip_unknown(("version", "product", "schema", "sla", "versioning"), "contract")
    product = top["product"]
    product.skip_unknown((*_IDENTITY_KEYS, *GOVERNANCE_KEYS), "product")
    facts = texts_at(product, _IDENTITY)
    contract = texts_at(top, ("version",), prefix="contract")
    schema = top.get("schema")
    return said(
        **facts,
        **governance(product),
        sla=read_levels(top.get("sla")),
        **_versioning(top.get("versioning")),
        output_ports=[_default_port(schema)] if schema is not None and schema.get("format") is not None else None,
        contract=said(
            standard="seed:data-contract",
            **contract,
            name=facts.get("name"),
            schema=_one_object(schema, facts.get("name")),
        ),
    )


def read_ports_contract(top: Node) -> dict[str, Any]:
    """``output_ports``, each with a schema of its own: the contract that a platform's SDK deploys."""
    known = ("data_product_id", "output_ports", "service_level_objectives", "sla")
    top.sources(_PLACES)
    top.skip_unknown((*_IDENTITY_KEYS, *GOVERNANCE_KEYS, *known), "product")
    facts = texts_at(top, _IDENTITY)
    ports = top.elements("output_ports")
    levels = weakest(
        read_levels(top.first("service_level_objectives", "sla")),
        *(read_levels(port.get("service_level_objectives")) for port in ports),
    )
    return said(
        **facts,
        **governance(top),
        sla=levels,
        output_ports=[_port(port) for port in ports],
        contract=said(
            standard="seed:output-ports",
            id=top.text("id", "data_product_id"),
            name=facts.get("name"),
            version=facts.get("version"),
            schema=[_port_object(port) for port in ports if port.get("schema") is not None],
        ),
    )


def read_product_contract(top: Node) -> dict[str, Any]:
    """``data_product``, ``schema`` (fields as a list or a mapping), service levels, one ``output``."""
    known = ("schema", "service_level_objectives", "service_level", "quality", "output")
    top.sources(_PLACES)
    top.skip_unknown((*_IDENTITY_KEYS, *GOVERNANCE_KEYS, *known), "product")
    facts = texts_at(top, _IDENTITY)
    levels = top.first("service_level_objectives", "service_level")
    output = top.get("output")
    return said(
        **facts,
        **governance(top),
        sla=read_levels(_without(levels, "quality")),
        output_ports=[_default_port(output)] if output is not None else None,
        contract=said(
            standard="seed:product-contract",
            id=top.text("id"),
            name=facts.get("name"),
            version=facts.get("version"),
            schema=_one_object(top.get("schema"), facts.get("name")),
            quality=_quality(levels) or _quality(top),
        ),
    )


def read_event_stream(top: Node) -> dict[str, Any]:
    """``serving_infrastructure`` and an Avro schema in ``schema_definition``: a stream as a product."""
    known = ("data_product_type", "serving_infrastructure", "schema_definition", "quality_sla", "discovery_metadata")
    top.sources(_PLACES)
    top.skip_unknown((*_IDENTITY_KEYS, *GOVERNANCE_KEYS, *known), "product")
    facts = texts_at(top, (*_IDENTITY, ("data_product_type", "type")))
    name = facts.get("name", "events")
    path = f"contract.schema[{name}]"
    schema, discovery = top.get("schema_definition"), top.get("discovery_metadata")
    governed = governance(top)
    if discovery is not None and "tags" not in governed:
        governed |= said(tags=discovery.texts("tags"))
    return said(
        **{**_from_id(top), **facts},
        **governed,
        sla=read_levels(_without(top.get("quality_sla"), "validity")),
        output_ports=[_stream_port(top["serving_infrastructure"])],
        contract=said(
            standard="seed:event-stream",
            id=top.text("id"),
            name=facts.get("name"),
            version={**_from_id(top), **facts}.get("version"),
            schema=[{"name": name, "path": schema.source(path), "fields": read_embedded_avro(schema, path)}]
            if schema is not None
            else None,
            quality=_validity(top.get("quality_sla")),
        ),
    )


def read_json_contract(outer: Node) -> dict[str, Any]:
    """``data_product_contract``: a JSON Schema with service levels and governance rules."""
    top = outer["data_product_contract"]
    top.source("product")
    known = ("schema_version", "physical_location", "schema", "quality_sla", "governance_rules")
    top.sources(_PLACES)
    top.skip_unknown((*_IDENTITY_KEYS, *GOVERNANCE_KEYS, *known), "product")
    facts = {**_from_id(top), **texts_at(top, (*_IDENTITY, ("schema_version", "version")))}
    name = facts.get("name", "product")
    path = f"contract.schema[{name}]"
    schema, location = top.get("schema"), top.get("physical_location")
    fields = read_json_schema(schema, path) if schema is not None else []
    return said(
        **facts,
        **governance(top),
        sla=read_levels(top.get("quality_sla")),
        output_ports=[said(name="default", path=location.source("output_ports[default]"), location=location.as_text())]
        if location is not None
        else None,
        contract=said(
            standard="seed:json-contract",
            id=top.text("id"),
            name=name,
            version=facts.get("version"),
            schema=[{"name": name, "path": schema.source(path), "fields": _ruled(fields, top)}]
            if schema is not None
            else None,
        ),
    )


def _versioning(node: Node | None) -> dict[str, Any]:
    if node is None:
        return {}
    node.source("product.compatibility")
    days = node.get("deprecation_notice_days")
    if days is not None:
        days.source("product.deprecation_notice_days")
    return said(
        compatibility=(node.text("compatibility") or "").upper()
        or ("BACKWARD" if node.flag("backward_compatibility") else None),
        deprecation_notice_days=node.number("deprecation_notice_days"),
    )


def change_policy(node: Node) -> int | None:
    """``30_day_deprecation_notice`` as 30."""
    text = node.text("breaking_change_policy")
    match = _NOTICE.fullmatch(text) if text else None
    return int(match[1]) if match else None


def _one_object(schema: Node | None, name: str | None) -> list[dict[str, Any]] | None:
    """The one object of a form that has no name for it but the product's."""
    if schema is None:
        return None
    path = schema.source(f"contract.schema[{name or 'product'}]")
    fields = schema.get("fields") if isinstance(schema.value, dict) and "fields" in schema.value else schema
    return [{"name": name or "product", "path": path, "fields": read_fields(fields, path)}]


def _default_port(node: Node) -> dict[str, Any]:
    path = node.source("output_ports[default]")
    node.skip_unknown((*_PORT_KEYS, "fields"), path)
    return said(
        name="default",
        path=path,
        format=(node.text("format") or "").lower(),
        location=node.text("location", "path"),
    )


def _port(node: Node) -> dict[str, Any]:
    name = node.text("name")
    if name is None:
        raise node.wrong("an output port with a name")
    path = node.source(f"output_ports[{name}]")
    node.skip_unknown(_PORT_KEYS, path)
    cipher = node.get("encryption")
    if (form := node.get("format")) is not None:
        form.source(f"{path}.format")
    return said(
        name=name,
        path=path,
        type=node.text("type"),
        format=(node.text("format") or "").lower(),
        location=node.text("location", "storage_location"),
        version=node.text("version"),
        environment=node.text("environment"),
        regions=node.texts("regions"),
        encryption=encryption(cipher) if cipher is not None else None,
        schema=[name] if node.get("schema") is not None else None,
    )


def _port_object(node: Node) -> dict[str, Any]:
    schema = node["schema"]
    path = schema.source(f"contract.schema[{node.text('name')}]")
    return {"name": node.text("name"), "path": path, "fields": read_fields(schema, path)}


def _stream_port(node: Node) -> dict[str, Any]:
    mode = node.text("mode") or ""
    path = node.source(f"output_ports[{mode or 'stream'}]")
    node.skip_unknown(_STREAM_KEYS, path)
    return said(
        name=mode or "stream",
        path=path,
        type=mode.removesuffix("_topic"),
        format=(node.text("serialization_format") or "").lower(),
        location=node.text("topic_name", "stream_name"),
    )


def _from_id(node: Node) -> dict[str, str]:
    """``sales.domain/processed_orders/v1``: product and version, for forms that say them nowhere else."""
    parts = (node.text("id") or "").split("/")
    if len(parts) != 3 or not re.fullmatch(r"v\d+(\.\d+)*", parts[2]):
        return {}
    for fact in ("name", "version"):
        node["id"].source(f"product.{fact}")
    return {"name": parts[1], "version": parts[2].removeprefix("v")}


def _without(node: Node | None, key: str) -> Node | None:
    if node is None or not isinstance(node.value, dict):
        return node
    return Node(node.reading, {name: value for name, value in node.value.items() if name != key}, node.pointer)


def _quality(node: Node | None) -> list[dict[str, Any]]:
    """``quality: [{metric, threshold}]``, thresholds in words included: those stay words."""
    rules = node.elements("quality") if node is not None and isinstance(node.value, dict) else []
    facts = []
    for index, rule in enumerate(rules):
        text = rule.text("threshold")
        bound = units.threshold(text) if text else None
        path = rule.source(f"contract.quality[{index}]")
        facts.append(
            said(
                metric=rule.text("metric", "name") or "quality",
                path=path,
                operator=bound.operator if bound else None,
                threshold=bound.value if bound else None,
                description=rule.text("description") or text,
            )
        )
        if bound is None:
            rule.skip(path, f"threshold {text!r} is more than a number to compare with")
    return facts


def _validity(levels: Node | None) -> list[dict[str, Any]]:
    """``validity: {rule, threshold}`` is a measure and its bound."""
    node = levels.get("validity") if levels is not None else None
    text = node.text("threshold") if node is not None else None
    bound = units.threshold(text) if text else None
    if node is None or bound is None:
        return []
    path = node.source("contract.quality[validity]")
    operator = bound.operator if re.match("[<>=]", text or "") else "gte"
    return [said(metric="validity", path=path, operator=operator, threshold=bound.value, description=node.text("rule"))]


def _ruled(fields: list[dict[str, Any]], top: Node) -> list[dict[str, Any]]:
    """
    Fields with what ``governance_rules`` promise about them: a rule ``field.semantic_type == 'x'`` whose action is
    ENCRYPT says that these fields are encrypted, and its description whether they are about people.
    """
    ruled = fields
    for rule in top.elements("governance_rules"):
        condition = re.fullmatch(r"field\.semantic_type\s*==\s*['\"]([^'\"]+)['\"]", rule.text("condition") or "")
        if condition is None:
            rule.skip("product.governance_rules", f"condition {rule.text('condition')!r} is not understood")
            continue
        rule.skip_unknown(_RULE_KEYS, "product.governance_rules")
        about_people = re.search(r"\bpii\b|personal", rule.text("description") or "", re.IGNORECASE) is not None
        cipher = rule.text("algorithm") if (rule.text("action") or "").upper() == "ENCRYPT" else None
        if cipher is None:
            rule.skip("product.governance_rules", f"action {rule.text('action')!r} promises nothing that is known here")
        promise = said(personal=about_people or None, encryption=units.encryption_at_rest(cipher) if cipher else None)
        ruled = [{**field, **promise} if field.get("semantic_type") == condition[1] else field for field in ruled]
    return ruled


def quality_requirements(node: Node | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """``{completeness: 0.98, timeliness: {max_delay_minutes: 10}}`` as promised levels and as measures with bounds."""
    levels: dict[str, Any] = {}
    rules: list[dict[str, Any]] = []
    for name, child in node_members(node):
        path = child.source(f"contract.quality[{name}]")
        if name == "timeliness":
            limit = read_duration(child)
            rules += [said(metric="timeliness_seconds", path=path, operator="lte", threshold=limit)] if limit else []
            continue
        least = read_share(child)
        if least is None:
            child.skip(path, f"requirement {name!r} is not understood")
            continue
        child.source(f"product.sla.{name}")
        rules.append(said(metric=name, path=path, operator="gte", threshold=least))
        if name in ("completeness", "accuracy", "uniqueness", "consistency", "quality"):
            levels[name] = least
    return levels, rules


def node_members(node: Node | None) -> list[tuple[str, Node]]:
    return [] if node is None else [(name, node[name]) for name in node.mapping() if node[name].value is not None]
