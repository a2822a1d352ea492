"""``bylaw catalogue`` as a person types it, over folders and archives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]


def _bylaw(*arguments: str, cwd: Path = _ROOT) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=60, cwd=cwd)


def test_the_same_law_makes_the_same_page(tmp_path: Path) -> None:
    first = _bylaw("catalogue", "rego/global", "bundles", "-o", str(tmp_path / "first.md"))
    second = _bylaw("catalogue", "bundles", "rego/global")

    assert (first.returncode, first.stdout) == (0, b"")
    assert (tmp_path / "first.md").read_bytes() == second.stdout
    assert "decided: a day less than seven years is not: deny" in second.stdout.decode()


def test_an_archive_has_rules_and_policies(tmp_path: Path) -> None:
    built = _bylaw("bundle", "build", "bundles/finance", "-o", str(tmp_path / "finance.tar.gz"))
    done = _bylaw("catalogue", "finance.tar.gz", "--format", "json", cwd=tmp_path)

    assert built.returncode == 0
    assert [(each["id"], each["layer"]) for each in json.loads(done.stdout)] == [
        ("FIN-ACC-001", "finance"),
        ("FIN-RET-001", "finance"),
    ]


def test_html_is_one_page() -> None:
    done = _bylaw("catalogue", "bundles/finance", "--format", "html")

    page = done.stdout.decode()
    assert page.startswith("<!doctype html>\n")
    assert "default-src 'none'" in page
    assert "SOX Section 802" in page


@pytest.mark.parametrize("arguments", [["docs"], ["nowhere"], ["bundles/finance", "-o", "/nowhere/x.md"]])
def test_no_page_is_no_success(arguments: list[str]) -> None:
    assert _bylaw("catalogue", *arguments).returncode == 2
