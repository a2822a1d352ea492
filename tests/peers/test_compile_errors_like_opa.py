"""The table of compile-time errors says what opa says."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.peers

_TABLE = Path(__file__).parents[1] / "cases" / "rego_compile_errors"


def test_every_row_is_what_opa_says(opa_program: Path, tmp_path: Path) -> None:
    rows = [row for file in sorted(_TABLE.glob("*.yaml")) for row in yaml.safe_load(file.read_text())]
    assert len(rows) >= 150

    with ThreadPoolExecutor(2) as two_at_once:
        said = list(two_at_once.map(lambda each: _said(opa_program, tmp_path / str(each[0]), each[1]), enumerate(rows)))

    assert {row["note"]: _wanted(row) for row in rows} == {
        row["note"]: errors for row, errors in zip(rows, said, strict=True)
    }


def _wanted(row: dict[str, Any]) -> list[tuple[str, str, int | None]]:
    return sorted((error["code"], error["file"], error["row"]) for error in row["want_errors"])


def _said(opa_program: Path, folder: Path, row: dict[str, Any]) -> list[tuple[str, str, int | None]]:
    folder.mkdir()
    for file, text in row["modules"].items():
        (folder / file).write_text(text)
    flags = ["--strict"] if row.get("strict") else []
    flags += ["--v0-compatible"] if row.get("rego_version") == "v0" else []
    done = subprocess.run(
        [str(opa_program), "check", "--format", "json", *flags, "."], cwd=folder, capture_output=True, check=False
    )
    if done.returncode == 0:
        return []
    return sorted(
        (
            error["code"],
            Path(place.get("file", "")).name if (place := error.get("location") or {}) else "",
            place.get("row"),
        )
        for error in json.loads(done.stderr or done.stdout)["errors"]
    )
