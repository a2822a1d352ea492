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
