"""Which mutants a module has: each sort of mistake, and none of a test or of what is only said."""

from __future__ import annotations

import pytest

from bylaw_adapters.mutation.rego_mutants import rego_mutants

_MUTANTS = {
    "a condition is dropped": (
        "p if {\n\tinput.x\n\tinput.y\n}", "drop-condition", ["p if {\n\t\n\tinput.y\n}", "p if {\n\tinput.x\n\t\n}"],
    ),
    "the only condition becomes true": ("p if input.x", "drop-condition", ["p if true"]),
    "lines stay where they are": ("p if f(\n\t1,\n)", "drop-condition", ["p if true\n\n"]),
    "a rule is dropped": ("p if {\n\tinput.x\n}", "drop-rule", ["\n\n"]),
    "a default is dropped whole": ("default p := 1", "drop-rule", [""]),
    "a comparison is flipped": ("p if input.x == 1", "flip-comparison", ["p if input.x != 1"]),
    "an edge is moved": ("p if input.x >= 1", "move-edge", ["p if input.x > 1"]),
    "a threshold is moved": ("p if input.x > 90", "move-threshold", ["p if input.x > 91", "p if input.x > 89"]),
    "in its last place": ("p if input.x > 0.95", "move-threshold", ["p if input.x > 0.96", "p if input.x > 0.94"]),
    "nothing is made negative": ("p := 0", "move-threshold", ["p := 1"]),
    "a negation is dropped": ("p if not input.x", "drop-not", ["p if input.x"]),
    "membership is flipped": ("p if input.x in [1]", "flip-membership", ["p if not input.x in [1]"]),
    "a member is dropped": (
        'p if input.x in {"a", "b"}', "drop-member", ['p if input.x in {"b"}', 'p if input.x in {"a"}'],
    ),
    "a flag is flipped": ("default p := false", "flip-flag", ["default p := true"]),
    "arithmetic is swapped": ("p := input.x + 1", "swap-arithmetic", ["p := input.x - 1"]),
    "every becomes some": (
        "p if every x in input.xs { x > 1 }", "some-for-every", ["p if count([1 | some x in input.xs; x > 1 ]) > 0"],
    ),
}  # fmt: skip


def _of(rule: str, mutation: str) -> list[str]:
    text = f"package a\n\n{rule}\n\nf(x) := x\n"
    mutants = [mutant for mutant in rego_mutants("a.rego", text) if mutant.mutation == mutation]
    contents = [mutant.change.applied(text) for mutant in mutants]
    end = "\n\nf(x) := x\n"
    return [each.removeprefix("package a\n\n").removesuffix(end) for each in contents if each.endswith(end)]


@pytest.mark.parametrize(("rule", "mutation", "wanted"), _MUTANTS.values(), ids=_MUTANTS)
def test_a_mistake_is_made(rule: str, mutation: str, wanted: list[str]) -> None:
    assert _of(rule, mutation) == wanted


_LEFT_ALONE = {
    "tests": "test_p if input.x == 1",
    "tests that wait": "todo_test_p if input.x == 1",
    "what is printed": "p if {\n\tprint(input.x > 1, 5)\n}",
    "an accepted line": "# bylaw ignore:mutants - nobody can tell\np := 7",
    "positions": "p := input.xs[0]",
    "how a thing is counted": "p := count([1 | true])",
}


@pytest.mark.parametrize("rule", _LEFT_ALONE.values(), ids=_LEFT_ALONE)
def test_left_alone(rule: str) -> None:
    mutants = [each.mutation for each in rego_mutants("a.rego", f"package a\n\n{rule}\n")]

    assert [each for each in mutants if each not in {"drop-rule", "drop-condition", "flip-flag"}] == []


def test_a_mutant_says_where_it_is_and_what_changed_there() -> None:
    text = "package a\n\np if {\n\tinput.x\n\tinput.y > 3\n}\n"

    (mutant,) = [each for each in rego_mutants("a.rego", text) if each.mutation == "move-edge"]

    assert (str(mutant.location), mutant.before, mutant.after) == ("a.rego:5:10", "input.y > 3", "input.y >= 3")
