"""
Whether a rule says of itself what a decision shows of it. A rule without metadata denies by its path alone: nobody who
reads the decision knows whom to ask, or what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bylaw.bundle.metadata import ENFORCEMENTS, RuleName, package_block, rules_metadata
from bylaw.bundle.rule_names import HEADS
from bylaw.bundle.source import Source
from bylaw.bundle.statements import Rule
from bylaw.errors import Location, PolicyError
from bylaw.lint.finding import Finding
from bylaw.lint.identity import Identity

_NEEDED = ("id", "enforcement", "severity", "controls", "remediation")


def metadata_findings(source: Source, rules: Sequence[Rule], *, is_said: bool) -> Iterator[Finding]:
    """``is_said``: this file, or another one of the package, has metadata of the package that can be read."""
    name = RuleName.of(source.package)
    if name is None or not any(rule.name in HEADS for rule in rules):
        return
    try:
        block = package_block(source)
    except PolicyError as error:
        yield _malformed(source, error)
        return
    if block is None:
        if not is_said:
            message = f"{name.path} has no METADATA above its package: no id, no enforcement, nothing to do about it"
            yield Finding(source.package_location, "metadata-missing", message)
        return
    row, document = block
    custom = document.get("custom")
    if not isinstance(custom, dict):
        yield Finding(Location(source.file, row), "metadata-incomplete", f"{name.path} says nothing under custom")
        return
    yield from _complete(source, row, document, custom, name.path)


def metadata_identity(source: Source) -> Identity | None:
    """The id in the metadata of a rule's package; ``None`` for what is no rule, or has none that can be read."""
    name = RuleName.of(source.package)
    try:
        block = package_block(source) if name is not None else None
    except PolicyError:
        return None
    if name is None or block is None:
        return None
    row, document = block
    custom = document.get("custom")
    said = custom.get("id") if isinstance(custom, dict) else None
    # A rule without an id goes by its path, which no other has.
    return Identity(said if isinstance(said, str) else name.path, name.path, _place(source, row, "id"))


def _complete(
    source: Source, row: int, document: Mapping[str, Any], custom: Mapping[str, Any], path: str
) -> Iterator[Finding]:
    absent = [key for key in ("title",) if not document.get(key)]
    absent += [key for key in _NEEDED if key not in custom or custom[key] in (None, "")]
    if absent:
        message = f"{path} does not say its {', '.join(absent)}"
        yield Finding(Location(source.file, row), "metadata-incomplete", message)
    enforcement = custom.get("enforcement")
    if enforcement and enforcement not in ENFORCEMENTS:
        message = f"enforcement is one of {', '.join(ENFORCEMENTS)}, not {enforcement!r}"
        yield Finding(_place(source, row, "enforcement"), "enforcement-invalid", message)
        return
    try:
        rules_metadata([source])
    except PolicyError as error:
        yield _malformed(source, error)


def _malformed(source: Source, error: PolicyError) -> Finding:
    return Finding(error.location or source.package_location, "metadata-malformed", error.message)


def _place(source: Source, row: int, key: str) -> Location:
    """Of a key in the block that begins in this row; of the block itself where the key is not plainly there."""
    for comment in source.comments:
        said = re.match(rf"\s*{key}\s*:", comment.text)
        if comment.row > row and said is not None:
            return Location(source.file, comment.row)
    return Location(source.file, row)
