"""
What the columns are that a product's fields are made of, where other documents of the same run say so. The
documents are read once more, and only when the first product asks: most runs have no lineage of columns.
"""

from __future__ import annotations

import threading
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bylaw.errors import InputError
from bylaw.facts.column_lineage import ColumnEdge, fields_of, sources_of
from bylaw.facts.gathered import PUBLICATION
from bylaw.facts.recognise import gather
from bylaw_adapters.ci.files import STDIN, read_file


@dataclass(slots=True)
class ColumnSources:
    """The edges that were given (``--lineage``), and the fields of the run's documents."""

    edges: Sequence[ColumnEdge] = ()
    files: Sequence[str] = ()
    _fields: list[dict[str, Any]] | None = None
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def of(self, product: Mapping[str, Any]) -> dict[str, Any]:
        """``columns`` and ``sources`` of ``input.lineage``; empty where nothing is said of the product's columns."""
        stated = {reference for _, field in fields_of(product) for reference in field.get("derived_from", ())}
        edges = self._edges_to(product)
        if not stated and not edges:
            return {}
        references = stated | {edge["source_dataset"] for edge in edges}
        mentioned = {name for reference in references for name in _mentions(reference)}
        sources = [each for each in self._known() if _is_mentioned(each, mentioned)]
        return {"columns": edges, "sources": sources}

    def _edges_to(self, product: Mapping[str, Any]) -> list[ColumnEdge]:
        """Those to a field of one of its names. Which table is the product's, the law says: it has the bindings."""
        names = {name for name, _ in fields_of(product)} if self.edges else frozenset()
        return [edge for edge in self.edges if edge["target_field"] in names]

    def _known(self) -> list[dict[str, Any]]:
        with self._reading:
            if self._fields is None:
                self._fields = sources_of(_products(self.files))
            return self._fields


def _mentions(reference: str) -> Iterator[str]:
    """What a reference could be naming: a product, by its domain or without it, or a dataset that a field follows."""
    parts = reference.split("/")
    yield from ("/".join(parts[:2]), parts[0])
    words = parts[-1].split(".")
    yield from (".".join(words[:count]) for count in range(1, len(words) + 1))


def _is_mentioned(source: Mapping[str, Any], mentioned: Container[str]) -> bool:
    """Whether this field could be meant: which is, the law says."""
    product = source.get("product", "")
    names = (product, product.rpartition("/")[2], source.get("dataset", ""))
    return any(name in mentioned for name in names if name)


def _products(files: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """Documents that cannot be read say nothing here; that they cannot is found where they are judged."""
    for file in files:
        if file == STDIN:
            continue
        try:
            documents = list(gather(read_file(file), file=file))
        except InputError:
            continue
        for facts in documents:
            if not isinstance(facts, InputError) and facts.kind == PUBLICATION:
                yield facts.input["product"]
