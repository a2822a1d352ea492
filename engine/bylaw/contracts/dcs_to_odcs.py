"""
From the Data Contract Specification (0.9 to 1.2) to the Open Data Contract Standard 3.1.0: the document says the same,
in the places that ODCS has for it. Nothing is invented and nothing is lost: what ODCS has no place for is kept in
``customProperties``, and what it requires and nobody said is left blank and noted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bylaw.contracts.fields_of_dcs import links, objects
from bylaw.contracts.kept import Kept, Note, Notes
from bylaw.contracts.servers_of_dcs import server
from bylaw.facts.documents.document import Document
from bylaw.facts.documents.node import Node, Reading
from bylaw.facts.said import said
from bylaw.facts.standards import dcs
from bylaw.facts.standards.dcs_fields import sample_rows

_INFO_KEYS = frozenset({"title", "version", "status", "description", "owner", "contact", "domain"})
_TERMS = frozenset({"usage", "limitations", "noticePeriod", "policies"})
_LEVEL_KEYS = {
    "availability": frozenset({"percentage", "description"}),
    "retention": frozenset({"period", "unlimited", "timestampField", "description"}),
    "latency": frozenset({"threshold", "sourceTimestampField", "description"}),
    "freshness": frozenset({"threshold", "timestampField", "description"}),
    "frequency": frozenset({"interval", "cron", "description"}),
}


@dataclass(frozen=True, slots=True)
class Conversion:
    """An ODCS document, and what is only kept in it."""

    document: dict[str, Any]
    notes: tuple[Note, ...]


def dcs_to_odcs(document: Document) -> Conversion:
    """
    Raises:
        WrongShape: A part of the document is of another shape than its key has.
    """
    top, notes = Reading(document).top(), Notes()
    kept = Kept(notes)
    info = top.get("info") or Node(top.reading, {}, ())
    terms, levels = top.get("terms"), top.get("servicelevels")
    description = _description(info, terms)
    definitions = [*links(top), *_policies(terms, kept)]
    sla = _levels(levels, kept) if levels is not None else []
    _keep_rest(top, info, terms, kept)
    odcs = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": _required(top, "id", notes),
        **said(name=info.text("title")),
        "version": _required(info, "version", notes),
        "status": _required(info, "status", notes),
        **said(
            domain=info.text("domain"),
            description=description,
            tags=list(top.texts("tags") or ()),
            servers=[server(name, each, notes) for name, each in top.members("servers")],
            schema=objects(top, notes, dict(sample_rows(top))),
            slaProperties=sla,
            support=_support(info),
            team=said(name=info.text("owner")),
            authoritativeDefinitions=definitions,
            customProperties=kept.properties,
        ),
    }
    return Conversion(odcs, tuple(notes.notes))


def _required(node: Node, key: str, notes: Notes) -> str:
    """What ODCS requires: blank where the contract does not say it, because nobody knows it."""
    text = node.text(key)
    if text is None:
        notes.left_blank(node.pointer, f"ODCS requires {key!r}, and the contract says none; it is left blank")
    return text or ""


def _description(info: Node, terms: Node | None) -> dict[str, Any]:
    return said(
        purpose=info.text("description"),
        usage=terms.text("usage") if terms is not None else None,
        limitations=terms.text("limitations") if terms is not None else None,
    )


def _support(info: Node) -> list[dict[str, Any]]:
    """``contact`` as channels: the one by its URL, the other by mail."""
    contact = info.get("contact")
    if contact is None:
        return []
    name, url, mail = contact.text("name"), contact.text("url"), contact.text("email")
    channels = [said(channel=name or "contact", url=url)] if url or not mail else []
    if mail:
        channels.append({"channel": name or "contact", "tool": "email", "url": f"mailto:{mail}"})
    return channels


def _policies(terms: Node | None, kept: Kept) -> list[dict[str, Any]]:
    """``terms.policies``, those with a URL."""
    if terms is None:
        return []
    policies = terms.elements("policies")
    if any(policy.text("url") is None for policy in policies):
        kept.keep("policies", terms.mapping()["policies"])
        return []
    return [
        said(type=policy.text("type") or "policy", url=policy.text("url"), description=policy.text("description"))
        for policy in policies
    ]


def _levels(levels: Node, kept: Kept) -> list[dict[str, Any]]:
    """``servicelevels`` as ``slaProperties``; what they have no key for is kept as it was."""
    left: dict[str, Any] = {}
    properties: list[dict[str, Any]] = []
    for name in levels.mapping():
        if (level_node := levels.get(name)) is None:
            continue
        known = _LEVEL_KEYS.get(name, frozenset())
        written = _LEVELS[name](level_node) if name in _LEVELS else []
        properties += [said(**each, description=level_node.text("description")) for each in written]
        rest = {key: value for key, value in level_node.mapping().items() if key not in known or not written}
        if rest:
            left[name] = rest
    if left:
        kept.keep("servicelevels", left)
    order = ("availability", "retention", "latency", "freshness", "frequency")
    return sorted(properties, key=lambda each: order.index(each["property"]))


def _availability(level: Node) -> list[dict[str, Any]]:
    text = level.text("percentage")
    if text is None:
        return []
    return [said(property="availability", value=text, unit=None if text.endswith("%") else "percent")]


def _retention(level: Node) -> list[dict[str, Any]]:
    element, period = level.text("timestampField"), level.text("period")
    said_so = [said(property="retention", value=period, element=element)] if period else []
    return [*said_so, {"property": "retention", "value": "unlimited"}] if level.flag("unlimited") else said_so


def _wait(name: str, field: str) -> Any:
    def written(level: Node) -> list[dict[str, Any]]:
        threshold = level.text("threshold")
        return [said(property=name, value=threshold, element=level.text(field))] if threshold else []

    return written


def _frequency(level: Node) -> list[dict[str, Any]]:
    interval, cron = level.text("interval"), level.text("cron")
    if not interval and not cron:
        return []
    return [said(property="frequency", value=interval or cron, schedule=cron, scheduler="cron" if cron else None)]


_LEVELS: dict[str, Any] = {
    "availability": _availability,
    "retention": _retention,
    "latency": _wait("latency", "sourceTimestampField"),
    "freshness": _wait("freshness", "timestampField"),
    "frequency": _frequency,
}


def _keep_rest(top: Node, info: Node, terms: Node | None, kept: Kept) -> None:
    """What stands beside the parts that have a place."""
    for key, value in info.mapping().items():
        if key in ("dataProduct", "outputPort"):  # of 0.9.0
            kept.keep(key, value)
        elif key not in _INFO_KEYS:
            kept.keep_unknown(key, value, (*info.pointer, key))
    for key, value in (terms.mapping() if terms is not None else {}).items():
        if key in ("noticePeriod", "billing"):
            kept.keep(key, value)
        elif key not in _TERMS:
            kept.keep_unknown(key, value, ("terms", key))
    for key in ("quality", "schema"):
        if (value := top.mapping().get(key)) is not None:
            kept.keep(f"dcs{key.capitalize()}", value)
            reason = f"{key!r} is in the words of another tool; it is kept as a custom property, and nothing reads it"
            kept.notes.only_kept((key,), reason)
    kept.keep("examples", top.mapping().get("examples"))
    kept.keep("definitions", top.mapping().get("definitions"))
    for key, value in top.mapping().items():
        if key not in dcs.KNOWN:
            kept.keep_unknown(key, value, (key,))
