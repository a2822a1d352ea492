"""The JSON Schema that rules are checked against is the one of the models, and agrees with them about documents."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bylaw.facts.gathered import Facts
from bylaw.facts.product import Product, product_schema
from bylaw.facts.recognise import gather

SCHEMA_FILE = Path(__file__).parents[3] / "rego" / "schemas" / "product.json"
DOCUMENTS = Path(__file__).parent / "documents"


def product_of(path: Path) -> dict[str, Any]:
    facts = next(gather(path.read_bytes(), file=path.name))
    assert isinstance(facts, Facts)
    return dict(facts.input["product"])


def test_the_schema_file_is_current() -> None:
    assert json.loads(SCHEMA_FILE.read_text()) == product_schema()


@pytest.mark.parametrize("path", sorted(DOCUMENTS.iterdir()), ids=lambda path: path.name)
def test_facts_fit_the_schema(path: Path) -> None:
    jsonschema.Draft7Validator(product_schema()).validate(product_of(path))


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        pytest.param(("owner",), None, id="null is no fact"),
        pytest.param(("owner",), "", id="empty text is no fact"),
        pytest.param(("sla", "availability"), 99.9, id="a share above one"),
        pytest.param(("retention", "days"), -1, id="days below none"),
        pytest.param(("sla", "karma"), 1, id="a level nobody knows"),
        pytest.param(("contract", "path"), "elsewhere", id="another path"),
    ],
)
def test_what_is_no_fact_fits_neither_schema_nor_model(pointer: tuple[str, ...], value: Any) -> None:
    facts = product_of(DOCUMENTS / "bylaw-product.yaml")
    broken = copy.deepcopy(facts)
    holder = broken
    for step in pointer[:-1]:
        holder = holder[step]
    holder[pointer[-1]] = value
    assert not jsonschema.Draft7Validator(product_schema()).is_valid(broken)
    if value is not None:  # in Python, None is how a model says absent
        with pytest.raises(ValueError, match=pointer[-1]):
            Product.model_validate(broken)


def test_the_normal_form_reads_itself() -> None:
    facts = product_of(DOCUMENTS / "domain-definitions.yaml")
    assert Product.model_validate(facts).to_input() == facts
