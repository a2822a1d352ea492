"""
Who is made of what: edges between products (``domain/name``) or datasets (by name), as ``input.lineage.products``.

Read from OpenLineage events (one, a list, or one a line) and from Bylaw's own form, ``lineage: [{source, target}]``, as
the registry publishes it; and from what products say of themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bylaw.errors import InputTooLarge, UnrecognisedDocument
from bylaw.facts.documents.node import Node, Reading
from bylaw.facts.documents.text import read_documents

Edge = dict[str, str]

MAX_EDGES = 100_000

_NOTHING_WRITTEN = frozenset({"FAIL", "ABORT"})


def read_lineage(content: bytes, *, file: str) -> list[Edge]:
    """
    The edges that a file states, each once.

    Raises:
        InputError: It cannot be read, or states no lineage in a form that is known here.
        InputTooLarge: More than ``MAX_EDGES``.
    """
    edges: dict[tuple[str, str], Edge] = {}
    for top in documents_of(content, file=file):
        for edge in _edges(top):
            edges[edge["source"], edge["target"]] = edge
            if len(edges) > MAX_EDGES:
                where = top.reading.document.location()
                raise InputTooLarge(f"more than {MAX_EDGES} edges of lineage", location=where)
    return list(edges.values())


def documents_of(content: bytes, *, file: str) -> Iterator[Node]:
    """The tops of its documents: one, several, or one a line."""
    for text in _texts(content):
        for document in read_documents(text, file=file):
            yield Reading(document).top()


def wrote_nothing(event: Node) -> bool:
    """A run that failed made nothing of its inputs."""
    return event.text("eventType") in _NOTHING_WRITTEN


def edges_of_products(products: Iterable[Mapping[str, Any]]) -> Iterator[Edge]:
    """What products in the normal form say they are made of: their dependencies, and the contracts they consume."""
    known = list(products)
    by_contract = {
        product["contract"]["id"]: _key(product) for product in known if product.get("contract", {}).get("id")
    }
    for product in known:
        ports = product.get("input_ports", ())
        consumed = [port.get("product") or by_contract.get(port.get("contract_id", "")) for port in ports]
        for source in {*product.get("dependencies", ()), *(each for each in consumed if each)}:
            if (target := _key(product)) and source != target:
                yield {"source": source, "target": target}


def _key(product: Mapping[str, Any]) -> str:
    return "/".join(part for part in (product.get("domain"), product.get("name")) if part)


def _edges(top: Node) -> Iterator[Edge]:
    if isinstance(top.value, list):
        for event in top.listed():
            yield from _of_event(event)
    elif isinstance(top.value, dict) and "lineage" in top.value:
        for edge in top.elements("lineage"):
            source, target = edge.text("source"), edge.text("target")
            if source is None or target is None:
                raise edge.wrong("an edge with source and target")
            yield {"source": source, "target": target}
    else:
        yield from _of_event(top)


def _of_event(event: Node) -> Iterator[Edge]:
    """Of an OpenLineage event (https://openlineage.io/spec) that reads and writes."""
    if not {"inputs", "outputs", "job", "dataset"} & event.mapping().keys() or "eventTime" not in event.mapping():
        reason = "no lineage: neither an OpenLineage event nor a list under `lineage`"
        raise UnrecognisedDocument(reason, location=event.reading.document.location(event.pointer))
    if wrote_nothing(event):
        return
    sources = [name for dataset in event.elements("inputs") if (name := dataset.text("name"))]
    targets = [name for dataset in event.elements("outputs") if (name := dataset.text("name"))]
    yield from ({"source": source, "target": target} for source in sources for target in targets if source != target)


def _texts(content: bytes) -> list[bytes]:
    """The lines, where each is a JSON object of its own; else all of it."""
    lines = [line for line in content.splitlines() if line.strip()]
    alone = len(lines) > 1 and all(line.lstrip()[:1] == b"{" and line.rstrip()[-1:] == b"}" for line in lines)
    return lines if alone else [content]
