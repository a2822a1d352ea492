"""
A rule's head and the statements of its body, as pieces of text. Just enough of Rego's grammar to copy a rule's
beginning; what is copied is parsed by the evaluator again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bylaw.bundle.tokens import Token, tokens
from bylaw.errors import PolicyError

# No head and body of a test is longer; the scan of a broken one stops there.
_MAX_TOKENS = 20_000

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_CONSTANTS = frozenset({"true", "false", "null"})

# A statement goes on after a line that ends with one of these, or before one that begins with it.
_GOES_ON = frozenset({"with", "as", "in", "|", "&", "+", "-", "*", "/", "%", "=", ":", "<", ">", "!", ",", "."})


@dataclass(frozen=True, slots=True)
class Head:
    """
    ``path`` is the text of the dots and brackets after the name; ``variables`` are the names in those brackets, none
    for a rule that is not parametrised (nor for a set: its members are no cases).
    """

    name: Token
    path: str
    variables: frozenset[str]
    body: tuple[Token, ...]

    def binding_statements(self, text: str) -> str:
        """
        The statements up to the one in which the last variable of the head first stands.

        Raises:
            PolicyError: The body binds not all of them.
        """
        missing = set(self.variables)
        copied: list[str] = []
        for statement in _statements(text, self.body):
            copied.append(text[statement[0].start : statement[-1].end])
            missing -= {token.text for token in statement}
            if not missing:
                return "\n".join(copied)
        raise PolicyError(f"the cases of {self.name.text} cannot be told: its body does not bind {', '.join(missing)}")


def read_head(text: str, name: str, *, row: int) -> Head:
    """The head of the rule ``name`` that begins in this row."""
    found = list(islice(tokens(text, _offset(text, row)), _MAX_TOKENS))
    while found[0].text != name:
        found.pop(0)
    at, names = 1, set()
    while at < len(found) and found[at].start == found[at - 1].end and found[at].text in {".", "["}:
        if found[at].text == ".":
            at += 2
            continue
        end = _closing(found, at)
        names |= _variables(found[at + 1 : end])
        at = end + 1
    path = text[found[0].end : found[at - 1].end]
    is_set = at < len(found) and found[at].text == "contains"
    return Head(found[0], path, frozenset() if is_set else frozenset(names), tuple(_body(text, found[at:])))


def _offset(text: str, row: int) -> int:
    offset = 0
    for _ in range(row - 1):
        offset = text.index("\n", offset) + 1
    return offset


def _closing(found: list[Token], at: int) -> int:
    depth = 0
    for index in range(at, len(found)):
        depth += _change(found[index])
        if depth == 0:
            return index
    return len(found) - 1


def _change(token: Token) -> int:
    if token.kind != "mark":
        return 0
    return (token.text in _OPENING) - (token.text in _CLOSING)


def _variables(inside: list[Token]) -> set[str]:
    names: set[str] = set()
    for index, token in enumerate(inside):
        after = inside[index + 1].text if index + 1 < len(inside) else ""
        before = inside[index - 1].text if index else ""
        if token.kind == "name" and after not in {"(", "."} and before != "." and token.text not in _CONSTANTS:
            names.add(token.text)
    return names


def _body(text: str, found: list[Token]) -> list[Token]:
    """The tokens between ``if`` and the end of the first body; none where there is no ``if``."""
    for index, token in enumerate(_one_statement(text, found)):
        if token.text == "if" and index + 1 < len(found):
            rest = found[index + 1 :]
            return rest[1 : _closing(rest, 0)] if rest[0].text == "{" else _one_statement(text, rest)
    return []


def _one_statement(text: str, found: list[Token]) -> list[Token]:
    return next(_statements(text, tuple(found)), [])


def _statements(text: str, found: tuple[Token, ...]) -> Iterator[list[Token]]:
    statement: list[Token] = []
    depth = 0
    for token in found:
        if statement and depth == 0 and _ends(text, statement[-1], token):
            yield statement
            statement = []
        if token.text == ";" and depth == 0:
            continue
        depth += _change(token)
        statement.append(token)
    if statement:
        yield statement


def _ends(text: str, last: Token, following: Token) -> bool:
    if following.text == ";":
        return True
    new_line = "\n" in text[last.end : following.start]
    return new_line and last.text not in _GOES_ON and following.text not in _GOES_ON
