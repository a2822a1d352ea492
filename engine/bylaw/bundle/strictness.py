"""
What stricter means for a parameter. Only whoever sets one knows which way it is stricter, so the council declares it,
in ``parameters.directions``:

| direction | stricter is |
|---|---|
| ``higher`` | a larger number |
| ``lower`` | a smaller number |
| ``more`` | a list that holds all of the council's |
| ``fewer`` | a list that holds nothing else than the council's |
| ``bounds`` | by metric, ``{"gte": 0.95}`` or a number, which is a minimum: what the operator says |
| ``extends`` | an object of objects that adds keys to the council's and repeats none |
| ``budgets`` | by measure, ``{"objective": 0.99, "window_days": 28}``: an objective that is no lower |

Composition takes the stricter of the two whatever a bundle says (``rego/bylaw/tightened``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Fault: TypeAlias = tuple[Path, str]
"""Where below the parameter, and what is wrong with it."""

_AT_LEAST = ("gte", "gt")
_AT_MOST = ("lte", "lt")
OPERATORS = (*_AT_LEAST, *_AT_MOST, "equals")


def faults(direction: str, theirs: Any, council: Any) -> Iterator[Fault]:
    """Where a domain's value is less strict than the council's, or cannot be told not to be."""
    yield from _FAULTS[direction](theirs, council)


def is_looser(operator: str, value: float, council_operator: str, council_value: float) -> bool:
    """Whether one bound lets pass what another of its side refuses; bounds of different sides add up."""
    if {operator, council_operator} <= {*_AT_LEAST}:
        return value < council_value or (value == council_value and (operator, council_operator) == ("gte", "gt"))
    if {operator, council_operator} <= {*_AT_MOST}:
        return value > council_value or (value == council_value and (operator, council_operator) == ("lte", "lt"))
    return operator == council_operator and value != council_value


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _higher(theirs: Any, council: Any) -> Iterator[Fault]:
    yield from _number(theirs, council, is_looser=lambda: theirs < council)


def _lower(theirs: Any, council: Any) -> Iterator[Fault]:
    yield from _number(theirs, council, is_looser=lambda: theirs > council)


def _number(theirs: Any, council: Any, *, is_looser: Callable[[], bool]) -> Iterator[Fault]:
    if not is_number(theirs):
        yield (), f"is a number, not {_said(theirs)}"
    elif is_number(council) and is_looser():
        yield (), f"is {_said(theirs)}, looser than the council's {_said(council)}"


def _more(theirs: Any, council: Any) -> Iterator[Fault]:
    if not isinstance(theirs, list):
        yield (), f"is a list, not {_said(theirs)}"
        return
    missing = [item for item in _list(council) if item not in theirs]
    if missing:
        yield (), f"leaves out {', '.join(map(_said, missing))}, which the council asks for"


def _fewer(theirs: Any, council: Any) -> Iterator[Fault]:
    if not isinstance(theirs, list):
        yield (), f"is a list, not {_said(theirs)}"
        return
    for index, item in enumerate(theirs):
        if item not in _list(council):
            yield (index,), f"is {_said(item)}, which the council does not admit"


def _bounds(theirs: Any, council: Any) -> Iterator[Fault]:
    if not isinstance(theirs, dict):
        yield (), f"is an object of bounds by metric, not {_said(theirs)}"
        return
    for metric, said in theirs.items():
        asked = bounds(council.get(metric, {})) if isinstance(council, dict) else {}
        for operator, value in bounds(said).items():
            where = (metric, operator) if isinstance(said, dict) else (metric,)
            if operator not in OPERATORS or not is_number(value):
                yield where, f"is a number under one of {', '.join(OPERATORS)}, not {_said(said)}"
                continue
            for council_operator, council_value in asked.items():
                if is_number(council_value) and is_looser(operator, value, council_operator, council_value):
                    asked_for = f"{council_operator} {_said(council_value)}"
                    yield where, f"is {operator} {_said(value)}, looser than the council's {asked_for}"


def _extends(theirs: Any, council: Any) -> Iterator[Fault]:
    if not isinstance(theirs, dict):
        yield (), f"is an object, not {_said(theirs)}"
        return
    for kind, entries in theirs.items():
        if not isinstance(entries, dict):
            yield (kind,), f"is an object, not {_said(entries)}"
            continue
        there = council.get(kind) if isinstance(council, dict) else None
        for key in sorted(entries.keys() & (there.keys() if isinstance(there, dict) else frozenset())):
            yield (kind, key), "is said by the council already"


def _budgets(theirs: Any, council: Any) -> Iterator[Fault]:
    """Every layer's budget is counted for itself, so only an objective that asks for less is a mistake."""
    if not isinstance(theirs, dict):
        yield (), f"is an object of budgets by measure, not {_said(theirs)}"
        return
    for measure, said in theirs.items():
        objective = said.get("objective") if isinstance(said, dict) else None
        if not is_number(objective):
            yield (measure,), f"is an object with an objective, not {_said(said)}"
            continue
        asked = council.get(measure) if isinstance(council, dict) else None
        floor = asked.get("objective") if isinstance(asked, dict) else None
        if isinstance(floor, int | float) and isinstance(objective, int | float) and objective < floor:
            yield (measure, "objective"), f"is {_said(objective)}, looser than the council's {_said(floor)}"


def bounds(said: Any) -> Mapping[str, Any]:
    """A number alone is a minimum."""
    return said if isinstance(said, dict) else {"gte": said}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _said(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_FAULTS: Mapping[str, Callable[[Any, Any], Iterator[Fault]]] = {
    "higher": _higher,
    "lower": _lower,
    "more": _more,
    "fewer": _fewer,
    "bounds": _bounds,
    "extends": _extends,
    "budgets": _budgets,
}

DIRECTIONS = tuple(_FAULTS)
