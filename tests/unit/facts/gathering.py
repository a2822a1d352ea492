"""
What one document in a test says, for tests of the readers of a standard: a head that makes it a document, and a body.
"""

from __future__ import annotations

from typing import Any

from bylaw.facts.gathered import Facts
from bylaw.facts.recognise import gather


def gathered(text: str) -> Facts:
    (facts,) = gather(text.encode(), file="c.yaml")
    assert isinstance(facts, Facts), facts
    return facts


def product(text: str) -> dict[str, Any]:
    return dict(gathered(text).input["product"])
