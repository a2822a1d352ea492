"""
The released versions that a run compares with: ``--against PREVIOUS``, a file or a folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bylaw.errors import InputError, UnreadableInput
from bylaw.facts.gathered import PUBLICATION
from bylaw.facts.recognise import gather
from bylaw_adapters.ci.files import files_of, read_file

Product = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Released:
    """
    Products by what identifies them. ``only`` is whether one file is compared with one file: then the two are compared
    whatever they are called, and that they are called differently is for the rules to notice.
    """

    path: str
    products: tuple[Product, ...]
    only: bool = False
    _by_id: dict[tuple[str, ...], Product] = field(init=False)

    def __post_init__(self) -> None:
        by_id = {key: product for product in self.products for key in _identities(product)}
        object.__setattr__(self, "_by_id", by_id)

    def of(self, product: Product) -> Product | None:
        """The released version of this product, where there is one."""
        for key in _identities(product):
            if key in self._by_id:
                return self._by_id[key]
        return self.products[0] if self.only and len(self.products) == 1 else None


def read_released(path: str, *, checked: tuple[str, ...]) -> Released:
    """
    Every product at the path, which must all be readable: a comparison with half a release would find half of what
    changed.

    Raises:
        InputError: Something there cannot be read or recognised, or there is no product at all.
    """
    products: list[Product] = []
    for file in files_of([path]):
        for facts in gather(read_file(file), file=file):
            if isinstance(facts, InputError):
                raise facts
            if facts.kind == PUBLICATION:
                products.append(facts.input["product"])
    if not products:
        raise UnreadableInput(f"{path}: no product or contract to compare with")
    one_with_one = len(checked) == 1 and not Path(checked[0]).is_dir() and not Path(path).is_dir()
    return Released(path, tuple(products), only=one_with_one)


def _identities(product: Product) -> list[tuple[str, ...]]:
    contract_id = product.get("contract", {}).get("id")
    keys: list[tuple[str, ...]] = [("contract", contract_id)] if contract_id else []
    if product.get("name"):
        keys.append((str(product.get("domain", "")).lower(), str(product["name"]).lower()))
    return keys
