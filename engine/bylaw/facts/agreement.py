"""
Whether documents that were gathered together say the same of one thing. What two of them say differently is a fact
about each; which of the two is right is nobody's to guess.

Two documents speak of one contract where its id and version are the same, and of one product where domain and name are
the same, or where one offers the contract that the other is. A contract is to be the same in everything, and so is a
product that has no contract of its own; products that have several are to be the same in what is said of the whole. Two
versions of one thing are two things.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bylaw.errors import Location
from bylaw.facts.gathered import Facts
from bylaw.facts.node import Remark

MAX_NAMED = 5
"""Of what differs so much is named; a reader who needs more compares the files."""

_OF_THE_WHOLE = ("owner", "classification", "lawful_basis", "retention", "compatibility")
_OF_THE_FORM = frozenset({"standard", "standard_version", "unread", "lacks"})

Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What one document says, as much as it takes to compare: its facts' hashes, by name."""

    file: str
    ordinal: int
    """Which set of facts of its file it is."""
    location: Location
    standard: str | None
    version: str | None
    contract: Key | None
    product: Key | None
    offers: frozenset[str]
    facts: Mapping[str, int]


def statement(facts: Facts, ordinal: int) -> Statement:
    product = facts.input["product"]
    contract = product.get("contract", {})
    of_contract = {f"contract.{key}": value for key, value in contract.items() if key not in _OF_THE_FORM}
    said = {**{key: value for key, value in product.items() if key != "contract"}, **of_contract}
    domain, name, contract_id = product.get("domain"), product.get("name"), contract.get("id")
    ports = product.get("output_ports", ())
    return Statement(
        file=facts.document.file,
        ordinal=ordinal,
        location=facts.document.location(facts.sources.pointer("product")),
        standard=contract.get("standard"),
        version=product.get("version"),
        contract=(contract_id, product.get("version")) if contract_id else None,
        product=(domain, name) if domain and name else None,
        offers=frozenset(port["contract_id"] for port in ports if "contract_id" in port),
        facts={key: hash(json.dumps(value, sort_keys=True)) for key, value in said.items()},
    )


def disagreements(statements: Iterable[Statement]) -> dict[tuple[str, int], list[Remark]]:
    """By file and ordinal, what others say otherwise; those that agree are not in it."""
    found: dict[tuple[str, int], list[Remark]] = defaultdict(list)
    every = sorted(statements, key=lambda each: (each.file, each.ordinal))
    for what, path, one, other, differing in (*_of_contracts(every), *_of_products(every)):
        named = ", ".join(differing[:MAX_NAMED]) + (", …" if len(differing) > MAX_NAMED else "")
        for this, that in ((one, other), (other, one)):
            remark = Remark(path, f"{that.location} is about {what} too, and differs in {named}")
            if remark not in found[this.file, this.ordinal]:
                found[this.file, this.ordinal].append(remark)
    return dict(found)


_Difference: TypeAlias = tuple[str, str, Statement, Statement, list[str]]


def _of_contracts(every: list[Statement]) -> Iterator[_Difference]:
    for key, one, other in _pairs((each.contract, each) for each in every):
        names = {*one.facts, *other.facts}
        if one.standard != other.standard:  # two standards say of one contract what each has a place for
            names = {*one.facts} & {*other.facts}
        if differing := sorted(name for name in names if one.facts.get(name) != other.facts.get(name)):
            version = f" in version {key[1]}" if key[1] else ""
            yield f"the contract {key[0]}{version}", "contract.id", one, other, differing


def _of_products(every: list[Statement]) -> Iterator[_Difference]:
    contracts = {each.contract[0]: each for each in reversed(every) if each.contract}
    linked = (
        (each, contracts[contract_id])
        for each in every
        for contract_id in sorted(each.offers)
        if contract_id in contracts and contracts[contract_id] is not each
    )
    named = ((one, other) for _, one, other in _pairs((each.product, each) for each in every))
    for one, other in (*named, *linked):
        if one.standard == other.standard and one.version != other.version:
            continue
        if one.contract and one.contract == other.contract:  # compared in everything already
            continue
        whole = one.standard == other.standard and one.contract is None and other.contract is None
        shared = sorted({*one.facts, *other.facts} if whole else {*_OF_THE_WHOLE} & {*one.facts} & {*other.facts})
        if differing := [name for name in shared if one.facts.get(name) != other.facts.get(name)]:
            yield "the same product", "product", one, other, differing


def _pairs(keyed: Iterable[tuple[Key | None, Statement]]) -> Iterator[tuple[Key, Statement, Statement]]:
    """Each with the first of its key: whatever disagrees with any of them disagrees with that one or is like it."""
    groups: dict[Key, list[Statement]] = defaultdict(list)
    for key, each in keyed:
        if key is not None:
            groups[key].append(each)
    for key, group in groups.items():
        for other in group[1:]:
            yield key, group[0], other
