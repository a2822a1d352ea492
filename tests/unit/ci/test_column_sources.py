"""Which fields of a run's documents a product is told of: those that its own could be made of, and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bylaw_adapters.ci.column_sources import ColumnSources

LEADS = (
    "apiVersion: bylaw.io/v1\nkind: DataProduct\ndomain: sales\nname: leads\n"
    "contract: {schema: [{name: t, physical_name: crm.leads, fields: [{name: phone}]}]}\n"
)
OTHER = LEADS.replace("leads", "other")


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name, text in (("leads", LEADS), ("other", OTHER), ("broken", "kind: [")):
        (tmp_path / f"{name}.yaml").write_text(text)
    return ["-", *(str(tmp_path / f"{name}.yaml") for name in ("leads", "other", "broken", "missing"))]


def made_of(*references: str) -> dict[str, Any]:
    field = {"name": "number", "path": "contract.schema[c].number", "derived_from": list(references)}
    return {"domain": "sales", "name": "calls", "contract": {"schema": [{"name": "c", "fields": [field]}]}}


@pytest.mark.parametrize(
    "reference",
    [
        "sales/leads/t.phone",
        "sales/leads",
        "leads/t.phone",
        "crm.leads.phone",
        "crm.leads",
        "trino:8080/crm.leads.phone",
    ],
)
def test_a_product_is_told_of_what_it_names(files: list[str], reference: str) -> None:
    told = ColumnSources(files=files).of(made_of(reference))

    assert told == {
        "columns": [],
        "sources": [{"product": "sales/leads", "object": "t", "dataset": "crm.leads", "name": "phone"}],
    }


@pytest.mark.parametrize("reference", ["t.phone", "elsewhere/x/y.z", "sales/lead", "crm.lead.phone", ""])
def test_and_of_nothing_else(files: list[str], reference: str) -> None:
    assert ColumnSources(files=files).of(made_of(reference))["sources"] == []


def test_where_nothing_is_stated_nothing_is_read() -> None:
    assert ColumnSources(files=["/nowhere"]).of(made_of()) == {}


def test_edges_to_its_fields_are_its_lineage(files: list[str]) -> None:
    def edge(target_field: str) -> dict[str, Any]:
        return {
            "source_dataset": "crm.leads",
            "source_field": "phone",
            "target_dataset": "crm.calls",
            "target_field": target_field,
        }

    told = ColumnSources(edges=[edge("number"), edge("elsewhere")], files=files).of(made_of())

    assert told["columns"] == [edge("number")]
    assert [source["product"] for source in told["sources"]] == ["sales/leads"]
