"""
What a module defines, reads and calls, with the place of each, as the evaluator's own parser sees it. No judgement:
``references`` holds it against the rules.

Names are resolved: an import's alias and a name of the same module stand as the path below ``data`` that they mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import bylaw_native

from bylaw.errors import Location

Step: TypeAlias = str | None
"""One step of a path; ``None`` where it is known only when it is evaluated."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A path that is imported, read, or replaced by ``with``: ``root`` is ``data`` or ``input``."""

    root: str
    steps: tuple[Step, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Call:
    """A function that is called and that this module does not define: a built-in, or another file's of its package."""

    name: str
    location: Location


@dataclass(frozen=True, slots=True)
class Module:
    """``rules`` are the names that it adds to its package, each with its first place."""

    package: tuple[str, ...]
    rules: Mapping[str, Location]
    references: tuple[Reference, ...]
    calls: tuple[Call, ...]
    text: str


def read_module(file: str, text: str, *, rego_v0: bool = False) -> Module:
    """
    Raises:
        PolicyError: It does not parse; names its file and row.
    """
    facts = bylaw_native.parse_module(file, text, rego_v0=rego_v0)
    rules: dict[str, Location] = {}
    references = [_import(each, file) for each in facts["imports"]]
    calls: list[Call] = []
    for rule in facts["rules"]:
        rules.setdefault(rule["path"][0], _location(rule, file))
        references += [_reference(each, file) for each in rule["references"]]
        calls += [Call(each["name"], _location(each, file)) for each in rule["calls"] if each["is_builtin"]]
    return Module(tuple(facts["package"]), rules, tuple(references), tuple(calls), text)


def _import(facts: Any, file: str) -> Reference:
    root, *steps = facts["path"]
    return Reference(root, tuple(steps), _location(facts, file))


def _reference(facts: Any, file: str) -> Reference:
    return Reference(facts["root"], tuple(facts["path"]), _location(facts, file))


def _location(facts: Any, file: str) -> Location:
    return Location(file, facts["row"], facts["column"])
