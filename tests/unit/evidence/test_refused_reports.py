"""Which reports are refused, with what was seen; and what is an instant."""

from __future__ import annotations

from pathlib import Path

import pytest

from bylaw.errors import InputError
from bylaw.evidence import read_report, unbound

DOCUMENTS = Path(__file__).parent / "documents"


def edited(name: str, old: str, new: str) -> bytes:
    text = (DOCUMENTS / name).read_text()
    assert old in text
    return text.replace(old, new).encode()


REFUSED: dict[str, tuple[bytes, str]] = {
    "an empty file": (b"", "empty"),
    "an empty object": (b"{}", "nothing that a tool reports"),
    "an empty list": (b"[]", "nothing that a tool reports"),
    "a contract": (b"kind: DataContract\napiVersion: v3.1.0\n", 'kind "DataContract"'),
    "a mapping of no form": (b'{"a": 1}', "a mapping with 'a'"),
    "a list of no form": (b"[1]", "neither OpenLineage's events nor Deequ's results"),
    "dbt of another version": (edited("dbt-run-results.json", "v6.json", "v7.json"), "run-results/v7"),
    "another artifact of dbt": (edited("dbt-run-results.json", "run-results/v6", "catalog/v1"), "catalog/v1"),
    "Great Expectations before 0.18": (edited("gx-0.18-validation.json", "0.18.22", "0.15.50"), "0.15.50"),
    "OORS of another version": (edited("oors.yaml", "v0.8.1", "v0.9.0"), "v0.9.0"),
    "an error of Prometheus": (b'{"status": "error", "errorType": "bad_data", "error": "x"}', "an error"),
    "a scalar of Prometheus": (
        b'{"status": "success", "data": {"resultType": "scalar", "result": [1, "1"]}}',
        "type scalar",
    ),
    "no metric of ours": (b"# TYPE up gauge\nup 1\n", "none of the metrics"),
    "half an exposition": (b"# TYPE row_count gauge\nrow_count 1\nrow_count{\n", "no sample"),
    "evidence without results": (b"apiVersion: bylaw.io/v1\nkind: Evidence\n", "results, or the report"),
    "evidence that signs itself": (
        b"apiVersion: bylaw.io/v1\nkind: Evidence\nresults: [{check: a, status: pass, signed: verified}]\n",
        "found out, not said",
    ),
    "evidence with a key of its own": (
        b"apiVersion: bylaw.io/v1\nkind: Evidence\nproducer: me\nresults: []\n",
        "'producer'",
    ),
    "evidence with sample rows": (
        b"apiVersion: bylaw.io/v1\nkind: Evidence\nresults: [{check: a, status: pass, rows_that_failed: [x]}]\n",
        "rows_that_failed",
    ),
    "a status that is none": (
        b"apiVersion: bylaw.io/v1\nkind: Evidence\nresults: [{check: a, status: fine}]\n",
        "status",
    ),
    "a time without its zone": (
        b"apiVersion: bylaw.io/v1\nkind: Evidence\nobserved_at: '2026-01-02T03:04:05'\nresults: []\n",
        "an instant with its zone",
    ),
    "words around a report that are not its own": (
        edited("bylaw-evidence.yaml", "metric: completeness, status: pass", "contract_id: other, status: pass"),
        "contract_id is 'urn:orders' around the report, and 'other' in it",
    ),
}


@pytest.mark.parametrize(("content", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_with_what_was_seen(content: bytes, why: str) -> None:
    with pytest.raises(InputError) as refused:
        list(read_report(content, file="report"))
    assert why in str(refused.value)
    assert refused.value.location is not None


@pytest.mark.parametrize("version", [4, 5, 6])
def test_versions_of_dbt_that_are_read(version: int) -> None:
    content = edited("dbt-run-results.json", "v6.json", f"v{version}.json")
    (found,) = read_report(content, file="run_results.json")
    assert found.format == f"dbt run-results v{version}"


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-01-02T03:04:05+01:00", "2026-01-02T02:04:05Z"),
        ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
        ("2026-02-30T00:00:00Z", None),
        ("10000-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-05:00", None),
        ("2026-01-02", None),
        ("yesterday", None),
    ],
)
def test_a_time_is_an_instant_or_nothing(written: str, instant: str | None) -> None:
    content = (DOCUMENTS / "openlineage-event.json").read_text().replace("2026-01-02T03:04:05+00:00", written)
    (found,) = read_report(content.encode(), file="event.json")
    assert unbound(found)[0].get("observed_at") == instant
