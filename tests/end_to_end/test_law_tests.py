"""``bylaw test`` on law as teams keep it: cases beside rules, coverage, mutants, reports for CI."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

_ROOT = Path(__file__).parents[2]
_LIBRARY = str(_ROOT / "rego" / "bylaw")

_RULE = """\
package r

deny if {
	input.kind == "table"
	input.days > 90
}
"""
_TEST = """\
package r_test

import data.r

test_denied if r.deny with input as {"kind": "table", "days": 91}

test_allowed if not r.deny with input as {"kind": "table", "days": 90}
"""


def _test(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", "test", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=cwd)


@pytest.fixture
def finance(tmp_path: Path) -> Path:
    """The finance domain's bundle, to be changed."""
    shutil.copytree(_ROOT / "bundles" / "finance", tmp_path / "finance")
    return tmp_path / "finance"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "r.rego").write_text(_RULE)
    (tmp_path / "r_test.rego").write_text(_TEST)
    return tmp_path


def test_cases_are_run_beside_rego_tests_and_counted_with_them(finance: Path) -> None:
    done = _test("-b", "finance", "--with", _LIBRARY, cwd=finance.parent)

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "PASS: 9/9"), done.stderr


def test_a_case_that_fails_is_told_with_its_file_and_line(finance: Path) -> None:
    rule = finance / "domains/finance/retention/seven_years/seven_years.rego"
    rule.write_text(rule.read_text().replace("enforcement: deny", "enforcement: warn"))

    done = _test("-b", "finance", "--with", _LIBRARY, cwd=finance.parent)

    assert done.returncode == 1
    told = done.stdout.splitlines()
    assert told[0] == "finance/domains/finance/retention/retention_cases.yaml:"
    assert told[1].startswith("cases.retention.a day less than seven years is not: FAIL (")
    assert told[2:5] == [
        "  at finance/domains/finance/retention/retention_cases.yaml:13:3",
        "    decision: deny is wanted, it is allow",
        "    violations: FIN-RET-001 is wanted and not there",
    ]


def test_a_case_is_decided_by_all_bundles_that_are_named(finance: Path) -> None:
    (finance / "x_cases.yaml").write_text(
        "- {name: the council asks too, kind: retention, input: {product: {domain: finance}}, decision: deny,"
        " violations: [FIN-RET-001, RET-001, RET-002]}\n"
    )
    named = ["-b", "finance", "--with", str(_ROOT / "rego"), "--run", "council"]

    alone = _test(*named, cwd=finance.parent)
    beside = _test(*named, "--with", str(_ROOT / "bundles" / "global"), cwd=finance.parent)

    assert "RET-001 is wanted and not there" in alone.stdout
    assert "FIN-RET-001: " not in beside.stdout
    assert "RET-001 is wanted" not in beside.stdout


def test_a_malformed_case_is_nothing_that_ran(finance: Path) -> None:
    (finance / "x_cases.yaml").write_text("- name: a\n  expect: deny\n")

    done = _test("-b", "finance", "--with", _LIBRARY, cwd=finance.parent)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("bylaw test: finance/x_cases.yaml:2:3: no key 'expect' in a case; there are ")


def test_a_file_of_cases_is_no_data_and_no_part_of_a_bundle(rules: Path) -> None:
    (rules / "x_cases.yaml").write_text("- {name: a, kind: access, input: {}, decision: deny}\n")

    done = _test(".", cwd=rules)

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "PASS: 3/3"), done.stderr


def test_rules_of_what_stands_beside_are_not_tested_and_not_counted(rules: Path) -> None:
    (rules / "more").mkdir()
    (rules / "more" / "more_test.rego").write_text("package more_test\n\ntest_fails if false\n")

    done = _test("r.rego", "r_test.rego", "--with", "more", "--coverage", cwd=rules)

    assert done.returncode == 0
    assert sorted(json.loads(done.stdout)["files"]) == ["r.rego", "r_test.rego"]


def test_too_little_coverage_says_which_lines(rules: Path) -> None:
    (rules / "r_test.rego").write_text("package r_test\n\nimport data.r\n\ntest_a if not r.deny\n")

    done = _test(".", "--threshold", "90", cwd=rules)

    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == ["  not covered: r.rego: 3-5"]


def test_cases_cover_lines(finance: Path) -> None:
    (finance / "domains/finance/retention/seven_years/seven_years_test.rego").unlink()

    done = _test("-b", "finance", "--threshold", "100", cwd=finance.parent)

    rule = "finance/domains/finance/retention/seven_years/seven_years.rego"
    assert (done.returncode, done.stderr.splitlines()[1:]) == (1, [f"  not covered: {rule}: 28"])


def test_a_coverage_report_does_not_hide_what_failed(rules: Path) -> None:
    (rules / "f_test.rego").write_text("package f_test\n\ntest_fails if false\n")

    done = _test(".", "--coverage", cwd=rules)

    assert done.returncode == 1
    assert json.loads(done.stdout)["coverage"] < 100
    assert "data.f_test.test_fails: FAIL" in done.stderr


@pytest.mark.parametrize("parallel", ["1", "3"])
def test_tests_keep_their_order_however_many_run_at_a_time(rules: Path, parallel: str) -> None:
    many = "".join(f"\ntest_{number} if true\n" for number in range(50))
    (rules / "many_test.rego").write_text(f"package many_test\n{many}")

    done = _test("many_test.rego", "--format", "json", "--parallel", parallel, cwd=rules)

    assert [each["name"] for each in json.loads(done.stdout)] == [f"test_{number}" for number in range(50)]


_SURVIVORS = """\
r.rego:4:2: drop-condition: survived
  - input.kind == "table"
  + (nothing)
8 mutants: 7 noticed, 1 survived
score: 87.5%
"""


def test_a_mutant_that_no_test_notices_is_told_with_what_was_changed(rules: Path) -> None:
    done = _test(".", "--mutate", cwd=rules)

    assert (done.returncode, done.stdout) == (0, _SURVIVORS), done.stderr


@pytest.mark.parametrize(("wanted", "code"), [("87.5", 0), ("87.6", 1)])
def test_a_mutation_threshold_decides_the_exit_code(rules: Path, wanted: str, code: int) -> None:
    done = _test(".", "--mutation-threshold", wanted, "--format", "json", cwd=rules)

    report = json.loads(done.stdout)
    assert done.returncode == code
    assert report["survived"] == [
        {
            "location": {"file": "r.rego", "row": 4, "col": 2},
            "mutation": "drop-condition",
            "before": 'input.kind == "table"',
            "after": "",
        }
    ]
    assert (report["score"], report["noticed"], report["invalid"], report["cut_short"]) == (87.5, 7, 0, False)


def test_a_score_that_time_cut_short_decides_nothing(rules: Path) -> None:
    (rules / "many.rego").write_text("package many\n" + "".join(f"\np{at} if input.x > {at}\n" for at in range(150)))

    done = _test(".", "--mutation-threshold", "0", "--mutation-time", "1ms", "--parallel", "1", cwd=rules)

    assert done.returncode == 2
    assert "were tried: time ran out" in done.stdout
    assert "time ran out before the score was known" in done.stderr


def test_a_mutation_report_does_not_hide_too_little_coverage(rules: Path) -> None:
    (rules / "r.rego").write_text(f"{_RULE}\nspare if input.x\n")

    done = _test(".", "--mutate", "--threshold", "99", cwd=rules)

    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == ["  not covered: r.rego: 8"]


@pytest.mark.parametrize("flags", [["--mutate", "--coverage"], ["--run", "("], ["--max-mutants", "0"], ["-p", "-1"]])
def test_what_cannot_be_asked_is_refused(rules: Path, flags: list[str]) -> None:
    done = _test(".", *flags, cwd=rules)

    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False)


def test_mutants_of_which_none_counts_decide_nothing(tmp_path: Path) -> None:
    (tmp_path / "t_test.rego").write_text("package t_test\n\ntest_a if true\n")

    done = _test(".", "--mutation-threshold", "50", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr == "bylaw test: there is no mutant that counts\n"


def test_a_test_that_is_not_run_notices_nothing(rules: Path) -> None:
    (rules / "f_test.rego").write_text("package f_test\n\nimport data.r\n\ntest_fails if r.deny\n")

    done = _test(".", "--mutate", "--run", "data.r_test", cwd=rules)

    assert (done.returncode, done.stdout) == (0, _SURVIVORS), done.stderr


def test_the_second_opinion_decides_cases_too(finance: Path) -> None:
    done = _test("-b", "finance", "--with", _LIBRARY, "--evaluator", "regorus", cwd=finance.parent)

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "PASS: 9/9"), done.stderr


def test_nothing_is_mutated_while_tests_fail(rules: Path) -> None:
    (rules / "f_test.rego").write_text("package f_test\n\ntest_fails if false\n")

    done = _test(".", "--mutate", cwd=rules)

    assert done.returncode == 1
    assert "score" not in done.stdout
    assert "rules are not mutated while tests fail" in done.stderr


_JUNIT = {
    "testsuites": {"name", "time", "tests", "failures", "errors", "skipped", "disabled"},
    "testsuite": {"name", "time", "tests", "failures", "errors", "skipped", "timestamp", "hostname", "id", "package"},
    "testcase": {"name", "time", "classname", "file", "line"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
}
"""What readers of the format know of each element: what Jenkins, GitLab and GitHub actions document."""


@pytest.mark.parametrize("mode", [[], ["--mutate"]], ids=["tests", "mutants"])
def test_junit_is_what_ci_systems_read(rules: Path, mode: list[str]) -> None:
    (rules / "x_cases.yaml").write_text(
        '- {name: "<&]]>\\u0001", kind: access, input: {}, decision: %s}\n' % ("deny" if mode else "allow")
    )
    if not mode:
        (rules / "todo_test.rego").write_text(
            "package t_test\n\ntodo_test_x if false\n\nx := 1\n\nx := 2 if true\n\ntest_e if x == 1\n"
        )

    done = _test(".", "--format", "junit", *mode, cwd=rules)

    assert done.stdout, done.stderr
    root = ElementTree.fromstring(done.stdout)  # noqa: S314 - our own output
    elements = list(root.iter())
    assert {element.tag for element in elements} <= set(_JUNIT)
    assert [
        (element.tag, set(element.attrib) - _JUNIT[element.tag])
        for element in elements
        if set(element.attrib) - _JUNIT[element.tag]
    ] == []
    for suite in root:
        cases = [case for case in suite if case.tag == "testcase"]
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[attribute]) == len(suite.findall(f"testcase/{tag}"))
        assert int(suite.attrib["tests"]) == len(cases)
    assert int(root.attrib["tests"]) == len(root.findall("testsuite/testcase"))
