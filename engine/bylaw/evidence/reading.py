"""
From bytes to a report. A report is recognised by what only its tool writes; what fits no form, and a version that is
not known, is refused with what was seen, because a guess could turn into a pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bylaw.errors import InputError, InputTooLarge, Location, MalformedInput, UnrecognisedDocument
from bylaw.evidence import bylaw_evidence, oors, prometheus
from bylaw.evidence.datacontract_cli import is_datacontract_run, read_datacontract_run
from bylaw.evidence.dbt import dbt_artifact, is_dbt, read_results
from bylaw.evidence.dbt_manifest import read_manifest
from bylaw.evidence.deequ import is_deequ, read_deequ
from bylaw.evidence.envelope import EvidenceKey, is_envelope, opened
from bylaw.evidence.great_expectations import is_checkpoint, is_validation, read_great_expectations
from bylaw.evidence.openlineage import is_event, read_openlineage
from bylaw.evidence.report import Report
from bylaw.evidence.soda import is_soda, read_soda
from bylaw.facts.documents.document import Document, Pointer, Value
from bylaw.facts.documents.json_text import read_json
from bylaw.facts.documents.node import Node, Reading
from bylaw.facts.documents.text import MAX_BYTES, read_documents

MAX_LINES = 100_000


def read_report(content: bytes, *, file: str, keys: Mapping[str, EvidenceKey] | None = None) -> Iterator[Report]:
    """
    The reports in a file: one, or of a YAML stream as many as there are documents. ``keys`` are those of the producers,
    by their names; a signed report says in ``signed`` what became of its signature, and is read whatever that was.

    Raises:
        InputError: What it is cannot be told, or it is not what it says it is.
    """
    yield from _reports(content, file, keys or {}, is_signed=False)


def _reports(content: bytes, file: str, keys: Mapping[str, EvidenceKey], *, is_signed: bool) -> Iterator[Report]:
    if len(content) > MAX_BYTES:
        raise InputTooLarge(f"{len(content)} bytes, at most {MAX_BYTES} are read", location=Location(file, 1))
    text = _text(content)
    if text is not None and prometheus.is_exposition(text):
        yield prometheus.read_exposition(text, file=file)
        return
    if text is not None and _are_lines(text):
        yield read_openlineage(Reading(_lines(text, file=file)).top())
        return
    # What was signed is told by its content: the envelope's name says nothing of what is in it.
    for document in read_documents(content, file="" if is_signed else file):
        if not is_envelope(document.value):
            yield replace(report_of(Reading(document).top()), file=file)
        elif is_signed:
            raise UnrecognisedDocument("an envelope in an envelope", location=Location(file, 1))
        else:
            yield from _signed(document, file, keys)


def _signed(document: Document, file: str, keys: Mapping[str, EvidenceKey]) -> Iterator[Report]:
    envelope = opened(document, keys)
    places = _Around(document)
    try:
        for report in _reports(envelope.payload, file, keys, is_signed=True):
            yield replace(report, signed=envelope.signed, producer=envelope.producer, places=places)
    except InputError as error:
        raise type(error)(f"in the envelope: {error.message}", location=places.location()) from error


def report_of(top: Node) -> Report:
    """
    The report that stands here.

    Raises:
        UnrecognisedDocument: No form that is known here.
        WrongShape: A known form, and something in it that is of another shape.
    """
    value = top.value
    if isinstance(value, list):
        if value and all(is_event(event) for event in value):
            return read_openlineage(top)
        if is_deequ(value):
            return read_deequ(top)
    elif isinstance(value, dict):
        if bylaw_evidence.is_evidence(top):
            return bylaw_evidence.read_evidence(top, report_of)
        for is_form, read in _FORMS:
            if is_form(top):
                return read(top)
    raise UnrecognisedDocument(_seen(value), location=top.reading.document.location(top.pointer))


def _dbt(top: Node) -> Report:
    artifact, version = dbt_artifact(top)
    return read_manifest(top, version) if artifact == "manifest" else read_results(top, artifact, version)


_FORMS = (
    (lambda top: top.mapping().get("kind") == oors.KIND, oors.read_oors),
    (is_dbt, _dbt),
    (is_soda, read_soda),
    (is_datacontract_run, read_datacontract_run),
    (lambda top: is_event(top.value), read_openlineage),
    (prometheus.is_api_answer, prometheus.read_api_answer),
    (is_checkpoint, read_great_expectations),
    (is_validation, read_great_expectations),
)


@dataclass(frozen=True, slots=True)
class _Around:
    """What a signature covers is one text in base64: everything in it stands where that stands."""

    document: Document

    def location(self, pointer: Pointer = ()) -> Location:  # noqa: ARG002 - the way inside has no place outside
        return self.document.location(("payload",))


@dataclass(frozen=True, slots=True)
class _LinePositions:
    """Of a list whose elements stand one a line: each where its line is."""

    rows: tuple[int, ...]

    def at(self, pointer: Pointer) -> tuple[int, int]:
        return (self.rows[int(pointer[0])] if pointer and int(pointer[0]) < len(self.rows) else 1), 1


def _are_lines(text: str) -> bool:
    """Whether a first line is an event and another follows: JSON with line breaks inside has none such."""
    first, _, rest = text.lstrip().partition("\n")
    if not (first.startswith("{") and rest.lstrip().startswith("{")):
        return False
    try:
        return is_event(json.loads(first))
    except (ValueError, RecursionError):
        return False


def _lines(text: str, *, file: str) -> Document:
    """JSON, a value a line."""
    values: list[Value] = []
    rows: list[int] = []
    for row, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            if len(rows) >= MAX_LINES:
                raise InputTooLarge(f"more than {MAX_LINES} lines", location=Location(file, row))
            values.append(_line(line, Location(file, row)))
            rows.append(row)
    if not values or not all(is_event(value) for value in values):
        raise UnrecognisedDocument("lines that are no events of OpenLineage", location=Location(file, 1))
    return Document(file, 0, values, _LinePositions(tuple(rows)))


def _line(line: str, place: Location) -> Value:
    try:
        return read_json(line, file=place.file).value
    except MalformedInput as error:
        raise MalformedInput(error.message, location=place) from error


def _text(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None  # `read_documents` says where


def _seen(value: Value) -> str:
    match value:
        case {"kind": kind, "apiVersion": version}:
            return f"kind {json.dumps(kind)} with apiVersion {json.dumps(version)} is no report that is read here"
        case dict() if value:
            keys = ", ".join(repr(key) for key in list(value)[:6])
            return f"a mapping with {keys}{', …' if len(value) > 6 else ''} is no report that is read here"
        case list() if value:
            return "a list, and neither OpenLineage's events nor Deequ's results"
        case _:
            return "nothing that a tool reports"
