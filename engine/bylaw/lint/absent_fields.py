"""
What an absent field does to a rule's verdict. In Rego a statement about a field that is not there is undefined, and its
negation is true; whether that denies or allows depends on where the statement stands:

- ``violation … if input.port.bits < 128``: a port that says nothing of its bits is not weak. *absent-field-allows*
- ``grant … if not input.subject.suspended == true``: who leaves the field out is not suspended. *undefined-negation*

So each body is read in the direction that its being true moves the verdict: a violation's denies, a grant's opens, and
those of helpers do what the statement does that asks for them, the other way round below a ``not``. Only plain
conditions are followed, and only fields of ``input`` and of what is bound to parts of it; where the module looks
elsewhere whether the field is absent, nothing is said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bylaw.bundle.metadata import RuleName
from bylaw.bundle.source import Source
from bylaw.bundle.statements import Body, Group, Item, Rule, Statement, flat
from bylaw.bundle.tokens import Places, Token
from bylaw.errors import Location
from bylaw.lint.finding import Finding

UNDEFINED_NEGATION = "undefined-negation"
ABSENT_FIELD_ALLOWS = "absent-field-allows"

DENIES, OPENS = "denies", "opens"

_DIRECTIONS = {"violation": DENIES, "row_filter": DENIES, "column_mask": DENIES, "grant": OPENS}
_OTHER = {DENIES: OPENS, OPENS: DENIES}

_COMPARISONS = frozenset({"!=", "<", "<=", ">", ">="})

# What answers for an absent field as well, or is told of it.
_ANSWER_ALWAYS = frozenset({"object.get"})


@dataclass(frozen=True, slots=True)
class _Field:
    """A path into the input as it is written, ``input.port.bits``, and where."""

    path: str
    start: int


def absent_fields(source: Source, rules: Sequence[Rule]) -> Iterator[Finding]:
    """The findings of one module; none of a module that is no rule of a layer."""
    if RuleName.of(source.package) is None:
        return
    directions = _directions(rules)
    asked = {path for rule in rules for path in _asked_for(rule, directions)}
    seen: set[int] = set()
    places = Places(source.text)
    for rule in rules:
        bound = _bound(rule)
        for body in rule.bodies:
            if body.kind == "comprehension":
                continue  # which way it moves the verdict is said by what counts it
            for direction in sorted(directions.get(rule.name, ())):
                for check, message, start in _of_body(body, direction, bound, asked):
                    if start not in seen:
                        seen.add(start)
                        yield Finding(Location(source.file, *places.at(start)), check, message)


def _directions(rules: Sequence[Rule]) -> dict[str, set[str]]:
    """What the truth of each rule does to the verdict; helpers that are asked for both ways do both."""
    found: dict[str, set[str]] = {}
    by_name: dict[str, list[Rule]] = {}
    for rule in rules:
        by_name.setdefault(rule.name, []).append(rule)
    waiting = [(rule.name, _DIRECTIONS[rule.name]) for rule in rules if rule.name in _DIRECTIONS]
    while waiting:
        name, direction = waiting.pop()
        if direction in found.setdefault(name, set()):
            continue
        found[name].add(direction)
        for rule in by_name[name]:
            waiting += [
                (helper, _OTHER[direction] if negated else direction) for helper, negated in _helpers(rule, by_name)
            ]
    return found


def _helpers(rule: Rule, names: Collection[str]) -> Iterator[tuple[str, bool]]:
    """The helpers that are conditions of this rule, by themselves or called, and whether negated."""
    for body in rule.bodies:
        for statement in body.statements if body.kind != "comprehension" else ():
            negated = statement.first_word == "not"
            items = statement.items[1:] if negated else statement.items
            plain = len(items) == 1 or (len(items) == 2 and isinstance(items[1], Group) and items[1].text == "(")
            if plain and isinstance(items[0], Token) and items[0].text in names:
                yield items[0].text, negated


def _of_body(body: Body, direction: str, bound: set[str], asked: set[str]) -> Iterator[tuple[str, str, int]]:
    """Check, message and place of what is found in one body."""
    needed = {field.path for each in body.statements if _needs(each) for field in _fields(each.items, bound)}
    for statement in body.statements:
        negated = statement.first_word == "not"
        fields = list(_fields(statement.items, bound))
        if direction == OPENS and negated and fields:
            field = fields[0]
            message = f"this is true where {field.path} is absent, and that opens: ask whether it is known to be well"
            yield UNDEFINED_NEGATION, message, statement.start
        if direction == DENIES and not negated:
            switch = _switches_off(statement, fields, asked, needed)
            if switch is not None:
                message = f"where {switch.path} is absent this is undefined, and nothing is denied"
                yield ABSENT_FIELD_ALLOWS, message, switch.start


def _switches_off(statement: Statement, fields: list[_Field], asked: set[str], needed: set[str]) -> _Field | None:
    """The first field that this statement cannot do without, and that nothing else asks about."""
    if statement.first_word in {"some", "every"}:
        return None
    compares = _compares(statement.items)
    words = not compares and any(token.text == "sprintf" for token in statement.words())
    for field in fields:
        if _is_asked(field.path, asked) or (words and field.path in needed):
            continue
        if compares or words:
            return field
    return None


def _compares(items: Sequence[Item]) -> bool:
    """By an operator that looks for what is wrong: any but plain equality, or equality with ``false`` and ``null``."""
    texts = [item.text for item in items]
    if any(text in _COMPARISONS for text in texts):
        return ":=" not in texts
    return "==" in texts and texts[-1] in {"false", "null"}


def _needs(statement: Statement) -> bool:
    """Whether the statement scopes the rule: it only speaks of inputs that have these fields."""
    words = any(token.text == "sprintf" for token in statement.words())
    return statement.first_word != "not" and not words


def _is_asked(path: str, asked: set[str]) -> bool:
    """The path itself, or a whole that it is part of: who asks for the whole asks for its parts."""
    return path in asked or any(path[:at] in asked for at, mark in enumerate(path) if mark == ".")


def _asked_for(rule: Rule, directions: dict[str, set[str]]) -> Iterator[str]:
    """The fields whose absence this rule denies for: those below a ``not`` that denies, and those of such helpers."""
    bound = _bound(rule)
    for body in rule.bodies:
        for statement in body.statements:
            denies = DENIES in directions.get(rule.name, ()) and statement.first_word == "not"
            known = OPENS in directions.get(rule.name, ()) and statement.first_word != "not"
            if denies or known:
                yield from (field.path for field in _fields(statement.items, bound))


def _bound(rule: Rule) -> set[str]:
    """The names that stand for parts of the input in this rule: its parameters, and what is bound to such a part."""
    bound = {"input"}
    head = list(rule.items[1:2]) if rule.parameters is not None else []
    for group in head:
        if isinstance(group, Group):
            bound |= {token.text for token in flat(group.items) if token.kind == "name"}
    for body in rule.bodies:
        for statement in body.statements:
            bound |= _bound_by(statement, bound)
    return bound


def _bound_by(statement: Statement, bound: set[str]) -> set[str]:
    items = list(statement.items)
    texts = [item.text for item in items]
    if texts[0] == "some" and "in" in texts:
        at = texts.index("in")
        names, source = items[1:at], items[at + 1 :]
    elif ":=" in texts:
        at = texts.index(":=")
        names, source = items[:at], items[at + 1 :]
    else:
        return set()
    if not source or source[0].text not in bound or isinstance(source[0], Group):
        return set()
    if len(source) > 1 and isinstance(source[1], Group) and source[1].text == "(":
        return set()
    return {item.text for item in names if isinstance(item, Token) and item.kind == "name"}


def _fields(items: Sequence[Item], bound: set[str]) -> Iterator[_Field]:
    """The paths into parts of the input in these items; not those that a function answers for where they are absent."""
    at = 0
    while at < len(items):
        item = items[at]
        if isinstance(item, Group):
            before = _called(items, at)
            if before not in _ANSWER_ALWAYS and not before.startswith("is_") and not _is_comprehension(item):
                yield from _fields(item.items, bound)
            at += 1
            continue
        if item.kind == "name" and item.text in bound and not (at and items[at - 1].text == "."):
            path, length = _path(items, at)
            if length > 1:
                yield _Field(path, item.start)
            at += max(length, 1)
            continue
        at += 1


def _is_comprehension(group: Group) -> bool:
    return group.text != "(" and any(item.text == "|" for item in group.items)


def _called(items: Sequence[Item], at: int) -> str:
    """The name of what is called with the group there: ``object.get``."""
    name: list[str] = []
    at -= 1
    while at >= 0 and isinstance(items[at], Token) and (items[at].text == "." or _is_name(items[at])):
        name.append(items[at].text)
        at -= 1
    return "".join(reversed(name))


def _is_name(item: Item) -> bool:
    return isinstance(item, Token) and item.kind == "name"


def _path(items: Sequence[Item], at: int) -> tuple[str, int]:
    """The path that begins there, and how many items it has: dots, and brackets with one text in them."""
    path, length = items[at].text, 1
    while at + length < len(items):
        item = items[at + length]
        following = items[at + length + 1] if at + length + 1 < len(items) else None
        if item.text == "." and following is not None and _is_name(following):
            path += f".{following.text}"
            length += 2
        elif isinstance(item, Group) and item.text == "[" and item.start == items[at + length - 1].end:
            inside = item.items[0] if len(item.items) == 1 else None
            path += f".{inside.meaning}" if isinstance(inside, Token) and inside.kind == "text" else "[…]"
            length += 1
        else:
            break
    return path, length
