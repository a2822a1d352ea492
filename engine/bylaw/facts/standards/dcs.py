"""
The reader of Data Contract Specification documents (datacontract.com, 0.9 to 1.2): the neighbour of ODCS that many
contracts are still written in. References to ``#/definitions`` are followed; others cannot be.
"""

from __future__ import annotations

from typing import Any

from bylaw.facts import units
from bylaw.facts.documents.node import Node
from bylaw.facts.said import said
from bylaw.facts.standards.dcs_fields import read_models, read_quality
from bylaw.facts.standards.odcs_access import location, read_roles

VERSIONS = ("0.9.0", "0.9.1", "0.9.2", "0.9.3", "1.0.0", "1.1.0", "1.2.0", "1.2.1")

KNOWN = (
    *("dataContractSpecification", "id", "info", "servers", "terms", "models", "definitions", "servicelevels"),
    *("examples", "quality", "tags", "links", "schema"),
)
_INFO_KEYS = ("title", "version", "status", "description", "owner", "contact", "domain", "dataProduct", "outputPort")
_TERMS_KEYS = ("usage", "limitations", "policies", "billing", "noticePeriod")
_LEVELS = ("availability", "retention", "latency", "freshness", "frequency", "support", "backup")
_PLACES = {
    "info": "product",
    "servers": "product.output_ports",
    "servicelevels": "product.sla",
    "models": "contract.schema",
    "tags": "product.tags",
}


def read_dcs(top: Node, version: str) -> dict[str, Any]:
    """The facts of one contract, in the normal form of ``bylaw.facts.product``."""
    top.skip_unknown(KNOWN, "contract")
    top.require("contract", "id", "info", standard=f"DCS {version}")
    top.sources(_PLACES)
    info, levels = top.get("info"), top.get("servicelevels")
    if info is not None:
        info.skip_unknown(_INFO_KEYS, "product")
        info.require("product", "title", "version", standard=f"DCS {version}")
    if levels is not None:
        levels.skip_unknown(_LEVELS, "product.sla")
    name, product_version, owner, status, domain = (
        _text_of(info, key, f"product.{fact}")
        for key, fact in (
            ("title", "name"),
            ("version", "version"),
            ("owner", "owner"),
            ("status", "status"),
            ("domain", "domain"),
        )
    )
    description = _description(info, top.get("terms"))
    if (schema := top.get("schema")) is not None:  # before 1.1
        language = (schema.text("type") if isinstance(schema.value, dict) else None) or "another language"
        schema.skip("contract.schema", f"a schema in {language} is not read, only models are")
    return said(
        domain=domain,
        name=name,
        version=product_version,
        owner=owner,
        status=status,
        description=description,
        tags=top.texts("tags"),
        **_promises(levels),
        deprecation_notice_days=_notice(top.get("terms")),
        access_policies=[
            policy
            for key, server in top.members("servers")
            for policy in read_roles(server, f"output_ports[{key}].access_policies")
        ],
        output_ports=[_port(key, server) for key, server in top.members("servers")],
        contract=said(
            standard="dcs",
            standard_version=version,
            id=_text_of(top, "id", "contract.id"),
            name=name,
            version=product_version,
            status=status,
            description=description,
            schema=read_models(top),
            quality=_quality(top),
        ),
    )


def _text_of(holder: Node | None, key: str, path: str) -> str | None:
    node = None if holder is None else holder.get(key)
    if node is None:
        return None
    node.source(path)
    return node.as_text()


def _description(info: Node | None, terms: Node | None) -> str | None:
    """What it is; else how to use it, or not to, as in ODCS."""
    if terms is not None:
        terms.skip_unknown(_TERMS_KEYS, "product.terms")
    for holder, key in ((info, "description"), (terms, "usage"), (terms, "limitations")):
        if (text := _text_of(holder, key, "product.description")) is not None:
            return text
    return None


def _quality(top: Node) -> list[dict[str, Any]]:
    """Rules of models and fields; those of the contract, before 1.1, are in the words of an engine."""
    if (quality := top.get("quality")) is not None:
        engine = (quality.text("type") if isinstance(quality.value, dict) else None) or "an engine"
        quality.skip("contract.quality", f"quality checks in the words of {engine} are not read")
    return read_quality(top)


def _port(name: str, server: Node) -> dict[str, Any]:
    path = server.source(f"output_ports[{name}]")
    server.sources({key: f"{path}.{key}" for key in ("type", "format", "location", "environment")})
    if (region := server.get("region")) is not None:
        region.source(f"{path}.regions")
    return said(
        name=name,
        path=path,
        type=server.text("type"),
        format=(server.text("format") or "").lower(),
        location=location(server),
        environment=server.text("environment"),
        regions=server.texts("region"),
    )


def _promises(levels: Node | None) -> dict[str, Any]:
    """Service levels, retention, and the elements that they are measured by."""
    if levels is None:
        return {}
    sla: dict[str, float] = {}
    of_elements: list[dict[str, Any]] = []

    def keep(level: Node, measure: str, fact: float, element: str | None) -> None:
        if element is not None:
            path = level.source(f"product.element_levels[{len(of_elements)}]")
            of_elements.append({"element": element, "path": path, "measure": measure, "value": fact})

    retention = _retention(levels.get("retention"))
    if retention.get("days") is not None:
        keep(levels["retention"], "retention_days", retention["days"], levels["retention"].text("timestampField"))
    availability = levels.get("availability")
    share = _measure(availability, "percentage", "availability")
    if share is not None:
        sla["availability"] = share
    for name in ("latency", "freshness"):
        level = levels.get(name)
        wait = _measure(level, "threshold", name)
        if level is not None and wait is not None:
            if wait >= sla.get("freshness_seconds", 0):  # of two words for one thing, the longer wait
                level.source("product.sla.freshness_seconds")
                sla["freshness_seconds"] = wait
            keep(level, "freshness_seconds", wait, level.text("sourceTimestampField", "timestampField"))
    return said(sla=sla, retention=retention, element_levels=of_elements)


def _measure(level: Node | None, key: str, name: str) -> float | None:
    text = None if level is None else level.text(key)
    if level is None or text is None:
        return None
    fact = units.share(text, "percent") if key == "percentage" else units.seconds(text)
    if fact is None:
        level.skip(f"product.sla.{name}", f"service level {name!r} with the value {text!r} is not understood")
    else:
        level.source(f"product.sla.{name}")
    return fact


def _retention(retention: Node | None) -> dict[str, Any]:
    if retention is None:
        return {}
    retention.source("product.retention")
    unlimited, text = retention.flag("unlimited"), retention.text("period")
    kept = units.days(text) if text else None
    if kept is None and not unlimited:
        retention.skip("product.retention", f"a retention period of {text!r} is no number of days")
    if kept is not None and unlimited:
        retention.contradict("product.retention", f"it is said to be unlimited, and to be {kept} days")
    return said(days=kept, unlimited=True if unlimited else None)


def _notice(terms: Node | None) -> int | None:
    text = _text_of(terms, "noticePeriod", "product.deprecation_notice_days")
    notice = units.days(text) if text else None
    if terms is not None and text and notice is None:
        terms.skip("product.deprecation_notice_days", f"a notice period of {text!r} is no number of days")
    return notice
