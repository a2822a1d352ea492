"""The real Regal beside our own checks: nothing is wrong with our law, and what is wrong is found by each."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.peers

_ROOT = Path(__file__).parents[2]


def _lint(regal_program: Path, *paths: str) -> tuple[int, dict[str, object]]:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", "lint", "--format", "json", *paths]
    done = subprocess.run(
        [*command, "--regal", str(regal_program)], capture_output=True, check=False, timeout=300, cwd=_ROOT
    )
    return done.returncode, json.loads(done.stdout)


def test_nothing_is_found_in_our_own_law(regal_program: Path) -> None:
    code, report = _lint(regal_program, "rego", "bundles")

    assert (code, report["findings"]) == (0, [])


def test_each_finds_its_own(regal_program: Path, tmp_path: Path) -> None:
    (tmp_path / "r.rego").write_text(
        'package global.privacy.r\n\nviolation contains {"msg": "m"} if not input.camelCase\n\nsnakeCase := 1\n'
    )

    code, report = _lint(regal_program, str(tmp_path))

    found = report["findings"]
    assert isinstance(found, list)
    assert code == 1
    assert ("bylaw", "metadata-missing") in {(each["source"], each["check"]) for each in found}
    assert ("regal", "style/prefer-snake-case") in {(each["source"], each["check"]) for each in found}
