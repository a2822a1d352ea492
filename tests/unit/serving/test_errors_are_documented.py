"""Every code of ``bylaw.errors`` has a meaning in the documentation, an HTTP status, and an answer in OPA's form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bylaw import errors
from bylaw.errors import BylawError, EvaluationFailed, EvaluationTimedOut, Location, PolicyError
from bylaw_adapters.serving.errors import MEANINGS, error_reply, meaning_of

DOCUMENT = Path(__file__).parents[3] / "docs" / "errors.md"
# Codes that one class carries for several mistakes, as OPA names them.
OPAS_CODES = {
    "rego_parse_error",
    "rego_type_error",
    "rego_recursion_error",
    "rego_unsafe_var_error",
    "eval_conflict_error",
    "eval_builtin_error",
}


def tree(root: type[BylawError]) -> Iterator[type[BylawError]]:
    yield root
    for branch in root.__subclasses__():
        if branch.__module__ == errors.__name__:
            yield from tree(branch)


CODES = {error.code for error in tree(BylawError)} | OPAS_CODES


def documented() -> dict[str, int]:
    row = re.compile(r"^\| `([a-z_]+)` \| ([0-9]{3}) \| [^|]+\. \| [^|]+\. \|$", re.MULTILINE)
    return {code: int(status) for code, status in row.findall(DOCUMENT.read_text())}


def test_every_code_has_an_http_status_and_no_status_is_left_over() -> None:
    assert set(MEANINGS) == CODES


def test_every_code_is_documented_with_its_status() -> None:
    assert documented() == {code: meaning.status for code, meaning in MEANINGS.items()}


def test_every_code_stands_in_the_tree_at_the_top_of_the_module() -> None:
    assert errors.__doc__ is not None
    assert {code for code in CODES - {"internal_error"} if code not in errors.__doc__} == {
        "rego_compile_error",
        "rego_recursion_error",
        "rego_type_error",
        "rego_unsafe_var_error",
    }


def test_no_error_is_answered_as_a_success() -> None:
    assert min(meaning.status for meaning in MEANINGS.values()) == 400


@pytest.mark.parametrize("error", sorted(tree(BylawError), key=lambda error: error.__name__), ids=lambda e: e.__name__)
def test_every_error_becomes_an_answer(error: type[BylawError]) -> None:
    reply = error_reply(error("said"))
    body = json.loads(reply.body)
    assert reply.status == MEANINGS[error.code].status
    assert set(body) <= {"code", "message", "errors"}
    assert body["code"] == MEANINGS[error.code].opa_code


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        pytest.param(
            EvaluationFailed("two values", code="eval_conflict_error", location=Location("a.rego", 3, 4)),
            500,
            {
                "code": "internal_error",
                "message": "error(s) occurred while evaluating query",
                "errors": [
                    {
                        "code": "eval_conflict_error",
                        "message": "two values",
                        "location": {"file": "a.rego", "row": 3, "col": 4},
                    }
                ],
            },
            id="an evaluation that failed",
        ),
        pytest.param(
            PolicyError("unsafe", code="rego_unsafe_var_error"),
            400,
            {
                "code": "invalid_parameter",
                "message": "error(s) occurred while parsing query",
                "errors": [{"code": "rego_unsafe_var_error", "message": "unsafe"}],
            },
            id="a query that cannot be",
        ),
        pytest.param(
            errors.MalformedInput("no JSON"), 400, {"code": "invalid_parameter", "message": "no JSON"}, id="no JSON"
        ),
        pytest.param(errors.Unauthorized("no"), 401, {"code": "unauthorized", "message": "no"}, id="somebody else"),
    ],
)
def test_an_error_has_opas_form(error: BylawError, status: int, body: object) -> None:
    reply = error_reply(error)
    assert (reply.status, json.loads(reply.body), reply.body.endswith(b"\n")) == (status, body, True)


def test_a_code_that_only_an_evaluator_knows_means_what_its_class_does() -> None:
    assert meaning_of(EvaluationFailed("x", code="eval_with_merge_error")) == MEANINGS["eval_error"]
    assert meaning_of(EvaluationTimedOut("x")).status == 500
