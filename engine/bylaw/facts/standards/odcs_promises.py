"""
The reader of ODCS ``slaProperties``: service levels, retention, and the days from when and until when a product is
offered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bylaw.facts import units
from bylaw.facts.documents.node import Node
from bylaw.facts.said import said

_SHARES = {
    "availability": "availability",
    "completeness": "completeness",
    "accuracy": "accuracy",
    "uniqueness": "uniqueness",
    "quality": "quality",
}
_WAITS = ("latency", "freshness")
_DAYS = {
    "generalavailability": "available_from",
    "endofsupport": "end_of_support",
    "endoflife": "end_of_life",
}
# Properties of the standard's list that no fact is made of. Whatever is in no table is reported as not read.
_OTHER = frozenset(
    {
        *("throughput", "errorrate", "frequency"),
        *("timetodetect", "timetonotify", "timetorepair", "timeofavailability"),
    }
)
_KEYS = (
    *("id", "property", "value", "valueExt", "unit", "element", "driver", "description", "scheduler", "schedule"),
    *("authoritativeDefinitions", "customProperties"),
)
_UNLIMITED = frozenset({"unlimited", "indefinite", "forever"})


@dataclass(slots=True)
class _Promises:
    levels: dict[str, float] = field(default_factory=dict)
    kept_days: list[int] = field(default_factory=list)
    unlimited: bool = False
    days: dict[str, str] = field(default_factory=dict)
    of_elements: list[dict[str, Any]] = field(default_factory=list)


def promises(top: Node) -> dict[str, Any]:
    """
    ``sla``, ``retention``, ``element_levels`` and the product's days. Where a measure is promised more than once, for
    elements or again, the weaker promise is the product's: that is what a consumer can count on.
    """
    default = top.text("slaDefaultElement")
    found = _Promises()
    for element in top.elements("slaProperties"):
        element.skip_unknown(_KEYS, "product.sla")
        element.require("product.sla", "property", "value", standard="ODCS")
        _promise(element, found, default)
    if found.unlimited and found.kept_days:
        reason = f"it is said to be unlimited, and to be {min(found.kept_days)} days"
        top["slaProperties"].contradict("product.retention", reason)
    shortest, longest = min(found.kept_days, default=None), max(found.kept_days, default=None)
    return said(
        sla=found.levels,
        retention=said(
            days=shortest,
            longest_days=longest if longest != shortest else None,
            unlimited=found.unlimited or None,
        ),
        element_levels=found.of_elements,
        **found.days,
    )


def _promise(element: Node, found: _Promises, default: str | None) -> None:
    name = (element.text("property") or "").lower().replace("_", "")
    value, unit = element.get("value"), element.text("unit")
    if name in _OTHER:
        return
    if name in _DAYS:
        if value is not None and (text := value.as_text()):
            value.source(f"product.{_DAYS[name]}")
            found.days[_DAYS[name]] = text
        return
    text = None if value is None else value.as_text() or ""
    if name == "retention" and (text or "").lower() in _UNLIMITED:
        element.source("product.retention")
        found.unlimited = True
        return
    fact = None if text is None else _measured(name, text, unit)
    if fact is None:
        reason = f"service level {name!r} with the value {value and value.value!r} is not understood"
        element.skip(f"product.sla.{name}", reason)
        return
    measure = _keep(element, found, name, fact)
    if (about := element.text("element") or default) is not None:
        path = element.source(f"product.element_levels[{len(found.of_elements)}]")
        found.of_elements.append({"element": about, "path": path, "measure": measure, "value": fact})


def _keep(element: Node, found: _Promises, name: str, fact: float) -> str:
    """Take the promise into the product's. Answers what it is called there."""
    if name == "retention":
        element.source("product.retention")
        found.kept_days.append(int(fact))
        return "retention_days"
    # ODCS prefers `latency` to `freshness` for the same thing.
    measure = _SHARES.get(name, "freshness_seconds")
    weaker = min if name in _SHARES else max
    if measure not in found.levels or weaker(fact, found.levels[measure]) != found.levels[measure]:
        element.source(f"product.sla.{measure}")
        found.levels[measure] = fact
    return measure


def _measured(name: str, text: str, unit: str | None) -> float | None:
    if name == "retention":
        return units.days(text, unit)
    if name in _WAITS:
        return units.seconds(text, unit)
    return units.share(text, unit) if name in _SHARES else None
