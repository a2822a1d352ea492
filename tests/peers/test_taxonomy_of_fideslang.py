"""The taxonomy that rules read is the one of the package that it was written from, key by key."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.peers

REPOSITORY = Path(__file__).resolve().parents[2]
FILE = REPOSITORY / "rego" / "bylaw" / "taxonomy" / "taxonomy.rego"


def test_the_taxonomy_is_the_packages(fideslang_package: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(fideslang_package)}

    written = subprocess.run(
        [sys.executable, REPOSITORY / "tests" / "fideslang_taxonomy.py"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )

    assert written.stdout == FILE.read_text(encoding="utf-8")
