"""The words of the OpenAPI page for the control plane."""

from __future__ import annotations

from bylaw_adapters.serving.openapi import Described

DESCRIBED = (
    Described(
        method="GET",
        path="/bundles/{name}",
        name="bundle",
        summary="A bundle in force, by OPA's bundle protocol.",
        tag="fleet",
        parameters={"{name}": "As /v1/status names it."},
    ),
    Described(
        method="GET",
        path="/discovery/{name}",
        name="discovery",
        summary="OPA's discovery: what an OPA is to load, and where it reports.",
        tag="fleet",
        parameters={"{name}": "fleet, or a domain."},
    ),
    Described(
        method="POST",
        path="/logs",
        name="logs",
        summary="Decision logs of OPAs, into the audit log of this service.",
        tag="fleet",
        body_schema={"type": "array", "items": {"type": "object", "required": ["decision_id", "timestamp"]}},
    ),
    Described(
        method="POST",
        path="/status",
        name="report_status",
        summary="What an OPA says of itself.",
        tag="fleet",
        body_schema={"type": "object", "required": ["labels"]},
    ),
    Described(method="GET", path="/v1/fleet", name="fleet", summary="The last status of each OPA.", tag="fleet"),
)
