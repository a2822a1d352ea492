"""``bylaw report``: of a small mesh whose figures can be counted by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LAW = {
    ".manifest": '{"roots": ["global"]}',
    "global/policies/owned.yaml": (
        "name: owned\ntype: compliance\nmetadata: {id: C-1}\nrules:\n  - name: somebody\n    action: deny\n"
        "    reason: nobody owns it\n    conditions: [{field: product.owner, operator: exists, value: false}]\n"
    ),
    "global/policies/tagged.yaml": (
        "name: tagged\ntype: compliance\nenforcement: advisory\nrules:\n  - action: deny\n    reason: no tags\n"
        "    conditions: [{field: product.tags, operator: exists, value: false}]\n"
    ),
    "global/policies/old.yaml": ("name: old\ntype: quality\nenabled: false\nrules: [{metric: m, threshold: 1}]\n"),
}
MESH = {
    ".manifest": '{"roots": ["mesh"]}',
    "mesh/data.json": json.dumps(
        {
            "products": {
                "sales/orders": {"domain": "sales", "name": "orders"},
                "hr/people": {"domain": "hr", "name": "people"},
            }
        }
    ),
}
EMPTY = {".manifest": '{"roots": ["domains/empty"]}', "domains/empty/data.json": "{}"}


def product(name: str, *more: str, domain: str = "sales") -> str:
    lines = ("apiVersion: bylaw.io/v1", "kind: DataProduct", f"domain: {domain}", f"name: {name}", *more, "")
    return "\n".join(lines)


SALES = {
    ".manifest": '{"roots": ["domains/sales"]}',
    "domains/sales/data.json": "{}",
    "products/orders.yaml": product("orders", "owner: ann", "tags: [a]"),
    "products/leads.yaml": product("leads", "owner: ann"),
    "products/visits.yaml": product("visits", "tags: [a]"),
}


@pytest.fixture
def mesh(tmp_path: Path) -> Path:
    for name, files in {"global": LAW, "mesh": MESH, "empty": EMPTY, "sales": SALES}.items():
        for path, text in files.items():
            target = tmp_path / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    return tmp_path


def bylaw(mesh: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    bundles = [word for name in ("global", "mesh", "empty", "sales") for word in ("-b", name)]
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", "report", arguments[0], *bundles, *arguments[1:]]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=mesh)


def reported(mesh: Path, *arguments: str) -> tuple[int, Any]:
    done = bylaw(mesh, *arguments, "-f", "json")
    return done.returncode, json.loads(done.stdout)


def verdicts(report: Any) -> dict[str, str]:
    return {row["product_id"]: row["verdict"] for row in report["products"]}


def test_compliance_of_the_mesh(mesh: Path) -> None:
    code, report = reported(mesh, "compliance")

    assert code == 2
    assert report["overall_compliance"] is False
    assert report["summary"] == {"products": 4, "compliant": 2, "non_compliant": 1, "undecided": 1}
    assert report["domains"] == {
        "hr": {"products": 1, "compliant": 0, "non_compliant": 0, "undecided": 1},
        "sales": {"products": 3, "compliant": 2, "non_compliant": 1, "undecided": 0},
    }
    assert verdicts(report) == {
        "hr/people": "undecided",
        "sales/leads": "compliant",
        "sales/orders": "compliant",
        "sales/visits": "non_compliant",
    }


def test_compliance_of_a_domain_names_policy_and_line(mesh: Path) -> None:
    code, report = reported(mesh, "compliance", "--domain", "sales")

    assert (code, report["domain"], list(report["domains"])) == (1, "sales", ["sales"])
    rows = {row["product_name"]: row for row in report["products"]}
    assert rows["visits"]["policy_violations"] == [
        {
            "policy": "global.policies.owned",
            "id": "C-1",
            "violation": "nobody owns it",
            "enforcement_level": "mandatory",
            "path": "product.owner",
            "remediation": "",
            "policy_source": "global/policies/owned.yaml:5",
        }
    ]
    assert [entry["enforcement_level"] for entry in rows["leads"]["warnings"]] == ["advisory"]
    assert (rows["orders"]["overall_compliance"], rows["orders"]["warnings"]) == (True, [])


def test_compliance_as_text(mesh: Path) -> None:
    done = bylaw(mesh, "compliance", "--domain", "sales", "sales/products/leads.yaml", "sales/products/orders.yaml")

    head, *rest = done.stdout.splitlines()
    assert head.startswith("compliance of domain sales, ")
    assert head.endswith("Z: compliant")
    assert rest == [
        "  products 2, compliant 2, non compliant 0, undecided 0",
        "  sales: products 2, compliant 2, non compliant 0, undecided 0",
        "sales/leads: compliant",
        "  advisory tagged: no tags",
        "sales/orders: compliant",
    ]
    assert done.returncode == 0


def test_a_domain_without_products_is_not_compliant(mesh: Path) -> None:
    code, report = reported(mesh, "compliance", "--domain", "empty")

    assert (code, report["overall_compliance"], report["products"]) == (2, False, [])
    assert report["domains"] == {"empty": {"products": 0, "compliant": 0, "non_compliant": 0, "undecided": 0}}


@pytest.mark.parametrize("report", ["policy", "compliance"])
def test_an_unknown_domain_is_refused(mesh: Path, report: str) -> None:
    done = bylaw(mesh, report, "--domain", "slaes")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "bylaw report: no domain is named 'slaes'; there are: empty, hr, sales\n"


def test_what_cannot_be_read_is_undecided_in_every_domain(mesh: Path) -> None:
    (mesh / "sales" / "products" / "broken.yaml").write_text("a: [")

    code, report = reported(mesh, "compliance", "--domain", "sales")

    (broken,) = [row for row in report["products"] if row["verdict"] == "undecided"]
    assert (code, broken["domain"], broken["product_name"]) == (2, "", "sales/products/broken.yaml")
    assert broken["reason"].startswith("sales/products/broken.yaml:2:1: not YAML")


def test_a_rule_that_errs_leaves_a_product_undecided(mesh: Path) -> None:
    rule = (
        "package global.privacy.errs\n\nname := input.product.name\n\nname := input.product.owner\n\n"
        'violation contains {"msg": "m"} if name == "x"\n'
    )
    (mesh / "global" / "errs.rego").write_text(rule)

    code, report = reported(mesh, "compliance", "--domain", "sales")

    rows = {row["product_name"]: row for row in report["products"]}
    assert (code, rows["orders"]["verdict"], rows["visits"]["verdict"]) == (2, "undecided", "non_compliant")
    assert rows["orders"]["reason"] == "global/errs.rego:3:1: complete rules must not produce multiple outputs"


def test_policies_and_decisions_of_a_domain(mesh: Path) -> None:
    audit = mesh / "state" / "audit"
    audit.mkdir(parents=True)
    events = [
        {"input": {"product": {"domain": domain, "name": "p"}}, "result": {"allow": allow}}
        for domain, allow in (("sales", True), ("sales", False), ("sales", True), ("hr", True))
    ]
    lines = "".join(f"{json.dumps(event)}\n" for event in events)
    (audit / f"segment-{0:020d}.jsonl").write_text(lines)

    code, mesh_wide = reported(mesh, "policy", "--state", "state")
    _, of_sales = reported(mesh, "policy", "--state", "state", "--domain", "sales")
    text = bylaw(mesh, "policy", "--state", "state", "--domain", "sales").stdout.splitlines()

    assert code == 0
    assert (mesh_wide["total_policies"], mesh_wide["switched_off"]) == (3, 1)
    assert mesh_wide["policies_by_type"] == {"access": 0, "quality": 0, "privacy": 0, "retention": 0, "compliance": 2}
    assert mesh_wide["evaluation_summary"]["total_evaluations"] == 4
    assert of_sales["evaluation_summary"] == {
        "total_evaluations": 3,
        "allowed": 2,
        "denied": 1,
        "undecided": 0,
        "unattributed": 0,
    }
    assert text[1:6] == [
        "  total 3, switched off 1",
        "  by type: access 0, quality 0, privacy 0, retention 0, compliance 2",
        "  by enforcement: deny 1, warn 1, audit 0",
        "  by layer: global 2",
        "  decisions: total evaluations 3, allowed 2, denied 1, undecided 0, unattributed 0",
    ]
    assert "global.policies.old: quality, deny, switched off" in text


def test_a_state_directory_that_is_not_there_is_told_only_where_it_was_named(mesh: Path) -> None:
    named, unnamed = bylaw(mesh, "policy", "--state", "none"), bylaw(mesh, "policy")

    assert (named.returncode, named.stderr.startswith("bylaw report: no audit log can be read at none/audit")) == (
        2,
        True,
    )
    assert unnamed.returncode == 0
