"""
What an error looks like to a caller: the HTTP status and OPA's error document (``{"code", "message", "errors"}``) for
every code of ``bylaw.errors``. Doors with a form of their own (admission reviews) take only the status from here.

The outer ``code`` is one of OPA's few; ours stands in ``errors[0].code``, but where OPA sends no ``errors`` for the
same mistake, neither do we.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bylaw.errors import BylawError, EvaluationError, Location, PolicyError
from bylaw_adapters.serving.exchange import Reply

# Long enough for a moment of load to pass, short enough for a caller with a deadline.
RETRY_AFTER_SECONDS = 1

EVALUATION_MESSAGE = "error(s) occurred while evaluating query"
QUERY_MESSAGE = "error(s) occurred while parsing query"


@dataclass(frozen=True, slots=True)
class Meaning:
    """``details`` says whether our own code goes along in ``errors``."""

    status: int
    opa_code: str
    details: bool = True


_BAD_REQUEST = Meaning(400, "invalid_parameter")
_INTERNAL = Meaning(500, "internal_error")

MEANINGS: dict[str, Meaning] = {
    "internal_error": Meaning(500, "internal_error", details=False),
    "malformed_input": Meaning(400, "invalid_parameter", details=False),
    "input_too_large": Meaning(413, "invalid_parameter"),
    "input_too_deep": _BAD_REQUEST,
    "duplicate_key": _BAD_REQUEST,
    "wrong_shape": _BAD_REQUEST,
    "unrecognised_document": _BAD_REQUEST,
    "unreadable_input": _BAD_REQUEST,
    "not_in_the_law": _BAD_REQUEST,
    "rego_parse_error": _BAD_REQUEST,
    "rego_compile_error": _BAD_REQUEST,
    "rego_type_error": _BAD_REQUEST,
    "rego_recursion_error": _BAD_REQUEST,
    "rego_unsafe_var_error": _BAD_REQUEST,
    "bundle_invalid_manifest": _INTERNAL,
    "bundle_too_large": _INTERNAL,
    "bundle_unsafe_member": _INTERNAL,
    "bundle_overlapping_roots": _INTERNAL,
    "bundle_outside_roots": _INTERNAL,
    "bundle_forbidden_reference": _INTERNAL,
    "bundle_loosened_law": _INTERNAL,
    "bundle_invalid_policy_document": _INTERNAL,
    "bundle_invalid_delta": _INTERNAL,
    "bundle_failing_tests": _INTERNAL,
    "bundle_invalid_signature": _INTERNAL,
    "bundle_unknown_revision": _INTERNAL,
    "bundle_unreadable": _INTERNAL,
    "eval_error": _INTERNAL,
    "eval_conflict_error": _INTERNAL,
    "eval_builtin_error": _INTERNAL,
    "eval_cancel_error": _INTERNAL,
    "evaluator_unavailable": Meaning(503, "internal_error"),
    "undefined_decision": _INTERNAL,
    "audit_unavailable": Meaning(503, "internal_error"),
    "audit_corrupt": _INTERNAL,
    "unknown_decision": Meaning(404, "resource_not_found"),
    "unknown_waiver": Meaning(404, "resource_not_found"),
    "waiver_refused": Meaning(403, "unauthorized"),
    "waiver_settled": Meaning(409, "invalid_parameter"),
    "waivers_unavailable": Meaning(503, "internal_error"),
    "unauthorized": Meaning(401, "unauthorized", details=False),
    "request_timed_out": Meaning(408, "invalid_parameter"),
    "service_busy": Meaning(503, "internal_error"),
    "unknown_setting": _INTERNAL,
    "invalid_setting": _INTERNAL,
    "unsafe_binding": _INTERNAL,
}


def meaning_of(error: BylawError) -> Meaning:
    """By the error's code; an evaluator's own code means what its class does."""
    return MEANINGS.get(error.code) or MEANINGS[type(error).code]


def error_document(error: BylawError) -> dict[str, Any]:
    """OPA's error document."""
    meaning = meaning_of(error)
    document: dict[str, Any] = {"code": meaning.opa_code, "message": _headline(error)}
    if meaning.details:
        document["errors"] = [_detail(each) for each in (error, *getattr(error, "more", ()))]
    return document


def error_reply(error: BylawError) -> Reply:
    """An error as an answer, as OPA writes it: indented, ended with a line break."""
    status = meaning_of(error).status
    headers: tuple[tuple[bytes, bytes], ...] = ()
    if error.code == "service_busy":
        headers = ((b"retry-after", b"%d" % RETRY_AFTER_SECONDS),)
    elif status in (408, 413):
        headers = ((b"connection", b"close"),)  # what is left of the body is nobody's next request
    elif status == 401:
        headers = ((b"www-authenticate", b"Bearer"),)
    return document_reply(status, error_document(error), headers=headers)


def document_reply(status: int, document: Any, *, headers: tuple[tuple[bytes, bytes], ...] = ()) -> Reply:
    return Reply(status, json.dumps(document, indent=2).encode() + b"\n", headers=headers)


def plain_error(status: int, code: str, message: str) -> Reply:
    """An error of a door that no class of ours stands for, as OPA's ``undefined_document``."""
    return document_reply(status, {"code": code, "message": message})


def _headline(error: BylawError) -> str:
    if isinstance(error, EvaluationError) and error.code != "evaluator_unavailable":
        return EVALUATION_MESSAGE
    if isinstance(error, PolicyError):
        return QUERY_MESSAGE
    return error.message


def _detail(error: BylawError) -> dict[str, Any]:
    detail: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.location is not None:
        detail["location"] = _place(error.location)
    return detail


def _place(location: Location) -> dict[str, Any]:
    return {"file": location.file, "row": location.row, "col": location.column}
