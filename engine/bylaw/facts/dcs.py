"""
The reader of Data Contract Specification documents (datacontract.com, 0.9 to 1.2): the neighbour of ODCS that many
contracts are still written in. References to ``#/definitions`` are followed; others cannot be.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bylaw.facts import units
from bylaw.facts.document import Value
from bylaw.facts.field_facts import field_facts
from bylaw.facts.node import Node
from bylaw.facts.odcs_quality import rules_of
from bylaw.facts.said import said

_KNOWN = (
    *("dataContractSpecification", "id", "info", "servers", "terms", "models", "definitions", "servicelevels"),
    *("examples", "quality", "tags", "links", "schema"),
)
_PLACES = {
    "info": "product",
    "servers": "product.output_ports",
    "servicelevels": "product.sla",
    "models": "contract.schema",
}
_FIELD_KEYS = frozenset(
    {
        *(
            "type",
            "title",
            "description",
            "required",
            "unique",
            "primary",
            "primaryKey",
            "references",
            "enum",
            "format",
        ),
        *("precision", "scale", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum"),
        *("exclusiveMaximum", "example", "examples", "pii", "classification", "tags", "links", "fields", "items"),
        *("keys", "values", "quality", "lineage", "config", "$ref", "ref", "domain", "name", "default", "encryption"),
        *("value", "lineage"),
    }
)


def read_dcs(top: Node, version: str) -> dict[str, Any]:
    """The facts of one contract, in the normal form of ``bylaw.facts.product``."""
    top.skip_unknown(_KNOWN, "contract")
    top.sources(_PLACES)
    info = top.get("info")
    name, product_version, owner, status, description = (
        _of_info(info, key, path)
        for key, path in (
            ("title", "product.name"),
            ("version", "product.version"),
            ("owner", "product.owner"),
            ("status", "product.status"),
            ("description", "product.description"),
        )
    )
    levels = top.get("servicelevels")
    return said(
        domain=_of_info(info, "domain", "product.domain"),
        name=name,
        version=product_version,
        owner=owner,
        status=status,
        description=description,
        tags=top.texts("tags"),
        retention=_retention(levels),
        sla=_levels(levels),
        deprecation_notice_days=_notice(top),
        output_ports=[_port(name, server) for name, server in top.members("servers")],
        contract=said(
            standard="dcs",
            standard_version=version,
            id=top.text("id"),
            name=name,
            version=product_version,
            status=status,
            description=description,
            schema=[_object(name, model) for name, model in top.members("models")],
            quality=_quality(top),
        ),
    )


def _of_info(info: Node | None, key: str, path: str) -> str | None:
    node = None if info is None else info.get(key)
    if node is None:
        return None
    node.source(path)
    return node.as_text()


def _object(name: str, model: Node) -> dict[str, Any]:
    path = model.source(f"contract.schema[{name}]")
    fields = [_field(field, f"{path}.{key}", key, inherited=False) for key, field in model.members("fields")]
    return said(name=name, path=path, description=model.text("description"), tags=model.texts("tags"), fields=fields)


def _field(node: Node, path: str, name: str, *, inherited: bool, followed: tuple[Value, ...] = ()) -> dict[str, Any]:
    followed = (*followed, node.mapping().get("$ref"))
    node = _resolved(node, already=followed[:-1])
    node.reading.count_field()
    node.skip_unknown(_FIELD_KEYS, path)
    key = bool(node.flag("primaryKey") or node.flag("primary"))
    required = node.flag("required")
    items = node.get("items")
    facts = field_facts(
        node,
        name=name,
        path=path,
        nullable=not (key if required is None else required),
        inherited=inherited,
        meaning=node.text("format"),
        type=node.text("type"),
        item_type=items.text("type") if items is not None else None,
        primary_key=key,
        unique=bool(node.flag("unique")),
        enum=tuple(element.value for element in node.elements("enum")),
    )
    about_people = bool(facts.get("personal"))
    nested = [
        _field(child, f"{path}.{key}", key, inherited=about_people, followed=followed)
        for holder in (node, items)
        if holder is not None
        for key, child in holder.members("fields")
    ]
    return {**facts, "fields": nested}


def _quality(top: Node) -> list[dict[str, Any]]:
    """Since 1.1 the rules of models and fields are written as in ODCS; before, in some engine's own words."""
    rules: list[dict[str, Any]] = []
    for name, model in top.members("models"):
        rules += _rules_below(model, f"contract.schema[{name}]", measured=name)
    if (quality := top.get("quality")) is not None:
        quality.skip("contract.quality", "quality checks in the words of an engine are not read")
    return rules


def _rules_below(node: Node, path: str, *, measured: str) -> Iterator[dict[str, Any]]:
    yield from rules_of(node, path, measured=measured)
    for name, child in node.members("fields"):
        yield from _rules_below(child, f"{path}.{name}", measured=f"{measured}.{name}")


def _resolved(node: Node, *, already: tuple[Value, ...]) -> Node:
    """
    The field with what its ``$ref`` says filled in. What it says about a field (that it is personal, for one) must not
    get lost, so a reference that cannot be followed is an error.
    """
    reference = node.get("$ref")
    if reference is None:
        return node
    text = reference.as_text() or ""
    if text in already:
        raise reference.wrong("a reference that does not lead back to itself")
    steps = text.removeprefix("#/").split("/")
    target: Value = node.reading.document.value
    for step in steps if text.startswith("#/") else ("",):
        target = target.get(step) if isinstance(target, dict) else None
    if not isinstance(target, dict) or "$ref" in target:
        raise reference.wrong("a reference into this document's definitions")
    return Node(node.reading, {**target, **node.mapping()}, node.pointer)


def _port(name: str, server: Node) -> dict[str, Any]:
    return said(
        name=name,
        path=server.source(f"output_ports[{name}]"),
        type=server.text("type"),
        format=(server.text("format") or "").lower(),
        location=server.text("location", "path", "topic")
        or ".".join(part for key in _PARTS if (part := server.text(key))),
    )


_PARTS = ("host", "account", "project", "catalog", "database", "dataset", "schema")


def _levels(levels: Node | None) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    availability = levels.get("availability") if levels is not None else None
    if availability is not None and (text := availability.text("percentage")) is not None:
        availability.source("product.sla.availability")
        facts["availability"] = units.share(text, "percent")
    for key in ("latency", "freshness"):
        level = levels.get(key) if levels is not None else None
        if level is not None and (text := level.text("threshold")) is not None:
            level.source("product.sla.freshness_seconds")
            facts["freshness_seconds"] = units.seconds(text)
    return said(**facts)


def _retention(levels: Node | None) -> dict[str, Any]:
    retention = levels.get("retention") if levels is not None else None
    if retention is None:
        return {}
    retention.source("product.retention")
    text = retention.text("period")
    kept = units.days(text) if text else None
    if kept is None:
        retention.skip("product.retention", f"a retention period of {text!r} is no number of days")
    return said(days=kept)


def _notice(top: Node) -> int | None:
    terms = top.get("terms")
    text = terms.text("noticePeriod") if terms is not None else None
    return units.days(text) if text else None
