"""
Ids that decisions, waivers and reports name rules by: no two rules share one, whatever layers they are of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bylaw.errors import Location
from bylaw.lint.finding import Finding


@dataclass(frozen=True, slots=True)
class Identity:
    """The id that a rule gives itself, and where."""

    id: str
    rule: str
    location: Location


def duplicate_ids(identities: Iterable[Identity]) -> Iterator[Finding]:
    """Each rule whose id another one has already, in order of place."""
    first: dict[str, Identity] = {}
    for each in sorted(identities, key=lambda identity: identity.location):
        other = first.setdefault(each.id, each)
        if other is not each:
            message = f"{each.rule} has the id {each.id}, which {other.rule} has ({other.location})"
            yield Finding(each.location, "id-duplicate", message)
