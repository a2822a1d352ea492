"""
What a document is, and from there to its facts. A document is recognised by what only documents of its form say; what
fits no form is refused with what was seen, because a guess could turn into a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import ValidationError

from bylaw.errors import InputError, UnrecognisedDocument, WrongShape
from bylaw.facts.documents.document import Document, Pointer
from bylaw.facts.documents.node import Node, Reading, Remark
from bylaw.facts.documents.text import read_documents
from bylaw.facts.gathered import PROVISIONING, PUBLICATION, DocumentSources, Facts, NotRead, RecordedSources
from bylaw.facts.infrastructure import kubernetes, terraform
from bylaw.facts.look_alikes import with_readings
from bylaw.facts.product import Product
from bylaw.facts.said import said
from bylaw.facts.seeds import seed_contracts, seed_domains, seed_products
from bylaw.facts.standards import bylaw_product, dcs, odcs, odps
from bylaw.facts.unrecognised import is_of_opendataproducts, seen

_LISTS = ("output_ports", "input_ports", "access_policies", "element_levels")
"""Lists of a product whose elements have paths."""

Reader: TypeAlias = Callable[[Node], dict[str, Any]]

# The forms without a marker of their own, by the keys that only they have; the first that fits is meant.
FORMS: tuple[tuple[str, frozenset[str], Reader], ...] = (
    ("seed json-contract", frozenset({"data_product_contract"}), seed_contracts.read_json_contract),
    ("seed event-stream", frozenset({"serving_infrastructure"}), seed_contracts.read_event_stream),
    ("seed data-contract", frozenset({"product", "schema"}), seed_contracts.read_sectioned_contract),
    ("seed product-manifest", frozenset({"product_name"}), seed_products.read_manifest),
    ("seed data-product", frozenset({"data_contract", "name"}), seed_products.read_catalogued_product),
    ("seed data-product", frozenset({"product_id", "name"}), seed_products.read_catalogued_product),
    ("seed output-ports", frozenset({"data_product", "output_ports"}), seed_contracts.read_ports_contract),
    ("seed output-ports", frozenset({"name", "domain", "output_ports"}), seed_contracts.read_ports_contract),
    ("seed product-contract", frozenset({"data_product", "schema"}), seed_contracts.read_product_contract),
)


def gather(content: bytes, *, file: str) -> Iterator[Facts | InputError]:
    """
    The facts of every document in a file, in order; for a document that cannot be read or recognised, why.

    Raises:
        InputError: The file as a whole cannot be read, so there are no documents to speak of.
    """
    for document in read_documents(content, file=file):
        try:
            yield from facts_of(document)
        except InputError as error:
            yield error


def facts_of(document: Document) -> Iterator[Facts]:
    """
    The facts of one document: one set for most, one each for a file with many products or a list of objects.

    Raises:
        UnrecognisedDocument: No form that is known here.
        WrongShape: A known form, and something in it that is of another shape.
    """
    top = Reading(document).top()
    if not isinstance(document.value, dict) or not document.value:
        raise UnrecognisedDocument(seen(document.value), location=document.location())
    kind = document.value.get("kind")
    if kind == "DataContract":
        yield _odcs(top)
    elif "dataContractSpecification" in document.value:
        yield _dcs(top)
    elif odps.is_data_product(top):
        yield _odps(top)
    elif document.value.get("apiVersion") == bylaw_product.API_VERSION and kind == bylaw_product.KIND:
        yield _product(top, "bylaw product", bylaw_product.read_product(top))
    elif kubernetes.is_kubernetes(top):
        yield from _kubernetes(top)
    elif terraform.is_terraform(top):
        yield _terraform(top)
    elif kind is None and isinstance(document.value.get("domains"), dict):
        yield from _domains(top)
    elif kind is None and bylaw_product.is_decision_input(top):
        yield _decision_input(top)
    else:
        yield _seed(top)


def _odcs(top: Node) -> Facts:
    version = (top.text("apiVersion") or "").removeprefix("v")
    if version not in odcs.VERSIONS:
        known = f"{odcs.VERSIONS[0]} to {odcs.VERSIONS[-1]}"
        raise _unrecognised(top, "apiVersion", f"a DataContract of version {version or 'none'}; {known} are read")
    return _product(top, f"odcs {version}", odcs.read_odcs(top, version))


def _dcs(top: Node) -> Facts:
    version = top.text("dataContractSpecification") or ""
    if version not in dcs.VERSIONS:
        known = f"{dcs.VERSIONS[0]} to {dcs.VERSIONS[-1]}"
        reason = f"a Data Contract Specification of version {version or 'none'}; {known} are read"
        raise _unrecognised(top, "dataContractSpecification", reason)
    return _product(top, f"dcs {version}", dcs.read_dcs(top, version))


def _odps(top: Node) -> Facts:
    version = (top.text("apiVersion") or "").removeprefix("v")
    if version not in odps.VERSIONS:
        known = f"{odps.VERSIONS[0]} to {odps.VERSIONS[-1]}"
        raise _unrecognised(top, "apiVersion", f"a DataProduct of version {version}; {known} are read")
    return _product(top, f"odps {version}", odps.read_odps(top, version))


def _kubernetes(top: Node) -> Iterator[Facts]:
    document = top.reading.document
    kubernetes.require_clear_flags(document)
    for recognised_as, manifest in kubernetes.read_manifests(top):
        part = _PartOf(manifest)
        yield Facts(recognised_as, PROVISIONING, kubernetes.manifest_input(manifest.value), document, part)


def _terraform(top: Node) -> Facts:
    recognised_as, plan_input = terraform.read_plan(top)
    document = top.reading.document
    return Facts(recognised_as, PROVISIONING, plan_input, document, DocumentSources(document.value))


def _domains(top: Node) -> Iterator[Facts]:
    products = list(seed_domains.products_of_domains(top))
    if not products:
        raise UnrecognisedDocument(
            "domain definitions without a data product", location=top.reading.document.location()
        )
    for found in products:
        product = Node(Reading(found.reading.document), found.value, found.pointer)
        yield _product(product, "seed domain-definitions", seed_domains.read_domain_product(product))


def _decision_input(top: Node) -> Facts:
    facts = _product(top, "bylaw product", bylaw_product.read_product(top["product"]))
    beside = {key: value for key, value in top.mapping().items() if key not in ("product", "previous")}
    previous = top.get("previous")
    if previous is not None:
        released = Node(Reading(top.reading.document), previous.value, previous.pointer)
        beside["previous"] = _normal_form(released, bylaw_product.read_product(released)).to_input()
    return Facts(
        facts.recognised_as, facts.kind, {**facts.input, **beside}, facts.document, facts.sources, facts.not_read
    )


def _seed(top: Node) -> Facts:
    keys = top.mapping().keys()
    if "kind" not in keys and "apiVersion" not in keys and not is_of_opendataproducts(top.value):
        for recognised_as, wanted, read in FORMS:
            if wanted <= keys:
                return _product(top, recognised_as, read(top))
    raise UnrecognisedDocument(seen(top.value), location=top.reading.document.location())


def _product(top: Node, recognised_as: str, facts: dict[str, Any]) -> Facts:
    reading = top.reading
    contract = facts.get("contract")
    if isinstance(contract, dict):
        read = {**contract, "schema": with_readings(contract["schema"])} if contract.get("schema") else contract
        facts = {**facts, "contract": {**read, **_remarks(reading)}}
    product = _normal_form(top, facts).to_input()
    sources = RecordedSources({"product": top.pointer, **_implied(reading.sources, product), **reading.sources})
    return Facts(recognised_as, PUBLICATION, {"product": product}, reading.document, sources, tuple(reading.not_read))


def _implied(sources: Mapping[str, Pointer], product: Mapping[str, Any]) -> dict[str, Pointer]:
    """
    Places that follow from others: what a contract and its product have in common is said in one of them, and a list
    stands around its first element.
    """
    places: dict[str, Pointer] = {}
    for key in ("name", "version", "status", "description"):
        if (place := sources.get(f"product.{key}")) is not None:
            places[f"contract.{key}"] = place
    contract = product.get("contract", {})
    for path, listed in (
        *((f"product.{name}", product.get(name)) for name in _LISTS),
        ("contract.schema", contract.get("schema")),
    ):
        if listed and (place := sources.get(listed[0].get("path", ""))):
            places[path] = place[:-1]
    return places


def _remarks(reading: Reading) -> dict[str, Any]:
    """What the reader noticed, for rules to judge."""

    def listed(remarks: Iterable[NotRead | Remark]) -> list[dict[str, str]]:
        return [{"path": remark.path, "reason": remark.reason} for remark in remarks]

    return said(
        unread=listed(reading.not_read),
        lacks=listed(reading.lacking),
        contradictions=listed(reading.contradictions),
    )


def _normal_form(top: Node, facts: dict[str, Any]) -> Product:
    try:
        product = Product.model_validate(facts)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        location = top.reading.document.location(_best_pointer(top, first["loc"]))
        raise WrongShape(f"{where}: {first['msg']}", location=location) from error
    require_distinct_names(top, product)
    return product


def require_distinct_names(top: Node, product: Product) -> None:
    """Two fields (or objects, or ports) of one path contradict each other, and every rule would see only one."""
    seen: set[str] = set()
    objects = product.contract.objects if product.contract else ()
    pending: list[Any] = [*objects, *(product.output_ports or ())]
    while pending:
        thing = pending.pop()
        if thing.path in seen:
            location = top.reading.document.location(top.reading.sources.get(thing.path, ()))
            raise WrongShape(f"{thing.path} is described twice", location=location)
        seen.add(thing.path)
        pending += getattr(thing, "fields", ())


class _PartOf:
    """Sources of an object inside a document: its own paths, below where it stands."""

    def __init__(self, node: Node) -> None:
        self._inner = DocumentSources(node.value)
        self._above = node.pointer

    def pointer(self, path: str) -> tuple[str | int, ...]:
        return (*self._above, *self._inner.pointer(path.removeprefix("manifest.")))


def _best_pointer(top: Node, steps: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """As far as the normal form's own way exists in the document too."""
    pointer, value = top.pointer, top.value
    for step in steps:
        try:
            value = value[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
        pointer = (*pointer, step)
    return pointer


def _unrecognised(top: Node, key: str, reason: str) -> UnrecognisedDocument:
    return UnrecognisedDocument(reason, location=top.reading.document.location((key,)))
