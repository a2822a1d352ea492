"""
What people write into ``customProperties`` of ODCS documents, because the standard has no place for it. Bitol's data
products have the same properties.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from bylaw.facts import units
from bylaw.facts.documents.node import Node
from bylaw.facts.said import classification, said

Custom: TypeAlias = Mapping[str, Node]
"""By name, in lower case without separators, so that spellings of one name meet."""

_CUSTOM_KEYS = ("id", "property", "value", "description", "vendor")
# Facts of a product by the names that people give them; of several names the first that is there counts.
_TEXTS = {
    "owner": ("owner",),
    "lawful_basis": ("lawfulbasis", "legalbasis"),
    "special_category_basis": ("specialcategorybasis",),
}
_LISTS = {
    "protections": ("protections",),
    "purposes": ("purposes", "purpose", "datauses", "datause"),
    "data_subjects": ("datasubjects", "datasubject"),
    "recipients": ("recipients",),
    "regions": ("regions", "region", "residency", "dataresidency"),
    "approvers": ("approvers",),
    "dependencies": ("dependencies",),
}


def custom_properties(node: Node, path: str) -> Custom:
    """The custom properties of what stands here, whose fact path this is; one that is said in two ways is reported."""
    properties: dict[str, Node] = {}
    for element in node.elements("customProperties"):
        name, value = element.text("property"), element.get("value")
        element.skip_unknown(_CUSTOM_KEYS, f"{path}.customProperties")
        if not name and value is not None:
            element.skip(f"{path}.customProperties", "a custom property without a name")
        if not name or value is None:
            continue
        key = "".join(letter for letter in name.lower() if letter.isalnum())
        if key in properties and properties[key].value != value.value:
            value.contradict(f"{path}.{key}", f"the custom property {name!r} is given twice, with different values")
        properties.setdefault(key, value)
    return properties


def governance(custom: Custom) -> dict[str, Any]:
    """What custom properties say of a product."""
    facts: dict[str, Any] = {}
    for fact, names in _TEXTS.items():
        if (node := first(custom, names)) is not None:
            node.source(f"product.{fact}")
            facts[fact] = node.as_text()
    for fact, names in _LISTS.items():
        if (node := first(custom, names)) is not None:
            node.source(f"product.{fact}")
            facts[fact] = words(node)
    if (label := custom.get("classification")) is not None:
        label.source("product.classification")
        facts["classification"] = classification(label.as_text())
    if (notice := custom.get("deprecationnoticedays")) is not None:
        notice.source("product.deprecation_notice_days")
        facts["deprecation_notice_days"] = _number(notice)
    elif (period := custom.get("noticeperiod")) is not None:  # of the Data Contract Specification
        facts |= _notice(period)
    if (shared_by := custom.get("kanonymity")) is not None:
        shared_by.source("product.k_anonymity")
        facts["k_anonymity"] = _number(shared_by)
    if (sent := custom.get("transfers")) is not None:
        sent.source("product.transfers")
        facts["transfers"] = _transfers(sent)
    if (mode := first(custom, ("compatibility", "compatibilitymode"))) is not None:
        mode.source("product.compatibility")
        facts["compatibility"] = (mode.as_text() or "").upper().replace("-", "_")
    return said(**facts, encryption=encryption(custom, "product.encryption"))


def _transfers(sent: Node) -> list[dict[str, Any]]:
    """A list of ``{to, mechanism}``; what is anything else is reported, for nobody's standard says what it is."""
    if not isinstance(sent.value, list) or not all(isinstance(each, dict) and each.get("to") for each in sent.value):
        sent.skip("product.transfers", "transfers are a list of {to, mechanism}")
        return []
    return [_transfer(each, each.text("to") or "") for each in sent.listed()]


def _transfer(node: Node, to: str) -> dict[str, Any]:
    return said(to=to, path=node.source(f"product.transfers[{to}]"), mechanism=node.text("mechanism"))


def about_people(custom: Custom, path: str) -> dict[str, Any]:
    """What custom properties say of a field: data categories, whom it is about, how long it is kept."""
    if not custom:
        return {}
    facts: dict[str, Any] = {}
    for fact, names in {
        "categories": ("datacategories", "datacategory", "categories"),
        "data_subjects": ("datasubjects", "datasubject"),
    }.items():
        if (node := first(custom, names)) is not None:
            node.source(f"{path}.{fact}")
            facts[fact] = words(node)
    if (kept := custom.get("retentiondays")) is not None:
        kept.source(f"{path}.retention_days")
        facts["retention_days"] = _number(kept)
    return facts


def first(custom: Custom, names: tuple[str, ...]) -> Node | None:
    return next((custom[name] for name in names if name in custom), None)


def words(node: Node) -> tuple[str, ...]:
    """A list, or one text with commas between its words."""
    if isinstance(node.value, list):
        return tuple(text for element in node.listed() if element.value is not None and (text := element.as_text()))
    return tuple(word.strip() for word in (node.as_text() or "").split(",") if word.strip())


def encryption(custom: Custom, path: str) -> dict[str, str]:
    """``encryption: AES-256``, ``encryptionAtRest``, ``encryptionInTransit``, or a mapping of the two."""
    both = custom.get("encryption")
    at_rest, in_transit = custom.get("encryptionatrest"), custom.get("encryptionintransit")
    if both is not None:
        both.source(path)
        if isinstance(both.value, dict):
            at_rest = at_rest or both.first("at_rest", "atRest")
            in_transit = in_transit or both.first("in_transit", "inTransit")
        else:
            at_rest = at_rest or both
    for where, node in (("at_rest", at_rest), ("in_transit", in_transit)):
        if node is not None:
            node.source(f"{path}.{where}")
    at_rest_text = at_rest.as_text() if at_rest is not None else None
    in_transit_text = in_transit.as_text() if in_transit is not None else None
    return said(
        at_rest=units.encryption_at_rest(at_rest_text) if at_rest_text else None,
        in_transit=units.encryption_in_transit(in_transit_text) if in_transit_text else None,
    )


def behind(node: Node) -> Node:
    """
    What stands here, and its custom properties wherever it says nothing itself: keys that the standard does not have
    for a rule of its kind, or for a server.
    """
    if "customProperties" not in node.mapping():
        return node
    written = {
        name: element.mapping()["value"]
        for element in node.elements("customProperties")
        if (name := element.text("property")) and element.get("value") is not None
    }
    return Node(node.reading, node.value, node.pointer, Node(node.reading, written, node.pointer)) if written else node


def _notice(period: Node) -> dict[str, int]:
    text = period.as_text()
    days = units.days(text) if text else None
    if days is None:
        period.skip("product.deprecation_notice_days", f"a notice period of {text!r} is no number of days")
        return {}
    period.source("product.deprecation_notice_days")
    return {"deprecation_notice_days": days}


def _number(node: Node) -> int | float:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise node.wrong("a number")
    return node.value
