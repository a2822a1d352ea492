"""Which columns are made of which: read from OpenLineage's facet, and the fields of documents as sources."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bylaw.errors import InputError, InputTooLarge
from bylaw.facts.column_lineage import MAX_COLUMN_EDGES, read_column_lineage, sources_of


def event(fields: Any, **facts: Any) -> dict[str, Any]:
    output = {"namespace": "trino", "name": "lake.b.t", "facets": {"columnLineage": {"fields": fields}}}
    run = {"eventTime": "2026-01-01T00:00:00Z", "eventType": "COMPLETE", "job": {"namespace": "n", "name": "j"}}
    return {**run, "inputs": [], "outputs": [output], **facts}


def made_of(*transformations: dict[str, Any], **old: Any) -> dict[str, Any]:
    source = {"namespace": "trino", "name": "lake.a.s", "field": "email"}
    stated = {"transformations": list(transformations)} if transformations else {}
    return {"mail": {"inputFields": [{**source, **stated}], **old}}


def read(document: Any) -> list[dict[str, Any]]:
    return read_column_lineage(json.dumps(document).encode(), file="lineage.json")


EDGE = {"source_dataset": "lake.a.s", "source_field": "email", "target_dataset": "lake.b.t", "target_field": "mail"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param(made_of(), {}, id="nothing said"),
        pytest.param(
            made_of({"type": "DIRECT", "subtype": "IDENTITY"}),
            {"transformation": "IDENTITY", "direct": True, "masking": False},
            id="copied",
        ),
        pytest.param(
            made_of({"type": "DIRECT", "subtype": "TRANSFORMATION", "masking": True}),
            {"transformation": "TRANSFORMATION", "direct": True, "masking": True},
            id="masked",
        ),
        pytest.param(
            made_of(
                {"type": "DIRECT", "subtype": "AGGREGATION", "masking": True},
                {"type": "DIRECT", "subtype": "IDENTITY"},
            ),
            {"transformation": "IDENTITY", "direct": True, "masking": False},
            id="of two ways the one that shows more",
        ),
        pytest.param(
            made_of({"type": "INDIRECT", "subtype": "FILTER"}),
            {"transformation": "FILTER", "direct": False, "masking": False},
            id="only depending on it",
        ),
        pytest.param(
            made_of({"type": "INDIRECT", "subtype": "JOIN"}, {"type": "DIRECT", "subtype": "AGGREGATION"}),
            {"transformation": "AGGREGATION", "direct": True, "masking": False},
            id="both",
        ),
        pytest.param(
            made_of({"subtype": "MYSTERY"}, {"subtype": "AGGREGATION"}),
            {"transformation": "MYSTERY", "direct": True, "masking": False},
            id="a word that nobody knows shows everything",
        ),
        pytest.param(
            made_of(transformationType="MASKED"),
            {"transformation": "MASKED", "masking": True},
            id="masked, before 1-1-0",
        ),
        pytest.param(
            made_of(transformationType="IDENTITY"),
            {"transformation": "IDENTITY", "masking": False},
            id="copied, before 1-1-0",
        ),
    ],
)
def test_an_edge_says_how(fields: Any, said: dict[str, Any]) -> None:
    assert read(event(fields)) == [{**EDGE, **said}]


def test_an_event_about_a_dataset() -> None:
    whole = event(made_of())
    about = {"eventTime": whole["eventTime"], "dataset": whole["outputs"][0]}

    assert read([about]) == [EDGE]


def test_events_one_a_line() -> None:
    content = f"{json.dumps(event(made_of()))}\n{json.dumps(event({}))}\n"

    assert read_column_lineage(content.encode(), file="lineage.jsonl") == [EDGE]


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(event(made_of(), eventType="FAIL"), id="a run that failed"),
        pytest.param({"lineage": [{"source": "a/b", "target": "c/d"}]}, id="lineage of products"),
        pytest.param({**event({}), "outputs": [{"name": "t"}]}, id="no facet"),
        pytest.param([1, "x"], id="no events"),
    ],
)
def test_where_nothing_is_said_of_columns_there_are_no_edges(document: Any) -> None:
    assert read(document) == []


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param([], id="fields that are a list"),
        pytest.param({"mail": {"inputFields": {}}}, id="sources that are no list"),
        pytest.param({"mail": {"inputFields": [{"name": "s"}]}}, id="a source without a field"),
        pytest.param({"mail": {"inputFields": ["s.email"]}}, id="a source that is a text"),
        pytest.param(made_of({"masking": "yes"}), id="masking in words"),
    ],
)
def test_a_facet_of_another_shape_is_an_error(fields: Any) -> None:
    with pytest.raises(InputError) as refused:
        read(event(fields))
    assert refused.value.code == "wrong_shape"


def test_more_edges_than_are_read_are_refused() -> None:
    one = made_of()["mail"]["inputFields"][0]
    with pytest.raises(InputTooLarge):
        read(event({"mail": {"inputFields": [one] * (MAX_COLUMN_EDGES + 1)}}))


def test_fields_of_documents_are_sources() -> None:
    inner = {"name": "mail", "path": "p", "personal": True, "categories": ["user.contact.email"]}
    outer = {"name": "profile", "path": "p", "classification": "restricted", "fields": [inner]}
    product = {
        "domain": "customer",
        "name": "profiles",
        "classification": "confidential",
        "contract": {"schema": [{"name": "people", "physical_name": "lake.a.s", "fields": [outer]}]},
    }
    place = {
        "product": "customer/profiles",
        "object": "people",
        "dataset": "lake.a.s",
        "product_classification": "confidential",
    }

    assert sources_of([product, {"name": "empty"}]) == [
        {**place, "name": "profile", "classification": "restricted"},
        {**place, "name": "profile.mail", "personal": True, "categories": ["user.contact.email"]},
    ]


def test_a_document_that_names_no_product_is_a_source_too() -> None:
    contract = {"schema": [{"name": "t", "fields": [{"name": "f", "path": "p"}]}]}

    assert sources_of([{"contract": contract}]) == [{"object": "t", "name": "f"}]
