"""The laws of differences, held to what others wrote: each public contract against itself and against the next one."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bylaw.changes.released import product_differences
from bylaw.facts.gathered import Facts
from bylaw.facts.recognise import gather

CONTRACTS = Path(__file__).parents[4] / "shared" / "contracts"
FILES = sorted(path for folder in ("odcs", "datacontract-cli") for path in (CONTRACTS / folder).glob("*.yaml"))

pytestmark = pytest.mark.skipif(not FILES, reason="the public contracts are not there")

OPPOSITES = {
    "added": "removed",
    "lowered": "raised",
    "weakened": "strengthened",
    "shortened": "lengthened",
    "tightened": "loosened",
    "widened": "narrowed",
    "changed": "changed",
}
OPPOSITES |= {opposite: direction for direction, opposite in OPPOSITES.items()}


def products() -> list[dict[str, Any]]:
    found = [facts for file in FILES for facts in gather(file.read_bytes(), file=file.name)]
    return [dict(facts.input["product"]) for facts in found if isinstance(facts, Facts)]


def test_nothing_differs_from_itself() -> None:
    assert [product for product in products() if product_differences(product, product)] == []


def test_the_way_back_is_the_way_there_mirrored() -> None:
    known = products()
    for one, other in pairwise(known):
        there = sorted((found["subject"], found["direction"]) for found in product_differences(one, other))
        back = [(found["subject"], OPPOSITES[found["direction"]]) for found in product_differences(other, one)]
        assert there == sorted(back)
