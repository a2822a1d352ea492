"""Every part of the normal form that has a path stands somewhere in the document, and that place exists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bylaw.facts.documents.document import Pointer, Value
from bylaw.facts.gathered import Facts, RecordedSources
from bylaw.facts.recognise import gather

ROOT = Path(__file__).parents[3]
PUBLIC = ROOT.parent / "shared" / "contracts"
DOCUMENTS = [
    *sorted((Path(__file__).parent / "documents").iterdir()),
    *sorted((ROOT / "bundles").glob("*/products/*")),
    *sorted(PUBLIC.glob("*/*.yaml")),
]


def paths(value: Any) -> Iterator[str]:
    """Of every part that has one."""
    if isinstance(value, list):
        for child in value:
            yield from paths(child)
    elif isinstance(value, dict):
        if isinstance(value.get("path"), str):
            yield value["path"]
        for key, child in value.items():
            if key not in ("default", "enum"):
                yield from paths(child)


def said_of(product: dict[str, Any]) -> set[str]:
    """Everything that is said of the product, and of the contract as a whole."""
    held = {"sla": "product.sla", "retention": "product.retention", "encryption": "product.encryption"}
    contract = {key for key, value in product.get("contract", {}).items() if value not in ([], {})}
    return {
        *(f"product.{key}" for key in product if key not in ("contract", *held)),
        *(
            f"contract.{key}"
            for key in contract - {"standard", "standard_version", "path", "quality", "unread", "lacks"}
        ),
    }


def exists(value: Value, pointer: Pointer) -> bool:
    for step in pointer:
        try:
            value = value[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return False
    return True


@pytest.mark.skipif(not PUBLIC.is_dir(), reason="the public contracts are not on this machine")
def test_the_public_contracts_are_among_them() -> None:
    assert len(DOCUMENTS) > 100


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_fact_has_a_place_that_exists(document: Path) -> None:
    for facts in gather(document.read_bytes(), file=document.name):
        if not isinstance(facts, Facts) or not isinstance(facts.sources, RecordedSources):
            continue
        said = set(paths(facts.input["product"])) - {"contract"}
        assert said | said_of(facts.input["product"]) <= set(facts.sources.pointers)
        for path, pointer in facts.sources.pointers.items():
            assert exists(facts.document.value, pointer), path


def test_transfers_of_our_own_form_have_their_places() -> None:
    text = "apiVersion: bylaw.io/v1\nkind: DataProduct\nname: p\ntransfers:\n- to: US\n  mechanism: SCCs\n"

    (facts,) = gather(text.encode(), file="p.yaml")

    assert isinstance(facts, Facts)
    assert facts.input["product"]["transfers"] == [{"to": "US", "mechanism": "SCCs", "path": "product.transfers[US]"}]
    assert (facts.location("product.transfers").row, facts.location("product.transfers[US].mechanism").row) == (4, 6)
