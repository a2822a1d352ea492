"""
The released versions that a run compares with: ``--against PREVIOUS``, a file, a folder or a git revision.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bylaw.changes.released import product_gone
from bylaw.errors import InputError, UnreadableInput
from bylaw.facts.gathered import PUBLICATION, Facts
from bylaw.facts.lineage import Edge, edges_of_products
from bylaw.facts.recognise import gather
from bylaw_adapters.ci.files import STDIN, files_of, read_file
from bylaw_adapters.ci.git_revision import PREFIX, read_revision

Product = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Release:
    """
    A product as it was released. ``file`` is where the checked tree would have it, as far as anybody can tell;
    ``expected`` whether the checked files are all that there is now, so that one without a successor is gone.
    """

    facts: Facts
    shown_as: str
    file: Path | None = None
    expected: bool = False

    @property
    def product(self) -> Product:
        product: Product = self.facts.input["product"]
        return product

    def gone(self) -> dict[str, Any]:
        """What a decision is asked with where there is no next version."""
        return product_gone(self.product)


@dataclass(frozen=True, slots=True)
class Released:
    """
    Releases by what identifies them. ``only`` is whether one file is compared with one file: then the two are compared
    whatever they are called, and that they are called differently is for the rules to notice.
    """

    path: str
    releases: tuple[Release, ...]
    only: bool = False
    edges: tuple[Edge, ...] = field(init=False)
    _by_id: dict[tuple[str, ...], list[Release]] = field(init=False)
    _by_file: dict[Path, list[Release]] = field(init=False)

    def __post_init__(self) -> None:
        by_id: dict[tuple[str, ...], list[Release]] = {}
        by_file: dict[Path, list[Release]] = {}
        for release in self.releases:
            for key in _identities(release.product):
                by_id.setdefault(key, []).append(release)
            if release.file is not None:
                by_file.setdefault(release.file, []).append(release)
        object.__setattr__(self, "_by_id", by_id)
        object.__setattr__(self, "_by_file", by_file)
        object.__setattr__(self, "edges", tuple(edges_of_products(release.product for release in self.releases)))

    def of(self, product: Product, *, file: str = "") -> Release | None:
        """
        The released version of this product, where there is one: of the same contract, product id or name, else the
        only one that the same file held, because another name must not make a new product of it. Of several (a file a
        version) it is the one of the same file, else of the highest version.
        """
        here = Path(file).resolve() if file else None
        for key in _identities(product):
            if found := self._by_id.get(key):
                return max(found, key=lambda release: (release.file == here, _version(release.product)))
        if self.only and len(self.releases) == 1:
            return self.releases[0]
        beside = self._by_file.get(here, []) if here else []
        return beside[0] if len(beside) == 1 else None

    def versions(self, release: Release) -> list[Release]:
        """All releases of the same product, this one included."""
        return [release, *(each for key in _identities(release.product) for each in self._by_id[key])]


def read_released(previous: str, *, checked: tuple[str, ...]) -> Released:
    """
    Every product of the release. All of a file or folder must be readable: a comparison with half a release would find
    half of what changed. In a git revision that goes for the files that are checked now; what else lies beside them
    and is no document of ours is passed over.

    Raises:
        InputError: Something there cannot be read or recognised, or there is no product at all.
    """
    if previous.startswith(PREFIX) or not Path(previous).exists():
        revision = previous.removeprefix(PREFIX)
        return Released(previous, tuple(_of_revision(revision, checked)))
    folders = any(Path(path).is_dir() for path in checked)
    releases = tuple(
        Release(facts, file, expected=folders and Path(previous).is_dir())
        for file in files_of([previous])
        for facts in _products(read_file(file), file)
    )
    if not releases:
        raise UnreadableInput(f"{previous}: no product or contract to compare with")
    one_with_one = len(checked) == 1 and not folders and not Path(previous).is_dir()
    return Released(previous, releases, only=one_with_one)


def _of_revision(revision: str, checked: tuple[str, ...]) -> Iterator[Release]:
    named = {Path(path).resolve() for path in checked if path != STDIN}
    folders = [path for path in named if path.is_dir()]
    for found in read_revision(revision, checked=checked):
        shown_as = f"{revision}:{os.path.relpath(found.path)}"
        try:
            products = list(_products(found.content, shown_as))
        except InputError:
            if found.path in named:
                raise
            continue
        expected = any(found.path.is_relative_to(folder) for folder in folders)
        yield from (Release(facts, shown_as, found.path, expected) for facts in products)


def _products(content: bytes, file: str) -> Iterator[Facts]:
    for facts in gather(content, file=file):
        if isinstance(facts, InputError):
            raise facts
        if facts.kind == PUBLICATION:
            yield facts


def _identities(product: Product) -> list[tuple[str, ...]]:
    contract_id = product.get("contract", {}).get("id")
    keys: list[tuple[str, ...]] = [("contract", contract_id)] if contract_id else []
    if product.get("id"):
        keys.append(("product", str(product["id"])))
    if product.get("name"):
        keys.append((str(product.get("domain", "")).lower(), str(product["name"]).lower()))
    return keys


def _version(product: Product) -> list[int]:
    """Its numbers; what is no number counts for nothing."""
    return [int(number) for number in re.findall(r"\d{1,9}", str(product.get("version", "")))]
