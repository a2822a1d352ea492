"""
What is different in what consumers can count on: service levels, retention, quality, ports, the compatibility mode, the
notice they are given and how long the product lives. ``weakened`` promises less than before and ``strengthened`` more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, TypeAlias

from bylaw.changes.difference import Difference, Direction, Thing, by_name, difference, of_order, of_statement

Interval: TypeAlias = tuple[tuple[float, bool], tuple[float, bool]]
"""Lower and upper bound of what is admitted, each with whether the bound itself is outside."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FOR_EVER = "unlimited"
_LOWER_IS_BETTER = frozenset({"freshness_seconds", "latency_p95_ms"})
_MODES = {
    mode: (backward, forward, transitive)
    for transitive, suffix in ((False, ""), (True, "_TRANSITIVE"))
    for mode, backward, forward in (
        (f"BACKWARD{suffix}", True, False),
        (f"FORWARD{suffix}", False, True),
        (f"FULL{suffix}", True, True),
    )
} | {"NONE": (False, False, False)}


def promise_differences(previous: Thing, current: Thing) -> Iterator[Difference]:
    """Differences between what two versions of a product promise."""
    yield from _levels(previous.get("sla", {}), current.get("sla", {}))
    yield from _element_levels(previous, current)
    yield from _retention(previous.get("retention", {}), current.get("retention", {}))
    yield from _quality(previous.get("contract", {}), current.get("contract", {}))
    yield from _ports(previous, current)
    yield from _compatibility(previous.get("compatibility"), current.get("compatibility"))
    yield from _life(previous, current)


def _levels(before: Thing, after: Thing) -> Iterator[Difference]:
    for name in sorted(before.keys() | after.keys()):
        subject = f"service level {name}"
        yield from _level(name, before.get(name), after.get(name), path=f"product.sla.{name}", subject=subject)


def _element_levels(previous: Thing, current: Thing) -> Iterator[Difference]:
    """Promises about one table or column, by what they are about and what they measure."""
    before, after = (
        {(level["element"], level["measure"]): level for level in product.get("element_levels", ())}
        for product in (previous, current)
    )
    for element, measure in sorted(before.keys() | after.keys()):
        was, now = before.get((element, measure), {}), after.get((element, measure), {})
        path, values = now.get("path", was.get("path")), (was.get("value"), now.get("value"))
        subject = f"service level {measure} of {element}"
        if measure == "retention_days":
            yield from _kept(*values, path=path, subject=f"the retention of {element}")
        else:
            yield from _level(measure, *values, path=path, subject=subject)


def _level(measure: str, was: Any, now: Any, *, path: str, subject: str) -> Iterator[Difference]:
    better: Direction = "weakened" if measure in _LOWER_IS_BETTER else "strengthened"
    worse: Direction = "strengthened" if measure in _LOWER_IS_BETTER else "weakened"
    if (direction := of_order(was, now, down=worse, up=better)) is not None:
        yield difference("service_level_changed", direction, path=path, subject=subject, was=was, now=now)


def _retention(before: Thing, after: Thing) -> Iterator[Difference]:
    shortest, longest = (_days(before, "days"), _days(after, "days")), None
    if "longest_days" in before or "longest_days" in after:
        longest = before.get("longest_days", shortest[0]), after.get("longest_days", shortest[1])
    yield from _kept(*shortest, path="product.retention.days", subject="the retention")
    if longest is not None and longest != shortest:
        yield from _kept(*longest, path="product.retention.longest_days", subject="the retention")


def _days(retention: Thing, key: str) -> float | None:
    return math.inf if retention.get("unlimited") else retention.get(key)


def _kept(was: float | None, now: float | None, *, path: str, subject: str) -> Iterator[Difference]:
    direction = of_order(was, now, down="shortened", up="lengthened")
    if direction is not None:
        was_said, now_said = (_FOR_EVER if days == math.inf else days for days in (was, now))
        yield difference("retention_changed", direction, path=path, subject=subject, was=was_said, now=now_said)


def _ports(previous: Thing, current: Thing) -> Iterator[Difference]:
    before, after = by_name(previous.get("output_ports")), by_name(current.get("output_ports"))
    for name in sorted(before.keys() | after.keys()):
        subject = f"port {name}"
        if name not in after:
            yield difference("port_changed", "removed", path=before[name]["path"], subject=subject)
            continue
        path = after[name]["path"]
        if name not in before:
            yield difference("port_changed", "added", path=path, subject=subject)
            continue
        for part in ("type", "format", "location"):
            was, now = before[name].get(part), after[name].get(part)
            if (direction := of_statement(was, now)) is not None:
                yield difference("port_changed", direction, path=path, subject=subject, part=part, was=was, now=now)


def _compatibility(was: str | None, now: str | None) -> Iterator[Difference]:
    if (direction := _of_modes(was, now)) is not None:
        subject = "the compatibility mode"
        path = "product.compatibility"
        yield difference("compatibility_changed", direction, path=path, subject=subject, was=was, now=now)


def _life(previous: Thing, current: Thing) -> Iterator[Difference]:
    """The notice that consumers are given, when support and the product end, and in which state the product is."""
    for key, kind, subject in (
        ("deprecation_notice_days", "notice_changed", "the notice before a change that breaks"),
        ("end_of_support", "end_changed", "the end of support"),
        ("end_of_life", "end_changed", "the end of life"),
    ):
        was, now = previous.get(key), current.get(key)
        comparable = kind == "notice_changed" or all(_DATE.match(str(each)) for each in (was, now))
        ordered = of_order(was, now, down="shortened", up="lengthened")
        if (direction := ordered if comparable else of_statement(was, now)) is not None:
            yield difference(kind, direction, path=f"product.{key}", subject=subject, was=was, now=now)
    was, now = previous.get("status"), current.get("status")
    if (direction := of_statement(was, now)) is not None:
        yield difference("status_changed", direction, path="product.status", subject="the status", was=was, now=now)


def _of_modes(was: str | None, now: str | None) -> Direction | None:
    direction = of_statement(was, now)
    if direction != "changed" or was not in _MODES or now not in _MODES:
        return direction
    pairs = list(zip(_MODES[str(was)], _MODES[str(now)], strict=True))
    if all(before >= after for before, after in pairs):
        return "weakened"
    return "strengthened" if all(before <= after for before, after in pairs) else "changed"


def _quality(before: Thing, after: Thing) -> Iterator[Difference]:
    """Rules are told apart by what they measure; several about one measure admit what all of them admit."""
    was, now = _by_metric(before), _by_metric(after)
    for metric in sorted(was.keys() | now.keys()):
        direction = _of_rules(was.get(metric, []), now.get(metric, []))
        if direction is not None:
            rules = now.get(metric) or was[metric]
            yield difference(
                "quality_changed",
                direction,
                path=rules[0]["path"],
                subject=f"the check of {metric}",
                metric=metric,
                was=_wording(was.get(metric, [])),
                now=_wording(now.get(metric, [])),
            )


def _by_metric(contract: Thing) -> dict[str, list[Thing]]:
    rules = sorted(contract.get("quality", ()), key=lambda rule: str(rule["metric"]))
    return {metric: list(group) for metric, group in groupby(rules, key=lambda rule: str(rule["metric"]))}


def _of_rules(was: list[Thing], now: list[Thing]) -> Direction | None:
    if not was or not now:
        return "added" if not was else "removed"
    if _stated(was) == _stated(now):
        return None
    before, after = _interval(was), _interval(now)
    if before is None or after is None or _words(was) != _words(now):
        return "changed"
    return _of_intervals(before, after)


def _of_intervals(was: Interval, now: Interval) -> Direction | None:
    if was == now:
        return None
    (low, high), (lower, higher) = was, now
    if lower >= low and _inner(higher) >= _inner(high):
        return "strengthened"
    return "weakened" if lower <= low and _inner(higher) <= _inner(high) else "changed"


def _inner(high: tuple[float, bool]) -> tuple[float, bool]:
    """An upper bound as a number that grows as it admits less, as a lower bound does by itself."""
    return -high[0], high[1]


def _stated(rules: list[Thing]) -> list[tuple[str, ...]]:
    keys = ("operator", "threshold", "unit", "terms_digest")
    return sorted(tuple(repr(rule.get(key)) for key in keys) for rule in rules)


def _words(rules: list[Thing]) -> set[tuple[Any, ...]]:
    """What a bound is about beside its number: rows or percent, and what is asked."""
    return {(rule.get("unit"), rule.get("terms_digest")) for rule in rules}


def _interval(rules: list[Thing]) -> Interval | None:
    """What all of the rules admit, where each of them is a bound; ``None`` where one is not."""
    low, high = (-math.inf, False), (math.inf, False)
    for rule in rules:
        operator, bound = rule.get("operator"), rule.get("threshold")
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            return None
        if operator in ("gte", "gt", "equals"):
            low = max(low, (bound, operator == "gt"))
        if operator in ("lte", "lt", "equals"):
            high = min(high, (bound, operator == "lt"), key=lambda each: (each[0], not each[1]))
        if operator not in ("gte", "gt", "lte", "lt", "equals"):
            return None
    return low, high


def _wording(rules: list[Thing]) -> str | None:
    bounds = (f"{rule.get('operator', 'a check')} {rule.get('threshold', '')}".strip() for rule in rules)
    return ", ".join(sorted(bounds)) or None
