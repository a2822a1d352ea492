"""The Rego engine beside OPA as a library: the cases that differences have left, and two minutes of generated ones."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

pytestmark = pytest.mark.peers

_REPOSITORY = Path(__file__).resolve().parents[2]
_JUDGE = _REPOSITORY / ".tools" / "judge"
_CASES = sorted((_REPOSITORY / "tests" / "cases" / "rego_semantics").rglob("*.yaml"))
_SECONDS = 120
# A change either breaks this run or does not, each time; fresh seeds are for `make differential SEED=…`.
_SEED = 1
_DIFFERENTIAL = [
    *("cargo", "run", "--quiet", "--release", "--locked", "--no-default-features"),
    *("--example", "differential", "--"),
]


def _rows() -> list[Any]:
    cases = [case for path in _CASES for case in yaml.safe_load(path.read_text())["cases"]]
    return [pytest.param(case, id=case["note"]) for case in cases]


def _input(case: dict[str, Any]) -> str | None:
    if "input_term" in case:
        return str(case["input_term"])
    return json.dumps(case["input"]) if "input" in case else None


@pytest.mark.parametrize("case", _rows())
def test_opa_answers_as_the_case_says(case: dict[str, Any]) -> None:
    modules = json.dumps([[f"test-{index}.rego", text] for index, text in enumerate(case["modules"])])
    data, queries = json.dumps(case.get("data", {})), json.dumps([case["query"]])
    given = _input(case) or ""
    job = f'{{"modules": {modules}, "data": {data}, "queries": {queries}, "inputs": [[{given}]], "json": true}}\n'
    done = subprocess.run([_JUDGE], input=job, capture_output=True, text=True, check=True, timeout=60)
    answer = json.loads(done.stdout)
    if "want_error" in case:
        assert [error["code"] for error in answer["errors"]] == [case["want_error"]]
        return
    rows = answer["results"][0][0].splitlines()
    assert [{"x": json.loads(row.removeprefix("x: "))} for row in rows] == case["want_result"]


def test_generated_policies_answer_as_in_opa() -> None:
    arguments = ["--judge", str(_JUDGE), "--seed", str(_SEED), "--seconds", str(_SECONDS)]
    done = subprocess.run(
        [*_DIFFERENTIAL, *arguments], cwd=_REPOSITORY / "engine" / "native", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-8000:]}{done.stderr[-2000:]}"
