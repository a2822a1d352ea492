"""
Facts that are one text under one key, with their source written down.
"""

from __future__ import annotations

from collections.abc import Iterable

from bylaw.facts.documents.node import Node


def texts_at(node: Node, keys: Iterable[str | tuple[str, str]], prefix: str = "product") -> dict[str, str]:
    """
    The texts under these keys by the fact's name: ``"owner"``, or ``("owner_team", "owner")`` where the form calls it
    otherwise. The first that says something wins.
    """
    facts: dict[str, str] = {}
    for key in keys:
        written, fact = (key, key) if isinstance(key, str) else key
        child = node.get(written)
        if fact not in facts and child is not None and (text := child.as_text()) is not None:
            child.source(f"{prefix}.{fact}")
            facts[fact] = text
    return facts
