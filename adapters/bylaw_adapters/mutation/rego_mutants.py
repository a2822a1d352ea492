"""
The mutants of a Rego module: each a change of one place that a hurried author might make, found on the rule's own
tokens. Tests are left as they are. Whether a change compiles is found out by trying.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from bylaw.bundle.accepted import acceptances
from bylaw.bundle.statements import (
    Group,
    Item,
    Rule,
    Statement,
    ends_a_term,
    is_comprehension,
    is_index,
    members,
    read_rules,
)
from bylaw.bundle.tokens import Places, Token
from bylaw.errors import Location
from bylaw_adapters.mutation.mutant import Edit, Mutant, TextChange, edited
from bylaw_adapters.rego_tests.discovery import PREFIX, TODO_PREFIX

ACCEPTED = "mutants"
"""``# bylaw ignore:mutants`` above a line: no test can notice what changes there."""

_FLIPPED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_AT_THE_EDGE = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*"}
_FLAGS = {"true": "false", "false": "true"}

# What they are given is shown to people and decides nothing.
_WORDING = frozenset({"sprintf", "print", "trace", "concat"})

# What stands before a list of things that count: elsewhere a list is a path, or what a function is given.
_BEFORE_A_LIST = frozenset({":=", "=", "in", ":", "|", "&"})

_MAX_SHOWN = 100

Change: TypeAlias = tuple[str, Sequence[Edit]]


def rego_mutants(file: str, text: str, *, rego_v0: bool = False) -> Iterator[Mutant]:
    """
    The mutants of all rules that are no tests, in order of place.

    Raises:
        PolicyError: The module does not parse.
    """
    accepted = {each.row for each in acceptances(text) if each.name == ACCEPTED}
    seen: set[tuple[Edit, ...]] = set()
    places = Places(text)
    for rule in read_rules(file, text, rego_v0=rego_v0):
        if rule.name.startswith((PREFIX, TODO_PREFIX)):
            continue
        for mutation, edits in sorted(_of_rule(text, rule), key=lambda change: change[1][0][0]):
            change = TextChange(tuple(edits))
            row, column = places.at(edits[0][0])
            if change.edits in seen or row in accepted:
                continue
            seen.add(change.edits)
            before, after = _shown(text, change.edits)
            yield Mutant(Location(file, row, column), mutation, before, after, change)


def _shown(text: str, edits: Sequence[Edit]) -> tuple[str, str]:
    """The lines that edits are in before and after, each as one line, and no longer than is read."""
    start, end = edits[0][0], edits[-1][1]
    first = max(text.rfind("\n", 0, start) + 1, start - _MAX_SHOWN)
    last = text.find("\n", end)
    last = min(last if last >= 0 else len(text), end + _MAX_SHOWN)
    window = text[first:last]
    after = edited(window, [(at - first, to - first, new) for at, to, new in edits])
    return _one_line(window), _one_line(after)


def _one_line(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= _MAX_SHOWN else f"{said[: _MAX_SHOWN - 1]}…"


def _blank(text: str, start: int, end: int, new: str = "") -> Edit:
    """Lines stay where they are, so that messages about the rest are true."""
    return start, end, new + "\n" * text.count("\n", start, end)


def _of_rule(text: str, rule: Rule) -> Iterator[Change]:
    start = text.rindex("default", 0, rule.start) if rule.is_default else rule.start
    yield "drop-rule", [_blank(text, start, rule.end)]
    for body in rule.bodies:
        for statement in body.statements:
            yield from _of_statement(text, statement)
    bodies = {body.statements[0].start for body in rule.bodies}
    yield from _of_items(text, rule.items, bodies, within="")


def _of_statement(text: str, statement: Statement) -> Iterator[Change]:
    first = statement.first_word
    declares_only = first == "some" and not any(item.text == "in" for item in statement.items)
    if first in _WORDING or declares_only:
        return
    yield "drop-condition", [_blank(text, statement.start, statement.end, "true" if statement.alone else "")]
    if first == "not" and len(statement.items) > 1:
        yield "drop-not", [(statement.start, statement.items[1].start, "")]
    if first == "every":
        yield from _some_for_every(text, statement)
    marks = {item.text for item in statement.items if isinstance(item, Token)}
    if "in" in marks and first not in {"not", "some", "every"} and not marks & {":=", "="}:
        yield "flip-membership", [(statement.start, statement.start, "not ")]


def _some_for_every(text: str, statement: Statement) -> Iterator[Change]:
    """``every x in xs {…}`` as one of them instead."""
    body = statement.items[-1]
    if not isinstance(body, Group) or body.text != "{":
        return
    domain = text[statement.items[1].start : body.start].strip()
    begins = (statement.start, body.opening.end, f"count([1 | some {domain};")
    yield "some-for-every", [begins, (body.end - 1, body.end, "]) > 0")]


def _of_items(text: str, items: Sequence[Item], bodies: set[int], *, within: str) -> Iterator[Change]:
    before: Item | None = None
    for at, item in enumerate(items):
        if isinstance(item, Group):
            called = before.text if isinstance(before, Token) and item.text == "(" else ""
            yield from _of_group(text, item, before, bodies, within=called or within)
        else:
            after = items[at + 1] if at + 1 < len(items) else None
            yield from _of_token(item, before, after, within=within)
        before = item


def _of_group(text: str, group: Group, before: Item | None, bodies: set[int], *, within: str) -> Iterator[Change]:
    index = is_index(group, before) and group.text == "["
    if index and len(group.items) == 1 and not isinstance(group.items[0], Group):
        return  # a key or a position: another one is another rule, not a slip
    opens_a_body = bool(group.items) and group.items[0].start in bodies
    is_a_list = before is not None and before.text in _BEFORE_A_LIST
    if is_a_list and not opens_a_body and within not in _WORDING:
        yield from _drop_members(group)
    yield from _of_items(text, group.items, bodies, within=within)


def _drop_members(group: Group) -> Iterator[Change]:
    found = members(group)
    is_list = group.text != "(" and not is_comprehension(group)
    if not is_list or len(found) < 2 or any(item.text == ":" for each in found for item in each):
        return
    for at, member in enumerate(found):
        if at + 1 < len(found):
            yield "drop-member", [(member[0].start, found[at + 1][0].start, "")]
        else:
            yield "drop-member", [(found[at - 1][-1].end, member[-1].end, "")]


def _of_token(token: Token, before: Item | None, after: Item | None, *, within: str) -> Iterator[Change]:
    if within in _WORDING:
        return
    here = token.start, token.end
    if token.kind == "mark" and before is not None:
        if token.text in _FLIPPED:
            yield "flip-comparison", [(*here, _FLIPPED[token.text])]
        if token.text in _AT_THE_EDGE:
            yield "move-edge", [(*here, _AT_THE_EDGE[token.text])]
        if token.text in _ARITHMETIC and ends_a_term(before):
            yield "swap-arithmetic", [(*here, _ARITHMETIC[token.text])]
    elif token.kind == "number" and not _is_counted(after):
        yield from (("move-threshold", [(*here, number)]) for number in neighbours(token.text))
    elif token.kind == "name" and token.text in _FLAGS and not _is_a_step(before) and not _is_a_key(after):
        yield "flip-flag", [(*here, _FLAGS[token.text])]


def _is_a_step(before: Item | None) -> bool:
    return before is not None and before.text == "."


def _is_counted(after: Item | None) -> bool:
    """``[1 | …]``: whatever stands there, it is how many there are that matters."""
    return after is not None and after.text == "|"


def _is_a_key(after: Item | None) -> bool:
    return after is not None and after.text == ":"


def neighbours(number: str) -> list[str]:
    """One up and one down in its last place: ``0.99`` is 1.00 and 0.98. Nothing is made negative."""
    try:
        value = Decimal(number)
    except InvalidOperation:
        return []
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or not -20 < exponent <= 0:
        return []
    step = Decimal(1).scaleb(exponent)
    return [f"{value + step:f}", *([f"{value - step:f}"] if value >= step else [])]
