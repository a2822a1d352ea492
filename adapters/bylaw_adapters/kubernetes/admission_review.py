"""
An ``AdmissionReview``, as far as a webhook must understand it to answer at all: that it is one, which request it
answers, and how an answer looks when there is no decision. The rest of it is for the law to read.

The API server checks ``apiVersion``, ``kind`` and ``uid`` of an answer, and takes one that does not fit for a failure
of the webhook, which ``failurePolicy: Ignore`` turns into leave. So an answer always fits.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from bylaw.errors import BylawError, UndefinedDecision, WrongShape

VERSIONS = ("admission.k8s.io/v1", "admission.k8s.io/v1beta1")

# Kubernetes shows the message to whoever ran kubectl.
MAX_MESSAGE_CHARACTERS = 2048

_DURATION_PART = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,9})?)(ms|s|m|h)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class ReviewedRequest:
    """Which request an answer is for."""

    api_version: str
    uid: str


def read_review(document: Any) -> ReviewedRequest:
    """
    Raises:
        WrongShape: It is no review that can be answered; names the JSON pointer.
    """
    if not isinstance(document, dict):
        raise WrongShape("the body: wanted an AdmissionReview, an object, at ''")
    if document.get("kind") != "AdmissionReview":
        raise WrongShape("the body: wanted 'AdmissionReview' at '/kind'")
    if document.get("apiVersion") not in VERSIONS:
        raise WrongShape(f"the body: wanted one of {', '.join(VERSIONS)} at '/apiVersion'")
    request = document.get("request")
    if not isinstance(request, dict):
        raise WrongShape("the body: wanted the request at '/request', an object")
    uid = request.get("uid")
    if not isinstance(uid, str) or not uid:
        raise WrongShape("the body: wanted the request's id at '/request/uid', a text")
    return ReviewedRequest(document["apiVersion"], uid)


def check_answer(request: ReviewedRequest, answer_json: bytes | None) -> bytes:
    """
    The law's answer, if it is one that the API server accepts for this request.

    Raises:
        UndefinedDecision: It is not.
    """
    answer = None if answer_json is None else json.loads(answer_json)
    response = answer.get("response") if isinstance(answer, dict) else None
    fits = (
        isinstance(answer, dict)
        and isinstance(response, dict)
        and answer.get("kind") == "AdmissionReview"
        and answer.get("apiVersion") == request.api_version
        and response.get("uid") == request.uid
        and isinstance(response.get("allowed"), bool)
        and not response.keys() & {"patch", "patchType"}
    )
    if answer_json is None or not fits:
        raise UndefinedDecision("the law has no admission response for this request")
    return answer_json


def failure(request: ReviewedRequest, error: BylawError) -> bytes:
    """A well-formed denial for a request that could not be decided; ``status.code`` 500 tells it from a verdict."""
    message = f"the request could not be decided: {error.code}: {error.message}"[:MAX_MESSAGE_CHARACTERS]
    status = {"status": "Failure", "code": 500, "reason": "InternalError", "message": message}
    return json.dumps(
        {
            "apiVersion": request.api_version,
            "kind": "AdmissionReview",
            "response": {"uid": request.uid, "allowed": False, "status": status},
        }
    ).encode()


def timeout_seconds(text: str) -> float | None:
    """
    The caller's own deadline, Go's duration in ``?timeout=``; ``None`` where it is none.
    """
    parts = _DURATION_PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in parts) or None
