"""Bodies and statements are told from values, wherever they stand, in every module that we have."""

from __future__ import annotations

from pathlib import Path

import pytest

from bylaw.bundle.statements import Group, read_rules

_ROOT = Path(__file__).parents[3]

_RULES = {
    "a body in braces": ("p if {\n\tx := 1\n\tx == 1; x < 2\n}", [("rule", ["x := 1", "x == 1", "x < 2"])]),
    "a body on one line": ("p if input.x", [("rule", ["input.x"])]),
    "a statement over two lines": (
        "p if {\n\tf(1) ==\n\t\t2 with input as {}\n\t\twith data.x as 1\n}",
        [("rule", ["f(1) ==\n\t\t2 with input as {}\n\t\twith data.x as 1"])],
    ),
    "a branch": ("p := 1 if input.a else := 2 if {\n\tinput.b\n}", [("rule", ["input.a"]), ("else", ["input.b"])]),
    "a comprehension in a head": (
        "p := {y | some y in input.ys; y > 1}",
        [("comprehension", ["some y in input.ys", "y > 1"])],
    ),
    "a comprehension in a statement": (
        "p if count([1 | input.x]) == 0",
        [("rule", ["count([1 | input.x]) == 0"]), ("comprehension", ["input.x"])],
    ),
    "every": (
        "p if {\n\tevery k, v in {1, 2} {\n\t\tk < v\n\t}\n}",
        [("rule", ["every k, v in {1, 2} {\n\t\tk < v\n\t}"]), ("every", ["k < v"])],
    ),
    "a set to compare with is no body": ("p if {1, 2} == input.x", [("rule", ["{1, 2} == input.x"])]),
    "a set and an object are no bodies": ('p contains {"a": {1}} if input.x', [("rule", ["input.x"])]),
    "a union is no comprehension": ("p if (input.a | {1}) == input.b", [("rule", ["(input.a | {1}) == input.b"])]),
    "brackets and hashes in texts are texts": (
        'p if {\n\tinput.x == "{ # ]" # a comment }\n}',
        [("rule", ['input.x == "{ # ]"'])],
    ),
}


@pytest.mark.parametrize(("rule", "bodies"), _RULES.values(), ids=_RULES)
def test_a_rule_has_these_bodies(rule: str, bodies: list[tuple[str, list[str]]]) -> None:
    text = f"package a\n\nf(x) := x\n\n{rule}\n"

    *_, read = read_rules("a.rego", text)

    found = [(body.kind, [text[each.start : each.end] for each in body.statements]) for body in read.bodies]
    assert found == bodies


def test_a_rule_of_an_older_rego_needs_no_if() -> None:
    text = "package a\n\np[x] { x := input.y; x > 1 }\n\nq = 1 { input.z } else = 2 { true }\n"

    first, second = read_rules("a.rego", text, rego_v0=True)

    assert [text[each.start : each.end] for each in first.bodies[0].statements] == ["x := input.y", "x > 1"]
    assert [body.kind for body in second.bodies] == ["rule", "else"]


def test_a_rule_ends_where_a_default_or_an_import_begins() -> None:
    text = "package a\n\np if input.x\n\ndefault q := 1\n\nimport data.b\n\nr if b.x\n"

    rules = read_rules("a.rego", text)

    assert [(rule.name, rule.is_default, text[rule.start : rule.end]) for rule in rules] == [
        ("p", False, "p if input.x"),
        ("q", True, "q := 1"),
        ("r", False, "r if b.x"),
    ]


@pytest.mark.parametrize("folder", ["rego", "bundles", "conftest", "benchmarks"])
def test_every_module_of_ours_is_read_whole(folder: str) -> None:
    for file in sorted((_ROOT / folder).rglob("*.rego")):
        text = file.read_text()
        for rule in read_rules(str(file), text):
            assert rule.bodies or "if" not in text[rule.start : rule.end].split(), f"{file}: {rule.name}"
            opened = [item for body in rule.bodies for each in body.statements for item in each.items]
            assert not [item for item in opened if not isinstance(item, Group) and item.text in "{}"], file


@pytest.mark.parametrize("depth", [50, 60, 61, 150])
def test_brackets_may_be_as_deep_as_the_evaluator_reads(depth: int) -> None:
    text = f"package a\n\np if {{\n\tx := {'[' * depth}{']' * depth}\n\tinput.y\n}}\n\nq if input.z\n"

    first, second = read_rules("a.rego", text)

    assert [text[each.start : each.end] for each in first.bodies[0].statements][1:] == ["input.y"]
    assert second.name == "q"
