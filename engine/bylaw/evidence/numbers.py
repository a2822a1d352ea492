"""Numbers as tools write them: counts, percentages, numbers in texts. What is no finite number is absent."""

from __future__ import annotations

import math

from bylaw.facts.documents.node import Node


def number(node: Node | None) -> float | None:
    """A finite number; of a flag, a text or nothing none."""
    if node is None or isinstance(node.value, bool) or not isinstance(node.value, int | float):
        return None
    return node.value if math.isfinite(node.value) else None


def count(node: Node | None) -> int | None:
    """A whole number that is not negative."""
    value = number(node)
    return int(value) if value is not None and value >= 0 and value == int(value) else None


def from_text(text: str | None) -> float | None:
    """``"999"`` or ``"0.5"``, as monitors and lineage events write them."""
    try:
        value = float(text) if text is not None and len(text) <= 40 else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def share_of_percent(percent: float | None) -> float | None:
    """2.5 per cent as 0.025."""
    return None if percent is None else round(percent / 100, 12)
