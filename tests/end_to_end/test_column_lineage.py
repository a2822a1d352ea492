"""``bylaw check``: a derived column is judged by its sources, wherever these are described."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

SOURCE = """\
apiVersion: bylaw.io/v1
kind: DataProduct
domain: sales
name: leads
classification: restricted
contract:
  schema:
    - name: leads
      physical_name: crm.leads
      fields:
        - {name: phone, type: string, personal: true, categories: [user.contact.phone_number]}
        - {name: status, type: string, classification: internal, personal: false}
"""
DERIVED = """\
apiVersion: bylaw.io/v1
kind: DataProduct
domain: sales
name: calls
classification: internal
contract:
  schema:
    - name: calls
      physical_name: crm.calls
      fields:
        - {name: number, type: string, derived_from: [sales/leads/leads.phone]}
        - {name: state, type: string, derived_from: [sales/leads/leads.status]}
"""
PRV = "PRV-011"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "leads.yaml").write_text(SOURCE)
    (tmp_path / "docs" / "calls.yaml").write_text(DERIVED)
    return tmp_path


def found(folder: Path, *arguments: str) -> list[tuple[str, int]]:
    """What the rule says, and at which line of the derived product."""
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", "check", "--format", "json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=folder)
    files: list[dict[str, Any]] = json.loads(done.stdout)["files"]
    (calls,) = (file for file in files if file["path"].endswith("calls.yaml"))
    return [(row["msg"], row["line"]) for row in calls["findings"] if row["id"] == PRV]


def test_sources_are_found_in_documents_of_the_same_run(folder: Path) -> None:
    assert found(folder, "docs") == [
        ("field number is made of sales/leads/leads.phone, which is personal data, and is not said to be", 11),
        ("field number is made of sales/leads/leads.phone, which is restricted, and is internal", 11),
    ]


def test_documents_that_name_no_product_or_cannot_be_read_are_no_hindrance(folder: Path) -> None:
    (folder / "docs" / "nameless.yaml").write_text("apiVersion: v3.1.0\nkind: DataContract\nschema: [{name: leads}]\n")
    (folder / "docs" / "broken.yaml").write_text("kind: [")

    assert len(found(folder, "docs")) == 2


def test_sources_that_nobody_describes_do_not_pass(folder: Path) -> None:
    assert found(folder, "docs/calls.yaml") == [
        ("field number is made of sales/leads/leads.phone, and nobody knows what that is", 11),
        ("field state is made of sales/leads/leads.status, and nobody knows what that is", 12),
    ]


def test_a_source_of_the_registry(folder: Path) -> None:
    calls = folder / "docs" / "calls.yaml"
    calls.write_text(DERIVED.replace("sales/leads/leads.phone", "customer/customer-profile/profiles.email"))

    messages = [message for message, _ in found(folder, "docs")]

    assert messages == [
        *(
            f"field number is made of customer/customer-profile/profiles.email, which is {rest}"
            for rest in ("confidential, and is internal", "personal data, and is not said to be")
        )
    ]


def lineage(folder: Path, **transformation: Any) -> Path:
    source = {"namespace": "crm", "name": "crm.leads", "field": "phone", "transformations": [transformation]}
    facet = {"columnLineage": {"fields": {"state": {"inputFields": [source]}}}}
    event = {
        "eventTime": "2026-01-01T00:00:00Z",
        "eventType": "COMPLETE",
        "job": {"namespace": "n", "name": "j"},
        "outputs": [{"namespace": "crm", "name": "crm.calls", "facets": facet}],
    }
    file = folder / "events.json"
    file.write_text(json.dumps(event))
    return file


def test_lineage_of_columns_says_what_contracts_do_not(folder: Path) -> None:
    events = lineage(folder, type="DIRECT", subtype="IDENTITY")

    messages = [message for message, line in found(folder, "--lineage", str(events), "docs") if line == 12]

    assert messages == [
        "field state is made of crm.leads.phone, which is personal data, and is not said to be",
        "field state is made of crm.leads.phone, which is restricted, and is internal",
    ]


@pytest.mark.parametrize(
    ("transformation", "expected"),
    [
        ({"type": "DIRECT", "subtype": "TRANSFORMATION", "masking": True}, 0),
        ({"type": "DIRECT", "subtype": "AGGREGATION"}, 2),
        ({"type": "INDIRECT", "subtype": "FILTER"}, 0),
    ],
    ids=["masked, which the example mesh lets lower a class", "aggregated, which it does not", "depending on it"],
)
def test_the_law_says_what_lowers_a_class(folder: Path, transformation: dict[str, Any], expected: int) -> None:
    events = lineage(folder, **transformation)

    assert len([1 for _, line in found(folder, "--lineage", str(events), "docs") if line == 12]) == expected
