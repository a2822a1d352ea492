"""
Four commands to try against a service that runs the example mesh, each with the answer to expect. They are data: a test
asks a real service the same and compares.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Example:
    """``expected`` is a part of the answer: the members that are shown, as they are in it."""

    title: str
    path: str
    body: Mapping[str, Any]
    expected: Mapping[str, Any]
    because: str


_ALICE = {"type": "user", "id": "alice", "properties": {"groups": ["analytics-team"]}}
_TABLE = {"catalogName": "lake", "schemaName": "customer", "tableName": "profiles", "columns": ["email"]}
_PUBLIC_PRODUCT = {
    "domain": "customer",
    "name": "customer-profile",
    "version": "2.1.0",
    "classification": "confidential",
    "output_ports": [{"name": "csv", "format": "csv"}],
}

EXAMPLES = (
    Example(
        "May this data product be published?",
        "/v1/decisions/publication",
        {"input": {"product": _PUBLIC_PRODUCT}},
        {"result": {"kind": "publication", "decision": "deny"}},
        "it names no owner, promises no service level, and is offered as CSV",
    ),
    Example(
        "May an analyst read a customer table?",
        "/v1/decisions/access",
        {
            "input": {
                "subject": _ALICE,
                "action": {"name": "read"},
                "resource": {"type": "table", "id": "lake.customer.profiles"},
            }
        },
        {"result": {"kind": "access", "decision": "allow"}},
        "a policy of the council grants it; the domain and the council mask a column each (obligations)",
    ),
    Example(
        "The same table, asked by Trino for somebody without a grant",
        "/v1/data/bylaw/trino/allow",
        {
            "input": {
                "context": {"identity": {"user": "mallory", "groups": []}, "softwareStack": {"trinoVersion": "476"}},
                "action": {"operation": "SelectFromColumns", "resource": {"table": _TABLE}},
            }
        },
        {"result": False},
        "nothing grants it, and the default is deny",
    ),
    Example(
        "May this pod be created?",
        "/kubernetes/validate",
        {
            "apiVersion": "admission.k8s.io/v1",
            "kind": "AdmissionReview",
            "request": {
                "uid": "1",
                "kind": {"group": "", "version": "v1", "kind": "Pod"},
                "resource": {"group": "", "version": "v1", "resource": "pods"},
                "name": "job",
                "namespace": "default",
                "operation": "CREATE",
                "userInfo": {"username": "alice", "groups": []},
                "object": {
                    "apiVersion": "v1",
                    "kind": "Pod",
                    "metadata": {"name": "job"},
                    "spec": {"containers": [{"name": "job", "image": "somewhere.example/job:latest"}]},
                },
                "dryRun": False,
            },
        },
        {"kind": "AdmissionReview", "response": {"uid": "1", "allowed": False, "status": {"code": 403}}},
        "each violation stands in response.status.message",
    ),
)


def printed(url: str) -> str:
    """The examples as commands for a shell."""
    return "\n\n".join(["", *(_printed(example, url) for example in EXAMPLES), ""])


def _printed(example: Example, url: str) -> str:
    body = shlex.quote(json.dumps(example.body, separators=(",", ":")))
    expected = json.dumps(example.expected)
    return "\n".join(
        [
            f"# {example.title}",
            f"curl -s {url}{example.path} -d {body}",
            f"# expect, among the rest: {expected}",
            f"# because {example.because}",
        ]
    )


def is_part(expected: Any, answer: Any) -> bool:
    """Whether an answer holds everything that is expected of it."""
    if isinstance(expected, Mapping):
        return isinstance(answer, Mapping) and all(
            name in answer and is_part(value, answer[name]) for name, value in expected.items()
        )
    return bool(expected == answer)
