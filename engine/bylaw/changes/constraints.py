"""
What a field's values are held to: bounds, lengths, a pattern, the values allowed, being a key. ``tightened`` admits
less than before and ``loosened`` more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from bylaw.changes.difference import Difference, Direction, Thing, difference

Bound: TypeAlias = tuple[Any, bool]
"""A value, and whether the value itself is outside."""

_EXACT = ("pattern", "format", "multiple_of")


def constraint_differences(before: Thing, after: Thing) -> Iterator[Difference]:
    """Differences between the constraints of one field in two versions."""
    for name, direction, was, now in _found(before, after):
        yield difference(
            "constraint_changed",
            direction,
            path=after["path"],
            subject=f"field {after['name']}",
            field=after["name"],
            constraint=name,
            was=was,
            now=now,
        )


def _found(before: Thing, after: Thing) -> Iterator[tuple[str, Direction, Any, Any]]:
    for name, low in (("minimum", True), ("maximum", False)):
        was, now = _bound(before, name, low=low), _bound(after, name, low=low)
        if was != now:
            yield name, _of_bounds(was, now, low=low), _text(was), _text(now)
    for name, rising in (("min_length", "tightened"), ("max_length", "loosened")):
        length, longer = before.get(name), after.get(name)
        if length != longer:
            yield name, _of_lengths(length, longer, rises=rising == "tightened"), length, longer
    for name in _EXACT:
        was, now = before.get(name), after.get(name)
        if was != now:
            yield name, ("tightened" if was is None else "loosened" if now is None else "changed"), was, now
    if (direction := _of_values(before.get("enum"), after.get("enum"))) is not None:
        yield "enum", direction, _values(before), _values(after)
    for name in ("unique", "primary_key"):
        held, holds = bool(before.get(name)), bool(after.get(name))
        if held != holds:
            yield name, ("tightened" if holds else "loosened"), held, holds


def _bound(field: Thing, name: str, *, low: bool) -> Bound | None:
    """The narrower of the two ways to say one bound."""
    bounds: list[Bound] = [(field[name], False)] if field.get(name) is not None else []
    if (beyond := field.get(f"exclusive_{name}")) is not None:
        bounds.append((beyond, True))
    if len(bounds) < 2:
        return bounds[0] if bounds else None
    return bounds[0] if _of_bounds(bounds[1], bounds[0], low=low) == "tightened" else bounds[1]


def _of_bounds(was: Bound | None, now: Bound | None, *, low: bool) -> Direction:
    if was is None or now is None:
        return "tightened" if was is None else "loosened"
    try:
        narrower = (now > was) if low else (now[0] < was[0] or (now[0] == was[0] and now[1]))
    except TypeError:  # a number and a date
        return "changed"
    return "tightened" if narrower else "loosened"


def _of_lengths(was: int | None, now: int | None, *, rises: bool) -> Direction:
    if was is None or now is None:
        return "tightened" if was is None else "loosened"
    return "tightened" if (now > was) == rises else "loosened"


def _of_values(was: Any, now: Any) -> Direction | None:
    """Of the values allowed, whatever their order; none named is all of them."""
    if not was or not now:
        return None if not was and not now else "loosened" if was else "tightened"
    before, after = ({repr(value) for value in values} for values in (was, now))
    if before == after:
        return None
    return "tightened" if after < before else "loosened" if after > before else "changed"


def _text(bound: Bound | None) -> Any:
    return None if bound is None else f"beyond {bound[0]}" if bound[1] else bound[0]


def _values(field: Thing) -> list[Any] | None:
    return list(field["enum"]) if field.get("enum") else None
