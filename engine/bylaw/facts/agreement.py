"""
Whether documents that were gathered together say the same of one thing. What two of them say differently is a fact
about each; which of the two is right is nobody's to guess.

Two documents speak of one contract where its id and version are the same, and of one product where domain and name are
the same, or where one offers the contract that the other is. A contract is to be the same in everything, and so is a
product that has no contract of its own; products that have several are to be the same in what is said of the whole. Two
versions of one thing are two things.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson

from bylaw.errors import Location
from bylaw.facts.documents.node import Remark
from bylaw.facts.gathered import Facts

MAX_NAMED = 5
"""Of what differs so much is named; a reader who needs more compares the files."""

_OF_THE_WHOLE = ("owner", "classification", "lawful_basis", "retention", "compatibility")
_OF_THE_FORM = frozenset({"standard", "standard_version", "unread", "lacks"})

Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What one document says, as much as it takes to compare: its facts' digests, by name."""

    file: str
    ordinal: int
    """Which set of facts of its file it is."""
    location: Location
    standard: str | None
    version: str | None
    contract: Key | None
    product: Key | None
    offers: frozenset[str]
    facts: Mapping[str, bytes]


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
        facts={key: _digest(value) for key, value in said.items()},
    )


_DIGEST_BYTES = 16


def _digest(value: Any) -> bytes:
    """The same in every process: files are read in several. What is short stands for itself."""
    if value.__class__ is str and len(value) < _DIGEST_BYTES - 1 and value.isascii() and value.isalnum():
        return b'"%b"' % value.encode()
    try:
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # numbers beyond 64 bits, halves of characters
        text = json.dumps(value, sort_keys=True).encode()
    return text if len(text) <= _DIGEST_BYTES else hashlib.blake2b(text, digest_size=_DIGEST_BYTES).digest()


def disagreements(statements: Iterable[Statement]) -> dict[tuple[str, int], list[Remark]]:
    """By file and ordinal, what others say otherwise; those that agree are not in it."""
    found: dict[tuple[str, int], list[Remark]] = defaultdict(list)
    every = sorted(statements, key=lambda each: (each.file, each.ordinal))
    for one, other, path, what, differing in (*_of_contracts(every), *_of_products(every)):
        named = ", ".join(differing[:MAX_NAMED]) + (", …" if len(differing) > MAX_NAMED else "")
        remark = Remark(path, f"{other.location} is about {what} too, and differs in {named}")
        if remark not in found[one.file, one.ordinal]:
            found[one.file, one.ordinal].append(remark)
    return dict(found)


_Difference: TypeAlias = tuple[Statement, Statement, str, str, list[str]]
_Differ: TypeAlias = Callable[[Statement, Statement], list[str]]


def _of_contracts(every: list[Statement]) -> Iterator[_Difference]:
    for (contract_id, version), group in _groups((each.contract, each) for each in every):
        what = f"the contract {contract_id}" + (f" in version {version}" if version else "")
        for one, other, differing in _opposites(group, _contracts_differ):
            yield one, other, "contract.id", what, differing


def _contracts_differ(one: Statement, other: Statement) -> list[str]:
    if one.standard == other.standard:
        return _differing(one, other, {*one.facts, *other.facts})
    # Two standards say of one contract what each has a place for.
    return _differing(one, other, {*one.facts} & {*other.facts})


def _of_products(every: list[Statement]) -> Iterator[_Difference]:
    for _, group in _groups((each.product, each) for each in every):
        for one, other, differing in _opposites(group, _products_differ):
            yield one, other, "product", "the same product", differing
    contracts = {each.contract[0]: each for each in reversed(every) if each.contract}
    for product in every:
        for contract_id in sorted(product.offers):
            contract = contracts.get(contract_id, product)
            if differing := _products_differ(product, contract):
                yield product, contract, "product", "the same product", differing
                yield contract, product, "product", "the same product", differing


def _products_differ(one: Statement, other: Statement) -> list[str]:
    if one.standard == other.standard and one.version != other.version:
        return []
    if one.contract and one.contract == other.contract:  # compared in everything already
        return []
    if one.standard == other.standard and one.contract is None and other.contract is None:
        return _differing(one, other, {*one.facts, *other.facts})
    return _differing(one, other, {*_OF_THE_WHOLE} & {*one.facts} & {*other.facts})


def _differing(one: Statement, other: Statement, names: set[str]) -> list[str]:
    return sorted(name for name in names if one.facts.get(name) != other.facts.get(name))


def _groups(keyed: Iterable[tuple[Key | None, Statement]]) -> Iterator[tuple[Key, list[Statement]]]:
    groups: dict[Key, list[Statement]] = defaultdict(list)
    for key, each in keyed:
        if key is not None:
            groups[key].append(each)
    yield from groups.items()


def _opposites(group: list[Statement], differ: _Differ) -> Iterator[tuple[Statement, Statement, list[str]]]:
    """Each that some other contradicts, with one that does: the first, or, for those like it, the first unlike it."""
    first = group[0]
    differences = [(each, differ(each, first)) for each in group[1:]]
    unlike = next(((each, named) for each, named in differences if named), None)
    if unlike is None:
        return
    yield first, *unlike
    for each, named in differences:
        if named:
            yield each, first, named
        elif like := differ(each, unlike[0]):
            yield each, unlike[0], like
