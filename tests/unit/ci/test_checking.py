"""What becomes of a file: gathered, decided, and never dropped or passed for want of a verdict."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bylaw.errors import BylawError, EvaluationFailed, EvaluationTimedOut, InputError
from bylaw.facts.documents.text import read_documents
from bylaw.facts.gathered import Facts, RecordedSources
from bylaw_adapters.ci.checking import CheckedFile, Run
from bylaw_adapters.ci.findings import Finding
from bylaw_adapters.ci.released import Release, Released, read_released

PRODUCT = "apiVersion: bylaw.io/v1\nkind: DataProduct\ndomain: customer\nname: profile\nowner: crew\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n"


@dataclass
class FakeSnapshot:
    """A law in Python: answers as the function does; ``None`` is undefined, an error is raised. Remembers questions."""

    law: Callable[[dict[str, Any]], dict[str, Any] | BylawError | None]
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    instants: set[int | None] = field(default_factory=set)

    def evaluate(
        self, entrypoint: str, input_json: bytes | None, *, at_ns: int | None = None, **_options: Any
    ) -> bytes | None:
        given = json.loads(input_json or b"null")
        self.asked.append((entrypoint, given))
        self.instants.add(at_ns)
        answer = self.law(given)
        if isinstance(answer, BylawError):
            raise answer
        return None if answer is None else json.dumps(answer).encode()

    async def evaluate_async(self, entrypoint: str, input_json: bytes | None, **options: Any) -> bytes | None:
        return self.evaluate(entrypoint, input_json, **options)

    def query(self, _query: str, _input_json: bytes | None, **_options: Any) -> Sequence[Mapping[str, Any]]:
        raise NotImplementedError

    def defines(self, _entrypoint: str) -> bool:
        return True


def decision(*violations: dict[str, Any], **lists: Any) -> dict[str, Any]:
    return {
        "decision": "deny" if violations else "allow",
        "allow": not violations,
        "violations": list(violations),
        "warnings": [],
        "audits": [],
        **lists,
    }


def entry(identifier: str, path: str, enforcement: str = "deny") -> dict[str, Any]:
    return {
        "rule": f"global.{identifier}",
        "id": identifier,
        "enforcement": enforcement,
        "msg": f"about {path}",
        "path": path,
        "remediation": "repair it",
    }


def finding(identifier: str, path: str, line: int, column: int, enforcement: Any = "deny") -> Finding:
    about = f"about {path}"
    return Finding(identifier, f"global.{identifier}", enforcement, about, path, line, column, "repair it")


def allows(_given: dict[str, Any]) -> dict[str, Any]:
    return decision()


def run(law: Callable[[dict[str, Any]], Any] = allows, **options: Any) -> Run:
    return Run(FakeSnapshot(law), at_ns=7, **options)


def written(folder: Path, content: str | bytes, name: str = "file.yaml") -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def reason(checked: CheckedFile) -> tuple[str, str, str, int]:
    (only,) = checked.findings
    return checked.decision, only.id, only.msg, only.line


def test_a_product_is_asked_about_its_publication_at_the_instant_of_the_run(tmp_path: Path) -> None:
    check = run()
    path = written(tmp_path, PRODUCT)
    assert check.check(path) == CheckedFile(path, "bylaw product", "allow", ())
    assert check.snapshot.asked == [  # type: ignore[attr-defined]
        (
            "bylaw/decisions/publication/decision",
            {"product": {"domain": "customer", "name": "profile", "owner": "crew"}},
        )
    ]
    assert check.snapshot.instants == {7}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("content", "kind", "entrypoint"),
    [
        pytest.param(POD, None, "bylaw/decisions/provisioning/decision", id="a manifest"),
        pytest.param(
            '{"format_version": "1.2", "planned_values": {}}',
            None,
            "bylaw/decisions/provisioning/decision",
            id="a plan",
        ),
        pytest.param(PRODUCT, "privacy", "bylaw/decisions/privacy/decision", id="a kind that is asked for"),
    ],
)
def test_the_kind_follows_the_document_unless_it_is_said(
    tmp_path: Path, content: str, kind: str | None, entrypoint: str
) -> None:
    check = run(kind=kind)
    check.check(written(tmp_path, content))
    assert [asked for asked, _ in check.snapshot.asked] == [entrypoint]  # type: ignore[attr-defined]


def test_every_statement_of_a_decision_stands_at_its_line(tmp_path: Path) -> None:
    law = decision(
        entry("A", "product.owner"),
        entry("B", "/product/sla/availability"),
        warnings=[entry("C", "product.domain", "warn")],
        audits=[entry("D", "product.name.first", "audit")],
        waived=[entry("E", "contract", "deny")],
        ignored=[{"id": "W1", "rule": "A", "layer": "global", "reason": "it has expired"}],
    )
    path = written(tmp_path, PRODUCT)
    assert run(lambda _: law).check(path) == CheckedFile(
        path,
        "bylaw product",
        "deny",
        (
            Finding(
                "B",
                "global.B",
                "deny",
                "about /product/sla/availability",
                "/product/sla/availability",
                1,
                1,
                "repair it",
            ),
            finding("E", "contract", 1, 1, "waived"),
            Finding(
                "waiver_ignored",
                "bylaw.check",
                "audit",
                "waiver W1 of rule A has no effect: it has expired",
                "",
                1,
                1,
                "",
            ),
            finding("C", "product.domain", 3, 1, "warn"),
            finding("D", "product.name.first", 4, 1, "audit"),
            finding("A", "product.owner", 5, 1),
        ),
    )


def test_a_pointer_into_the_input_stands_where_its_fact_does(tmp_path: Path) -> None:
    content = PRODUCT + "contract:\n  schema:\n  - name: t\n    fields:\n    - name: f\n      type: x\n"
    law = decision(entry("A", "/product/contract/schema/0/fields/0/personal"))
    checked = run(lambda _: law).check(written(tmp_path, content))
    assert [found.line for found in checked.findings] == [10]


def test_what_became_no_fact_is_said_beside_the_verdict(tmp_path: Path) -> None:
    content = "apiVersion: v3.1.0\nkind: DataContract\nid: c\nclasification: public\n"
    checked = run().check(written(tmp_path, content))
    assert (checked.decision, checked.findings) == (
        "allow",
        (
            Finding(
                "not_read",
                "bylaw.check",
                "audit",
                "not read: 'clasification' is no key that is known here",
                "contract.clasification",
                4,
                1,
                "",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("answer", "identifier", "message"),
    [
        pytest.param(None, "undefined_decision", "the entrypoint is undefined for this input", id="undefined"),
        pytest.param(
            {}, "wrong_shape", "the answer is not a decision document: KeyError('violations')", id="no decision"
        ),
        pytest.param(
            {**decision(), "allow": False},
            "wrong_shape",
            "decision 'allow' with allow False and 0 violations is none of ours",
            id="a decision that contradicts itself",
        ),
        pytest.param(
            {**decision(entry("A", "x")), "decision": "allow", "allow": True},
            "wrong_shape",
            "decision 'allow' with allow True and 1 violations is none of ours",
            id="an allow with violations",
        ),
        pytest.param(EvaluationFailed("conflict"), "eval_error", "conflict", id="an error"),
        pytest.param(EvaluationTimedOut("too long"), "eval_cancel_error", "too long", id="too long"),
    ],
)
def test_a_verdict_that_is_none_leaves_the_file_undecided(
    tmp_path: Path, answer: Any, identifier: str, message: str
) -> None:
    checked = run(lambda _: answer).check(written(tmp_path, PRODUCT))
    assert checked.recognised_as == "bylaw product"
    assert reason(checked) == ("undecided", identifier, message, 1)


@pytest.mark.parametrize(
    ("content", "identifier", "line"),
    [
        pytest.param(b"", "unrecognised_document", 1, id="nothing"),
        pytest.param(b"kind: Nope\n", "unrecognised_document", 1, id="a made-up kind"),
        pytest.param(b"\x00\x01\x02", "malformed_input", 1, id="binary"),
        pytest.param(b"a: 1\r\na: 2\r\n", "duplicate_key", 2, id="a key twice"),
        pytest.param(b"a: !!python/name:os.system\n", "malformed_input", 1, id="a tag"),
        pytest.param(PRODUCT.encode() + b"colour: red\n", "wrong_shape", 6, id="a fact that is none"),
    ],
)
def test_what_cannot_be_read_is_undecided_and_asks_nothing(
    tmp_path: Path, content: bytes, identifier: str, line: int
) -> None:
    check = run()
    checked = check.check(written(tmp_path, content))
    assert (checked.recognised_as, reason(checked)[:2], reason(checked)[3]) == (
        "unrecognised",
        ("undecided", identifier),
        line,
    )
    assert check.snapshot.asked == []  # type: ignore[attr-defined]


def test_a_file_that_is_not_there_is_undecided(tmp_path: Path) -> None:
    path = str(tmp_path / "none.yaml")
    assert reason(run().check(path)) == ("undecided", "unreadable_input", f"{path}: no such file or directory", 1)


def test_an_unread_document_does_not_hide_behind_a_good_or_a_denied_one(tmp_path: Path) -> None:
    path = written(tmp_path, f"{PRODUCT}---\nkind: Nope\n---\n{POD}")
    law = {"product": decision(), "manifest": decision(entry("A", "metadata.name"))}
    checked = run(lambda given: law[next(iter(given))]).check(path)
    assert (checked.recognised_as, checked.decision) == ("bylaw product, unrecognised, kubernetes Pod", "undecided")
    assert [(found.id, found.line) for found in checked.findings] == [("unrecognised_document", 7), ("A", 12)]


def test_files_are_answered_in_the_order_they_were_given(tmp_path: Path) -> None:
    paths = [written(tmp_path, PRODUCT, f"{number}.yaml") for number in range(40)]
    assert [checked.path for checked in run().check_all(paths)] == paths


RELEASED = {"domain": "customer", "name": "profile", "contract": {"id": "c", "schema": []}}


def release(product: dict[str, Any]) -> Release:
    (document,) = read_documents(b"product: {}\n", file="v1.yaml")
    return Release(Facts("bylaw product", "publication", {"product": product}, document, RecordedSources()), "v1.yaml")


@pytest.mark.parametrize(
    ("product", "only", "found"),
    [
        pytest.param({"name": "other", "contract": {"id": "c"}}, False, True, id="by the contract's id"),
        pytest.param({"domain": "Customer", "name": "Profile"}, False, True, id="by domain and name"),
        pytest.param({"name": "profile"}, False, False, id="not by the name alone"),
        pytest.param({"name": "other"}, False, False, id="another product"),
        pytest.param({"name": "other"}, True, True, id="one file with one file"),
    ],
)
def test_a_release_is_found(product: dict[str, Any], only: bool, found: bool) -> None:
    assert (Released("v1", (release(RELEASED),), only=only).of(product) is not None) == found


def test_a_product_is_compared_with_its_release(tmp_path: Path) -> None:
    fields = "contract:\n  schema:\n  - name: t\n    fields:\n    - name: f\n      type: {}\n"
    previous = written(tmp_path, PRODUCT + fields.format("int"), "previous.yaml")
    current = written(tmp_path, PRODUCT + fields.format("text"), "current.yaml")
    check = run(released=read_released(previous, checked=(current,)))
    check.check(current)
    ((_, given),) = check.snapshot.asked  # type: ignore[attr-defined]
    assert given["previous"]["contract"]["schema"][0]["fields"][0]["type"] == "int"
    assert given["schema"] == {
        "subject": "customer/profile",
        "type": "CONTRACT",
        "differences": [
            {
                "type": "type_changed",
                "direction": "changed",
                "subject": "field f",
                "path": "contract.schema[t].f",
                "field": "f",
                "required": False,
                "has_default": False,
                "from": "int",
                "to": "text",
            }
        ],
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            PRODUCT, "no release of this product in v1: there is nothing to compare it with", id="a new product"
        ),
        pytest.param(POD, "only products are compared with a release", id="a manifest"),
    ],
)
def test_what_is_compared_with_nothing_says_so(tmp_path: Path, content: str, message: str) -> None:
    checked = run(released=Released("v1", (release({"name": "other"}),))).check(written(tmp_path, content))
    assert reason(checked) == ("allow", "no_release", message, 1)


@pytest.mark.parametrize(
    "content", [pytest.param("kind: Nope", id="unrecognised"), pytest.param(POD, id="no product in it")]
)
def test_a_release_that_cannot_be_read_as_a_whole_is_none(tmp_path: Path, content: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(InputError):
        read_released(path, checked=("a.yaml",))
