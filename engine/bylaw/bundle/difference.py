"""
What changed in law between two bundles of a layer: rules, what they are worth, parameters, policies, waivers, data. Not
what changed in text: comments, blank lines and indentation say nothing, and metadata is compared by what it says.

Each change is told ``stricter`` or ``looser`` where that is certain, whatever the rules say: a rule that can only deny
was added, an enforcement was lowered, a waiver came. Which way a number moves the law only its rule knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from bylaw.bundle.contents import Bundle, sources_of
from bylaw.bundle.metadata import RuleName, rules_metadata
from bylaw.bundle.policies import PLACES
from bylaw.bundle.roots import Root
from bylaw.bundle.rule_names import HEADS
from bylaw.bundle.source import Source
from bylaw.bundle.syntax import read_module

Direction: TypeAlias = Literal["stricter", "looser", ""]

_STRICTNESS = {"audit": 1, "advisory": 2, "warn": 2, "mandatory": 3, "deny": 3}

# Offered by a rule, these take something away from whoever asks; `grant` gives.
_TAKING = frozenset(HEADS) - {"grant", "patch"}

_OPPOSITE: Mapping[Direction, Direction] = {"stricter": "looser", "looser": "stricter", "": ""}


@dataclass(frozen=True, slots=True)
class Change:
    """
    ``sort`` is ``rule``, ``helper``, ``enforcement``, ``metadata``, ``parameter``, ``policy``, ``waiver``, ``data`` or
    ``roots``; ``subject`` the rule's path, the policy's or waiver's name, or the path below ``data``. ``before`` and
    ``after`` are ``None`` where there was or is nothing; for rules, helpers and data they are not told.
    """

    sort: str
    subject: str
    what: Literal["added", "removed", "changed"]
    before: Any = None
    after: Any = None
    direction: Direction = ""


def differences(before: Bundle, after: Bundle) -> list[Change]:
    """
    Sorted by sort and subject.

    Raises:
        PolicyError: A module of one of them does not parse.
    """
    found = [*_roots(before, after), *_modules(before, after), *_metadata(before, after), *_data(before, after)]
    return sorted(found, key=lambda change: (change.sort, change.subject, change.what))


def _roots(before: Bundle, after: Bundle) -> Iterator[Change]:
    for root in sorted({*before.roots} ^ {*after.roots}):
        yield Change("roots", root, "added" if root in after.roots else "removed")


@dataclass(frozen=True, slots=True)
class _Package:
    heads: frozenset[str]
    said: tuple[str, ...]

    @property
    def direction(self) -> Direction:
        """Of the rule's coming to be."""
        offered = self.heads & frozenset(HEADS)
        if offered and offered <= _TAKING:
            return "stricter"
        return "looser" if offered == {"grant"} else ""


def _packages(bundle: Bundle) -> dict[tuple[str, ...], _Package]:
    found: dict[tuple[str, ...], _Package] = {}
    for source in sources_of(bundle):
        path = source.file.removeprefix(f"{bundle.name}/")
        module = read_module(source.file, source.text, rego_v0=path in bundle.v0_files)
        known = found.get(source.package, _Package(frozenset(), ()))
        said = (*known.said, _without_comments(source))
        found[source.package] = _Package(known.heads | module.rules.keys(), tuple(sorted(said)))
    return found


def _without_comments(source: Source) -> str:
    """What a comment is, a line alone does not tell inside of a raw string: there, all is kept."""
    lines = [line.strip() for line in source.text.splitlines()]
    if "`" in source.text:
        return source.text
    return "\n".join(line for line in lines if line and not line.startswith("#"))


def _modules(before: Bundle, after: Bundle) -> Iterator[Change]:
    old, new = _packages(before), _packages(after)
    for package in old.keys() | new.keys():
        sort, subject = "rule" if RuleName.of(package) else "helper", ".".join(package)
        if package not in old:
            yield Change(sort, subject, "added", direction=new[package].direction)
        elif package not in new:
            yield Change(sort, subject, "removed", direction=_OPPOSITE[old[package].direction])
        elif old[package].said != new[package].said:
            yield Change(sort, subject, "changed")


def _metadata(before: Bundle, after: Bundle) -> Iterator[Change]:
    old, new = _said(before), _said(after)
    in_both = _rules(before) & _rules(after)
    for rule in in_both:
        was, now = old.get(rule, {}), new.get(rule, {})
        if (change := _enforcement(rule, was.get("enforcement", "deny"), now.get("enforcement", "deny"))) is not None:
            yield change
        for key in sorted((was.keys() | now.keys()) - {"enforcement", "kind"}):
            if was.get(key) != now.get(key):
                yield Change("metadata", f"{rule} {key}", _what(was.get(key), now.get(key)), was.get(key), now.get(key))


def _said(bundle: Bundle) -> dict[str, dict[str, Any]]:
    return {rule: entry for layer in rules_metadata(sources_of(bundle)).values() for rule, entry in layer.items()}


def _rules(bundle: Bundle) -> set[str]:
    return {rule.path for source in sources_of(bundle) if (rule := RuleName.of(source.package)) is not None}


def _enforcement(subject: str, was: Any, now: Any) -> Change | None:
    old, new = (_STRICTNESS.get(str(word).lower(), _STRICTNESS["deny"]) for word in (was, now))
    if old == new:
        return None
    return Change("enforcement", subject, "changed", was, now, "stricter" if new > old else "looser")


def _data(before: Bundle, after: Bundle) -> Iterator[Change]:
    layers = {Root.of(root).segments for bundle in (before, after) for root in bundle.roots}
    for layer in sorted(layers):
        was, now = (_at(bundle.data, layer) for bundle in (before, after))
        if not isinstance(was, dict) or not isinstance(now, dict):
            yield from _values("data", "/".join(layer), was, now)
            continue
        for key in sorted((was.keys() | now.keys()) - {"metadata", PLACES}):
            path = "/".join((*layer, key))
            if key == "policies":
                yield from _named("policy", was.get(key), now.get(key), "name", added="")
            elif key == "waivers":
                yield from _named("waiver", was.get(key), now.get(key), "id", added="looser")
            else:
                yield from _values("parameter" if key == "parameters" else "data", path, was.get(key), now.get(key))


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for segment in path:
        data = data.get(segment, {}) if isinstance(data, dict) else {}
    return data


def _named(sort: str, was: Any, now: Any, key: str, *, added: Direction) -> Iterator[Change]:
    """Items of two lists by their names; one without is known by what it says."""
    old, new = _by_name(was, key), _by_name(now, key)
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield Change(sort, name, "added", after=new[name], direction=added)
        elif name not in new:
            yield Change(sort, name, "removed", before=old[name], direction=_OPPOSITE[added])
        elif _written(old[name]) != _written(new[name]):
            yield from _item(sort, name, old[name], new[name])


def _item(sort: str, name: str, old: Any, new: Any) -> Iterator[Change]:
    if sort == "policy" and isinstance(old, dict) and isinstance(new, dict):
        switched = (old.get("enabled", True), new.get("enabled", True))
        if switched in {(True, False), (False, True)}:
            yield Change(sort, f"{name} enabled", "changed", *switched)
        if (change := _enforcement(name, old.get("enforcement", "deny"), new.get("enforcement", "deny"))) is not None:
            yield change
        rest = [
            {key: value for key, value in item.items() if key not in {"enabled", "enforcement"}} for item in (old, new)
        ]
        yield from _values(sort, name, *rest)
        return
    yield Change(sort, name, "changed", old, new)


def _by_name(items: Any, key: str) -> dict[str, Any]:
    if not isinstance(items, list):
        return {} if items is None else {"(no list)": items}
    return {str(item[key]) if isinstance(item, dict) and key in item else _written(item): item for item in items}


def _values(sort: str, path: str, was: Any, now: Any) -> Iterator[Change]:
    """The leaves that differ."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted(was.keys() | now.keys()):
            yield from _values(sort, f"{path}/{key}", was.get(key), now.get(key))
    elif _written(was) != _written(now):
        yield Change(sort, path, _what(was, now), was, now)


def _what(was: Any, now: Any) -> Literal["added", "removed", "changed"]:
    if was is None:
        return "added"
    return "removed" if now is None else "changed"


def _written(value: Any) -> str:
    """Values that differ are written differently: ``1`` and ``true`` are equal in Python."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
