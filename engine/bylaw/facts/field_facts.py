"""
One field as a fact, for the readers of forms that describe a field in their own keys: names, types, references and
words about people mean the same in all of them.
"""

from __future__ import annotations

from typing import Any

from bylaw.facts import units
from bylaw.facts.documents.node import Node
from bylaw.facts.said import classification, personal, said
from bylaw.facts.samples import samples_look_like

_LABELS = ("classification", "sensitivity", "privacy")


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
    node.reading.count_field()
    node.source(path)
    label = _label(node, path)
    tags = node.texts("tags")
    stated = node.flag("pii")
    if stated is False and personal(label=label, tags=tags):
        node.contradict(path, "it is said not to be personal, and a classification or a tag says that it is")
    meaning = node.text("semantic_type", "semanticType", "semantic") or meaning
    cipher = node.text("encryption")
    return said(
        **{
            "name": name,
            "path": path,
            "required": not nullable,
            "nullable": nullable,
            "description": node.text("description", "doc"),
            "classification": label,
            "personal": personal(stated=stated, inherited=inherited, label=label, tags=tags, meaning=meaning),
            "semantic_type": meaning,
            "tags": tags,
            "encryption": units.encryption_at_rest(cipher) if cipher else None,
            "has_default": "default" in node.mapping(),
            "default": node.mapping().get("default"),
            "samples_look_like": samples_look_like(*(node.mapping().get(key) for key in ("example", "examples"))),
            **facts,
        }
    )


def _label(node: Node, path: str) -> str | None:
    """The classification, under whichever of its names; two that differ contradict each other."""
    labels = [label for key in _LABELS if (label := classification(node.text(key))) is not None]
    if len(set(labels)) > 1:
        node.contradict(f"{path}.classification", f"it is classified as {' and as '.join(dict.fromkeys(labels))}")
    if (written := node.first(*_LABELS)) is not None:
        written.source(f"{path}.classification")
    return labels[0] if labels else None
