"""``bylaw check --against``: what changed in law's eyes, by the real command, real git and the example mesh's law."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bylaw_adapters.cli.main import main

ROOT = Path(__file__).parents[2]
PRODUCTS = ROOT / "bundles" / "customer" / "products"
REPLACEMENTS = tuple[tuple[str, str], ...]

Report = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Report:
    def run(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
        status = main(["check", "--format", "json", *map(str, arguments)])
        out = capsys.readouterr().out
        return status, json.loads(out) if out else {}

    return run


CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: orders
name: orders
version: 1.0.0
status: active
domain: customer
description: {purpose: what customers ordered}
team: {name: orders-team, members: [{username: ada, role: owner}]}
roles:
  - {role: analyst, access: read, firstLevelApprovers: ada}
servers:
  - {server: lake, type: s3, format: delta, location: "s3://orders"}
schema:
  - name: orders
    description: one row an order
    properties:
      - {name: id, logicalType: string, required: true, primaryKey: true, description: key, classification: internal}
      - name: email
        logicalType: string
        logicalTypeOptions: {maxLength: 64}
        description: whom to tell
        classification: restricted
        tags: [pii]
        quality: [{metric: nullValues, mustBe: 0}]
slaProperties:
  - {property: availability, value: 99.9, unit: percent}
  - {property: latency, value: 4, unit: h}
  - {property: retention, value: 1, unit: y}
customProperties:
  - {property: classification, value: restricted}
  - {property: protections, value: [access_control, audit_logging, encryption, masking, pseudonymisation]}
  - {property: encryptionAtRest, value: AES-256}
  - {property: encryptionInTransit, value: TLS 1.3}
"""


def changed(*replacements: tuple[str, str]) -> str:
    text = CONTRACT
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    return text


def found_by(finding_ids: set[str], found: dict[str, Any]) -> set[tuple[str, str]]:
    (file,) = found["files"]
    return {(each["id"], each["enforcement"]) for each in file["findings"] if each["id"] in finding_ids}


CHANGE_RULES = {
    *("SCH-001", "SCH-003", "SCH-004", "CMP-021", "CMP-022", "CMP-023"),
    *("PRV-021", "PRV-022", "PRV-023", "RET-002", "RET-021", "QLT-021"),
}

ROWS = [
    pytest.param(
        (("value: restricted}\n", "value: internal}\n"),),
        {("PRV-021", "deny")},
        "property: classification",
        id="classification",
    ),
    pytest.param(
        (("classification: restricted\n", "classification: public\n"),), {("PRV-021", "deny")}, "email", id="of a field"
    ),
    pytest.param(
        (("value: 1, unit: y", "value: 3, unit: y"),),
        {("RET-021", "deny"), ("CMP-023", "warn")},
        "retention",
        id="kept for longer",
    ),
    pytest.param((("value: 1, unit: y", "value: 9, unit: d"),), {("CMP-023", "warn")}, "retention", id="kept for less"),
    pytest.param((("value: 4, unit: h", "value: 48, unit: h"),), {("CMP-021", "deny")}, "latency", id="latency"),
    pytest.param((("value: 99.9,", "value: 99,"),), {("CMP-021", "deny")}, "availability", id="availability"),
    pytest.param((("value: 99.9,", "value: 99.99,"),), {("CMP-023", "warn")}, "availability", id="better availability"),
    pytest.param(
        (("username: ada, role: owner", "username: eve, role: owner"),),
        {("CMP-023", "warn")},
        "eve",
        id="another owner",
    ),
    pytest.param(
        (("team: {name: orders-team, members: [{username: ada, role: owner}]}\n", ""),),
        {("CMP-022", "deny")},
        "apiVersion",
        id="no owner",
    ),
    pytest.param(
        (("firstLevelApprovers: ada", "businessName: x"),), {("CMP-022", "deny")}, "analyst", id="no approver"
    ),
    pytest.param((("access: read,", "access: write,"),), {("PRV-023", "deny")}, "analyst", id="wider access"),
    pytest.param(
        (("  - {property: encryptionAtRest, value: AES-256}\n", ""),), {("PRV-022", "deny")}, "lake", id="no encryption"
    ),
    pytest.param((("AES-256", "AES-128"),), {("PRV-022", "deny")}, "AES-128", id="weaker encryption"),
    pytest.param(((", masking", ""),), {("PRV-022", "deny")}, "protections", id="no masking"),
    pytest.param((("mustBe: 0", "mustBeLessThan: 5"),), {("QLT-021", "deny")}, "nullValues", id="looser check"),
    pytest.param(
        (("metric: nullValues, mustBe: 0", "metric: nullValues, mustBe: 0, arguments: {missingValues: [a]}"),),
        {("QLT-021", "deny")},
        "nullValues",
        id="other arguments",
    ),
    pytest.param(
        (("        quality: [{metric: nullValues, mustBe: 0}]\n", ""),), {("QLT-021", "deny")}, "email", id="no check"
    ),
    pytest.param((("maxLength: 64", "maxLength: 128"),), {("SCH-001", "deny")}, "email", id="longer text"),
    pytest.param(
        (("name: id, logicalType: string", "name: id, logicalType: integer"),),
        {("SCH-001", "deny")},
        "name: id",
        id="type",
    ),
    pytest.param((("format: delta", "format: csv"),), {("SCH-003", "deny")}, "csv", id="format"),
    pytest.param((("status: active", "status: deprecated"),), {("SCH-004", "deny")}, "deprecated", id="no notice"),
    pytest.param((("status: active", "status: retired"),), {("SCH-004", "deny")}, "retired", id="retired at once"),
    pytest.param((("whom to tell", "whom to inform"), ("version: 1.0.0", "version: 1.0.1")), set(), "", id="words"),
    pytest.param(
        (("logicalType: string, required: true", "required: true, logicalType: string"),), set(), "", id="order"
    ),
]


@pytest.mark.parametrize(("replacements", "rules", "place"), ROWS)
def test_a_change_has_a_rule_an_enforcement_and_a_place(
    report: Report, tmp_path: Path, replacements: REPLACEMENTS, rules: set[tuple[str, str]], place: str
) -> None:
    released, now = tmp_path / "released.yaml", tmp_path / "now.yaml"
    released.write_text(CONTRACT)
    now.write_text(changed(*replacements))

    _, found = report("--against", released, now)

    assert found_by(CHANGE_RULES - {"RET-002"}, found) == rules
    lines = now.read_text().splitlines()
    told = [each for each in found["files"][0]["findings"] if each["id"] in {rule for rule, _ in rules}]
    assert all(place in lines[each["line"] - 1] for each in told)
    assert all(each["remediation"] for each in told)


def test_retention_cut_below_a_statute_is_denied(report: Report, tmp_path: Path) -> None:
    ledger = CONTRACT.replace("version: 1.0.0\n", "version: 1.0.0\ntags: [accounting]\n").replace(
        "value: 1, unit: y", "value: 7, unit: y"
    )
    (tmp_path / "released.yaml").write_text(ledger)
    (tmp_path / "now.yaml").write_text(ledger.replace("value: 7, unit: y", "value: 5, unit: y"))

    _, found = report("--against", tmp_path / "released.yaml", tmp_path / "now.yaml")

    assert found_by({"RET-002", "CMP-023"}, found) == {("RET-002", "deny"), ("CMP-023", "warn")}


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, timeout=30)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A work tree with one commit: a contract, and something beside it that is none."""
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "orders.yaml").write_text(CONTRACT)
    (tmp_path / "contracts" / "settings.yaml").write_text("colour: blue\n")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("revision", ["main", "HEAD", "git:main"])
def test_against_a_revision_of_git(report: Report, repository: Path, revision: str) -> None:
    file = repository / "contracts" / "orders.yaml"
    file.write_text(changed(("classification: restricted\n", "classification: public\n")))

    status, found = report("--against", revision, "contracts/orders.yaml")

    assert status == 1
    assert found_by({"PRV-021"}, found) == {("PRV-021", "deny")}


def test_a_contract_that_moved_and_is_called_otherwise_is_found_by_its_id(report: Report, repository: Path) -> None:
    (repository / "contracts" / "orders.yaml").unlink()
    (repository / "contracts" / "order-lines.yaml").write_text(changed(("value: 4, unit: h", "value: 9, unit: h")))

    _, found = report("--against", "main", "contracts/order-lines.yaml")

    assert found_by({"CMP-021", "no_release"}, found) == {("CMP-021", "deny")}


def test_another_id_and_name_in_the_same_file_makes_no_new_product_of_it(report: Report, repository: Path) -> None:
    renamed = changed(
        ("id: orders\n", "id: x\n"), ("name: orders\nversion", "name: x\nversion"), ("value: 4,", "value: 9,")
    )
    (repository / "contracts" / "orders.yaml").write_text(renamed)

    _, found = report("--against", "main", "contracts/orders.yaml")

    assert found_by({"CMP-021", "no_release"}, found) == {("CMP-021", "deny")}


def test_of_several_released_versions_the_highest_counts(report: Report, tmp_path: Path) -> None:
    released = tmp_path / "released"
    released.mkdir()
    for version, hours in (("1.9.0", 1), ("1.10.0", 9), ("1.2.0", 2)):
        (released / f"orders-{version}.yaml").write_text(
            changed(("version: 1.0.0", f"version: {version}"), ("value: 4, unit: h", f"value: {hours}, unit: h"))
        )
    (tmp_path / "now").mkdir()
    now = changed(("version: 1.0.0", "version: 1.11.0"), ("value: 4,", "value: 10,"))
    (tmp_path / "now" / "orders.yaml").write_text(now)

    _, found = report("--against", released, tmp_path / "now")

    assert len(found["files"]) == 1
    (told,) = [each for each in found["files"][0]["findings"] if each["id"] == "CMP-021"]
    assert told["msg"].startswith("service level freshness_seconds was promised as 32400 and is now 36000")


def test_a_product_that_vanished_is_denied_where_it_was(report: Report, repository: Path) -> None:
    (repository / "contracts" / "orders.yaml").unlink()
    (repository / "contracts" / "settings.yaml").write_text(changed(("orders", "others")))

    _, found = report("--against", "main", "contracts")

    gone = found["files"][-1]
    assert (gone["path"], gone["decision"]) == ("main:contracts/orders.yaml", "deny")
    assert ("SCH-004", "deny") in {(each["id"], each["enforcement"]) for each in gone["findings"]}


@pytest.mark.parametrize(
    "revision", ["nowhere", "--upload-pack=touch x", "main:contracts", "git:", "HEAD~9"], ids=lambda text: text
)
def test_what_is_no_revision_decides_nothing(report: Report, repository: Path, revision: str) -> None:
    assert report(f"--against={revision}", "contracts/orders.yaml") == (2, {})
    assert sorted(path.name for path in repository.iterdir()) == [".git", "contracts"]


def test_without_a_work_tree_a_revision_decides_nothing(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "orders.yaml").write_text(CONTRACT)
    assert report("--against", "main", tmp_path / "orders.yaml") == (2, {})


EVENT = {
    "eventTime": "2026-01-01T00:00:00Z",
    "eventType": "COMPLETE",
    "job": {"namespace": "etl", "name": "c360"},
    "inputs": [{"namespace": "trino", "name": "customer/orders"}],
    "outputs": [{"namespace": "trino", "name": "lake.analytics.customer_360"}],
}


def test_consumers_are_named_where_lineage_is_given(report: Report, tmp_path: Path) -> None:
    (tmp_path / "released.yaml").write_text(CONTRACT)
    (tmp_path / "now.yaml").write_text(changed(("value: 4, unit: h", "value: 48, unit: h")))
    (tmp_path / "events.json").write_text(json.dumps([EVENT]))

    _, found = report(
        "--against", tmp_path / "released.yaml", "--lineage", tmp_path / "events.json", tmp_path / "now.yaml"
    )

    (told,) = [each for each in found["files"][0]["findings"] if each["id"] == "CMP-021"]
    assert told["msg"] == (
        "service level freshness_seconds was promised as 14400 and is now 172800; consumers: analytics/customer-360"
    )


def test_products_of_the_release_that_are_made_of_it_are_consumers(report: Report, tmp_path: Path) -> None:
    released = tmp_path / "released"
    released.mkdir()
    (released / "orders.yaml").write_text(CONTRACT)
    (released / "leads.yaml").write_text(
        "apiVersion: bylaw.io/v1\nkind: DataProduct\ndomain: sales\nname: leads\n"
        "input_ports: [{name: orders, contract_id: orders}]\n"
    )
    (tmp_path / "now.yaml").write_text(changed(("value: 4, unit: h", "value: 48, unit: h")))

    _, found = report("--against", released, tmp_path / "now.yaml")

    (told,) = [each for each in found["files"][0]["findings"] if each["id"] == "CMP-021"]
    assert told["msg"].endswith("; consumers: sales/leads")


def test_lineage_that_is_none_decides_nothing(report: Report, tmp_path: Path) -> None:
    (tmp_path / "now.yaml").write_text(CONTRACT)
    (tmp_path / "events.json").write_text('{"colour": "blue"}')
    assert report("--lineage", tmp_path / "events.json", tmp_path / "now.yaml") == (2, {})
