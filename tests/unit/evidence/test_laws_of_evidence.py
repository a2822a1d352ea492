"""Laws of evidence, over evidence of all sorts: what does not count never lets pass what was denied without it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bylaw.bundle import build_folder, combine, read_library
from bylaw.decision import Quality, entrypoint
from bylaw.ports import Snapshot
from bylaw_adapters.evaluators.extension import NativeEvaluator

REPOSITORY = Path(__file__).parents[3]
NOW = datetime(2026, 1, 2, tzinfo=UTC)
PROMISES = [
    {"metric": "o.a.nullValues", "operator": "equals", "threshold": 0, "path": "contract.quality[0]"},
    {"metric": "o.schema", "path": "contract.quality[1]"},
]
PRODUCT = {
    "domain": "product",
    "name": "catalog",
    "status": "active",
    "contract": {"id": "urn:o", "version": "2", "quality": PROMISES},
}
GOOD = [
    {
        "check": "complete",
        "metric": "completeness",
        "status": "pass",
        "value": 0.99,
        "observed_at": "2026-01-01T23:00:00Z",
    },
    {"check": "nulls", "metric": "o.a.nullValues", "status": "pass", "value": 0, "observed_at": "2026-01-01T23:00:00Z"},
    {"check": "schema", "metric": "o.schema", "status": "pass", "observed_at": "2026-01-01T23:00:00Z"},
]
FLAWS: list[dict[str, Any]] = [
    {"status": "error"},
    {"status": "skipped"},
    {"status": "missing"},
    {"status": "unknown"},
    {"observed_at": "2025-12-01T00:00:00Z"},
    {"observed_at": "2026-01-03T00:00:00Z"},
    {"observed_at": "yesterday"},
    {"contract_version": "1"},
    {"contract_id": "urn:else"},
    {"product": "else"},
    {"partition": "monday"},
    {"signed": "stranger"},
    {"signed": "invalid", "producer": "ci"},
]
RESULTS = st.fixed_dictionaries(
    {
        "check": st.sampled_from(["complete", "nulls", "schema", "other"]),
        "metric": st.sampled_from(["completeness", "o.a.nullValues", "o.schema", "accuracy"]),
        "status": st.sampled_from(["pass", "pass", "warn", "fail"]),
        "value": st.sampled_from([0, 0.5, 0.99, 1, 7]),
        "observed_at": st.just("2026-01-01T22:00:00Z"),
    },
    optional={
        "rows": st.sampled_from([10, 1000]),
        "failed_rows": st.sampled_from([0, 1, 5]),
        "dataset": st.just("o"),
        "measure": st.sampled_from(["nullValues", "invalidValues"]),
        "unit": st.sampled_from(["rows", "share"]),
    },
)


@cache
def law() -> Snapshot:
    built = build_folder(REPOSITORY / "bundles" / "global", catalogue=REPOSITORY / "rego")
    modules, data_json, _ = combine([read_library(), built])
    return NativeEvaluator().load(modules, data_json)


def decided(results: list[dict[str, Any]]) -> dict[str, Any]:
    question = {"product": PRODUCT, "quality": {"results": results}}
    answer = law().evaluate(
        entrypoint("quality"), json.dumps(question).encode(), at_ns=int(NOW.timestamp()) * 1_000_000_000
    )
    assert answer is not None
    return dict(json.loads(answer))


def test_what_is_good_is_published() -> None:
    quality = Quality.of(decided(GOOD))
    assert quality is not None
    assert quality.action == "publish"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(RESULTS, st.sampled_from(FLAWS)), max_size=5))
def test_evidence_that_does_not_count_proves_nothing(flawed: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    decision = decided([{**result, **flaw} for result, flaw in flawed])
    assert decision["decision"] == "deny"
    assert decision["obligations"]["quality"]["action"] == "block"


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2), st.sampled_from(FLAWS), st.lists(RESULTS, max_size=2))
def test_no_promise_is_kept_by_a_flawed_result(which: int, flaw: dict[str, Any], more: list[dict[str, Any]]) -> None:
    metric = GOOD[which]["metric"]
    others = [result for result in more if result["metric"] != metric]
    results = [{**result, **flaw} if number == which else result for number, result in enumerate(GOOD)]
    assert decided([*results, *others])["decision"] == "deny"


@settings(max_examples=150, deadline=None)
@given(st.lists(RESULTS, max_size=4), st.tuples(RESULTS, st.sampled_from(FLAWS)))
def test_more_evidence_that_does_not_count_never_turns_a_denial(
    results: list[dict[str, Any]], added: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    result, flaw = added
    if decided(results)["decision"] == "deny":
        assert decided([*results, {**result, **flaw}])["decision"] == "deny"


@settings(max_examples=150, deadline=None)
@given(st.lists(RESULTS, max_size=4))
def test_what_is_kept_out_is_named_and_only_of_what_is_published(results: list[dict[str, Any]]) -> None:
    decision = decided([*GOOD, *results])
    quality = Quality.of(decision)
    assert quality is not None
    match quality.action:
        case "publish":
            assert decision["allow"] is True
            assert quality.quarantine == ()
            assert all(result["status"] in ("pass", "warn") for result in results)
        case "quarantine":
            assert decision["allow"] is True
            kept_out = {entry["check"] for entry in quality.quarantine}
            assert {result["check"] for result in results if result["status"] == "fail"} == kept_out
        case "block":
            assert decision["allow"] is False
