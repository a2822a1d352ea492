"""Which product a finding is about, and which promise of its contract it speaks of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bylaw.errors import InputTooLarge
from bylaw.evidence import Subjects, evidence_about, gathered, read_report, sorted_out

DOCUMENTS = Path(__file__).parent / "documents"


def field(name: str) -> dict[str, Any]:
    return {"name": name, "path": f"contract.schema[orders].{name}"}


FIELDS = [field(name) for name in ("order_id", "customer_id", "status", "amount")]
ORDERS: dict[str, Any] = {
    "domain": "sales",
    "name": "orders",
    "contract": {
        "id": "urn:orders",
        "version": "2.1.0",
        "schema": [{"name": "orders", "path": "contract.schema[orders]", "fields": FIELDS}],
        "quality": [
            {"metric": "orders.order_id.nullValues", "path": "q[0]", "operator": "equals", "threshold": 0},
            {"metric": "orders.order_id.duplicateCount", "path": "q[1]", "operator": "equals", "threshold": 0},
            {"metric": "orders.rowCount", "path": "q[2]", "operator": "gt", "threshold": 0},
            {"metric": "orders.no_twins", "path": "q[3]"},
        ],
    },
}


def product(**contract: Any) -> dict[str, Any]:
    return {**ORDERS, "contract": {**ORDERS["contract"], **contract}}


def evidence(name: str, about: dict[str, Any] = ORDERS) -> list[dict[str, Any]]:
    reports = list(read_report((DOCUMENTS / name).read_bytes(), file=name))
    return list(evidence_about(about, reports).quality.to_input()["results"])


def of_text(text: str, about: dict[str, Any] = ORDERS) -> dict[str, Any]:
    return evidence_about(about, list(read_report(text.encode(), file="e.yaml"))).quality.to_input()


OWN = "apiVersion: bylaw.io/v1\nkind: Evidence\n"


@pytest.mark.parametrize(
    ("name", "metrics"),
    [
        (
            "dbt-run-results.json",
            {
                "orders.order_id.nullValues": ["pass"],
                "orders.customer_id.nullValues": ["fail"],
                "orders.status.nullValues": ["pass"],
                "orders.order_id.duplicateCount": ["pass"],
                "orders.status.invalidValues": ["warn"],
                "orders.amount.nullValues": ["error"],
            },
        ),
        (
            "soda-3-scan.json",
            {
                "orders.rowCount": ["pass"],
                "orders.customer_id.missingValues": ["fail", "pass"],
                # Where at most so many values are missing, at most so many are null.
                "orders.order_id.nullValues": ["pass"],
                "orders.order_id.duplicateCount": ["pass"],
                "orders.status.invalidValues": ["warn"],
                "freshness_seconds": ["pass"],
            },
        ),
        (
            "gx-1-validation.json",
            {
                "orders.order_id.nullValues": ["pass"],
                "orders.customer_id.nullValues": ["pass"],
                "orders.status.invalidValues": ["fail"],
                "orders.status.nullValues": ["pass"],
                "orders.rowCount": ["pass"],
                "orders.nowhere.nullValues": ["error"],
            },
        ),
        (
            "openlineage-event.json",
            {
                "orders.order_id.nullValues": ["pass"],
                "orders.customer_id.nullValues": ["fail", "pass"],
                "orders.status.invalidValues": ["warn"],
                "orders.rowCount": ["pass"],
            },
        ),
        (
            "oors.yaml",
            {"orders.no_twins": ["fail"], "orders.order_id.nullValues": ["pass"], "orders.rowCount": ["pass"]},
        ),
        (
            "datacontract-results.json",
            {
                "orders.order_id.nullValues": ["pass"],
                "orders.order_id.duplicateCount": ["fail"],
                "orders.customer_id.nullValues": ["warn"],
                "orders.rowCount": ["pass"],
            },
        ),
        (
            "bylaw-evidence-of-deequ.json",
            {
                "orders.customer_id.nullValues": ["fail"],
                "orders.order_id.duplicateCount": ["pass"],
                "orders.nowhere.nullValues": ["error"],
            },
        ),
        ("bylaw-evidence.yaml", {"completeness": ["pass", "fail"], "orders.order_id.nullValues": ["pass"]}),
        (
            "prometheus-query.json",
            {
                "freshness_seconds": ["pass"],
                "availability": ["pass"],
                "quality": ["pass", "error"],
                "row_count": ["pass"],
                "consumer_queries": ["pass"],
            },
        ),
    ],
)
def test_findings_are_bound_to_what_the_contract_promises(name: str, metrics: dict[str, list[str]]) -> None:
    found: dict[str, list[str]] = {}
    for result in evidence(name):
        if "metric" in result:
            found.setdefault(result["metric"], []).append(result["status"])
    assert found == metrics


@pytest.mark.parametrize(
    ("dataset", "physical_name", "is_about"),
    [
        ("orders", None, True),
        ("ORDERS", None, True),
        ('"shop"."main"."orders"', None, True),
        ("orders_archive", None, False),
        ("refunds", None, False),
        ("t_orders", "t_orders", True),
        ("main.t_orders", "main.t_orders", True),
        ("shop.main.t_orders", "main.t_orders", True),
        ("t_orders", "main.t_orders", True),
        ("archive.t_orders", "main.t_orders", False),
        ("archive.orders", "main.orders", False),
        ("\u043erders", None, False),  # a Cyrillic letter
    ],
)
def test_a_dataset_is_an_object_of_the_contract(dataset: str, physical_name: str | None, is_about: bool) -> None:
    thing = {**ORDERS["contract"]["schema"][0], **({"physical_name": physical_name} if physical_name else {})}
    told = json.dumps({"check": "a", "status": "pass", "dataset": dataset, "measure": "rowCount", "value": 1})
    found = of_text(f"{OWN}results: [{told}]", product(schema=[thing]))
    assert [result.get("metric") for result in found["results"]] == (["orders.rowCount"] if is_about else [])


@pytest.mark.parametrize(
    ("named", "is_about"),
    [
        pytest.param("contract_id: urn:orders", True, id="its contract"),
        pytest.param("contract_id: urn:refunds\ndataset: orders", False, id="another contract, a table of that name"),
        pytest.param("domain: sales\nproduct: Orders", True, id="its domain and name"),
        pytest.param("product: orders", True, id="its name"),
        pytest.param("domain: finance\nproduct: orders", False, id="a product of that name elsewhere"),
        pytest.param("domain: sales", False, id="its domain alone"),
        pytest.param("source: dbt", False, id="nothing"),
    ],
)
def test_evidence_is_about_what_it_names(named: str, is_about: bool) -> None:
    text = f"{OWN}{named}\nresults: [{{check: a, metric: completeness, status: pass, value: 1}}]"
    (report,) = read_report(text.encode(), file="e.yaml")
    assert bool(of_text(text)["results"]) is is_about
    found = sorted_out(report, Subjects([ORDERS]))
    assert (bool(found.about), bool(found.others)) == (is_about, not is_about)


def test_a_name_that_two_columns_could_have_is_bound_to_neither() -> None:
    things = [
        {"name": "order", "fields": [{"name": "items_id"}]},
        {"name": "order_items", "fields": [{"name": "id"}]},
    ]
    run = (
        (DOCUMENTS / "dbt-run-results.json").read_text().replace("not_null_orders_order_id", "not_null_order_items_id")
    )
    reports = list(read_report(run.encode(), file="run_results.json"))
    results = evidence_about(product(schema=things), reports).quality.to_input()["results"]
    assert results == []
    (one,) = evidence_about(product(schema=things[1:]), reports).quality.to_input()["results"]
    assert (one["dataset"], one["field"]) == ("order_items", "id")


def test_a_table_that_two_products_have_is_no_evidence_of_either() -> None:
    other = {**ORDERS, "domain": "finance", "contract": {**ORDERS["contract"], "id": "urn:finance:orders"}}
    (by_table,) = read_report((DOCUMENTS / "soda-3-scan.json").read_bytes(), file="soda.json")
    found = sorted_out(by_table, Subjects([ORDERS, other]))
    assert found.about == {}
    assert {why for _, why in found.others} == {
        "could be about finance/orders and sales/orders, so it is about neither"
    }
    (by_contract,) = read_report((DOCUMENTS / "oors.yaml").read_bytes(), file="oors.yaml")
    assert sorted_out(by_contract, Subjects([ORDERS, other])).about == {"sales/orders": by_contract}
    assert sorted_out(by_table, Subjects([ORDERS, ORDERS])).about == {"sales/orders": by_table}


@pytest.mark.parametrize(
    ("test", "metric"),
    [
        ("not_null_orders_order_id", "orders.order_id.nullValues"),
        ("not_null_archived_orders_order_id", None),
        ("not_null_orders_order_id__old", None),
        ("source_not_null_raw_orders_order_id", None),
        ("not_null_orders", None),
        ("accepted_values_orders_status__paid", "orders.status.invalidValues"),
        ("accepted_values_archived_orders_status__paid", None),
        ("unique_orders_order_id", "orders.order_id.duplicateCount"),
        ("relationships_orders_customer_id__id__ref_customers_", None),
    ],
)
def test_of_the_name_of_a_dbt_test_no_more_is_guessed(test: str, metric: str | None) -> None:
    run = (DOCUMENTS / "dbt-run-results.json").read_text().replace("not_null_orders_order_id", test)
    results = evidence_about(ORDERS, list(read_report(run.encode(), file="r.json"))).quality.to_input()["results"]
    assert next((one.get("metric") for one in results if f".{test}." in one["check"]), None) == metric


def test_a_product_that_two_domains_have_takes_its_domain() -> None:
    other = {**ORDERS, "domain": "finance", "contract": {"id": "urn:finance:orders"}}
    text = f"{OWN}product: orders\nresults: [{{check: a, metric: completeness, status: pass, value: 1}}]"
    (by_name,) = read_report(text.encode(), file="e.yaml")
    assert sorted_out(by_name, Subjects([ORDERS, other])).about == {}
    (with_domain,) = read_report(text.replace("product:", "domain: sales\nproduct:").encode(), file="e.yaml")
    assert sorted_out(with_domain, Subjects([ORDERS, other])).about == {"sales/orders": with_domain}


def test_the_newest_outcome_of_a_check_is_the_result_and_all_are_its_history() -> None:
    def run(at: str, status: str) -> str:
        return (
            f"{OWN}contract_id: urn:orders\nobserved_at: {at}\n"
            f"results: [{{check: complete, metric: completeness, status: {status}, value: 0.9}}]\n"
        )

    texts = [
        run("2026-01-02T00:00:00.5Z", "fail"),
        run("2026-01-02T00:00:00Z", "pass"),
        run("2026-01-01T00:00:00Z", "pass"),
    ]
    reports = [
        report for number, text in enumerate(texts) for report in read_report(text.encode(), file=f"{number}.yaml")
    ]
    facts = evidence_about(ORDERS, reports).quality.to_input()
    assert [(one["status"], one["file"]) for one in facts["results"]] == [("fail", "0.yaml")]
    (series,) = facts["history"]
    assert (series["metric"], series["check"]) == ("completeness", "complete")
    assert series["samples"] == [
        {"observed_at": "2026-01-01T00:00:00Z", "status": "pass", "value": 0.9},
        {"observed_at": "2026-01-02T00:00:00Z", "status": "pass", "value": 0.9},
        {"observed_at": "2026-01-02T00:00:00.500000Z", "status": "fail", "value": 0.9},
    ]


def test_a_check_stays_itself_when_its_tool_is_upgraded() -> None:
    def run(at: str, source: str) -> str:
        one = "{check: complete, metric: completeness, status: pass, value: 1}"
        return f"{OWN}contract_id: urn:orders\nsource: {source}\nobserved_at: {at}\nresults: [{one}]\n"

    def sources(*texts: str) -> list[str]:
        reports = [report for text in texts for report in read_report(text.encode(), file="e.yaml")]
        return [one["source"] for one in evidence_about(ORDERS, reports).quality.to_input()["results"]]

    old = run("2026-01-01T00:00:00Z", "dbt 1.9.0")
    assert sources(old, run("2026-01-02T00:00:00Z", "dbt 1.10.2")) == ["dbt 1.10.2"]
    assert sources(old, run("2026-01-02T00:00:00Z", "soda nightly")) == ["dbt 1.9.0", "soda nightly"]


def test_what_is_handed_in_twice_counts_once_and_contradictions_stay() -> None:
    (report,) = read_report((DOCUMENTS / "bylaw-evidence.yaml").read_bytes(), file="one.yaml")
    (again,) = read_report((DOCUMENTS / "bylaw-evidence.yaml").read_bytes(), file="two.yaml")
    other = (
        (DOCUMENTS / "bylaw-evidence.yaml")
        .read_text()
        .replace("completeness, status: pass", "completeness, status: fail")
    )
    (contradicting,) = read_report(other.encode(), file="three.yaml")

    assert evidence_about(ORDERS, [report, again]).quality.results is not None
    once, twice = evidence_about(ORDERS, [report]), evidence_about(ORDERS, [report, again])
    assert (twice.quality, twice.duplicates) == (once.quality, 3)
    results = evidence_about(ORDERS, [report, contradicting]).quality.to_input()["results"]
    assert [one["status"] for one in results if one["check"] == "complete"] == ["pass", "fail"]


def test_what_says_no_time_is_not_taken_for_older() -> None:
    text = f"{OWN}contract_id: urn:orders\nresults:\n" + "".join(
        f"  - {{check: a, metric: completeness, status: {status}{at}}}\n"
        for status, at in (("pass", ", observed_at: '2026-01-02T00:00:00Z'"), ("fail", ""))
    )
    assert [one["status"] for one in of_text(text)["results"]] == ["pass", "fail"]


def test_places_lead_into_the_report() -> None:
    (report,) = read_report((DOCUMENTS / "bylaw-evidence.yaml").read_bytes(), file="bylaw-evidence.yaml")
    found = evidence_about(ORDERS, [report])
    place = found.place("quality.results[1].value")
    assert place is not None
    assert str(place) == "bylaw-evidence.yaml:8:5"
    assert found.place("contract.quality[0]") is None


def test_more_samples_than_are_judged_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathered, "MAX_SAMPLES", 4)
    with pytest.raises(InputTooLarge, match="more than 4 samples"):
        evidence("prometheus-range.json")


def test_more_results_than_are_judged_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathered, "MAX_RESULTS", 3)
    with pytest.raises(InputTooLarge, match="more than 3 results of one product"):
        evidence("soda-3-scan.json")


@pytest.mark.parametrize("path", sorted(DOCUMENTS.iterdir()), ids=lambda path: path.name)
def test_sorting_finds_what_asking_each_product_finds(path: Path) -> None:
    (report,) = read_report(path.read_bytes(), file=path.name)
    found = sorted_out(report, Subjects([ORDERS]))
    kept = found.about.get("sales/orders")
    assert evidence_about(ORDERS, [kept] if kept else []).quality == evidence_about(ORDERS, [report]).quality
