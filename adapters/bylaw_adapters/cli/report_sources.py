"""
What reports are made from: the law that is named, the folders where teams keep their products, and the domains and
products that there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bylaw.bundle import Bundle
    from bylaw.errors import InputError
    from bylaw.facts.gathered import Facts
    from bylaw.ports import Snapshot

PRODUCTS_FOLDER = "products"


def law_of(paths: Sequence[str]) -> tuple[list[Bundle], Snapshot]:
    from bylaw.bundle import combine, v0_files
    from bylaw_adapters import wiring
    from bylaw_adapters.settings import Settings

    settings = Settings(bundles=tuple(paths))
    bundles = wiring.bundles(settings)
    modules, data_json, _ = combine(bundles)
    return bundles, wiring.evaluator(settings).load(modules, data_json, v0_files=v0_files(bundles))


def product_folders(bundles: Sequence[str]) -> list[str]:
    """Where teams keep their products: beside their law."""
    from bylaw_adapters import wiring

    folders = (Path(bundle) / PRODUCTS_FOLDER for bundle in bundles or wiring.example_mesh())
    return [str(folder) for folder in folders if folder.is_dir()]


def registered(bundles: Sequence[Bundle]) -> Mapping[str, Any]:
    for bundle in bundles:
        mesh = bundle.data.get("mesh")
        products = mesh.get("products") if isinstance(mesh, Mapping) else None
        if isinstance(products, Mapping):
            return products
    return {}


def require_domain(domain: str | None, bundles: Sequence[Bundle], more: Iterable[str] = ()) -> None:
    """
    Raises:
        NotInTheLaw: No bundle, no registered product and none of ``more`` is of this domain.
    """
    from bylaw.errors import NotInTheLaw

    products = [product for product in registered(bundles).values() if isinstance(product, Mapping)]
    known = {bundle.domain for bundle in bundles} | {product.get("domain") for product in products} | set(more)
    if domain is not None and domain not in known:
        names = ", ".join(sorted(name for name in known if name)) or "none"
        raise NotInTheLaw(f"no domain is named {domain!r}; there are: {names}")


def gathered(paths: Sequence[str]) -> Iterator[tuple[str, Facts | InputError]]:
    """Every document below the paths, or why a file or document could not be read, each with its file."""
    from bylaw.errors import InputError
    from bylaw.facts.recognise import gather
    from bylaw_adapters.ci.files import files_of, read_file

    for path in files_of(paths):
        try:
            documents = list(gather(read_file(path), file=path))
        except InputError as error:
            yield path, error
            continue
        yield from ((path, document) for document in documents)
