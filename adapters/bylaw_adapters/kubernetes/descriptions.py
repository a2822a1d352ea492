"""The words of the OpenAPI page for the webhooks."""

from __future__ import annotations

from bylaw_adapters.serving.openapi import Described

VALIDATE = Described(
    method="POST",
    path="/kubernetes/validate",
    name="kubernetes_validate",
    summary="A validating admission webhook: an AdmissionReview with its response.",
    tag="Kubernetes",
    body_schema={
        "type": "object",
        "required": ["apiVersion", "kind", "request"],
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"const": "AdmissionReview"},
            "request": {"type": "object"},
        },
    },
    parameters={"timeout": "How long the API server waits, as 10s."},
)
