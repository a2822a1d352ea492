"""
One field as a fact, for the readers of forms that describe a field in their own keys: names, types, references and
words about people mean the same in all of them.
"""

from __future__ import annotations

from typing import Any

from bylaw.facts import units
from bylaw.facts.node import Node
from bylaw.facts.said import classification, personal, said


def field_facts(
    node: Node,
    *,
    name: str,
    path: str,
    nullable: bool,
    inherited: bool = False,
    meaning: str | None = None,
    **facts: Any,
) -> dict[str, Any]:
    """
    The facts of a field, those that are said alike in every form read from the node. ``inherited`` is whether what
    the field is part of is about a person; ``facts`` are what the caller read.
    """
    node.source(path)
    label = node.text("classification", "sensitivity", "privacy")
    tags = node.texts("tags")
    meaning = node.text("semantic_type", "semanticType", "semantic") or meaning
    cipher = node.text("encryption")
    return said(
        **{
            "name": name,
            "path": path,
            "required": not nullable,
            "nullable": nullable,
            "description": node.text("description", "doc"),
            "classification": classification(label),
            "personal": personal(stated=node.flag("pii"), inherited=inherited, label=label, tags=tags, meaning=meaning),
            "semantic_type": meaning,
            "tags": tags,
            "encryption": units.encryption_at_rest(cipher) if cipher else None,
            "has_default": "default" in node.mapping(),
            "default": node.mapping().get("default"),
            **facts,
        }
    )
