"""
What the values of a field may be: least and greatest, lengths, pattern, format. Every form says the same few things,
in keys of one spelling or another.
"""

from __future__ import annotations

from typing import Any

from bylaw.facts.documents.document import Value
from bylaw.facts.documents.node import Node
from bylaw.facts.said import said


def bounds(node: Node | None) -> dict[str, Any]:
    """
    The facts of what stands here: a field, or the mapping in which its form keeps them.

    Before 3.1, as in the first drafts of JSON Schema, ``exclusiveMaximum: true`` says how ``maximum`` is meant.
    """
    if node is None:
        return {}
    least, greatest = _limit(node, "minimum", "min"), _limit(node, "maximum", "max")
    above, below = _limit(node, "exclusiveMinimum"), _limit(node, "exclusiveMaximum")
    return said(
        minimum=None if above is True else least,
        maximum=None if below is True else greatest,
        exclusive_minimum=least if above is True else _unless_flag(above),
        exclusive_maximum=greatest if below is True else _unless_flag(below),
        multiple_of=node.number("multipleOf"),
        min_length=node.count("minLength"),
        max_length=node.count("maxLength"),
        pattern=node.text("pattern"),
        format=node.text("format"),
    )


def _limit(node: Node, *keys: str) -> Value:
    """A number, or a date or time as it is written; of the exclusive ones also the flag."""
    limit = node.first(*keys)
    if limit is None:
        return None
    if isinstance(limit.value, bool):
        if not keys[0].startswith("exclusive"):
            raise limit.wrong("a number, a date or a time")
        return limit.value
    return limit.value if isinstance(limit.value, int | float) else limit.as_text()


def _unless_flag(limit: Value) -> Value:
    return None if isinstance(limit, bool) else limit
