"""
One run: every file gathered, every document in it decided by one law at one instant.

A file is *denied* when one of its documents is, and *undecided* when one of them could not be decided, whatever became
of the others: an unread document beside a good one must not hide behind it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import orjson

from bylaw.decision import Allowed, Denied, Quality, Undecided, entrypoint, read_decision
from bylaw.errors import BylawError, EvaluationFailed, InputError
from bylaw.facts.agreement import Statement, disagreements, statement
from bylaw.facts.documents.node import Remark
from bylaw.facts.gathered import PUBLICATION, Facts
from bylaw.facts.lineage import Edge
from bylaw.facts.recognise import gather
from bylaw.ports import DEFAULT_DEADLINE_SECONDS, Snapshot
from bylaw_adapters.ci.asking import Answer, Asking, Question, results_of
from bylaw_adapters.ci.column_sources import ColumnSources
from bylaw_adapters.ci.files import STDIN, STDIN_NAME, read_file
from bylaw_adapters.ci.findings import Finding, Place, findings_of, note, nowhere_else, undecided

if TYPE_CHECKING:
    from bylaw_adapters.ci.evidence import HandedIn
    from bylaw_adapters.ci.released import Release, Released

Verdict = Literal["allow", "deny", "undecided"]
Contradictions: TypeAlias = Mapping[tuple[str, int], Sequence[Remark]]

_NONE: Contradictions = {}

MAX_WORKERS = 8
"""Each may hold one of the largest documents that are read."""

_UNRECOGNISED = "unrecognised"
_NO_RELEASE = "no_release"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A row of the report."""

    path: str
    recognised_as: str
    decision: Verdict
    findings: tuple[Finding, ...]
    quality: tuple[JudgedData, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedData:
    """What becomes of the data of a product that was judged by its evidence."""

    product: str
    quality: Quality

    def to_json(self) -> dict[str, Any]:
        return {"product": self.product, **asdict(self.quality)}


@dataclass(frozen=True, slots=True)
class _Answer:
    verdict: Verdict
    findings: list[Finding]
    quality: Quality | None = None


@dataclass(frozen=True, slots=True)
class Learnt:
    """What only all files together can be asked."""

    succeeded: set[int] = field(default_factory=set)
    """Releases that one of the files is a next version of, by ``id``."""
    statements: list[Statement] = field(default_factory=list)
    """What each document says of its product, to be compared when all were read."""

    def add(self, other: Learnt) -> None:
        self.succeeded.update(other.succeeded)
        self.statements.extend(other.statements)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run is made with; the same for all its files."""

    snapshot: Snapshot
    at_ns: int
    kind: str | None = None
    released: Released | None = None
    lineage: tuple[Edge, ...] = ()
    columns: ColumnSources = field(default_factory=ColumnSources)
    evidence: HandedIn | None = None
    deadline_seconds: float = DEFAULT_DEADLINE_SECONDS
    learnt: Learnt = field(default_factory=Learnt)
    _standard_input: list[bytes] = field(default_factory=list)
    """What came in by it: it cannot be read again."""

    def check(self, path: str, *, contradictions: Contradictions = _NONE) -> CheckedFile:
        """
        Gather and decide one file; ``contradictions`` is what others say otherwise, by the file and which of its
        products it is. Never raises what is the file's fault.
        """
        (checked,) = results_of([self._check(path, contradictions)], self._evaluate)
        return checked

    def check_together(self, paths: Sequence[str]) -> list[CheckedFile]:
        """As ``check``, for some files at once, which are all held at once."""
        return results_of([self._check(path, _NONE) for path in paths], self._evaluate)

    def _check(self, path: str, contradictions: Contradictions) -> Asking[CheckedFile]:
        name = STDIN_NAME if path == STDIN else path
        try:
            gathered = list(gather(self._content(path), file=name))
        except InputError as error:
            return CheckedFile(name, _UNRECOGNISED, "undecided", (undecided(error),))
        documents: list[CheckedFile] = []
        for ordinal, document in enumerate(gathered):
            contradicted = _contradicted(document, contradictions.get((name, ordinal), ()))
            documents.append((yield from self._document(contradicted, ordinal)))
        return _file(name, documents)

    def check_all(self, paths: Iterable[str]) -> list[CheckedFile]:
        """Every file, in the order given, side by side: evaluation does not hold the interpreter."""
        with ThreadPoolExecutor(max_workers=min(MAX_WORKERS, os.cpu_count() or 1)) as workers:
            checked = list(workers.map(self.check, paths))
        return self.finished(checked)

    def finished(self, checked: list[CheckedFile]) -> list[CheckedFile]:
        """Once all files are checked: what they say of each other, of releases and of evidence as well."""
        checked = self._compared(checked)
        gone = results_of([self._gone(release) for release in self._without_successor()], self._evaluate)
        return [*checked, *gone, *self._unread_evidence()]

    def _compared(self, checked: list[CheckedFile]) -> list[CheckedFile]:
        """Documents that contradict each other are decided again, each with what the other says as a fact."""
        contradictions = disagreements(self.learnt.statements)
        files = {file for file, _ in contradictions}
        return [
            self.check(STDIN if file.path == STDIN_NAME else file.path, contradictions=contradictions)
            if file.path in files
            else file
            for file in checked
        ]

    def _content(self, path: str) -> bytes:
        if path != STDIN:
            return read_file(path)
        if not self._standard_input:
            self._standard_input.append(read_file(path))
        return self._standard_input[0]

    def _document(self, gathered: Facts | InputError, ordinal: int) -> Asking[CheckedFile]:
        if isinstance(gathered, InputError):
            return CheckedFile("", _UNRECOGNISED, "undecided", (undecided(gathered),))
        if gathered.kind == PUBLICATION:
            self.learnt.statements.append(statement(gathered, ordinal))
        try:
            answer = yield from self._decide(gathered)
        except BylawError as error:
            answer = _Answer("undecided", [undecided(error, location=gathered.location(""))])
        data = (JudgedData(_named(gathered), answer.quality),) if answer.quality else ()
        return CheckedFile("", gathered.recognised_as, answer.verdict, tuple(answer.findings), data)

    def _decide(self, facts: Facts) -> Asking[_Answer]:
        given, notes = self._input(facts)
        evidence = self.evidence.about(facts.input) if self.evidence is not None and facts.kind == PUBLICATION else None
        if evidence is not None:
            given["quality"] = evidence.quality
        place = evidence.place if evidence is not None else nowhere_else
        answer = yield from self._ask(self.kind or facts.kind, given, facts, place)
        return replace(answer, findings=[*answer.findings, *notes])

    def _ask(self, kind: str, given: Mapping[str, Any], facts: Facts, place: Place = nowhere_else) -> Asking[_Answer]:
        answer = yield Question(entrypoint(kind), _text_of(given))
        match read_decision(answer):
            case Undecided(code=code, reason=reason):
                raise EvaluationFailed(reason, code=code)
            case Allowed(document=document):
                return _answer("allow", document, given, findings_of(facts, document, place))
            case Denied(document=document):
                return _answer("deny", document, given, findings_of(facts, document, place))

    def _evaluate(self, question: Question) -> Answer:
        return self.snapshot.evaluate(
            question.entrypoint, question.input_json, at_ns=self.at_ns, deadline_seconds=self.deadline_seconds
        )

    def _input(self, facts: Facts) -> tuple[dict[str, Any], list[Finding]]:
        """The facts, and those that come from lineage and from comparing with the released version."""
        given = dict(facts.input)
        if facts.kind == PUBLICATION and (edges := self._edges()):
            given["lineage"] = {**given.get("lineage", {}), "products": edges}
        if facts.kind == PUBLICATION and (columns := self.columns.of(given["product"])):
            given["lineage"] = {**columns, **given.get("lineage", {})}
        if "previous" in given and "schema" not in given:
            given["schema"] = _changes(given["previous"], given["product"])
        if self.released is None:
            return given, []
        if facts.kind != PUBLICATION:
            message = "only products are compared with a release"
            return given, [note(_NO_RELEASE, message, location=facts.location(""))]
        release = self.released.of(facts.input["product"], file=facts.document.file)
        if release is None:
            message = f"no release of this product in {self.released.path}: there is nothing to compare it with"
            return given, [note(_NO_RELEASE, message, location=facts.location(""))]
        self.learnt.succeeded.update(id(version) for version in self.released.versions(release))
        changes = {"previous": release.product, "schema": _changes(release.product, facts.input["product"])}
        return {**given, **changes}, []

    def _edges(self) -> list[Edge]:
        return [*self.lineage, *(self.released.edges if self.released else ())]

    def _without_successor(self) -> list[Release]:
        releases = self.released.releases if self.released else ()
        return [release for release in releases if release.expected and id(release) not in self.learnt.succeeded]

    def _gone(self, release: Release) -> Asking[CheckedFile]:
        """A released product that none of the files is about any more, by the rules of the kind ``schema``."""
        facts = release.facts
        given: dict[str, Any] = {"product": release.product, **release.gone()}
        if edges := self._edges():
            given["lineage"] = {"products": edges}
        try:
            answer = yield from self._ask("schema", given, facts)
        except BylawError as error:
            answer = _Answer("undecided", [undecided(error, location=facts.location(""))])
        return CheckedFile(release.shown_as, facts.recognised_as, answer.verdict, tuple(answer.findings))

    def _unread_evidence(self) -> list[CheckedFile]:
        unread = self.evidence.unread if self.evidence is not None else ()
        return [CheckedFile(path, _UNRECOGNISED, "undecided", (undecided(error),)) for path, error in unread]


def _contradicted(gathered: Facts | InputError, remarks: Sequence[Remark]) -> Facts | InputError:
    """The facts with what others say otherwise among them."""
    if isinstance(gathered, InputError) or not remarks:
        return gathered
    said = [{"path": remark.path, "reason": remark.reason} for remark in remarks]
    product = {**gathered.input["product"], "contradictions": said}
    return replace(gathered, input={**gathered.input, "product": product})


def _text_of(given: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(given)
    except orjson.JSONEncodeError:  # numbers beyond 64 bits, halves of characters
        return json.dumps(given, separators=(",", ":"), allow_nan=False).encode()


def _changes(previous: Mapping[str, Any], product: Mapping[str, Any]) -> dict[str, Any]:
    from bylaw.changes.released import schema_facts  # noqa: PLC0415 - most runs compare nothing

    return schema_facts(previous, product)


def _file(path: str, documents: list[CheckedFile]) -> CheckedFile:
    verdicts = {document.decision for document in documents}
    worst: Verdict = next((verdict for verdict in ("undecided", "deny") if verdict in verdicts), "allow")
    kinds = dict.fromkeys(document.recognised_as for document in documents)
    findings = sorted((finding for document in documents for finding in document.findings), key=lambda row: row.order)
    quality = tuple(judged for document in documents for judged in document.quality)
    return CheckedFile(path, ", ".join(kinds), worst, tuple(findings), quality)


def _answer(verdict: Verdict, document: Mapping[str, Any], given: Mapping[str, Any], found: list[Finding]) -> _Answer:
    return _Answer(verdict, found, Quality.of(document) if "quality" in given else None)


def _named(facts: Facts) -> str:
    product = facts.input.get("product", {})
    return "/".join(str(product[key]) for key in ("domain", "name") if key in product) or facts.document.file
