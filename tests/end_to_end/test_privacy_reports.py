"""``bylaw report processing`` and ``bylaw report masking``, of the example mesh and of documents that are given."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROFILE = ROOT / "bundles" / "customer" / "products" / "customer-profile.yaml"


def bylaw(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", "report", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=cwd)


def reported(*arguments: str | Path) -> tuple[int, Any]:
    done = bylaw(*arguments, "-f", "json")
    return done.returncode, json.loads(done.stdout)


def test_the_record_of_a_domain_is_complete() -> None:
    code, report = reported("processing", "--domain", "customer")

    assert (code, report["complete"], report["unknown"]) == (0, True, [])
    (profile,) = report["activities"]
    assert profile["product_id"] == "customer/customer-profile"
    assert [purpose["key"] for purpose in profile["purposes"]] == [
        *("essential.service.operations.support", "analytics", "marketing.communications.email")
    ]
    assert {category["key"] for category in profile["data_categories"]} == {
        *("customer.segment", "user.contact.email", "user.name", "user.unique_id")
    }
    assert "group:customer-service" in profile["recipients"]


def test_what_a_product_leaves_out_is_missing() -> None:
    code, report = reported("processing", "--domain", "analytics")

    assert (code, report["complete"]) == (1, False)
    assert {missing["part"] for missing in report["activities"][0]["missing"]} == {
        *("owner", "purposes", "lawful_basis", "data_subjects", "data_categories", "places", "time_limits"),
    }


def test_a_registered_product_that_nobody_gave_is_unknown() -> None:
    code, report = reported("processing")

    assert code == 2
    assert [row["product_id"] for row in report["unknown"]] == ["finance/monthly-revenue"]


def test_the_record_as_a_page_and_as_a_table() -> None:
    page = bylaw("processing", PROFILE)
    table = bylaw("processing", PROFILE, "-f", "csv")

    assert page.returncode == table.returncode == 0
    assert page.stdout.startswith("# Record of processing activities\n")
    assert "- **lawful basis (Art. 6)**: contract" in page.stdout
    (row,) = csv.DictReader(io.StringIO(table.stdout))
    assert (row["product"], row["lawful basis (Art. 6)"]) == ("customer/customer-profile", "contract")


def test_a_domain_that_nobody_has_is_an_error() -> None:
    done = bylaw("processing", "--domain", "nowhere")

    assert (done.returncode, done.stdout) == (2, "")
    assert "no domain is named 'nowhere'" in done.stderr


def test_the_plan_of_a_contract() -> None:
    code, report = reported("masking", PROFILE)

    assert code == 0
    (plan,) = report["products"]
    assert [(column["column"], column["mask"]) for column in plan["columns"]] == [
        ("customer_id", "keep"),
        ("email", "email_domain"),
        ("full_name", "nullify"),
        ("segment", "keep"),
        ("lifetime_value", "keep"),
    ]
    assert plan["columns"][1]["expression"] == "concat('*****@', regexp_extract(\"email\", '@([^@]+)$', 1))"
    assert plan["columns"][1]["why"] == "user.contact.email takes email_domain"


def test_the_registry_that_is_told_so_gives_the_doors_the_same_masks() -> None:
    _, report = reported("masking", PROFILE)
    registry = report["products"][0]["registry"]["columns"]
    mesh = {
        "products": {
            "customer/customer-profile": {
                "domain": "customer",
                "name": "customer-profile",
                "classification": "confidential",
                "columns": registry,
            }
        },
        "bindings": {"tables": {"lake.customer.profiles": "customer/customer-profile"}},
    }

    masks = _masks_of(mesh)

    planned = {column["column"]: column for column in report["products"][0]["columns"] if "expression" in column}
    assert {mask["column"]: mask["expression"] for mask in masks} == {
        name: column["expression"] for name, column in planned.items()
    }


def _masks_of(mesh: dict[str, Any]) -> list[dict[str, Any]]:
    """What a reader of everything gets from the council's rule."""
    from bylaw.bundle import combine, read_bundle, read_library
    from bylaw_adapters.evaluators.extension import NativeEvaluator

    modules, data_json, _ = combine([read_library(), read_bundle(ROOT / "bundles" / "global")])
    law = NativeEvaluator().load(modules, json.dumps(json.loads(data_json) | {"mesh": mesh}).encode())
    question = {
        "subject": {"type": "user", "id": "ann", "properties": {"groups": []}},
        "action": {"name": "read"},
        "resource": {"type": "table", "id": "lake.customer.profiles", "properties": {}},
    }
    answer = law.evaluate("global/access/masked_by_classification/column_mask", json.dumps(question).encode())
    assert answer is not None
    return list(json.loads(answer))


def test_the_plan_as_text() -> None:
    done = bylaw("masking", PROFILE)

    assert done.returncode == 0
    assert f"masking plan of customer/customer-profile ({PROFILE}:2:1)" in done.stdout.splitlines()
    assert (
        "  profiles.full_name  string  nullify (100)  NULL  because user.name takes nullify" in done.stdout.splitlines()
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("apiVersion: bylaw.io/v1\nkind: DataProduct\nname: x\n", "its contract shows no columns"),
        ("kind: [", "not YAML"),
    ],
    ids=["no columns", "unreadable"],
)
def test_a_product_without_a_plan_says_why(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "p.yaml").write_text(text)

    code, report = reported("masking", tmp_path / "p.yaml")

    assert code == 2
    assert reason in report["products"][0]["reason"]


def test_a_law_that_does_not_mask_has_no_plan(tmp_path: Path) -> None:
    (tmp_path / ".manifest").write_text('{"roots": ["global"]}')
    (tmp_path / "global").mkdir()
    (tmp_path / "global" / "data.json").write_text('{"parameters": {}}')

    code, report = reported("masking", "-b", tmp_path, PROFILE)

    assert code == 2
    assert "has not picked access/masked_by_classification" in report["products"][0]["reason"]
