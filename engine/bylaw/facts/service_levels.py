"""
Service levels as the simple contract forms write them. Each says the same few things in keys of its own; what none of
them means is reported as not read.
"""

from __future__ import annotations

from typing import Any

from bylaw.facts import units
from bylaw.facts.documents.node import Node

# The measures that are shares of one, by every name they go by.
_SHARES = {
    "availability": "availability",
    "completeness": "completeness",
    "accuracy": "accuracy",
    "accuracy_threshold": "accuracy",
    "quality": "quality",
    "quality_sla": "quality",
    "uniqueness": "uniqueness",
    "consistency": "consistency",
}
_DURATION_UNITS = {"seconds": "s", "minutes": "m", "hours": "h", "days": "d", "ms": "ms"}
_SHARE_KEYS = ("threshold", "min_threshold", "threshold_percentage", "uptime_percentage", "percentage", "value")
_DURATION_KEYS = (
    *("threshold", "threshold_seconds", "max_age_hours", "max_age_minutes", "max_age_days", "max_delay_hours"),
    *("max_delay_minutes", "value"),
)
_DURATION_NAMES = ("freshness", "timeliness")


def read_levels(node: Node | None) -> dict[str, Any]:
    """Service levels of a mapping, or of a list of ``{name, threshold}``."""
    levels: dict[str, Any] = {}
    for name, level in _named(node):
        fact, key = _level(name, level)
        if fact is None:
            level.skip(f"product.sla.{name}", f"service level {name!r} is not understood")
        else:
            level.source(f"product.sla.{key}")
            levels[key] = fact
    return levels


def weakest(*promises: dict[str, float]) -> dict[str, float]:
    """Of each measure the weaker promise: the smaller share, the longer wait. It is what a consumer can count on."""
    levels: dict[str, float] = {}
    for promised in promises:
        for measure, fact in promised.items():
            weaker = min if measure in _SHARES.values() else max
            levels[measure] = weaker(fact, levels.get(measure, fact))
    return levels


def _named(node: Node | None) -> list[tuple[str, Node]]:
    if node is None:
        return []
    if isinstance(node.value, list):
        return [(element.text("name") or "", element) for element in node.listed()]
    return [(name, node[name]) for name in node.mapping() if node[name].value is not None]


def _level(name: str, level: Node) -> tuple[float | None, str]:
    if name in _SHARES:
        return read_share(level), _SHARES[name]
    if name == "latency_p95_ms":
        return (level.value if _is_number(level) else None), name  # type: ignore[return-value]
    if name in _DURATION_NAMES or name.partition("_")[0] == "freshness":
        return read_duration(level, name=name), "freshness_seconds"
    return None, name


def read_share(level: Node) -> float | None:
    """``0.95``, ``"99.95%"``, ``{threshold: "99.9%"}``, ``{uptime_percentage: 99.9}``."""
    key, value = _inner(level, _SHARE_KEYS)
    text = None if value is None else value.as_text()
    return None if text is None else units.share(text, "percent" if key.endswith("percentage") else None)


def read_duration(level: Node, *, name: str = "") -> float | None:
    """Seconds of ``"P1D"``, ``{threshold: "PT24H"}``, ``{max_age_hours: 1}``, or of a number under ``*_minutes``."""
    key, value = _inner(level, _DURATION_KEYS)
    text = None if value is None else value.as_text()
    unit = _DURATION_UNITS.get((key or name).rpartition("_")[2])
    return None if text is None else units.seconds(text, unit)


def _inner(level: Node, keys: tuple[str, ...]) -> tuple[str, Node | None]:
    if not isinstance(level.value, dict):
        return "", level
    return next(((key, value) for key in keys if (value := level.get(key)) is not None), ("", None))


def _is_number(level: Node) -> bool:
    return isinstance(level.value, int | float) and not isinstance(level.value, bool)
