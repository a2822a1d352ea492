"""
What any of the simple contract forms may say of how its product is governed, beside what the form is about.
"""

from __future__ import annotations

from typing import Any

from bylaw.facts import units
from bylaw.facts.documents.node import Node
from bylaw.facts.said import classification, said

GOVERNANCE_KEYS = (
    *("classification", "tags", "retention_days", "protections", "encryption", "access_policies", "purposes"),
    *("lawful_basis", "data_subjects", "regions", "recipients", "approvers"),
)


def governance(node: Node) -> dict[str, Any]:
    """The facts of the product that stands here."""
    for key in ("classification", "tags", "protections"):
        if (child := node.get(key)) is not None:
            child.source(f"product.{key}")
    kept = node.get("retention_days")
    if kept is not None:
        kept.source("product.retention.days")
    cipher = node.get("encryption")
    for key in ("purposes", "lawful_basis", "data_subjects", "regions", "recipients", "approvers"):
        if (child := node.get(key)) is not None:
            child.source(f"product.{key}")
    return said(
        classification=classification(node.text("classification")),
        tags=node.texts("tags"),
        protections=node.texts("protections"),
        purposes=node.texts("purposes"),
        lawful_basis=node.text("lawful_basis"),
        data_subjects=node.texts("data_subjects"),
        regions=node.texts("regions"),
        recipients=node.texts("recipients"),
        approvers=node.texts("approvers"),
        retention=said(days=node.number("retention_days")),
        encryption=encryption(cipher) if cipher is not None else None,
        access_policies=access_policies(node),
    )


def access_policies(node: Node) -> list[dict[str, Any]]:
    """``access_policies: [{role, permissions}]``."""
    policies = []
    for policy in node.elements("access_policies"):
        path = policy.source(f"product.access_policies[{policy.text('role') or policy.pointer[-1]}]")
        policy.skip_unknown(("role", "permissions", "approvers"), path)
        role = policy.text("role")
        if role is None:
            raise policy.wrong("an access policy with a role")
        policies.append(
            said(role=role, path=path, permissions=policy.texts("permissions"), approvers=policy.texts("approvers"))
        )
    return policies


def encryption(node: Node) -> dict[str, Any]:
    node.source("product.encryption")
    if not isinstance(node.value, dict):
        return said(at_rest=units.encryption_at_rest(node.as_text() or ""))
    at_rest, in_transit = node.text("at_rest"), node.text("in_transit")
    return said(
        at_rest=units.encryption_at_rest(at_rest) if at_rest else None,
        in_transit=units.encryption_in_transit(in_transit) if in_transit else None,
    )
