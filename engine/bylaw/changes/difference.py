"""
One difference between two versions, and the directions that a difference has.

``added`` and ``removed`` are of things that one side does not state at all. The pairs beside them are of things that
both sides state and that have an order; ``changed`` is for two statements that nobody can put in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeAlias

from bylaw.facts.said import said

Difference: TypeAlias = dict[str, Any]
Thing: TypeAlias = Mapping[str, Any]

Direction = Literal[
    "added",
    "removed",
    "changed",
    "lowered",
    "raised",
    "weakened",
    "strengthened",
    "shortened",
    "lengthened",
    "tightened",
    "loosened",
    "widened",
    "narrowed",
]


def difference(kind: str, direction: Direction, *, path: str, subject: str, **facts: Any) -> Difference:
    """
    ``kind`` is what differs, as ``classification_changed``; ``subject`` is what it differs of, in words for a message;
    ``was`` and ``now`` among the facts become ``from`` and ``to``, left out where that side states nothing.
    """
    sides = {"from": facts.pop("was", None), "to": facts.pop("now", None)}
    return {
        "type": kind,
        "path": path,
        "direction": direction,
        "subject": subject,
        **said(**facts),
        **{key: value for key, value in sides.items() if value is not None},
    }


def item_difference(kind: str, direction: Direction, path: str, subject: str, item: str) -> Difference:
    """A difference of lists: an item that one side lacks."""
    side = {"was": item} if direction in ("removed", "narrowed") else {"now": item}
    return difference(kind, direction, path=path, subject=subject, **side)


def of_statement(was: Any, now: Any) -> Direction | None:
    """The direction where two statements cannot be put in an order; ``None`` where they do not differ."""
    if was == now:
        return None
    if was is None:
        return "added"
    return "removed" if now is None else "changed"


def of_order(was: Any, now: Any, *, down: Direction, up: Direction) -> Direction | None:
    """As ``of_statement``, for things that are compared: ``down`` where what is now is less."""
    stated = of_statement(was, now)
    if stated != "changed":
        return stated
    try:
        return down if now < was else up
    except TypeError:
        return "changed"


def of_lists(was: Iterable[str] | None, now: Iterable[str] | None) -> Iterator[tuple[str, Literal["added", "removed"]]]:
    """Each item that only one of two lists has, whatever their order."""
    before, after = set(was or ()), set(now or ())
    yield from ((item, "removed") for item in sorted(before - after))
    yield from ((item, "added") for item in sorted(after - before))


def by_name(things: Iterable[Thing] | None, key: str = "name") -> dict[str, Thing]:
    return {thing[key]: thing for thing in things or ()}
