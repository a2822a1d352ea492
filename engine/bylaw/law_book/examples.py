"""
Examples of a rule: what its metadata gives, what its tests are called, and which decision cases name it. A test's name
is a sentence with underscores; the cases of a parametrised one have names of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bylaw.bundle.source import Source
from bylaw.bundle.statements import Group, Rule, Statement, read_rules
from bylaw.bundle.tokens import Token

_PREFIX = "test_"


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """``text`` is one line; ``source`` says where it comes from: ``metadata``, ``test`` or ``case``."""

    source: str
    text: str


def metadata_examples(custom: Mapping[str, Any]) -> Iterator[Example]:
    """``custom.examples``: texts, or mappings that are shown by their keys; anything else is none."""
    said = custom.get("examples", [])
    for each in said if isinstance(said, list) else [said]:
        if isinstance(each, str):
            yield Example("metadata", each)
        elif isinstance(each, dict):
            yield Example("metadata", "; ".join(f"{key}: {value}" for key, value in each.items()))


def examples_of_tests(source: Source, *, rego_v0: bool = False) -> Iterator[Example]:
    """
    The tests of a module in order, those with cases by their cases.

    Raises:
        PolicyError: It does not parse.
    """
    for rule in read_rules(source.file, source.text, rego_v0=rego_v0):
        if rule.name.startswith(_PREFIX):
            name = rule.name.removeprefix(_PREFIX).replace("_", " ")
            cases = list(_cases(rule))
            yield Example("test", f"{name}: {', '.join(cases)}" if cases else name)


def _cases(rule: Rule) -> Iterator[str]:
    """``test_x[note] if some note, … in {"a": …, "b": …}``: what ``note`` can be, where it stands there as text."""
    at = rule.items[1] if len(rule.items) > 1 else None
    if not isinstance(at, Group) or at.text != "[" or len(at.items) != 1:
        return
    variable = at.items[0].text
    for body in rule.bodies:
        for statement in body.statements:
            yield from _bound(statement, variable)


def _bound(statement: Statement, variable: str) -> Iterator[str]:
    texts = [item.text for item in statement.items]
    if texts[0] != "some" or variable not in texts or "in" not in texts:
        return
    domain = statement.items[-1]
    if not isinstance(domain, Group):
        return
    is_key = len(texts) > 2 and texts[1] == variable and texts[2] == ","
    for at, item in enumerate(domain.items):
        following = domain.items[at + 1].text if at + 1 < len(domain.items) else ","
        if isinstance(item, Token) and item.kind == "text" and following == (":" if is_key else ","):
            yield item.meaning
