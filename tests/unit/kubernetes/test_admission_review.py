"""What a webhook must get right before and after the law is asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bylaw.errors import EvaluationTimedOut, UndefinedDecision
from bylaw_adapters.kubernetes.admission_review import (
    MAX_MESSAGE_CHARACTERS,
    ReviewedRequest,
    check_answer,
    failure,
    timeout_seconds,
)

REQUEST = ReviewedRequest("admission.k8s.io/v1", "u-1")


def answer(**response: Any) -> dict[str, Any]:
    return {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "response": {"uid": "u-1", "allowed": True, **response},
    }


def test_an_answer_that_fits_is_passed_on_as_it_is() -> None:
    text = json.dumps(answer(warnings=["w"])).encode()
    assert check_answer(REQUEST, text) == text


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(None, id="undefined"),
        pytest.param(True, id="no object"),
        pytest.param({}, id="empty"),
        pytest.param({**answer(), "apiVersion": "admission.k8s.io/v1beta1"}, id="another version"),
        pytest.param({**answer(), "kind": "Pod"}, id="another kind"),
        pytest.param({**answer(), "response": None}, id="no response"),
        pytest.param(answer(uid="u-2"), id="for another request"),
        pytest.param(answer(allowed="true"), id="allowed by a text"),
        pytest.param(answer(allowed=1), id="allowed by a number"),
        pytest.param(answer(patch="W10="), id="a patch from a validating webhook"),
    ],
)
def test_an_answer_that_the_api_server_would_not_take_is_none(document: Any) -> None:
    text = None if document is None else json.dumps(document).encode()
    with pytest.raises(UndefinedDecision):
        check_answer(REQUEST, text)


def test_a_failure_is_a_denial_whose_message_is_bounded() -> None:
    document = json.loads(failure(REQUEST, EvaluationTimedOut("x" * 10_000)))
    message = document["response"]["status"].pop("message")
    assert message.startswith("the request could not be decided: eval_cancel_error: xxx")
    assert len(message) == MAX_MESSAGE_CHARACTERS
    assert document == {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "response": {
            "uid": "u-1",
            "allowed": False,
            "status": {"status": "Failure", "code": 500, "reason": "InternalError"},
        },
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("10s", 10.0),
        ("1m30s", 90.0),
        ("500ms", 0.5),
        ("1.5s", 1.5),
        ("", None),
        ("10", None),
        ("-1s", None),
        ("0s", None),
        ("10s; x", None),
        ("s", None),
    ],
)
def test_the_callers_deadline_is_gos_duration(text: str, wanted: float | None) -> None:
    assert timeout_seconds(text) == wanted
