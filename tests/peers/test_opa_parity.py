"""
Policy parity: the bundles as they are released give the same bytes in an unmodified OPA and in our service.

Each recorded question (``record_inputs.py`` says how they come about) and the facts of every example document go to
both; the ``result`` member must agree byte for byte, and what is an error in one must be an error in the other.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from json.decoder import JSONDecoder
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bylaw.changes.released import schema_facts
from bylaw.decision import entrypoint
from bylaw.errors import InputError
from bylaw.facts.recognise import gather

if TYPE_CHECKING:
    from tests.peers.conftest import Answer, Server, StartServer

pytestmark = pytest.mark.peers

REPOSITORY = Path(__file__).resolve().parents[2]
RECORDED = Path(__file__).parent / "recorded_inputs"
EXAMPLES = (
    REPOSITORY / "bundles",
    REPOSITORY / "conftest" / "examples",
    REPOSITORY / "tests" / "unit" / "facts" / "documents",
)
NOW = "{{now}}"  # as record_inputs.py writes it
DOCUMENT_SUFFIXES = frozenset({".yaml", ".yml", ".json"})


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    entrypoint: str
    body: bytes


def recorded_questions() -> Iterator[Question]:
    for file in sorted(RECORDED.glob("*.jsonl")):
        # Not splitlines(): an input may hold characters that Python takes for line ends.
        for line in file.read_text(encoding="utf-8").rstrip("\n").split("\n"):
            record = json.loads(line)
            yield Question(record["id"], record["entrypoint"], _body(record["input"]))


def example_questions() -> Iterator[Question]:
    """The facts of every document there is to be judged: of the example mesh, of conftest's examples, of each form."""
    for folder in EXAMPLES:
        for file in sorted(path for path in folder.rglob("*") if path.suffix in DOCUMENT_SUFFIXES):
            yield from _questions_about(file)


def _questions_about(file: Path) -> Iterator[Question]:
    name = file.relative_to(REPOSITORY).as_posix()
    with suppress(InputError):  # a file that cannot be read asks nothing
        for number, facts in enumerate(gather(file.read_bytes(), file=name)):
            if isinstance(facts, InputError):
                continue
            yield Question(f"{name}#{number}", entrypoint(facts.kind), _body(facts.input))


def change_questions() -> Iterator[Question]:
    """From each example product to the next, as if that were its next version; each kind of difference by itself."""
    asked = [json.loads(question.body)["input"] for question in example_questions()]
    products = [given["product"] for given in asked if "product" in given]
    for number, (previous, product) in enumerate(zip(products, [*products[1:], products[0]], strict=True)):
        known = {key: previous[key] for key in ("domain", "name") if key in previous}
        current = {key: value for key, value in product.items() if key not in ("domain", "name")} | known
        edge = {"source": "/".join(known.values()), "target": "analytics/churn"}
        changes = {"previous": previous, "schema": schema_facts(previous, current), "lineage": {"products": [edge]}}
        yield Question(f"change {number}", entrypoint("publication"), _body({"product": current, **changes}))
    schema = json.loads((REPOSITORY / "rego" / "schemas" / "input.schema.json").read_bytes())
    difference = schema["properties"]["schema"]["properties"]["differences"]["items"]["properties"]
    for kind in difference["type"]["enum"]:
        said = {"type": kind, "path": "product", "subject": "it", "field": "f", "from": "restricted", "to": "retired"}
        differences = [{**said, "direction": direction} for direction in difference["direction"]["enum"]]
        changes = {"previous": products[0], "schema": {"type": "CONTRACT", "differences": differences}}
        yield Question(f"change of {kind}", entrypoint("publication"), _body({"product": products[0], **changes}))


def _body(question: Any) -> bytes:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"input": question}, ensure_ascii=False, separators=(",", ":")).replace(NOW, now).encode()


QUESTIONS = list(recorded_questions())
EXAMPLE_QUESTIONS = list(example_questions())
CHANGE_QUESTIONS = list(change_questions())


@pytest.fixture(scope="module")
def opa(start_opa: StartServer, built_bundles: Mapping[str, Path]) -> Server:
    return start_opa(list(built_bundles.values()))


@pytest.fixture(scope="module")
def bylaw(start_bylaw: StartServer, built_bundles: Mapping[str, Path]) -> Server:
    return start_bylaw(list(built_bundles.values()), ["--no-library"])


def test_there_are_more_than_three_hundred_questions_of_different_names() -> None:
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS) > 300


@pytest.mark.parametrize("question", QUESTIONS, ids=[question.id for question in QUESTIONS])
def test_a_recorded_question_is_answered_alike(opa: Server, bylaw: Server, question: Question) -> None:
    assert _verdict(_ask(bylaw, question)) == _verdict(_ask(opa, question))


@pytest.mark.parametrize("question", EXAMPLE_QUESTIONS, ids=[question.id for question in EXAMPLE_QUESTIONS])
def test_an_example_document_is_judged_alike(opa: Server, bylaw: Server, question: Question) -> None:
    assert _verdict(_ask(bylaw, question)) == _verdict(_ask(opa, question))


@pytest.mark.parametrize("question", CHANGE_QUESTIONS, ids=[question.id for question in CHANGE_QUESTIONS])
def test_a_change_is_judged_alike(opa: Server, bylaw: Server, question: Question) -> None:
    assert _verdict(_ask(bylaw, question)) == _verdict(_ask(opa, question))


@pytest.mark.parametrize("name", ["library", "global", "customer", "product", "order", "analytics", "finance", "mesh"])
def test_a_released_bundle_is_one_to_opa(opa_program: Path, built_bundles: Mapping[str, Path], name: str) -> None:
    inspected = subprocess.run(
        [opa_program, "inspect", "--format", "json", built_bundles[name]], check=True, capture_output=True
    )
    assert json.loads(inspected.stdout)["manifest"]["revision"]


def _ask(server: Server, question: Question) -> Answer:
    headers = {"Content-Type": "application/json"}
    return server.ask("POST", f"/v1/data/{question.entrypoint}", question.body, headers)


def _verdict(answer: Answer) -> Any:
    """The bytes of the result; for an error its status and codes; ``None`` where the entrypoint is undefined."""
    if answer.status == 200:
        return raw_members(answer.body.decode()).get("result")
    error = json.loads(answer.body)
    return answer.status, error["code"], [one["code"] for one in error.get("errors", ())]


def raw_members(text: str) -> dict[str, str]:
    """The members of a compact JSON object, each value as the text it is written in."""
    decoder = JSONDecoder()
    members: dict[str, str] = {}
    at = text.index("{") + 1
    while text[at] != "}":
        key, at = decoder.raw_decode(text, at)
        begin = at + 1
        _, at = decoder.raw_decode(text, begin)
        members[key] = text[begin:at]
        at += text[at] == ","
    return members
