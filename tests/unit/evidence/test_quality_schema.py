"""The JSON Schemas of inputs say of evidence what the models say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bylaw.evidence import evidence_about, quality_schema, read_report
from bylaw.evidence.result import Quality

SCHEMAS = Path(__file__).parents[3] / "rego" / "schemas"
DOCUMENTS = Path(__file__).parent / "documents"


@pytest.mark.parametrize("name", ["quality", "publication"])
def test_the_schema_files_are_current(name: str) -> None:
    schema = json.loads((SCHEMAS / f"input.{name}.json").read_text(encoding="utf-8"))
    assert schema["properties"]["quality"] == quality_schema()


@pytest.mark.parametrize("path", sorted(DOCUMENTS.iterdir()), ids=lambda path: path.name)
def test_facts_of_every_report_fit_the_schema(path: Path) -> None:
    product = {
        "domain": "sales",
        "name": "orders",
        "contract": {"id": "urn:orders", "schema": [{"name": "orders", "fields": [{"name": "order_id"}]}]},
    }
    reports = list(read_report(path.read_bytes(), file=path.name))
    facts = evidence_about(product, reports).quality.to_input()
    Draft202012Validator(quality_schema()).validate(facts)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"status": "passed"}, id="a status that is none"),
        pytest.param({"value": None}, id="null is no fact"),
        pytest.param({"value": "1"}, id="a number in quotes"),
        pytest.param({"rows": -1}, id="rows below none"),
        pytest.param({"sample": ["x"]}, id="a sample"),
        pytest.param({"check": " "}, id="a blank name"),
    ],
)
def test_what_is_no_fact_fits_neither_schema_nor_model(more: dict[str, Any]) -> None:
    facts = {"results": [{"check": "a", "status": "pass", **more}]}
    assert not Draft202012Validator(quality_schema()).is_valid(facts)
    if None not in more.values():  # in Python, None is how a model says absent
        with pytest.raises(ValueError, match="results"):
            Quality.model_validate_json(json.dumps(facts), strict=True)
