"""``bylaw eval`` answers as ``opa eval``: the same results, bindings, codes of errors and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.peers

_POLICY = """\
package shop

import data.roles

default allow := false

allow if {
	some role in input.user.roles
	input.action in roles[role]
}

denied contains reason if {
	not input.user.name
	reason := "no name"
}

denied contains "no action" if not input.action

price := 10 if input.member
else := 20 if input.user
else := 30

discount(x) := x / 2

total[item.name] := discount(item.price) if some item in input.items

nested.deep[key] := value if some key, value in {"a": 1, "b": 2}

mixed := [1, "two", {"three": [null, true]}, 4.5]

conflict := 1 if input.user

conflict := 2 if input.user

text := sprintf("%v <&> %d", [input.user.name, 3])

cheap := {item.name | some item in input.items; item.price < 5}

sorted_names := sort([item.name | some item in input.items])

every_item_costs if every item in input.items { item.price > 0 }
"""

_ELSE = """\
price := 10 if input.member
else := 20 if input.user
else := 30
"""

_DATA = {"roles": {"clerk": ["read"], "boss": ["read", "write"]}}

_INPUT = {
    "user": {"name": "Zoë", "roles": ["clerk"]},
    "action": "read",
    "items": [{"name": "pen", "price": 2}, {"name": "lamp", "price": 30}],
}

_QUERIES = [
    *(
        "1 + 1",
        "1",
        "true",
        "false",
        "null",
        '"text"',
        '"é<&>"',
        "[1, 2]",
        "{1, 2, 2}",
        '{"b": 1, "a": [2]}',
        "[]",
        "{}",
    ),
    *("set()", "7 / 2", "7 % 4", "1 - 2", "10 / 4 == 2.5", "1 == 1; 2 == 2", "1 == 2", "x := 1", "x = 1"),
    *("[x | x := [1, 2, 3][_]]", "{x | x := [1, 1][_]}", '{k: v | some k, v in {"a": 1}}', "[1, 2, 3][1]"),
    *(
        "some x in [3, 4]; x > 3",
        "x = [5, 6][_]",
        "[x, y] = [1, 2]",
        '{"a": x} = {"a": 3}',
        "every x in [1, 2] { x > 0 }",
        "0.1 + 0.2",
    ),
    *(
        "1 in [1, 2]",
        "not 1 in [1, 2]",
        "not false",
        "data.nope",
        "input.nope",
        "data.shop.nope",
        "data.roles",
        "input",
    ),
    *(
        "data.shop.allow",
        "data.shop.denied",
        "data.shop.price",
        "data.shop.total",
        "data.shop.nested",
        "data.shop.mixed",
    ),
    *(
        "data.shop.text",
        "data.shop.cheap",
        "data.shop.sorted_names",
        "data.shop.every_item_costs",
        "data.shop.discount(9)",
    ),
    *(
        "data.shop.nested.deep.a",
        'data.shop.total["pen"]',
        "data.roles[role]",
        "data.roles.boss[i]",
        "input.items[_].name",
    ),
    'data.shop.allow with input as {"action": "write", "user": {"roles": ["boss"]}}',
    "data.shop.price with input.member as true",
    "data.shop.denied with input as {}",
    'data.shop.allow with data.roles as {"clerk": []}',
    *(
        'count("héllo")',
        'split("a,b", ",")',
        'upper("ab")',
        "max([1, 3])",
        "sum([1, 2.5])",
        'to_number("12")',
        "abs(-1)",
    ),
    *('concat("-", ["a", "b"])', 'regex.match("^a", "ab")', 'json.unmarshal("[1]")', 'json.marshal({"a": "<"})'),
    *('object.get({"a": 1}, "b", 2)', "numbers.range(1, 3)", 'time.parse_rfc3339_ns("2026-01-01T00:00:00Z")', "1 / 0"),
    *('to_number("x")', "walk([1], x)", "data.shop.conflict", "12345678901234567890 + 1", 'startswith("ab", "a")'),
]

_ERRORS = ["1 +", "nothing_such(1)", "x", "count(1, 2, 3)", "data.shop.conflict", "["]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("eval")
    (folder / "shop.rego").write_text(_POLICY)
    (folder / "data.json").write_text(json.dumps(_DATA))
    (folder / "input.json").write_text(json.dumps(_INPUT))
    return ["-d", f"{folder}/shop.rego", "-d", f"{folder}/data.json", "-i", f"{folder}/input.json"]


def _opa(program: Path, arguments: list[str]) -> tuple[int, Any]:
    return _answer([str(program), "eval", *arguments])


def _bylaw(arguments: list[str]) -> tuple[int, Any]:
    return _answer([sys.executable, "-m", "bylaw_adapters.cli.main", "eval", *arguments])


def _answer(command: list[str]) -> tuple[int, Any]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, json.loads(done.stdout)


def _results(document: dict[str, Any]) -> list[Any]:
    """Values and bindings; texts and places are told by each parser in its own way."""
    results = [
        [[expression["value"] for expression in result["expressions"]], result.get("bindings", {})]
        for result in document.get("result", [])
    ]
    return sorted(results, key=json.dumps)


def _covered(document: dict[str, Any]) -> dict[str, Any]:
    """Places in their order. Why a part was not covered is left out: OPA finds that out by running again."""
    for file in document["coverage"]["files"].values():
        for name in ("covered", "not_covered"):
            parts = [(part["start"], part["end"]) for part in file.get(name, [])]
            file[name] = sorted(parts, key=lambda part: [(place["row"], place["col"]) for place in part])
    coverage: dict[str, Any] = document["coverage"]
    return coverage


@pytest.mark.parametrize("query", [query for query in _QUERIES if query not in _ERRORS])
def test_a_query_has_opas_results(opa_program: Path, loaded: list[str], query: str) -> None:
    (their_code, theirs), (our_code, ours) = _opa(opa_program, [*loaded, query]), _bylaw([*loaded, query])

    assert (our_code, _results(ours), "errors" in ours) == (their_code, _results(theirs), "errors" in theirs)


@pytest.mark.parametrize("query", _ERRORS)
def test_an_error_has_opas_code(opa_program: Path, loaded: list[str], query: str) -> None:
    (their_code, theirs), (our_code, ours) = _opa(opa_program, [*loaded, query]), _bylaw([*loaded, query])

    assert (our_code, ours["errors"][0]["code"]) == (their_code, theirs["errors"][0]["code"])


@pytest.mark.parametrize("query", ["data.shop.allow", "data.shop.total", "data.shop.denied", "data.shop.nested"])
def test_what_was_covered_is_opas(
    opa_program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    # To OPA the head of a rule with `else` ends in the middle of the next branch; ours has heads only.
    (tmp_path / "shop.rego").write_text(_POLICY.replace(_ELSE, ""))
    (tmp_path / "input.json").write_text(json.dumps(_INPUT))
    monkeypatch.chdir(tmp_path)
    arguments = ["-d", "shop.rego", "-i", "input.json", "--coverage", query]
    (_, theirs), (_, ours) = _opa(opa_program, arguments), _bylaw(arguments)

    assert _covered(ours) == _covered(theirs)


@pytest.mark.parametrize("explanation", ["notes", "fails"])
def test_the_way_to_a_note_and_to_a_failure_is_opas(opa_program: Path, tmp_path: Path, explanation: str) -> None:
    policy = 'package p\n\nallow if {\n\tsome x in input.xs\n\tx > 1\n\ttrace(sprintf("x is %d", [x]))\n\tx == 3\n}\n'
    (tmp_path / "p.rego").write_text(policy)
    (tmp_path / "input.json").write_text('{"xs": [1, 2, 3]}')
    arguments = ["eval", "-d", "p.rego", "-i", "input.json", "-f", "pretty", "--explain", explanation, "data.p.allow"]
    commands = ([str(opa_program)], [sys.executable, "-m", "bylaw_adapters.cli.main"])
    theirs, ours = (
        subprocess.check_output([*command, *arguments], text=True, timeout=60, cwd=tmp_path) for command in commands
    )

    assert ours == theirs


_SCHEMED = """package s

# METADATA
# schemas:
#   - input: schema.request
#   - data.acl: schema["acl"]
allow if data.acl[input.user.name][_] == input.operation

# METADATA
# schemas:
#   - input: schema.request
wrong if input.user.{field} == "x"
"""


@pytest.mark.parametrize(
    ("field", "named"),
    [("name", "request"), ("nickname", "request"), ("name.first", "request"), ("name", "another")],
)
def test_schemas_that_metadata_name_are_checked_as_opa_checks_them(
    opa_program: Path, tmp_path: Path, field: str, named: str
) -> None:
    user = {"type": "object", "properties": {"name": {"type": "string"}}}
    request = {"type": "object", "properties": {"user": user, "operation": {"type": "string"}}}
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / f"{named}.json").write_text(json.dumps(request))
    (tmp_path / "schemas" / "acl.json").write_text(json.dumps({"type": "object"}))
    (tmp_path / "p.rego").write_text(_SCHEMED.replace("{field}", field))
    arguments = ["-s", f"{tmp_path}/schemas", "-d", f"{tmp_path}/p.rego", "data.s"]

    ours, theirs = _bylaw(arguments), _opa(opa_program, arguments)

    assert (ours[0], _places(ours[1])) == (theirs[0], _places(theirs[1]))


@pytest.mark.parametrize("query", ["input.name", "input.nickname"])
def test_a_schema_of_the_input_is_checked_as_opa_checks_it(opa_program: Path, tmp_path: Path, query: str) -> None:
    (tmp_path / "input.json").write_text('{"type": "object", "properties": {"name": {"type": "string"}}}')
    (tmp_path / "p.rego").write_text(f"package s\n\nr := {query}\n")
    arguments = ["-s", f"{tmp_path}/input.json", "-d", f"{tmp_path}/p.rego", "data.s"]

    ours, theirs = _bylaw(arguments), _opa(opa_program, arguments)

    assert (ours[0], _places(ours[1])) == (theirs[0], _places(theirs[1]))


def _places(document: dict[str, Any]) -> list[tuple[str, int]]:
    return [(error["code"], error["location"]["row"]) for error in document.get("errors", [])]
