"""
The Rego engine beside OPA as a library: the cases that differences have left, and two minutes of generated ones. Where
OPA is deliberately not followed, a case says what OPA does: ``unlike_opa`` its value, ``opa_refuses`` its error.
"""

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
    rows = _asked(case)
    if "want_error" in case:
        assert rows == [f"!{case['want_error']}"]
    elif "unlike_opa" in case:
        assert [json.loads(row.removeprefix("x: ")) for row in rows] == [case["unlike_opa"]]
    elif "opa_refuses" in case:
        assert set(rows) == {f"!{case['opa_refuses']}"}
    elif "want_error_code" in case:
        assert rows == [f"!{case['want_error_code']}"]
    else:
        assert [{"x": json.loads(row.removeprefix("x: "))} for row in rows] == case["want_result"]


def _asked(case: dict[str, Any]) -> list[str]:
    """OPA's solutions, a line each, or the code of its error behind an exclamation mark."""
    job = {
        "modules": [[f"test-{index}.rego", text] for index, text in enumerate(case["modules"])],
        "data": case.get("data", {}),
        "queries": [case["query"]],
        "strict_builtin_errors": case.get("strict_error", False),
        "json": True,
    }
    given = _input(case) or ""
    line = f'{json.dumps(job)[:-1]}, "inputs": [[{given}]]}}\n'
    done = subprocess.run([_JUDGE], input=line, capture_output=True, text=True, check=True, timeout=60)
    answer = json.loads(done.stdout)
    if answer.get("errors"):
        return [f"!{error['code']}" for error in answer["errors"]]
    text: str = answer["results"][0][0]
    return [text.split(maxsplit=1)[0]] if text.startswith("!") else text.splitlines()


def test_generated_policies_answer_as_in_opa() -> None:
    arguments = ["--judge", str(_JUDGE), "--seed", str(_SEED), "--seconds", str(_SECONDS)]
    done = subprocess.run(
        [*_DIFFERENTIAL, *arguments], cwd=_REPOSITORY / "engine" / "native", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-8000:]}{done.stderr[-2000:]}"
