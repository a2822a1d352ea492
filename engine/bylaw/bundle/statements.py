"""
A rule as text: its head, its bodies wherever they stand, and the statements in each, with their places. For questions
about the form of a rule that its syntax tree, which has no text, does not answer: what can be taken away, what is
negated.

What is read here has been parsed by the evaluator already, so this is grammar enough to tell a body from a value: it
knows brackets, ends of statements, and the words that begin a body.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import bylaw_native

from bylaw.bundle.tokens import Places, Token, tokens

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_PAIRS = frozenset({"==", "!=", "<=", ">=", ":="})

# A statement goes on after a line that ends with one of these, or before one that begins with it.
_GOES_ON = frozenset({"with", "as", "in", "|", "&", "+", "-", "*", "/", "%", "=", ":", "<", ">", ",", ".", *_PAIRS})

# After one of these a brace opens a value, or a body that is told by the word itself.
_WORDS = frozenset(
    {"if", "else", "contains", "in", "not", "some", "every", "with", "as", "default", "import", "package"}
)

# Brackets deeper than this are read as marks that say nothing: what is looked at here is not as deep.
_MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Group:
    """What stands between two brackets; ``opening`` is ``(``, ``[`` or ``{``."""

    opening: Token
    items: tuple[Item, ...]
    end: int

    @property
    def start(self) -> int:
        return self.opening.start

    @property
    def text(self) -> str:
        return self.opening.text


Item: TypeAlias = Token | Group


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of a body; ``alone`` where the body has no other."""

    items: tuple[Item, ...]
    alone: bool

    @property
    def start(self) -> int:
        return self.items[0].start

    @property
    def end(self) -> int:
        return self.items[-1].end

    @property
    def first_word(self) -> str:
        return self.items[0].text

    def words(self) -> Iterator[Token]:
        """All of its tokens but brackets."""
        return flat(self.items)


@dataclass(frozen=True, slots=True)
class Body:
    """``kind`` is ``rule``, ``else``, ``every`` or ``comprehension``."""

    kind: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One definition of a rule. ``name`` is its first part, ``items`` all of its text, ``bodies`` also those inside."""

    name: str
    is_default: bool
    parameters: int | None
    row: int
    items: tuple[Item, ...]
    bodies: tuple[Body, ...]

    @property
    def start(self) -> int:
        return self.items[0].start

    @property
    def end(self) -> int:
        return self.items[-1].end


def read_rules(file: str, text: str, *, rego_v0: bool = False) -> list[Rule]:
    """
    The rules of a module in order.

    Raises:
        PolicyError: It does not parse.
    """
    facts = bylaw_native.parse_module(file, text, rego_v0=rego_v0)
    lines = Places(text).line_starts
    places = sorted((lines[rule["row"] - 1] + rule["column"] - 1, index) for index, rule in enumerate(facts["rules"]))
    found: list[Rule] = []
    for at, (start, index) in enumerate(places):
        until = places[at + 1][0] if at + 1 < len(places) else len(text)
        rule = facts["rules"][index]
        items = _grouped(list(tokens(text, start, until)))
        items = items[: _length(text, items)]
        if items:
            bodies = tuple(_bodies(text, items, at_top=True))
            name, row = rule["path"][0], rule["row"]
            found.append(Rule(name, rule["is_default"], rule["parameters"], row, items, bodies))
    return found


def _length(text: str, items: Sequence[Item]) -> int:
    """
    How many of the items are the rule's own: an import, or the ``default`` of the next rule, may stand below it. The
    parser's place of a default is its name.
    """
    for at in range(1, len(items)):
        begins_a_line = "\n" in text[items[at - 1].end : items[at].start]
        if begins_a_line and items[at].text in {"import", "default"}:
            return at
    return len(items)


def flat(items: Sequence[Item]) -> Iterator[Token]:
    """The tokens in these items and in their groups, without the brackets."""
    for item in items:
        if isinstance(item, Group):
            yield from flat(item.items)
        else:
            yield item


def ends_a_term(item: Item | None) -> bool:
    """Whether a bracket after this belongs to it: ``x[``, ``f(…)[``; not ``in [``."""
    if item is None:
        return False
    if isinstance(item, Group):
        return True
    return item.kind in {"text", "number"} or (item.kind == "name" and item.text not in _WORDS)


def is_index(group: Group, before: Item | None) -> bool:
    """Whether the bracket stands directly behind what it looks into, or calls."""
    return before is not None and ends_a_term(before) and before.end == group.start


def members(group: Group) -> list[tuple[Item, ...]]:
    """What stands between the commas of a group; a last comma adds nothing."""
    found: list[list[Item]] = [[]]
    for item in group.items:
        if isinstance(item, Token) and item.text == ",":
            found.append([])
        else:
            found[-1].append(item)
    return [tuple(each) for each in found if each]


def is_comprehension(group: Group) -> bool:
    """A bar in braces or square brackets makes one, wherever a value may stand."""
    return group.text != "(" and any(isinstance(item, Token) and item.text == "|" for item in group.items)


def _grouped(found: list[Token]) -> tuple[Item, ...]:
    """Tokens by brackets, two marks that are one operator joined. What is left open at the end is left out."""
    stack: list[tuple[Token | None, list[Item]]] = [(None, [])]
    too_deep = 0
    for token in _joined(found):
        opening, items = stack[-1]
        is_mark = token.kind == "mark"
        if is_mark and token.text in _CLOSING and len(stack) < _MAX_DEPTH and not too_deep:
            stack.append((token, []))
        elif is_mark and token.text in _CLOSING:
            too_deep += 1
            items.append(token)
        elif is_mark and too_deep and token.text in _CLOSING.values():
            too_deep -= 1
            items.append(token)
        elif token.kind == "mark" and opening is not None and token.text == _CLOSING[opening.text]:
            stack.pop()
            stack[-1][1].append(Group(opening, tuple(items), token.end))
        else:
            items.append(token)
    return tuple(stack[0][1])


def _joined(found: list[Token]) -> Iterator[Token]:
    at = 0
    while at < len(found):
        token = found[at]
        following = found[at + 1] if at + 1 < len(found) else None
        if following is not None and following.start == token.end and token.text + following.text in _PAIRS:
            yield Token("mark", token.text + following.text, token.start, following.end)
            at += 2
        else:
            yield token
            at += 1


def _bodies(text: str, items: Sequence[Item], *, at_top: bool = False) -> Iterator[Body]:
    """The bodies in these items: at the top of a rule after its words, below it in comprehensions and ``every``."""
    inside: set[int] = set()
    if at_top:
        for kind, start, stop in _top_bodies(items):
            group = items[start]
            content = group.items if stop == start + 1 and isinstance(group, Group) and _braced(group) else None
            yield from _body(text, kind, items[start:stop] if content is None else content)
            inside |= set(range(start, stop))
    every = _body_of_every(items)
    for at, item in enumerate(items):
        if at in inside or not isinstance(item, Group):
            continue
        if at == every:
            yield from _body(text, "every", item.items)
        elif is_comprehension(item) and not is_index(item, items[at - 1] if at else None):
            bar = next(index for index, each in enumerate(item.items) if isinstance(each, Token) and each.text == "|")
            yield from _bodies(text, item.items[:bar])
            yield from _body(text, "comprehension", item.items[bar + 1 :])
        else:
            yield from _bodies(text, item.items)


def _braced(group: Group) -> bool:
    return group.text == "{"


def _top_bodies(items: Sequence[Item]) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each body of a rule: after ``if``, or (Rego v0) a brace behind a head."""
    kind = "rule"
    at = 0
    while at < len(items):
        item = items[at]
        if isinstance(item, Token) and item.kind == "name" and item.text == "else" and at:
            kind = "else"
        elif isinstance(item, Token) and item.kind == "name" and item.text == "if" and at:
            stop = next(
                (index for index in range(at + 1, len(items)) if items[index].text == "else"),
                len(items),
            )
            yield kind, at + 1, stop
            at = stop
            continue
        elif isinstance(item, Group) and _braced(item) and at and _opens_an_older_body(items[at - 1]):
            yield kind, at, at + 1
        at += 1


def _opens_an_older_body(before: Item) -> bool:
    return ends_a_term(before) or before.text == "else"


def _body(text: str, kind: str, items: Sequence[Item]) -> Iterator[Body]:
    split = list(_statements(text, items))
    if not split:
        return
    statements = tuple(Statement(tuple(each), alone=len(split) == 1) for each in split)
    yield Body(kind, statements)
    for statement in statements:
        yield from _bodies(text, statement.items)


def _body_of_every(items: Sequence[Item]) -> int | None:
    """Of a statement ``every x in xs {…}``, where its body is."""
    if not items or items[0].text != "every":
        return None
    braces = [at for at, item in enumerate(items) if isinstance(item, Group) and _braced(item)]
    return braces[-1] if braces else None


def _statements(text: str, items: Sequence[Item]) -> Iterator[list[Item]]:
    statement: list[Item] = []
    for item in items:
        is_end = isinstance(item, Token) and item.text == ";"
        if statement and (is_end or _ends(text, statement[-1], item)):
            yield statement
            statement = []
        if not is_end:
            statement.append(item)
    if statement:
        yield statement


def _ends(text: str, last: Item, following: Item) -> bool:
    if "\n" not in text[last.end : following.start]:
        return False
    return not (_goes_on(last) or _goes_on(following))


def _goes_on(item: Item) -> bool:
    return isinstance(item, Token) and item.kind != "text" and item.text in _GOES_ON
