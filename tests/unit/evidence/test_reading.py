"""What each tool's report says, in the normal form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bylaw.evidence import Report, read_report, unbound

DOCUMENTS = Path(__file__).parent / "documents"
AT = "2026-01-02T03:04:05Z"
SHOWN = ("check", "status", "type", "dataset", "field", "partition", "metric", "measure", "value", "unit", "rows")
COUNTED = (*SHOWN, "failed_rows")


def report(name: str) -> Report:
    (found,) = read_report((DOCUMENTS / name).read_bytes(), file=name)
    return found


def said(name: str, *shown: str) -> list[dict[str, Any]]:
    return [{key: facts[key] for key in shown if key in facts} for facts in unbound(report(name))]


def test_dbt_run_results() -> None:
    model, null, twins = "model.shop.orders", "test.shop.not_null_orders_", "test.shop.unique_orders_order_id.2a1b2c"
    rows = {"measure": "nullValues", "unit": "rows"}
    assert said("dbt-run-results.json", *COUNTED) == [
        {"check": model, "status": "pass", "dataset": "orders"},
        {"check": f"{null}order_id.0a1b2c", "status": "pass", **rows, "value": 0, "failed_rows": 0},
        {"check": f"{null}customer_id.1a1b2c", "status": "fail", **rows, "value": 4, "failed_rows": 4},
        # A `where` of its own: what passed is a part of the model.
        {
            "check": f"{null}status.1a1b2d",
            "status": "pass",
            "partition": "day = '2026-01-01'",
            **rows,
            "value": 0,
            "failed_rows": 0,
        },
        {"check": twins, "status": "pass", "measure": "duplicateValues", "value": 0, "unit": "values"},
        # Two values, and nobody knows how many rows.
        {
            "check": "test.shop.accepted_values_orders_status__paid__open.3a1b2c",
            "status": "warn",
            "measure": "invalidValues",
        },
        {"check": f"{null}amount.4a1b2c", "status": "error", "measure": "nullValues"},
        {"check": "test.shop.not_null_refunds_order_id.5a1b2c", "status": "skipped", "measure": "nullValues"},
        {"check": "test.shop.amounts_are_positive", "status": "fail", "failed_rows": 1},
    ]


def test_dbt_says_when_each_test_ended_and_of_what_run() -> None:
    (first, *_, skipped, _) = unbound(report("dbt-run-results.json"))
    assert (first["observed_at"], first["run"], first["source"]) == (
        "2026-01-02T03:04:05.000006Z",
        "run-1",
        "dbt 1.10.2",
    )
    assert skipped["observed_at"] == "2026-01-02T03:05:00Z"


def test_dbt_sources() -> None:
    freshness = {"metric": "freshness_seconds"}
    assert said("dbt-sources.json", *SHOWN, "observed_at") == [
        {
            "check": "freshness of source.shop.raw.orders",
            "status": "pass",
            "dataset": "orders",
            **freshness,
            "value": 3600,
            "unit": "seconds",
            "observed_at": "2026-01-02T03:00:00Z",
        },
        {"check": "freshness of source.shop.raw.refunds", "status": "error", "dataset": "refunds", **freshness},
    ]


@pytest.mark.parametrize("name", ["gx-1-validation.json", "gx-0.18-validation.json", "gx-0.18-checkpoint.json"])
def test_great_expectations(name: str) -> None:
    suite = "orders_suite expect_"
    rows = {"unit": "rows", "rows": 200}
    assert said(name, *SHOWN) == [
        {
            "check": f"{suite}column_values_to_not_be_null(order_id)",
            "status": "pass",
            "dataset": "orders",
            "field": "order_id",
            "measure": "nullValues",
            "value": 0,
            **rows,
        },
        # Nine in ten were enough to pass, and four rows are null all the same.
        {
            "check": f"{suite}column_values_to_not_be_null(customer_id, mostly=0.9)",
            "status": "pass",
            "dataset": "orders",
            "field": "customer_id",
            "measure": "nullValues",
            "value": 4,
            **rows,
        },
        {
            "check": f"{suite}column_values_to_be_in_set(status)",
            "status": "fail",
            "dataset": "orders",
            "field": "status",
            "measure": "invalidValues",
            "value": 1,
            **rows,
        },
        {
            "check": f"{suite}column_values_to_not_be_null(status)",
            "status": "pass",
            "dataset": "orders",
            "field": "status",
            "partition": "day == '2026-01-01'",
            "measure": "nullValues",
            "value": 0,
            "unit": "rows",
            "rows": 50,
        },
        {
            "check": f"{suite}table_row_count_to_be_between",
            "status": "pass",
            "dataset": "orders",
            "measure": "rowCount",
            "value": 200,
            "unit": "rows",
        },
        {
            "check": f"{suite}column_distinct_values_to_be_in_set(status)",
            "status": "fail",
            "dataset": "orders",
            "field": "status",
        },
        {
            "check": f"{suite}column_values_to_not_be_null(nowhere)",
            "status": "error",
            "dataset": "orders",
            "field": "nowhere",
            "measure": "nullValues",
        },
    ]


def test_a_checkpoint_as_great_expectations_1_describes_it_says_no_time() -> None:
    assert said("gx-1-checkpoint.json", "check", "status", "dataset", "observed_at") == [
        {"check": f"orders_suite expect_column_values_{rest}", "status": status, "dataset": "orders"}
        for rest, status in (
            ("to_not_be_null(order_id)", "pass"),
            ("to_be_in_set(status)", "fail"),
            ("to_not_be_null(nowhere)", "error"),
        )
    ]


def test_soda_3() -> None:
    orders, rows = {"dataset": "orders"}, {"unit": "rows", "rows": 200}
    customer = {**orders, "field": "customer_id", "measure": "missingValues"}
    order = {**orders, "field": "order_id"}
    null = "orders.customer_id: missing_count(customer_id) = 0"
    assert said("soda-3-scan.json", *SHOWN) == [
        {
            "check": "orders: row_count > 0",
            "status": "pass",
            **orders,
            "measure": "rowCount",
            "value": 200,
            "unit": "rows",
        },
        {"check": null, "status": "fail", **customer, "value": 4, **rows},
        {
            "check": "orders.order_id: missing_percent(order_id) < 1",
            "status": "pass",
            **order,
            "measure": "missingValues",
            "value": 0.005,
            "unit": "share",
            "rows": 200,
        },
        {
            "check": "orders.order_id: duplicate_count(order_id) = 0",
            "status": "pass",
            **order,
            "measure": "duplicateValues",
            "value": 0,
            "unit": "values",
        },
        {
            "check": "orders.status: invalid_count(status) = 0",
            "status": "warn",
            **orders,
            "field": "status",
            "measure": "invalidValues",
            "value": 1,
            **rows,
        },
        {
            "check": "orders.updated_at: freshness(updated_at) < 1d",
            "status": "pass",
            **orders,
            "field": "updated_at",
            "metric": "freshness_seconds",
            "value": 3600,
            "unit": "seconds",
        },
        {"check": null, "status": "pass", **customer, "partition": "daily", "value": 0, "unit": "rows"},
        # What Soda could not evaluate is left out of its checks.
        {"check": "scan", "status": "error", **orders},
    ]


def test_soda_4() -> None:
    orders, rows = {"dataset": "orders"}, {"unit": "rows", "rows": 200}
    missing = {"measure": "missingValues"}
    assert said("soda-4-contract.json", *SHOWN) == [
        {
            "check": "orders.customer_id: No missing values",
            "status": "fail",
            **orders,
            "field": "customer_id",
            **missing,
            "value": 4,
            **rows,
        },
        # Its value is written as 0.
        {"check": "orders.order_id: No missing ids", "status": "error", **orders, "field": "order_id", **missing},
        {
            "check": "orders.status: Known words",
            "status": "skipped",
            **orders,
            "field": "status",
            "measure": "invalidValues",
        },
        {
            "check": "orders.order_id: No duplicates",
            "status": "pass",
            **orders,
            "field": "order_id",
            "measure": "duplicateValues",
            "value": 0,
            "unit": "values",
            "rows": 200,
        },
    ]


def test_deequ_proves_nothing_alone_and_counts_what_is_missing() -> None:
    checks = [
        {
            "check": "Orders: Completeness(customer_id)",
            "status": "fail",
            "field": "customer_id",
            "measure": "nullValues",
            "value": 0.02,
            "unit": "share",
        },
        {
            "check": "Orders: Uniqueness(order_id)",
            "status": "pass",
            "field": "order_id",
            "measure": "duplicateValues",
        },
        {
            "check": "Orders: Completeness(nowhere)",
            "status": "error",
            "field": "nowhere",
            "measure": "nullValues",
        },
        {"check": "Hints: Compliance(*)", "status": "warn", "value": 0.5},
    ]
    assert said("deequ-checks.json", *SHOWN, "observed_at") == checks
    assert said("bylaw-evidence-of-deequ.json", *SHOWN, "observed_at", "contract_id") == [
        {**check, "dataset": "main.orders", "observed_at": AT, "contract_id": "urn:orders"} for check in checks
    ]
    metric = {"status": "pass", "type": "metric"}
    assert said("deequ-metrics.json", *SHOWN) == [
        {
            "check": "Completeness(customer_id)",
            **metric,
            "field": "customer_id",
            "measure": "nullValues",
            "value": 0.02,
            "unit": "share",
        },
        {"check": "Size(*)", **metric, "measure": "rowCount", "value": 200, "unit": "rows"},
        {"check": "Mean(amount)", **metric, "field": "amount", "value": 12.5},
    ]


def test_openlineage() -> None:
    orders = {"dataset": "main.orders"}
    null = {"measure": "nullValues"}
    assert said("openlineage-event.json", *SHOWN) == [
        {
            "check": "not_null(order_id)",
            "status": "pass",
            **orders,
            "field": "order_id",
            **null,
            "value": 0,
            "unit": "rows",
        },
        {"check": "not_null(customer_id)", "status": "fail", **orders, "field": "customer_id", **null},
        {
            "check": "accepted_values(status)",
            "status": "warn",
            **orders,
            "field": "status",
            "measure": "invalidValues",
        },
        {
            "check": "rowCount",
            "status": "pass",
            "type": "metric",
            **orders,
            "measure": "rowCount",
            "value": 200,
            "unit": "rows",
        },
        {
            "check": "nullCount(customer_id)",
            "status": "pass",
            "type": "metric",
            **orders,
            "field": "customer_id",
            **null,
            "value": 4,
            "unit": "rows",
            "rows": 200,
        },
    ]


def test_what_a_run_says_while_it_goes_is_not_its_result() -> None:
    events = report("openlineage-events.jsonl")
    assert {facts["status"] for facts in unbound(events)} == {"unknown"}
    assert events.places.location(events.found[0].pointer).row == 2


def test_oors() -> None:
    orders = {"dataset": "orders"}
    assert said("oors.yaml", *COUNTED, "dimension", "severity") == [
        {
            "check": "orders_no_twins",
            "status": "fail",
            **orders,
            "partition": "day = '2026-01-01'",
            "measure": "duplicateValues",
            "value": 3,
            "unit": "rows",
            "rows": 200,
            "failed_rows": 3,
            "dimension": "uniqueness",
            "severity": "critical",
        },
        {
            "check": "order_id_nulls",
            "status": "pass",
            **orders,
            "field": "order_id",
            "measure": "nullValues",
            "value": 0.005,
            "unit": "share",
        },
        {"check": "rows", "status": "pass", "type": "metric", **orders, "measure": "rowCount", "value": 200},
        {"check": "relayed", "status": "skipped"},
    ]
    assert {(facts["contract_id"], facts["contract_version"]) for facts in unbound(report("oors.yaml"))} == {
        ("urn:orders", "2.1.0")
    }


def test_oors_of_a_run_that_goes_on_is_settled_in_nothing() -> None:
    going_on = (DOCUMENTS / "oors.yaml").read_text().replace("state: completed", "state: running")
    (found,) = read_report(going_on.encode(), file="oors.yaml")
    assert {facts["status"] for facts in unbound(found)} == {"unknown"}


def test_prometheus_answers() -> None:
    of = {"domain": "sales", "product": "orders"}
    assert said("prometheus-query.json", "metric", "status", "value", "unit", "observed_at", *of) == [
        {**row, **of, "observed_at": "2026-01-02T03:04:05.250000Z"}
        for row in (
            {"metric": "freshness_seconds", "status": "pass", "value": 1800, "unit": "seconds"},
            {"metric": "availability", "status": "pass", "value": 1, "unit": "share"},
            {"metric": "quality", "status": "pass", "value": 0.98, "unit": "share"},
            {"metric": "row_count", "status": "pass", "value": 200, "unit": "rows"},
            {"metric": "consumer_queries", "status": "pass", "value": 17},
            {"metric": "quality", "status": "error"},
        )
    ]
    assert [part.reason for part in report("prometheus-query.json").not_read] == ["up is no metric that is read here"]
    assert said("prometheus-range.json", "metric", "value", "observed_at")[2] == {
        "metric": "availability",
        "value": 0,
        "observed_at": "2026-01-02T03:06:05Z",
    }


def test_a_prometheus_exposition_says_a_time_only_where_it_is_written() -> None:
    found = report("prometheus-exposition.txt")
    assert said("prometheus-exposition.txt", "metric", "value", "observed_at") == [
        {"metric": "freshness_seconds", "value": 1800},
        {"metric": "availability", "value": 1, "observed_at": "2026-01-02T03:04:05.250000Z"},
        {"metric": "consumer_queries", "value": 17},
        {"metric": "pipeline_duration_seconds", "value": 12.5},
    ]
    assert found.places.location(found.found[1].pointer).row == 4


def test_datacontract_cli() -> None:
    orders = {"dataset": "orders", "field": "order_id"}
    assert said("datacontract-results.json", *COUNTED, "contract_version", "observed_at") == [
        {**facts, "contract_version": "2.1.0", "observed_at": AT}
        for facts in (
            {
                "check": "field_required(orders.order_id)",
                "status": "pass",
                **orders,
                "measure": "nullValues",
                "value": 0,
                "unit": "rows",
            },
            {
                "check": "field_unique(orders.order_id) no_twins",
                "status": "fail",
                **orders,
                "measure": "duplicateValues",
                "value": 3,
                "unit": "values",
                "rows": 200,
                "failed_rows": 7,
            },
            {
                "check": "field_required(refunds.order_id)",
                "status": "unknown",
                "dataset": "refunds",
                "field": "order_id",
                "partition": "day = '2026-01-01'",
                "measure": "nullValues",
            },
            {
                "check": "field_null_values(orders.customer_id) few_nulls",
                "status": "warn",
                "dataset": "orders",
                "field": "customer_id",
                "measure": "nullValues",
                "value": 4,
                "unit": "rows",
                "rows": 200,
                "failed_rows": 4,
            },
            {
                "check": "row_count(orders) rows",
                "status": "pass",
                "dataset": "orders",
                "measure": "rowCount",
                "value": 200,
                "unit": "rows",
                "rows": 200,
            },
        )
    ]


def test_our_own_words() -> None:
    of = {"contract_id": "urn:orders", "contract_version": "2.1.0"}
    assert said("bylaw-evidence.yaml", *SHOWN, "observed_at", *of) == [
        {**facts, **of}
        for facts in (
            {
                "check": "complete",
                "status": "pass",
                "metric": "completeness",
                "value": 0.98,
                "unit": "share",
                "observed_at": AT,
            },
            {
                "check": "no nulls",
                "status": "pass",
                "dataset": "orders",
                "field": "order_id",
                "value": 0,
                "measure": "nullValues",
                "unit": "rows",
                "rows": 200,
                "observed_at": AT,
            },
            {
                "check": "yesterday",
                "status": "fail",
                "metric": "completeness",
                "value": 0.9,
                "partition": "day=2026-01-01",
                "observed_at": "2026-01-01T03:00:00Z",
            },
        )
    ]


@pytest.mark.parametrize("path", sorted(DOCUMENTS.iterdir()), ids=lambda path: path.name)
def test_nothing_that_a_row_held_is_in_the_facts(path: Path) -> None:
    (found,) = read_report(path.read_bytes(), file=path.name)
    assert "LEAK" not in json.dumps(unbound(found))


def test_every_result_says_where_it_stands() -> None:
    (second,) = [facts for facts in unbound(report("dbt-run-results.json")) if "customer_id" in facts["check"]]
    assert (second["file"], second["pointer"]) == ("dbt-run-results.json", "/results/2")
    found = report("dbt-run-results.json")
    line = (
        (DOCUMENTS / "dbt-run-results.json")
        .read_text()
        .splitlines()[found.places.location(found.found[2].pointer).row - 1]
    )
    assert line.strip() == "{"


def test_percentages_of_prometheus_are_shares() -> None:
    lines = '{domain="sales",product="orders"} %s 1767323045000'
    text = f"sla_compliance_percentage{lines % 99.5}\ndata_freshness_seconds{lines % 60}\n"
    (found,) = read_report(text.encode(), file="metrics.prom")
    assert [(facts["metric"], facts["value"], facts["unit"]) for facts in unbound(found)] == [
        ("sla_compliance", 0.995, "share"),
        ("freshness_seconds", 60, "seconds"),
    ]


def test_yaml_that_begins_with_a_number_is_no_exposition() -> None:
    text = (DOCUMENTS / "oors.yaml").read_text()
    identity = next(line for line in text.splitlines() if line.startswith("id: "))
    (found,) = read_report(f"{identity}\n{text.replace(identity, '')}".encode(), file="report")
    assert found.format == "oors 0.8.1"
