"""The commands as a person types them: output, exit codes, bounds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest


def _bylaw(*arguments: str, stdin: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=60, cwd=cwd)


def _eval(*arguments: str, stdin: str = "") -> tuple[int, Any]:
    done = _bylaw("eval", *arguments, stdin=stdin)
    return done.returncode, json.loads(done.stdout)


def test_eval_answers_as_opa_does() -> None:
    assert _eval('x := {"a": 1}; y := x.a') == (
        0,
        {
            "result": [
                {
                    "expressions": [
                        {"value": True, "text": 'x := {"a": 1}', "location": {"row": 1, "col": 1}},
                        {"value": True, "text": "y := x.a", "location": {"row": 1, "col": 16}},
                    ],
                    "bindings": {"x": {"a": 1}, "y": 1},
                }
            ]
        },
    )


def test_eval_reads_policy_data_and_input(tmp_path: Path) -> None:
    (tmp_path / "policy.rego").write_text("package a\n\nallow if input.user in data.users\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "data.yaml").write_text("users: [ann]\n")
    (tmp_path / "input.yaml").write_text("user: ann\n")
    loaded = ("-d", f"{tmp_path}/policy.rego", "-d", f"{tmp_path}/data")

    from_file = _bylaw("eval", *loaded, "-i", f"{tmp_path}/input.yaml", "-f", "raw", "data.a.allow")
    from_stdin = _bylaw("eval", *loaded, "-I", "-f", "raw", "data.a.allow", stdin='{"user": "ann"}')

    assert (from_file.stdout, from_stdin.stdout) == ("true\n", "true\n")


_UNDEFINED = {"json": "{}\n", "pretty": "undefined\n", "raw": ""}


@pytest.mark.parametrize(("form", "said"), _UNDEFINED.items(), ids=_UNDEFINED)
def test_eval_says_nothing_of_what_is_undefined(form: str, said: str) -> None:
    done = _bylaw("eval", "-f", form, "data.nope")

    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")


_PRETTY = {
    "one value": ('{"a": [1]}', '{\n  "a": [\n    1\n  ]\n}\n'),
    "bindings": (
        'x := 1; y := "<"',
        '┌───┬──────────┐\n│ x │ y        │\n├───┼──────────┤\n│ 1 │ "\\u003c" │\n└───┴──────────┘\n',
    ),
    "several results": ("x = [10, 2][_]", "┌────┐\n│ x  │\n├────┤\n│ 10 │\n│ 2  │\n└────┘\n"),
}


@pytest.mark.parametrize(("query", "said"), _PRETTY.values(), ids=_PRETTY)
def test_eval_prints_for_people(query: str, said: str) -> None:
    assert _bylaw("eval", "-f", "pretty", query).stdout == said


def test_eval_ends_at_its_deadline() -> None:
    query = "count([1 | numbers.range(1, 100000)[_]; numbers.range(1, 100000)[_]])"

    code, document = _eval("--timeout", "200ms", query)

    assert (code, document["errors"][0]["code"]) == (2, "eval_cancel_error")


def test_eval_ends_at_a_gigabyte(tmp_path: Path) -> None:
    policy = tmp_path / "bomb.rego"
    policy.write_text(
        "package b\n\nrows := [row | some _ in numbers.range(1, 10000); row := numbers.range(1, 200000)]\n"
    )

    assert _eval("-d", str(policy), "count(data.b.rows)") == (
        2,
        {"errors": [{"message": "the evaluation needed more than 1024 MiB of memory", "code": "eval_error"}]},
    )


_ERRORS = {
    "a query that does not parse": (("1 +",), "rego_parse_error"),
    "a variable that nothing binds": (("x",), "rego_unsafe_var_error"),
    "a policy that is not there": (("-d", "/nowhere", "1"), "bundle_unreadable"),
    "an input that is not there": (("-i", "/nowhere", "1"), "malformed_input"),
    "an error of a built-in": (("--strict-builtin-errors", "1/0"), "eval_builtin_error"),
}


@pytest.mark.parametrize(("arguments", "code"), _ERRORS.values(), ids=_ERRORS)
def test_eval_answers_an_error_with_a_document(arguments: tuple[str, ...], code: str) -> None:
    status, document = _eval(*arguments)

    assert (status, [error["code"] for error in document["errors"]]) == (2, [code])


_WATCHED = 'package w\n\nallow if {\n\tinput.x == 1\n\ttrace("seen")\n}\n\nnever if input.y\n'


def _watched(tmp_path: Path, *arguments: str) -> str:
    (tmp_path / "w.rego").write_text(_WATCHED)
    loaded = ("-d", f"{tmp_path}/w.rego", "-I", "-f", "pretty", *arguments, "data.w.allow")
    return _bylaw("eval", *loaded, stdin='{"x": 1}').stdout


def test_eval_explains_how_a_result_came_about(tmp_path: Path) -> None:
    lines = [line.split(maxsplit=1) for line in _watched(tmp_path, "--explain", "notes").splitlines()]

    assert lines == [
        ["query:1", "Enter data.w.allow = _"],
        [f"{tmp_path}/w.rego:3", "| Enter data.w.allow"],
        [f"{tmp_path}/w.rego:5", '| | Note "seen"'],
        ["true"],
    ]


def test_eval_says_how_long_lines_took_and_what_was_covered(tmp_path: Path) -> None:
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in _watched(tmp_path, "--profile").splitlines()]

    assert ["Time", "Num Eval", "Num Redo", "Num Gen Expr", "Location"] in rows
    assert sorted(row[1:] for row in rows if len(row) == 5 and "w.rego" in row[4]) == [
        ["1", "1", "1", f"{tmp_path}/w.rego:{row}"] for row in (4, 5)
    ]
    assert "│ Overall Coverage │ 75.00 │" in _watched(tmp_path, "--coverage")


def test_eval_tells_the_way_to_an_error_too() -> None:
    status, document = _eval("--strict-builtin-errors", "--explain", "full", "1/0")

    assert (status, [event["op"] for event in document["explanation"]]) == (2, ["Enter", "Eval", "Fail"])


def test_eval_names_every_mistake_of_a_policy(tmp_path: Path) -> None:
    (tmp_path / "m.rego").write_text("package m\n\na := nothing.such(1)\n\nb := count(1, 2, 3)\n")

    status, document = _eval("-d", str(tmp_path), "1")

    places = [(error["code"], error["location"]["row"]) for error in document["errors"]]
    assert (status, places) == (2, [("rego_type_error", 3), ("rego_type_error", 5)])


def test_eval_gives_policies_what_the_capabilities_name(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text('{"builtins": [{"name": "eq"}]}')

    status, document = _eval("--capabilities", f"{tmp_path}/c.json", "count([1])")

    assert (status, document["errors"][0]["code"]) == (2, "rego_type_error")


@pytest.mark.parametrize("command", [("eval", "1"), ("test", ".")])
def test_schemas_say_what_policies_may_ask_of_the_input(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "schema.json").write_text('{"type": "object", "properties": {"name": {"type": "string"}}}')
    (tmp_path / "p_test.rego").write_text("package p_test\n\ntest_name if not input.nam\n")
    files = ("-d", "p_test.rego") if command[0] == "eval" else ()

    done = _bylaw(*command, *files, "--schema", "schema.json", cwd=tmp_path)

    assert (done.returncode, "undefined ref: input.nam" in done.stdout + done.stderr) == (2, True)


@pytest.mark.parametrize(
    "flag", ["--explain=full", "--profile", "--coverage", "--strict", "--v0-compatible", "-s=s.json"]
)
def test_eval_asks_the_second_opinion_for_nothing_more_than_an_answer(flag: str) -> None:
    status, document = _eval("--evaluator", "regorus", flag, "1")

    assert (status, document["errors"][0]["code"]) == (2, "invalid_setting")


def test_test_reads_older_rego(tmp_path: Path) -> None:
    (tmp_path / "old_test.rego").write_text(
        "package old_test\n\ntest_old { input_is_absent }\ninput_is_absent { not input }\n"
    )

    done = _bylaw("test", "--v0-compatible", "-v", str(tmp_path))

    assert (done.returncode, "data.old_test.test_old: PASS" in done.stdout) == (0, True)


def _tests(tmp_path: Path) -> Path:
    (tmp_path / "a.rego").write_text("package a\n\nx := 1\n\ny := 2 if {\n\tinput.never\n\tinput.more\n}\n")
    (tmp_path / "a_test.rego").write_text(
        "package a_test\n\nimport data.a as subject\n\n"
        "test_passes if subject.x == 1\n\n"
        "test_fails if subject.x == 2\n\n"
        'test_cases[note] if {\n\tsome note, n in {"one": 1, "two": 2}\n\tn == subject.x\n}\n\n'
        "todo_test_later if false\n"
    )
    return tmp_path


def test_test_reports_what_did_not_pass(tmp_path: Path) -> None:
    done = _bylaw("test", "--format", "json", str(_tests(tmp_path)))

    told = [
        {key: value for key, value in test.items() if key not in {"duration", "location"}}
        for test in json.loads(done.stdout)
    ]
    assert done.returncode == 1
    assert told == [
        {"package": "data.a_test", "name": "test_passes"},
        {"package": "data.a_test", "name": "test_fails", "fail": True},
        {
            "package": "data.a_test",
            "name": "test_cases",
            "fail": True,
            "sub_results": {"one": {"name": "one"}, "two": {"name": "two", "fail": True}},
        },
        {"package": "data.a_test", "name": "todo_test_later", "skip": True},
    ]


def test_test_writes_junit(tmp_path: Path) -> None:
    done = _bylaw("test", "--format", "junit", str(_tests(tmp_path)))

    root = ElementTree.fromstring(done.stdout)  # noqa: S314 - our own output
    counts = {key: root.get(key) for key in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "4", "failures": "2", "errors": "0", "skipped": "1"}
    assert [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None] == [
        "test_fails",
        "test_cases",
    ]


def test_test_tells_what_no_test_reached(tmp_path: Path) -> None:
    done = _bylaw("test", "--coverage", "--threshold", "100", "--run", "test_passes", str(_tests(tmp_path)))

    report = json.loads(done.stdout)["files"][f"{tmp_path}/a.rego"]
    assert done.returncode == 1
    assert report["not_covered"] == [
        {"start": {"row": row, "col": start}, "end": {"row": row, "col": end}}
        for row, start, end in ((5, 1, 7), (6, 2, 13), (7, 2, 12))
    ]
    assert done.stderr.splitlines()[:2] == [
        "bylaw test: 22.22% of lines were covered, 100% are wanted",
        f"  not covered: {tmp_path}/a.rego: 5-7",
    ]


_TEST_CODES = {
    "all passed": ("package t\n\ntest_a := true\n", 0),
    "one failed": ("package t\n\ntest_a := true\n\ntest_b := false\n", 1),
    "one erred": ("package t\n\nx := 1\n\nx := 2 if true\n\ntest_a if x == 1\n\ntest_b := false\n", 2),
    "none there": ("package t\n\na := true\n", 2),
    "a syntax error": ("package t\n\ntest_a if {\n", 2),
}


@pytest.mark.parametrize(("text", "code"), _TEST_CODES.values(), ids=_TEST_CODES)
def test_test_ends_with_its_worst_outcome(tmp_path: Path, text: str, code: int) -> None:
    (tmp_path / "t_test.rego").write_text(text)

    assert _bylaw("test", str(tmp_path)).returncode == code


def _source(tmp_path: Path) -> Path:
    folder = tmp_path / "customer"
    folder.mkdir()
    (folder / ".manifest").write_text('{"roots": ["domains/customer"], "revision": "7"}')
    (folder / "rule.rego").write_text(
        "# METADATA\n# title: Owners are there\n# custom:\n#   id: CUS-1\n#   enforcement: deny\n"
        "package domains.customer.quality.owners\n\n"
        'violation contains {"msg": "no owner", "path": "product.owner"} if not input.product.owner\n'
    )
    return folder


def test_bundle_builds_what_bundle_inspects(tmp_path: Path) -> None:
    built = _bylaw("bundle", "build", str(_source(tmp_path)), "-o", "customer.tar.gz", cwd=tmp_path)
    inspected = _bylaw("bundle", "inspect", "customer.tar.gz", "--format", "json", cwd=tmp_path)

    size = (tmp_path / "customer.tar.gz").stat().st_size
    assert built.stdout == f"customer.tar.gz: customer 7, 1 modules, {size} bytes\n"
    assert json.loads(inspected.stdout) == {
        "name": "customer",
        "revision": "7",
        "roots": ["domains/customer"],
        "packages": ["domains.customer.quality.owners"],
        "rules": [
            {
                "rule": "domains.customer.quality.owners",
                "kind": "quality",
                "title": "Owners are there",
                "id": "CUS-1",
                "enforcement": "deny",
                "controls": [],
            }
        ],
        "data_bytes": 167,
        "files": ["rule.rego"],
        "signed": False,
    }


def test_bundle_build_refuses_a_domain_that_reads_around(tmp_path: Path) -> None:
    folder = _source(tmp_path)
    (folder / "rule.rego").write_text("package domains.customer.quality.owners\n\nx := data.global.waivers\n")

    done = _bylaw("bundle", "build", str(folder), "-o", "customer.tar.gz", cwd=tmp_path)

    assert (done.returncode, done.stdout, (tmp_path / "customer.tar.gz").exists()) == (2, "", False)
    assert done.stderr.startswith("bylaw bundle: customer/rule.rego:3:6: domain customer reads data.global.waivers")


_PRODUCT = {"domain": "customer", "name": "profiles"}

_DECIDED = {
    "allowed": ({"product": _PRODUCT | {"owner": "ann"}}, 0, "allow"),
    "denied": ({"product": _PRODUCT}, 1, "deny"),
}


@pytest.mark.parametrize(("told", "code", "decision"), _DECIDED.values(), ids=_DECIDED)
def test_decide_answers_as_the_service_does(tmp_path: Path, told: Any, code: int, decision: str) -> None:
    arguments = ("decide", "quality", "--bundle", str(_source(tmp_path)))

    done = _bylaw(*arguments, stdin=json.dumps(told))

    answer = json.loads(done.stdout)
    assert (done.returncode, answer["result"]["decision"]) == (code, decision), done.stdout
    assert answer["result"]["evaluated"] == ["domains.customer.quality.owners"]
    assert answer["decision_id"]
    assert answer["revisions"]["customer"] == "7"


def test_decide_explains_for_people(tmp_path: Path) -> None:
    arguments = ("decide", "quality", "--bundle", str(_source(tmp_path)), "--explain")

    done = _bylaw(*arguments, stdin=json.dumps({"product": _PRODUCT}))

    assert (done.returncode, done.stdout) == (
        1,
        "quality: deny\n  domains.customer.quality.owners:\n    denies: no owner (product.owner)\n  the data: block\n",
    )


def test_decide_on_no_json_decides_nothing(tmp_path: Path) -> None:
    done = _bylaw("decide", "quality", "--bundle", str(_source(tmp_path)), stdin="{")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("bylaw decide: stdin:2:1: not YAML")


def test_bundle_diff_says_what_changed_in_law(tmp_path: Path) -> None:
    for name, hours in (("before", 24), ("after", 48)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / ".manifest").write_text(json.dumps({"roots": ["domains/customer"], "revision": name}))
        (folder / "data.json").write_text(json.dumps({"domains": {"customer": {"parameters": {"hours": hours}}}}))
    (tmp_path / "before" / "r.rego").write_text(
        'package domains.customer.quality.fresh\n\nviolation contains "old" if input.x\n'
    )

    text = _bylaw("bundle", "diff", "before", "after", cwd=tmp_path)
    report = _bylaw("bundle", "diff", "before", "before", "--format", "json", cwd=tmp_path)

    assert (text.returncode, text.stdout.splitlines()) == (
        0,
        [
            "customer before -> customer after",
            "~ parameter domains/customer/parameters/hours: 24 -> 48",
            "- rule domains.customer.quality.fresh (looser)",
        ],
    )
    assert json.loads(report.stdout)["changes"] == []


def test_bundle_build_holds_a_domain_against_the_council(tmp_path: Path) -> None:
    (tmp_path / "global" / "global").mkdir(parents=True)
    (tmp_path / "global" / "global" / "data.yaml").write_text("parameters: {days: 30, directions: {days: higher}}\n")
    (tmp_path / "customer" / "domains" / "customer").mkdir(parents=True)
    (tmp_path / "customer" / "domains" / "customer" / "data.yaml").write_text("parameters:\n  days: 3\n")

    alone = _bylaw("bundle", "build", "customer", "-o", "alone.tar.gz", cwd=tmp_path)
    beside = _bylaw("bundle", "build", "customer", "-o", "beside.tar.gz", "--against", "global", cwd=tmp_path)

    assert (alone.returncode, alone.stderr) == (
        0,
        (
            "customer: not known whether it only tightens what the council sets; name the council's bundle with "
            "--against. Loading checks it in any case.\n"
        ),
    )
    assert (beside.returncode, beside.stderr) == (
        2,
        (
            "bylaw bundle: customer/domains/customer/data.yaml:2:3: data/domains/customer/parameters/days is 3, looser "
            "than the council's 30: a domain sets stricter values (the council's direction is higher)\n"
        ),
    )
    assert not (tmp_path / "beside.tar.gz").exists()
