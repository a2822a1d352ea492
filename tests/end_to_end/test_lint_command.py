"""``bylaw lint`` as a person types it: reports, exit codes, and a Regal beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

_BAD = 'package global.privacy.r\n\nviolation contains {"msg": "m"} if not input.product.owner\n'

_MISSING = "global.privacy.r has no METADATA above its package: no id, no enforcement, nothing to do about it"

# Answers as Regal does, so that what is merged is known.
_REGAL = """\
#!{python}
import json, sys
if sys.argv[1] == "version":
    print("Version:    0.39.0\\nGo Version: go1.26")
else:
    found = {{"title": "t", "category": "style", "description": "d", "level": "warning",
             "location": {{"file": sys.argv[-1] + "/r.rego", "row": 3, "col": 2}}}}
    print(json.dumps({{"violations": [found]}}))
"""


def _lint(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", "lint", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=cwd)


@pytest.fixture
def law(tmp_path: Path) -> Path:
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "r.rego").write_text(_BAD)
    regal = tmp_path / "regal"
    regal.write_text(_REGAL.format(python=sys.executable))
    regal.chmod(0o755)
    return tmp_path


def test_findings_are_told_by_place(law: Path) -> None:
    done = _lint("law", "--no-regal", cwd=law)

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"law/r.rego:1:1: metadata-missing: {_MISSING}",
        "1 files, 1 findings, without regal",
    ]


def test_what_regal_finds_stands_beside_what_we_find(law: Path) -> None:
    done = _lint("law", "--regal", "./regal", "--format", "json", cwd=law)

    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert [(each["source"], each["check"], each["location"]["row"]) for each in report["findings"]] == [
        ("bylaw", "metadata-missing", 1),
        ("regal", "style/t", 3),
    ]
    assert report["summary"] == {"files": 1, "errors": 1, "warnings": 1, "regal": "0.39.0"}


def test_sarif_has_a_run_for_each_linter(law: Path) -> None:
    done = _lint("law", "--regal", "./regal", "--format", "sarif", cwd=law)

    first, second = json.loads(done.stdout)["runs"]
    assert [run["tool"]["driver"]["name"] for run in (first, second)] == ["bylaw", "regal"]
    assert first["results"][0]["ruleId"] == first["tool"]["driver"]["rules"][0]["id"] == "metadata-missing"
    assert first["results"][0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "law/r.rego"},
        "region": {"startLine": 1, "startColumn": 1},
    }


def test_a_warning_fails_nothing(law: Path) -> None:
    (law / "law" / "r.rego").write_text("package a\n")

    assert _lint("law", "--regal", "./regal", cwd=law).returncode == 0


def test_a_regal_that_is_not_there_is_said_in_one_line(law: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (law / "law" / "r.rego").write_text("package a\n")
    monkeypatch.setenv("PATH", "/nowhere")

    done = _lint("law", cwd=law)

    assert (done.returncode, done.stdout) == (0, "1 files, 0 findings, without regal\n")
    assert done.stderr == "bylaw lint: regal is not installed; only our own checks were made\n"


_NOT_LOOKED_AT = {
    "a file that does not parse": (["law", "--no-regal"], "package a\n\np if {"),
    "a path that is not there": (["nowhere"], "package a\n"),
    "no file of law": (["regal"], "package a\n"),
    "no path": ([], "package a\n"),
    "a regal that is not there": (["law", "--regal", "./none"], "package a\n"),
    "a regal that is none": (["law", "--regal", "/bin/true"], "package a\n"),
}


@pytest.mark.parametrize(("arguments", "text"), _NOT_LOOKED_AT.values(), ids=_NOT_LOOKED_AT)
def test_what_could_not_be_looked_at_is_no_pass(law: Path, arguments: list[str], text: str) -> None:
    (law / "law" / "r.rego").write_text(text)

    assert _lint(*arguments, cwd=law).returncode == 2
