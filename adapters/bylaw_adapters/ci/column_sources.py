"""
What the columns are that a product's fields are made of, where other documents of the same run say so. The
documents are read once more, and only when the first product asks: most runs have no lineage of columns.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bylaw.errors import InputError
from bylaw.facts.column_lineage import ColumnEdge, sources_of
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
        stated = list(_stated(product))
        if not stated and not self.edges:
            return {}
        mentioned = {*stated, *(edge["source_dataset"] for edge in self.edges)}
        sources = [each for each in self._known() if _is_mentioned(each, mentioned)]
        return {"columns": list(self.edges), "sources": sources}

    def _known(self) -> list[dict[str, Any]]:
        with self._reading:
            if self._fields is None:
                self._fields = sources_of(_products(self.files))
            return self._fields


def _stated(product: Mapping[str, Any]) -> Iterator[str]:
    pending = [field for thing in product.get("contract", {}).get("schema", ()) for field in thing.get("fields", ())]
    while pending:
        each = pending.pop()
        yield from each.get("derived_from", ())
        pending += each.get("fields", ())


def _is_mentioned(source: Mapping[str, Any], mentioned: Iterable[str]) -> bool:
    """Whether anything that is mentioned could be this field: which it is, the law says."""
    names = {source["object"], source.get("dataset", source["object"]), source["product"].rpartition("/")[2]}
    return any(name in text for text in mentioned for name in names)


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
