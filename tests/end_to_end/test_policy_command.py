"""``bylaw policy``: policies listed and shown, from a folder, an archive, or a file by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

POLICY = """\
# Orders are kept.
name: kept
type: retention
enabled: false
priority: 3
enforcement: advisory
metadata: {id: ORD-1}
rules:
  - conditions:
      - {field: product.contract.kept_days, operator: lt, value: 30}
    action: deny
"""
AS_REGO = """\
# METADATA
# title: kept
# custom:
#   id: ORD-1
#   enforcement: warn
package domains.order.retention.kept

import data.bylaw.lib.conditions

# The policy is switched off.
_is_enabled := false

violation contains {"msg": "kept: denied", "path": "product.contract.kept_days"} if {
	_is_enabled
	not conditions.is_refuted("product.contract.kept_days", "lt", 30)
}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    policies = tmp_path / "order" / "domains" / "order" / "policies"
    policies.mkdir(parents=True)
    (tmp_path / "order" / ".manifest").write_text('{"roots": ["domains/order"]}')
    (policies / "kept.yaml").write_text(POLICY)
    return tmp_path / "order"


def bylaw(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_policy_that_is_switched_off_is_listed(folder: Path) -> None:
    text, row = bylaw("policy", "list", "-b", folder), bylaw("policy", "list", "-b", folder, "-f", "json")

    assert (text.returncode, text.stdout) == (
        0,
        "domains.order.policies.kept: retention, warn, priority 3, switched off (domains/order/policies/kept.yaml:2)\n",
    )
    assert json.loads(row.stdout) == [
        {
            "rule": "domains.order.policies.kept",
            "name": "kept",
            "layer": "order",
            "type": "retention",
            "id": "ORD-1",
            "enforcement": "warn",
            "priority": 3,
            "enabled": False,
            "scope": {},
            "description": "",
            "source": "domains/order/policies/kept.yaml:2",
        }
    ]


def test_a_law_without_policies_says_so(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text('{"global": {"parameters": {}}}')

    done = bylaw("policy", "list", "-b", tmp_path)

    assert (done.returncode, done.stdout) == (0, "no policies\n")


@pytest.mark.parametrize("name", ["kept", "ORD-1", "domains.order.policies.kept"])
def test_a_policy_is_shown_by_name_id_and_rule(folder: Path, name: str) -> None:
    assert bylaw("policy", "show", name, "-b", folder).stdout == POLICY
    assert bylaw("policy", "show", name, "-b", folder, "--as", "rego").stdout == AS_REGO
    assert json.loads(bylaw("policy", "show", name, "-b", folder, "--as", "json").stdout)["priority"] == 3


def test_a_file_by_itself_is_of_the_layer_it_stands_in(folder: Path, tmp_path: Path) -> None:
    file = folder / "domains" / "order" / "policies" / "kept.yaml"
    (tmp_path / "kept.yaml").write_text(POLICY)

    assert bylaw("policy", "show", file, "--as", "rego").stdout == AS_REGO
    assert "\npackage global.retention.kept\n" in bylaw("policy", "show", tmp_path / "kept.yaml", "--as", "rego").stdout


def test_of_an_archive_the_yaml_is_written_anew(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "order.tar.gz"
    assert bylaw("bundle", "build", folder, "-o", archive).returncode == 0

    shown = tmp_path / "shown.yaml"
    shown.write_text(bylaw("policy", "show", "kept", "-b", archive).stdout)

    assert (
        bylaw("policy", "show", shown, "--as", "json").stdout
        == bylaw("policy", "show", "kept", "-b", archive, "--as", "json").stdout
    )


def test_what_is_not_there_is_said(folder: Path, tmp_path: Path) -> None:
    unknown = bylaw("policy", "show", "kpet", "-b", folder)
    absent = bylaw("policy", "show", tmp_path / "x.yaml")
    (tmp_path / "bad.yaml").write_text("name: p\ntype: retention\nrules:\n  - action: allow\n")
    broken = bylaw("policy", "show", tmp_path / "bad.yaml", "--as", "rego")

    assert (unknown.returncode, unknown.stderr) == (
        2,
        "bylaw policy: no policy is named 'kpet'; there are: domains.order.policies.kept\n",
    )
    assert (absent.returncode, absent.stderr) == (2, f"bylaw policy: {tmp_path}/x.yaml: No such file or directory\n")
    assert (broken.returncode, broken.stderr) == (
        2,
        f'bylaw policy: {tmp_path}/bad.yaml:4:5: rules[0].action is "allow": only deny\n',
    )
