"""The record of processing activities: nothing is blank, and texts of documents do nothing but show."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from bylaw.bundle import read_library
from bylaw.bundle.combine import combine
from bylaw.facts.gathered import Facts
from bylaw.facts.recognise import gather
from bylaw.ports import Snapshot
from bylaw.reports.processing import ENTRYPOINTS, as_csv, as_markdown, processing_report
from bylaw.reports.product_answers import Answered, answered, not_given, unread
from bylaw_adapters.evaluators.extension import NativeEvaluator

AT_NS = 1_767_225_600_000_000_000
HEAD = "apiVersion: bylaw.io/v1\nkind: DataProduct\n"
EMAIL = "contract: {schema: [{name: t, fields: [{name: e, personal: true, categories: [user.contact.email]}]}]}\n"


@pytest.fixture(scope="module")
def law() -> Snapshot:
    modules, _, _ = combine([read_library()])
    data = {"global": {"parameters": {"controller": {"name": "Company", "contact": "x@company.com"}}}}
    return NativeEvaluator().load(modules, json.dumps(data).encode())


def facts(body: str) -> Facts:
    (found,) = gather((HEAD + body).encode(), file="p.yaml")
    assert isinstance(found, Facts), found
    return found


def reported(law: Snapshot, *bodies: str, domain: str | None = None) -> dict[str, Any]:
    rows = [answered(facts(body), law, ENTRYPOINTS, at_ns=AT_NS) for body in bodies]
    return processing_report([row for row in rows if row is not None], domain=domain, at_ns=AT_NS)


WHOLE = (
    "domain: sales\nname: leads\nowner: ann\npurposes: [analytics]\nlawful_basis: consent\ndata_subjects: [prospect]\n"
    "recipients: [auditors]\nregions: [eu-central-1]\nretention: {days: 30}\nprotections: [masking]\n" + EMAIL
)


def test_a_product_that_states_everything_is_complete(law: Snapshot) -> None:
    report = reported(law, WHOLE)

    assert report["complete"] is True
    assert [entry["missing"] for entry in report["activities"]] == [[]]


@pytest.mark.parametrize("fact", ["owner", "purposes", "lawful_basis", "data_subjects", "recipients", "regions"])
def test_what_nobody_states_is_missing_in_every_format(law: Snapshot, fact: str) -> None:
    said = "".join(line for line in WHOLE.splitlines(keepends=True) if not line.startswith(f"{fact}:"))

    report = reported(law, said)

    assert report["complete"] is False
    assert [each["fact"] for each in report["activities"][0]["missing"]] == [f"product.{fact}"]
    escaped = f"product.{fact}".replace("_", "\\_")
    assert f"MISSING (state {escaped})" in as_markdown(report)
    assert f"MISSING (state product.{fact})" in as_csv(report)


def test_no_part_is_blank(law: Snapshot) -> None:
    report = reported(law, "name: nothing\n")

    (row,) = csv.DictReader(io.StringIO(as_csv(report)))

    assert row["holds personal data"] == "unknown"
    assert all(cell for cell in row.values())
    assert row["purposes (b)"] == "MISSING (state product.purposes)"


def test_products_without_personal_data_are_no_activities(law: Snapshot) -> None:
    without = "domain: sales\nname: load\ncontract: {schema: [{name: t, fields: [{name: x, personal: false}]}]}\n"

    report = reported(law, without, WHOLE)

    assert [entry["product_id"] for entry in report["activities"]] == ["sales/leads"]
    assert report["without_personal_data"] == ["sales/load"]


def test_a_domain_has_its_own_and_what_belongs_to_nobody(law: Snapshot) -> None:
    report = reported(law, WHOLE, WHOLE.replace("sales", "hr"), "name: stray\n", domain="hr")

    assert [entry["product_id"] for entry in report["activities"]] == ["stray", "hr/leads"]


def test_what_is_unknown_is_listed_with_its_reason() -> None:
    class Unreadable(Exception):
        pass

    registered = {"sales/leads": {"domain": "sales", "name": "leads"}, "odd": "no entry"}
    rows = [
        unread("p.yaml", Unreadable("no such thing")),  # type: ignore[arg-type]
        *not_given(registered, []),
        Answered("hr", "old", "q.yaml", {ENTRYPOINTS[0]: None}),
    ]

    report = processing_report(rows, domain=None, at_ns=AT_NS)

    assert report["complete"] is False
    assert [(row["product_id"], row["reason"]) for row in report["unknown"]] == [
        ("p.yaml", "no such thing"),
        ("hr/old", "the law has no record of it"),
        ("sales/leads", "the registry has this product, and no document of it was given"),
    ]
    assert as_csv(report).count("MISSING") == 3 * 17
    assert "the law has no record of it" in as_markdown(report)


def test_of_nothing_the_record_is_not_complete() -> None:
    assert processing_report([], domain=None, at_ns=AT_NS)["complete"] is False


HOSTILE = '"=HYPERLINK(\\"http://evil\\")|<script>alert(1)</script>\\n# heading [x](http://evil)\\u202e"'


def test_texts_of_documents_do_nothing_but_show(law: Snapshot) -> None:
    report = reported(law, WHOLE.replace("owner: ann", f"owner: {HOSTILE}"))

    page, table = as_markdown(report), as_csv(report)

    assert "<script>" not in page
    assert "http:" not in page
    assert [line for line in page.splitlines() if line.startswith("# ")] == ["# Record of processing activities"]
    (row,) = csv.DictReader(io.StringIO(table))
    assert row["responsible for the product"].startswith("'=HYPERLINK")
    assert "\u202e" not in table


@pytest.mark.parametrize("first", ["=", "+", "-", "@"])
def test_a_cell_that_a_spreadsheet_would_run_stands_behind_an_apostrophe(law: Snapshot, first: str) -> None:
    report = reported(law, WHOLE.replace("owner: ann", f'owner: "{first}1+1"'))

    (row,) = csv.DictReader(io.StringIO(as_csv(report)))

    assert row["responsible for the product"] == f"'{first}1+1"
