"""
The product that a document is about, as reports name it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bylaw.bundle.domain_terms import canonical
from bylaw.facts.gathered import PUBLICATION, Facts


@dataclass(frozen=True, slots=True)
class Subject:
    """Its domain, its name (else where it stands), and where it stands."""

    domain: str
    name: str
    source: str


def subject_of(facts: Facts) -> Subject | None:
    """``None`` for a document that is about no product."""
    if facts.kind != PUBLICATION:
        return None
    source = str(facts.location(""))
    product = facts.input["product"]
    return Subject(canonical(str(product.get("domain", ""))), str(product.get("name", "")) or source, source)


def registered_elsewhere(registered: Mapping[str, Any], given: Container[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Domain and name of the products that the registry has (``data.mesh.products``) and that nobody gave."""
    for product in registered.values():
        said = (product.get("domain"), product.get("name")) if isinstance(product, dict) else (None, None)
        match said:
            case (str() as domain, str() as name) if (canonical(domain), name) not in given:
                yield canonical(domain), name
            case _:
                pass
