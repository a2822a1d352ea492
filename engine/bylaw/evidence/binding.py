"""
From what a tool found to what a product promised: which findings are about a product, and which of its promises each
speaks of. Names are compared, nothing is judged.

A finding is about a product where it names its contract; else where it names the product (and its domain, if it names
one); else where its dataset is one of the contract's objects, by name or physical name. A qualified name
(``sales.orders``) is no other schema's ``orders``. What names neither is about nothing that is known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bylaw.evidence.report import Found

Facts = Mapping[str, Any]

# The words that promises have for what ODCS calls by one now.
_SYNONYMS = {
    "nullvalues": "nullvalues",
    "nullcheck": "nullvalues",
    "nullcount": "nullvalues",
    "missingvalues": "missingvalues",
    "missingcount": "missingvalues",
    "duplicatevalues": "duplicatevalues",
    "duplicatecount": "duplicatevalues",
    "duplicates": "duplicatevalues",
    "unique": "duplicatevalues",
    "uniquecheck": "duplicatevalues",
    "invalidvalues": "invalidvalues",
    "invalidcount": "invalidvalues",
    "rowcount": "rowcount",
}


@dataclass(frozen=True, slots=True)
class _Thing:
    """An object of a contract: every name it goes by, and its fields' by theirs."""

    name: str
    names: tuple[str, ...]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Subject:
    """What evidence can be about: a product, by everything that names it."""

    product: Facts
    _things: tuple[_Thing, ...] = field(init=False)
    _promised: Mapping[tuple[str, str], str] = field(init=False)

    def __post_init__(self) -> None:
        contract = _mapping(self.product.get("contract"))
        things = tuple(
            _thing(each) for each in _list(contract.get("schema")) if isinstance(each, dict) and each.get("name")
        )
        promised: dict[tuple[str, str], str] = {}
        for promise in _list(contract.get("quality")):
            metric = promise.get("metric") if isinstance(promise, dict) else None
            if isinstance(metric, str):
                about, _, word = metric.rpartition(".")
                promised.setdefault((about.lower(), _plain(word)), metric)
        object.__setattr__(self, "_things", things)
        object.__setattr__(self, "_promised", promised)

    @property
    def datasets(self) -> set[str]:
        """The last part of every name that a dataset of it can have."""
        return {name.rpartition(".")[2] for thing in self._things for name in thing.names}

    @property
    def spelled(self) -> set[str]:
        """Each object and field in one word, as tests are named by them."""
        return {_spelled(name, field) for thing in self._things for name in thing.names for field in thing.fields}

    @property
    def identity(self) -> str:
        """What the product is called, to tell it from others."""
        contract = _mapping(self.product.get("contract"))
        named = "/".join(str(self.product[key]) for key in ("domain", "name") if key in self.product)
        return named or str(contract.get("id", "a product without a name"))

    def concerns(self, facts: Facts, found: Found) -> bool:
        """Whether a finding is about this product."""
        contract = _mapping(self.product.get("contract"))
        if "contract_id" in facts:
            return facts["contract_id"] in {contract.get("id"), self.product.get("id")} - {None}
        if "product" in facts:
            return _same(facts["product"], self.product.get("name")) and (
                "domain" not in facts or _same(facts["domain"], self.product.get("domain"))
            )
        return self.thing(facts, found) is not None

    def thing(self, facts: Facts, found: Found) -> _Thing | None:
        """The object of the contract that a finding is about; none where more than one could be meant."""
        if "dataset" in facts:
            fitting = [thing for thing in self._things if _is_called(facts["dataset"], thing.names)]
        else:
            fitting = [thing for thing, _ in self._named_about(found)]
        return fitting[0] if len({thing.name for thing in fitting}) == 1 else None

    def bound(self, facts: Facts, found: Found) -> dict[str, Any]:
        """The facts with what the contract calls them: dataset, field, and the metric that a promise would name."""
        thing = self.thing(facts, found)
        if thing is None:
            return dict(facts)
        known = {**facts, "dataset": facts.get("dataset", thing.name)}
        name = facts.get("field")
        if name is None and found.about is not None:
            name = next((field for one, field in self._named_about(found) if one.name == thing.name), None)
        about = thing.name
        if name is not None:
            known["field"] = thing.fields.get(str(name).lower(), name)
            about = f"{thing.name}.{known['field']}"
        if not found.measures:
            return known
        promised = (self._promised.get((about.lower(), _plain(word))) for word in found.measures)
        metric = next((metric for metric in promised if metric is not None), f"{about}.{found.measures[0]}")
        return {"measure": found.measures[0], "metric": metric, **known}

    def _named_about(self, found: Found) -> list[tuple[_Thing, str]]:
        """
        ``orders_order_id`` as object and field; the arguments of a test stand behind two underscores. No more is
        guessed: ``archived_orders_order_id`` could be another table's, so it is nobody's.
        """
        if found.about is None:
            return []
        said = found.about.lower()
        fitting = [
            (thing, known)
            for thing in self._things
            for name in thing.names
            for field, known in thing.fields.items()
            for spelled in [_spelled(name, field)]
            if said == spelled or (found.has_arguments and said.startswith(f"{spelled}__"))
        ]
        return fitting if len({(thing.name, known) for thing, known in fitting}) == 1 else []


class Subjects:
    """Many products, and which of them a finding is about, without asking each: there are thousands of both."""

    def __init__(self, products: Iterable[Facts]) -> None:
        self._by: dict[tuple[str, str], list[Subject]] = defaultdict(list)
        for product in products:
            subject = Subject(product)
            for key in set(_keys(subject)):
                self._by[key].append(subject)

    def meant(self, facts: Facts, found: Found) -> set[str]:
        """The products that a finding is about, by their ``identity``."""
        asked = {id(subject): subject for key in _asked(facts, found) for subject in self._by.get(key, ())}
        return {subject.identity for subject in asked.values() if subject.concerns(facts, found)}


def _keys(subject: Subject) -> Iterator[tuple[str, str]]:
    contract = _mapping(subject.product.get("contract"))
    yield from (("contract", str(named)) for named in (contract.get("id"), subject.product.get("id")) if named)
    if isinstance(subject.product.get("name"), str):
        yield "product", subject.product["name"].lower()
    yield from (("dataset", name) for name in subject.datasets)
    yield from (("spelled", word) for word in subject.spelled)


def _asked(facts: Facts, found: Found) -> Iterator[tuple[str, str]]:
    """Where a product would stand that a finding is about, in the order in which ``concerns`` asks."""
    if "contract_id" in facts:
        yield "contract", facts["contract_id"]
    elif "product" in facts:
        yield "product", facts["product"].lower()
    elif "dataset" in facts:
        yield "dataset", _unquoted(facts["dataset"]).rpartition(".")[2]
    elif found.about is not None:
        said = found.about.lower()
        yield "spelled", said
        if found.has_arguments:
            yield from (("spelled", said[: match.start()]) for match in re.finditer("__", said))


def _thing(described: Facts) -> _Thing:
    names = dict.fromkeys(
        _unquoted(described[key]) for key in ("name", "physical_name") if isinstance(described.get(key), str)
    )
    fields = {path.lower(): path for path in _fields(described, "")}
    return _Thing(str(described["name"]), tuple(names), fields)


def _fields(holder: Facts, above: str) -> Iterator[str]:
    for each in _list(holder.get("fields")):
        if isinstance(each, dict) and isinstance(each.get("name"), str):
            path = f"{above}.{each['name']}" if above else each["name"]
            yield path
            yield from _fields(each, path)


def _spelled(name: str, field: str) -> str:
    return f"{name.rpartition('.')[2]}_{field}".replace(".", "_")


def _is_called(dataset: str, names: tuple[str, ...]) -> bool:
    """Whether one is the end of the other, by whole parts: ``shop.main.orders`` is ``main.orders`` and ``orders``."""
    parts = _unquoted(dataset).split(".")
    for name in names:
        theirs = name.split(".")
        shared = min(len(parts), len(theirs))
        if parts[-shared:] == theirs[-shared:]:
            # The bare name of a contract's object is its own; a physical name tells schemas apart.
            qualified = [other.split(".") for other in names if "." in other]
            if len(parts) == 1 or not qualified or any(_ends_alike(parts, other) for other in qualified):
                return True
    return False


def _ends_alike(one: list[str], other: list[str]) -> bool:
    shared = min(len(one), len(other))
    return one[-shared:] == other[-shared:]


def _unquoted(name: str) -> str:
    return "".join(letter for letter in name.strip().lower() if letter not in '"`[]')


def _plain(word: str) -> str:
    letters = "".join(letter for letter in word.lower() if letter not in "_- ")
    return _SYNONYMS.get(letters, letters)


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, str) and isinstance(other, str) and one.lower() == other.lower()


def _mapping(value: Any) -> Facts:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
