"""Reports are hostile: whatever comes, facts come out or a refusal with a code, and never anything else."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.errors import InputError, InputTooLarge
from bylaw.evidence import evidence_about, prometheus, read_report, report, unbound
from bylaw.facts.documents.text import read_documents

DOCUMENTS = sorted((Path(__file__).parent / "documents").iterdir())
ORDERS: dict[str, Any] = {
    "domain": "sales",
    "name": "orders",
    "contract": {
        "id": "urn:orders",
        "schema": [{"name": "orders", "fields": [{"name": "order_id"}, {"name": "customer_id"}]}],
        "quality": [{"metric": "orders.order_id.nullValues", "threshold": 0}],
    },
}

TREES = [
    (path.name, read_documents(path.read_bytes(), file=path.name)[0].value)
    for path in DOCUMENTS
    if path.suffix in (".json", ".yaml")
]
SCALARS: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", " ", "pass", "success", "NaN", "1e400", "2026-01-02T03:04:05Z", "\u202e", "a" * 2000])
    | st.text(max_size=20)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def places(value: Any) -> list[tuple[Any, Any]]:
    entries = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    return [(value, key) for key, _ in entries] + [place for _, child in entries for place in places(child)]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A report of some tool with a few members gone, doubled or replaced."""
    _, tree = draw(st.sampled_from(TREES))
    document = copy.deepcopy(tree)
    for _ in range(draw(st.integers(1, 4))):
        there = places(document)
        if not there:
            break
        holder, key = draw(st.sampled_from(there))
        match draw(st.integers(0, 3)):
            case 0 if isinstance(holder, dict):
                del holder[key]
            case 1:
                holder[key] = [holder[key], copy.deepcopy(holder[key])]
            case _:
                holder[key] = draw(VALUES)
    return json.dumps(document).encode()


def read(content: bytes, file: str) -> None:
    """Facts, or a refusal with a code; any other error ends the test."""
    try:
        reports = list(read_report(content, file=file))
        for one in reports:
            json.dumps(unbound(one), allow_nan=False)
        json.dumps(evidence_about(ORDERS, reports).quality.to_input(), allow_nan=False)
    except InputError:
        return


@settings(max_examples=400, deadline=None)
@given(damaged())
def test_damaged_reports_are_read_or_refused(content: bytes) -> None:
    read(content, "report.json")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_are_read_or_refused(content: bytes) -> None:
    read(content, "report")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["row_count", "{", "}", 'domain="x"', "product_name=", '"', " ", "1", "NaN", "\n", "# TYPE", "\\", "1e999"]
        ),
        max_size=30,
    )
)
def test_expositions_are_read_or_refused(parts: list[str]) -> None:
    read("".join(parts).encode(), "metrics.txt")


def test_fifty_megabytes_of_rows_are_read_and_dropped() -> None:
    row = '"' + "LEAK-7731" * 100 + '"'
    rows = ",".join([row] * 56_000)
    text = (
        '{"success": false, "suite_name": "s", "statistics": {}, "meta": {"great_expectations_version": "1.4.0"}, '
        '"results": [{"success": false, "expectation_config": {"type": "expect_column_values_to_be_unique", '
        '"kwargs": {"column": "order_id"}}, "result": {"element_count": 56000, "unexpected_count": 56000, '
        f'"unexpected_list": [{rows}]}}, "exception_info": {{"raised_exception": false}}}}]}}'
    )
    assert len(text) > 50_000_000
    (found,) = read_report(text.encode(), file="report.json")
    assert len(json.dumps(unbound(found))) < 1000


def test_a_report_beyond_the_limit_is_refused() -> None:
    with pytest.raises(InputTooLarge, match="at most"):
        list(read_report(b" " * (64 * 1024 * 1024 + 1), file="report.json"))


def test_more_results_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MAX_FINDINGS", 3)
    monkeypatch.setattr(prometheus, "MAX_FINDINGS", 3)
    for name in ("dbt-run-results.json", "prometheus-range.json", "prometheus-exposition.txt"):
        (path,) = [path for path in DOCUMENTS if path.name == name]
        with pytest.raises(InputTooLarge, match="more than 3"):
            list(read_report(path.read_bytes(), file=name))


def test_a_key_said_twice_is_refused_in_the_line_it_stands_in() -> None:
    with pytest.raises(InputError, match="twice") as refused:
        list(read_report(b'{"results": [],\n "results": [{}]}', file="report.json"))
    assert refused.value.location is not None
    assert refused.value.location.row == 2


def test_a_name_that_is_somebodys_data_is_cut() -> None:
    text = f"apiVersion: bylaw.io/v1\nkind: Evidence\nresults: [{{check: {'x' * 5000}, status: pass}}]"
    (found,) = read_report(text.encode(), file="e.yaml")
    assert len(unbound(found)[0]["check"]) == 500
