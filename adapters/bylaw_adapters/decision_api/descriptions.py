"""The words of the OpenAPI page for this door's paths."""

from __future__ import annotations

from bylaw.decision import DECISION_KINDS
from bylaw_adapters.serving.openapi import Described

_INPUT = {"type": "object", "properties": {"input": {}}}
_PATH = "The document below data, with slashes, as bylaw/decisions/access/decision."
_READ_WITH = {
    "pretty": "Indent the answer.",
    "metrics": "Add how long things took.",
    "provenance": "Add the version and the revision of each bundle.",
    "strict-builtin-errors": "An error of a built-in function ends the evaluation.",
    "explain": "Taken for compatibility; no trace is made.",
}

DECISIONS = Described(
    method="POST",
    path="/v1/decisions/{kind}",
    name="decide",
    summary="Decide on facts, by kind; answered with the decision, its id and the revisions it was made of.",
    tag="decisions",
    body_schema={**_INPUT, "required": ["input"]},
    example={"input": {"product": {"domain": "customer", "name": "customer_360"}}},
    parameters={"{kind}": f"One of {', '.join(DECISION_KINDS)}."},
)
EVALUATION = Described(
    method="POST",
    path="/access/v1/evaluation",
    name="evaluate",
    summary="AuthZEN: may this subject do this to this resource?",
    tag="AuthZEN",
    body="Evaluation",
)
EVALUATIONS = Described(
    method="POST",
    path="/access/v1/evaluations",
    name="evaluate_many",
    summary="AuthZEN: several questions, what they share said once.",
    tag="AuthZEN",
    body="Evaluations",
)
CONFIGURATION = Described(
    method="GET",
    path="/.well-known/authzen-configuration",
    name="authzen_configuration",
    summary="AuthZEN: where the endpoints are.",
    tag="AuthZEN",
)
STATUS = Described(
    method="GET", path="/v1/status", name="status", summary="The bundles in force and how they fare.", tag="operations"
)
CONFIG = Described(
    method="GET", path="/v1/config", name="config", summary="The settings in force, without secrets.", tag="operations"
)
POLICIES = Described(
    method="GET", path="/v1/policies", name="policies", summary="The modules in force.", tag="operations"
)
POLICY = Described(
    method="GET",
    path="/v1/policies/{id}",
    name="policy",
    summary="One module in force.",
    tag="operations",
    parameters={"{id}": "Its file name."},
)

_WAIVER = {"{id}": "The waiver's id."}
WAIVERS = (
    Described(
        method="POST",
        path="/v1/waivers",
        name="request_waiver",
        summary="Request to break a rule for a while; the caller is the requester.",
        tag="waivers",
        body_schema={
            "type": "object",
            "required": ["rule", "scope", "reason", "ends"],
            "additionalProperties": False,
            "properties": {
                "rule": {"type": "string", "description": "Its path or id."},
                "scope": {
                    "type": "object",
                    "required": ["domain"],
                    "additionalProperties": False,
                    "properties": {"domain": {"type": "string"}, "product": {"type": "string"}},
                },
                "reason": {"type": "string"},
                "starts": {"type": "string", "format": "date-time"},
                "ends": {"type": "string", "format": "date-time"},
            },
        },
        example={
            "rule": "CMP-006",
            "scope": {"domain": "analytics", "product": "customer-360"},
            "reason": "The cluster of its own comes in May.",
            "ends": "2030-05-15T00:00:00Z",
        },
    ),
    Described(
        method="GET", path="/v1/waivers", name="list_waivers", summary="The waivers requested here.", tag="waivers"
    ),
    Described(
        method="GET",
        path="/v1/waivers/report",
        name="waiver_report",
        summary="Every waiver of the law: its state, what is wrong with it, how often it was used.",
        tag="waivers",
    ),
    Described(
        method="GET",
        path="/v1/waivers/{id}",
        name="show_waiver",
        summary="One of the waivers requested here.",
        tag="waivers",
        parameters=_WAIVER,
    ),
    Described(
        method="POST",
        path="/v1/waivers/{id}/approve",
        name="approve_waiver",
        summary="Approve it, as an approver of the rule's layer who did not request it; it is in force at once.",
        tag="waivers",
        parameters=_WAIVER,
    ),
    Described(
        method="POST",
        path="/v1/waivers/{id}/withdraw",
        name="withdraw_waiver",
        summary="Withdraw it, as its requester or an approver; it has no effect any more.",
        tag="waivers",
        parameters=_WAIVER,
    ),
)

SERVED_ELSEWHERE = (
    Described(
        method="POST",
        path="/v1/data/{path}",
        name="get_document_with_input",
        summary="OPA: the value of a document for an input.",
        tag="OPA",
        body_schema=_INPUT,
        parameters={"{path}": _PATH, **_READ_WITH},
    ),
    Described(
        method="GET",
        path="/v1/data/{path}",
        name="get_document",
        summary="OPA: the value of a document.",
        tag="OPA",
        parameters={"{path}": _PATH, "input": "The input, as JSON.", **_READ_WITH},
    ),
    Described(
        method="POST",
        path="/v0/data/{path}",
        name="get_document_plain",
        summary="OPA: the body is the input, the answer is the value.",
        tag="OPA",
        body_schema={},
        parameters={"{path}": _PATH},
    ),
    Described(
        method="POST",
        path="/v1/batch/data/{path}",
        name="get_documents",
        summary="EOPA: the value of a document for several inputs, each its own decision.",
        tag="OPA",
        body_schema={"type": "object", "required": ["inputs"], "properties": {"inputs": {"type": "object"}}},
        parameters={"{path}": _PATH},
    ),
    Described(
        method="POST",
        path="/v1/query",
        name="query",
        summary="OPA: the bindings of a query.",
        tag="OPA",
        body_schema={
            "type": "object",
            "required": ["query"],
            "properties": {"query": {"type": "string"}, "input": {}},
        },
    ),
    Described(
        method="GET",
        path="/health",
        name="health",
        summary="200 while requests are welcome.",
        tag="operations",
        parameters={"bundles": "Only once bundles are activated.", "plugins": "Only while the log can be written."},
    ),
    Described(method="GET", path="/metrics", name="metrics", summary="Numbers for Prometheus.", tag="operations"),
)
