"""
The benchmark's data, its requests and their right answers, all from one seed.

The answers come from a second, plain reading of the policy in Python, so that a fast wrong answer is seen: neither
engine is judged by the other. Nothing here measures.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SEED = 20_260_901
USERS, ROLES, GROUPS = 300, 200, 50
PERMISSIONS_A_ROLE = 5
DISTINCT_REQUESTS = 2_000

ACTIONS = ("list", "describe", "read", "write", "alter", "drop", "export")
TYPES = ("table", "view", "stream", "file")
DOMAINS = ("customer", "product", "order", "analytics", "finance")
CLASSIFICATIONS = ("public", "internal", "confidential", "restricted")
PURPOSES = ("billing", "fraud", "reporting", "support")

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Workload:
    """``requests`` are bodies of ``POST /v1/data/rbac/authz/decision``; ``answers`` what ``result`` must be."""

    data: Document
    requests: tuple[Document, ...]
    answers: tuple[Document, ...]


def make_workload(*, distinct_requests: int = DISTINCT_REQUESTS) -> Workload:
    rng = random.Random(SEED)
    data = {
        "purposes": list(PURPOSES),
        "roles": {f"role-{n:03}": _role(rng) for n in range(ROLES)},
        "groups": {f"group-{n:02}": {"roles": _names(rng, "role", ROLES, 2)} for n in range(GROUPS)},
        "users": {f"user-{n:03}": _user(rng) for n in range(USERS)},
    }
    requests = tuple(_request(rng) for _ in range(distinct_requests))
    return Workload(data, requests, tuple(right_answer(data, request["input"]) for request in requests))


def right_answer(data: Document, question: Document) -> Document:
    """What the policy says, read a second time, without Rego."""
    user = data["users"].get(question["subject"]["id"], {})
    held = set(user.get("roles", ()))
    for group in user.get("groups", ()):
        held |= set(data["groups"][group]["roles"])
    held |= {data["roles"][role]["inherits"] for role in held if "inherits" in data["roles"][role]}
    roles = sorted(role for role in held if not data["roles"][role].get("retired"))
    denials = _denials(data, user, question)
    granted = any(_permits(permission, question) for role in roles for permission in data["roles"][role]["permissions"])
    return {"allow": granted and not denials, "denials": denials, "roles": roles, "tier": _tier(user, question)}


def _role(rng: random.Random) -> Document:
    role: dict[str, Any] = {
        "permissions": [
            {
                "action": _or_any(rng, ACTIONS, 0.1),
                "type": _or_any(rng, TYPES, 0.4),
                "domain": _or_any(rng, DOMAINS, 0.2),
            }
            for _ in range(PERMISSIONS_A_ROLE)
        ]
    }
    if rng.random() < 0.2:
        role["inherits"] = f"role-{rng.randrange(ROLES):03}"
    if rng.random() < 0.05:
        role["retired"] = True
    return role


def _user(rng: random.Random) -> Document:
    user: dict[str, Any] = {
        "domain": rng.choice(DOMAINS),
        "roles": _names(rng, "role", ROLES, rng.randint(1, 3)),
        "groups": _names(rng, "group", GROUPS, rng.randint(0, 2)),
    }
    if rng.random() < 0.03:
        user["suspended"] = True
    return user


def _request(rng: random.Random) -> Document:
    known = rng.random() < 0.98
    subject = f"user-{rng.randrange(USERS):03}" if known else f"stranger-{rng.randrange(1000)}"
    domain = rng.choice(DOMAINS)
    question = {
        "subject": {"type": "user", "id": subject, "properties": {"address": f"10.0.{rng.randrange(256)}.7"}},
        "action": {"name": rng.choices(ACTIONS, weights=(4, 4, 12, 3, 1, 1, 2))[0]},
        "resource": {
            "type": rng.choices(TYPES, weights=(6, 2, 1, 1))[0],
            "id": f"lake.{domain}.t{rng.randrange(10_000)}",
            "properties": {
                "domain": domain,
                "classification": rng.choices(CLASSIFICATIONS, weights=(2, 5, 2, 1))[0],
                "owner": f"user-{rng.randrange(USERS):03}",
                "tags": rng.sample(("personal", "golden", "daily", "derived"), k=2),
            },
        },
        "context": {"purpose": rng.choice((*PURPOSES, "curiosity")), "second_factor": rng.random() < 0.8},
    }
    return {"input": question}


def _denials(data: Document, user: Document, question: Document) -> list[str]:
    action, resource, context = question["action"]["name"], question["resource"]["properties"], question["context"]
    conditions = {
        "confidential data is not exported": (
            resource["classification"] in {"confidential", "restricted"} and action == "export"
        ),
        "personal data needs a purpose": (
            "personal" in resource["tags"] and context["purpose"] not in data["purposes"]
        ),
        "restricted data stays in its domain": (
            resource["classification"] == "restricted" and user.get("domain") != resource["domain"]
        ),
        "the subject is suspended": user.get("suspended", False),
        "the subject is unknown": not user,
        "writing needs a second factor": action in {"write", "alter", "drop"} and not context["second_factor"],
    }
    return [reason for reason, holds in conditions.items() if holds]


def _permits(permission: Document, question: Document) -> bool:
    asked = {
        "action": question["action"]["name"],
        "type": question["resource"]["type"],
        "domain": question["resource"]["properties"]["domain"],
    }
    return all(permission[key] in {"*", word} for key, word in asked.items())


def _tier(user: Document, question: Document) -> str:
    resource = question["resource"]["properties"]
    if user.get("domain") != resource["domain"]:
        return "guest"
    return "owner" if resource["owner"] == question["subject"]["id"] else "member"


def _or_any(rng: random.Random, words: tuple[str, ...], share_of_any: float) -> str:
    return "*" if rng.random() < share_of_any else rng.choice(words)


def _names(rng: random.Random, prefix: str, count: int, how_many: int) -> list[str]:
    width = len(str(count - 1))
    return sorted(f"{prefix}-{n:0{width}}" for n in rng.sample(range(count), how_many))


if __name__ == "__main__":
    workload = make_workload()
    allowed = sum(answer["allow"] for answer in workload.answers)
    print(f"{len(workload.requests)} requests, {allowed} allowed; {len(json.dumps(workload.data))} bytes of data")
