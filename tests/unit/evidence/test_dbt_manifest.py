"""What a manifest adds to the results of its run: what tests are about, and which of them did not run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bylaw.errors import UnrecognisedDocument
from bylaw.evidence import Report, completed, read_report, unbound

DOCUMENTS = Path(__file__).parent / "documents"
SHOWN = ("status", "dataset", "field", "partition", "severity", "measure", "contract_version", "value")


def read(name: str) -> Report:
    (report,) = read_report((DOCUMENTS / name).read_bytes(), file=name)
    return report


RUN, MANIFEST = read("dbt-run-results.json"), read("dbt-manifest.json")


def said(*reports: Report) -> dict[str, dict[str, Any]]:
    facts = [one for report in completed(reports) for one in unbound(report)]
    return {one["check"].split(".")[2]: {key: one[key] for key in SHOWN if key in one} for one in facts}


def test_a_manifest_has_no_results_of_its_own() -> None:
    assert (MANIFEST.format, MANIFEST.found) == ("dbt manifest v12", ())


def test_tests_are_about_what_the_manifest_says() -> None:
    orders = {"dataset": "shop.main.orders", "contract_version": "2.1.0"}
    tests = said(RUN, MANIFEST)
    assert tests["not_null_orders_order_id"] == {
        **orders,
        "status": "pass",
        "field": "order_id",
        "severity": "error",
        "measure": "nullValues",
        "value": 0,
    }
    assert tests["accepted_values_orders_status__paid__open"] == {
        **orders,
        "status": "warn",
        "field": "status",
        "severity": "warn",
        "measure": "invalidValues",
    }
    # A test that is a file of its own names nothing; the manifest knows what it reads.
    assert tests["amounts_are_positive"] == {**orders, "status": "fail", "severity": "error"}
    assert tests["not_null_refunds_order_id"]["dataset"] == "refunds"


def test_a_test_that_the_run_left_out_is_missing() -> None:
    assert {name: facts for name, facts in said(RUN, MANIFEST).items() if facts["status"] == "missing"} == {
        "unique_orders_customer_id": {
            "status": "missing",
            "dataset": "shop.main.orders",
            "contract_version": "2.1.0",
            "field": "customer_id",
            "partition": "day = '2026-01-01'",
            "severity": "error",
            "measure": "duplicateValues",
        },
        # It reads two models, so it could be about either.
        "amounts_match": {"status": "missing", "severity": "error"},
    }


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(MANIFEST, signed="stranger"), id="of a stranger"),
        pytest.param(replace(MANIFEST, signed="verified", producer="else"), id="of another producer"),
    ],
)
def test_a_manifest_of_somebody_else_says_nothing(other: Report) -> None:
    assert said(RUN, other) == said(RUN)


def test_a_manifest_of_another_run_knows_the_tests_and_not_which_are_missing() -> None:
    tests = said(RUN, replace(MANIFEST, common={"run": "run-2"}))
    assert tests["amounts_are_positive"]["dataset"] == "shop.main.orders"
    assert tests.keys() == said(RUN).keys()


def test_signed_results_take_a_manifest_of_the_same_producer() -> None:
    signed = [replace(report, signed="verified", producer="ci") for report in (RUN, MANIFEST)]
    assert said(*signed)["amounts_are_positive"]["dataset"] == "shop.main.orders"
    assert "dataset" not in said(signed[0], MANIFEST)["amounts_are_positive"]


def test_versions_that_are_not_known_are_refused() -> None:
    content = (DOCUMENTS / "dbt-manifest.json").read_bytes().replace(b"v12.json", b"v13.json")
    with pytest.raises(UnrecognisedDocument, match="manifest/v13"):
        list(read_report(content, file="manifest.json"))
