"""``bylaw test`` and ``opa test`` agree on every test: its name, its verdict, and that of each of its cases."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.peers

_ROOT = Path(__file__).parents[2]

_EVERY_OUTCOME = """\
package all_outcomes_test

import data.all_outcomes as subject

test_passes if subject.x == 1

test_fails if subject.x == 2

test_is_false := false

test_is_no_flag := "true"

test_is_undefined if input.nothing

todo_test_waits if false

test_same_name if false

test_same_name if true

test_cases[note] if {
	some note, n in {
		"one": 1,
		"two": 2,
	}
	n == subject.x
}

test_nested[group][note] if {
	some group, notes in {"p": {"q": 1, "r": 2}}
	some note, n in notes
	n == 1
}

test_bound_late[note] if {
	cases := {"a": 1, "b": 2}
	n := cases[note]
	n == 1
}

test_no_case[note] if some note in []

test_never_gets_there[note] if {
	subject.x == 2
	some note in ["a"]
}

test_members contains 1

test_another_value[note] := 3 if some note in ["a"]

test_on_one_line[note] if some note in ["a", "b"]

test_a_constant_key["a"] if true

test_below.a[note] if {
	some note in ["p", "q"]
	note == "p"
}

test_numbers[n] if {
	some n in [1, 2]
	n == 2
}

test_a_builtin_errs if to_number("x") == 1
"""


def _opa(opa_program: Path, *arguments: str) -> list[Any]:
    done = subprocess.run(
        [str(opa_program), "test", "--format", "json", *arguments], capture_output=True, check=False, timeout=120
    )
    return _outcomes(done.stdout)


def _bylaw(*arguments: str) -> list[Any]:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", "test", "--format", "json", *arguments]
    return _outcomes(subprocess.run(command, capture_output=True, check=False, timeout=120).stdout)


def _outcomes(printed: bytes) -> list[Any]:
    """Everything but times, texts of errors, and the order: OPA runs tests of a package side by side."""
    tests = json.loads(printed)
    for test in tests:
        test.pop("duration")
        test.pop("output", None)
        test["error"] = "error" in test
    return sorted(tests, key=lambda test: (test["package"], test["location"]["file"], test["location"]["row"]))


@pytest.mark.parametrize("parallel", ["1", "4"])
def test_every_outcome_is_opas(opa_program: Path, tmp_path: Path, parallel: str) -> None:
    (tmp_path / "every.rego").write_text("package all_outcomes\n\nx := 1\n")
    (tmp_path / "every_test.rego").write_text(_EVERY_OUTCOME)

    ours = _bylaw("--parallel", parallel, str(tmp_path))

    assert ours == _opa(opa_program, "--parallel", parallel, str(tmp_path))


@pytest.mark.parametrize("domain", ["customer", "finance", "order"])
def test_the_outcomes_of_a_domains_tests_are_opas(opa_program: Path, tmp_path: Path, domain: str) -> None:
    _copy_rules(_ROOT / "rego" / "bylaw", tmp_path / "bylaw")
    _copy_rules(_ROOT / "bundles" / domain, tmp_path)

    ours = _bylaw(str(tmp_path))

    assert any(f"data.domains.{domain}." in test["package"] for test in ours)
    assert ours == _opa(opa_program, str(tmp_path))


def test_the_outcomes_of_our_own_tests_are_opas(opa_program: Path, tmp_path: Path) -> None:
    for folder in ("bylaw", "global"):
        _copy_rules(_ROOT / "rego" / folder, tmp_path / folder)

    assert _bylaw(str(tmp_path)) == _opa(opa_program, str(tmp_path))


def test_as_many_lines_are_covered_as_opa_says(opa_program: Path, tmp_path: Path) -> None:
    _copy_rules(_ROOT / "rego" / "bylaw", tmp_path)
    command = [str(opa_program), "test", "--format", "json", "--coverage", str(tmp_path)]
    theirs = json.loads(subprocess.run(command, capture_output=True, check=False, timeout=120).stdout)
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", "test", "--coverage", str(tmp_path)]
    ours = json.loads(subprocess.run(command, capture_output=True, check=False, timeout=120).stdout)

    assert theirs["coverage"] > 50
    assert _counted(ours) == _counted(theirs)
    assert {file: _counted(told) for file, told in ours["files"].items()} == {
        file: _counted(told) for file, told in theirs["files"].items()
    }


def _counted(told: Any) -> tuple[Any, ...]:
    return told.get("coverage"), told.get("covered_lines"), told.get("not_covered_lines")


def _copy_rules(source: Path, target: Path) -> None:
    """Rules, tests and data: what both programs load."""
    for file in source.rglob("*"):
        if file.suffix == ".rego" or file.name in {"data.json", "data.yaml"}:
            copied = target / file.relative_to(source)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copied)
