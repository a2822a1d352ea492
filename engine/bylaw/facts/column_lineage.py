"""
Which columns are made of which: ``input.lineage.columns``, from the column lineage facet of OpenLineage events
(https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json; 1-0-x as well), and ``input.lineage.sources``,
what the fields of other documents are.

An edge is ``source_dataset``, ``source_field``, ``target_dataset``, ``target_field``, and as far as the event says so
``transformation`` (``IDENTITY``, ``TRANSFORMATION``, ``AGGREGATION``, …), ``direct`` (false where the value only
depends on it, as on a filter) and ``masking``. Of several transformations of one source the one
that takes least away counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from bylaw.errors import InputTooLarge
from bylaw.facts.documents.node import Node
from bylaw.facts.lineage import documents_of, wrote_nothing
from bylaw.facts.said import said

ColumnEdge: TypeAlias = dict[str, Any]

MAX_COLUMN_EDGES = 100_000

# From what shows everything to what shows least; a word that nobody knows shows everything.
_TAKES_AWAY = ("IDENTITY", "TRANSFORMATION", "AGGREGATION")
_OLD_MASKED = "MASKED"


def read_column_lineage(content: bytes, *, file: str) -> list[ColumnEdge]:
    """
    The column edges that a file states; none where it states none.

    Raises:
        InputError: It cannot be read, or a facet has another shape than the specification's.
        InputTooLarge: More than ``MAX_COLUMN_EDGES``.
    """
    edges: list[ColumnEdge] = []
    for document in documents_of(content, file=file):
        for edge in _edges(document):
            edges.append(edge)
            if len(edges) > MAX_COLUMN_EDGES:
                where = document.reading.document.location()
                raise InputTooLarge(f"more than {MAX_COLUMN_EDGES} edges of columns", location=where)
    return edges


def _edges(top: Node) -> Iterator[ColumnEdge]:
    events = top.listed() if isinstance(top.value, list) else [top]
    for event in events:
        if isinstance(event.value, dict) and not wrote_nothing(event):
            for dataset in _written(event):
                yield from _of_dataset(dataset)


def _written(event: Node) -> Iterator[Node]:
    """Of a run event its outputs; of a dataset event its dataset."""
    if isinstance(event.value, dict) and isinstance(event.value.get("outputs"), list):
        yield from event.elements("outputs")
    if (dataset := event.get("dataset")) is not None and isinstance(dataset.value, dict):
        yield dataset


def _of_dataset(dataset: Node) -> Iterator[ColumnEdge]:
    target = dataset.text("name")
    facets = dataset.get("facets")
    facet = facets.get("columnLineage") if facets is not None else None
    if target is None or facet is None:
        return
    for name, field in facet.members("fields"):
        for source in field.elements("inputFields"):
            dataset_name, source_field = source.text("name"), source.text("field")
            if dataset_name is None or source_field is None:
                raise source.wrong("a source with name and field")
            yield {
                "source_dataset": dataset_name,
                "source_field": source_field,
                "target_dataset": target,
                "target_field": name,
                **_transformation(source, field),
            }


def _transformation(source: Node, field: Node) -> dict[str, Any]:
    stated = source.elements("transformations")
    if not stated:  # before 1-1-0 one of the whole field
        old = field.text("transformationType")
        return said(transformation=(old or "").upper(), masking=None if old is None else old.upper() == _OLD_MASKED)
    direct = [each for each in stated if (each.text("type") or "DIRECT").upper() != "INDIRECT"]
    counted = direct or stated
    least = min(counted, key=_takes_away)
    return said(
        transformation=(least.text("subtype") or "").upper(),
        direct=bool(direct),
        masking=all(each.flag("masking") is True for each in counted),
    )


def _takes_away(transformation: Node) -> int:
    word = (transformation.text("subtype") or "").upper()
    return _TAKES_AWAY.index(word) if word in _TAKES_AWAY else 0


def sources_of(products: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the fields of products in the normal form are, as ``input.lineage.sources``."""
    return [entry for product in products for entry in _of_product(product)]


def _of_product(product: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    key = "/".join(part for part in (product.get("domain"), product.get("name")) if part)
    for thing in product.get("contract", {}).get("schema", ()):
        for name, field in _below(thing.get("fields", ())):
            yield said(
                product=key,
                object=thing["name"],
                dataset=thing.get("physical_name"),
                name=name,
                product_classification=product.get("classification"),
                classification=field.get("classification"),
                personal=field.get("personal"),
                categories=field.get("categories"),
                tags=field.get("tags"),
            )


def fields_of(product: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every field, nested ones included, with its dotted name below its object."""
    for thing in product.get("contract", {}).get("schema", ()):
        yield from _below(thing.get("fields", ()))


def _below(fields: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    pending = [(field["name"], field) for field in reversed(list(fields))]
    while pending:
        name, field = pending.pop()
        yield name, field
        pending += [(f"{name}.{below['name']}", below) for below in reversed(field.get("fields", ()))]
