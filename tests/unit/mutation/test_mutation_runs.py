"""What tests notice and what they do not; that nothing but the change is what they notice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from bylaw.errors import Location
from bylaw_adapters.bundle_sources import load_bundle_sources
from bylaw_adapters.decision_cases import read_case_law, read_cases
from bylaw_adapters.mutation import Fate, Mutant, MutationRun, Suite, TextChange, mutate, new_suite
from bylaw_adapters.mutation.data_mutants import enforcement_mutants, policy_mutants
from bylaw_adapters.mutation.rego_mutants import rego_mutants

_ROOT = Path(__file__).parents[3]

_RULE = """\
package r

import data.limits

deny if {
	input.kind == "table"
	input.days > limits.most
}

spare if input.x > 1
"""
_LIMITS = "package limits\n\nmost := 90\n"
_TEST = """\
package r_test

import data.r

test_denied if r.deny with input as {"kind": "table", "days": 91}

test_allowed if not r.deny with input as {"kind": "table", "days": 90}
"""


def _suite(modules: Mapping[str, str]) -> Suite:
    return new_suite(modules, b"{}", {"keeps_print": True}, timeout_seconds=5)


def _fates(modules: Mapping[str, str], *files: str, parallel: int = 1) -> dict[str, Fate]:
    mutants = [mutant for file in files for mutant in rego_mutants(file, modules[file])]
    run = mutate(_suite(modules), mutants, parallel=parallel)
    return {f"{each.mutant.location.row} {each.mutant.mutation} {each.mutant.after}": each.fate for each in run.tried}


_MODULES = {"r.rego": _RULE, "limits.rego": _LIMITS, "r_test.rego": _TEST}


def test_a_change_survives_where_no_test_notices_it() -> None:
    fates = _fates(_MODULES, "r.rego")

    assert fates == {
        "5 drop-rule ": Fate.NOTICED,
        "6 drop-condition ": Fate.SURVIVED,
        '6 flip-comparison input.kind != "table"': Fate.NOTICED,
        "7 drop-condition ": Fate.NOTICED,
        "7 flip-comparison input.days <= limits.most": Fate.NOTICED,
        "7 move-edge input.days >= limits.most": Fate.NOTICED,
        "10 drop-rule ": Fate.SURVIVED,
        "10 drop-condition spare if true": Fate.SURVIVED,
        "10 flip-comparison spare if input.x <= 1": Fate.SURVIVED,
        "10 move-edge spare if input.x >= 1": Fate.SURVIVED,
        "10 move-threshold spare if input.x > 2": Fate.SURVIVED,
        "10 move-threshold spare if input.x > 0": Fate.SURVIVED,
    }


def test_a_change_of_what_a_rule_reads_is_noticed_by_the_tests_of_the_rule() -> None:
    assert _fates(_MODULES, "limits.rego") == {
        "3 drop-rule ": Fate.NOTICED,
        "3 move-threshold most := 91": Fate.NOTICED,
        "3 move-threshold most := 89": Fate.NOTICED,
    }


def test_what_does_not_compile_does_not_count() -> None:
    modules = {"r.rego": "package r\n\np if {\n\tx := input.x\n\tx == 1\n}\n"}

    run = mutate(_suite(modules), list(rego_mutants("r.rego", modules["r.rego"])))

    assert [each.mutant.before for each in run.of(Fate.INVALID)] == ["x := input.x"]
    assert run.score == 0


def test_rules_and_tests_may_stand_in_one_module() -> None:
    modules = {"r.rego": f"{_LIMITS}\ntest_most if most == 90\n\ntest_most if most < 100\n"}

    assert _fates(modules, "r.rego") == {
        "3 drop-rule ": Fate.INVALID,
        "3 move-threshold most := 91": Fate.NOTICED,
        "3 move-threshold most := 89": Fate.NOTICED,
    }


def test_several_at_a_time_find_the_same_as_one_by_one() -> None:
    assert _fates(_MODULES, "r.rego", parallel=2) == _fates(_MODULES, "r.rego")


def test_a_bound_on_the_number_spreads_what_is_tried() -> None:
    mutants = list(rego_mutants("r.rego", _RULE))

    run = mutate(_suite(_MODULES), mutants, max_mutants=4)

    assert (run.found, [each.mutant for each in run.tried]) == (len(mutants), [mutants[at] for at in (0, 3, 6, 9)])
    assert not run.is_cut_short


def test_a_bound_on_the_time_is_told() -> None:
    run = mutate(_suite(_MODULES), list(rego_mutants("r.rego", _RULE)), seconds=0)

    assert (len(run.tried), run.is_cut_short) == (1, True)


def test_a_score_is_of_those_that_count() -> None:
    run = mutate(_suite(_MODULES), list(rego_mutants("limits.rego", _LIMITS)) + list(rego_mutants("r.rego", _RULE)))

    assert run.score == round(100 * 8 / 15, 2)
    assert MutationRun(0, (), is_cut_short=False).score == 100


@pytest.mark.parametrize("folders", [["rego/bylaw"], ["rego/bylaw", "bundles/customer"]])
def test_a_module_that_was_not_changed_is_noticed_by_no_test(folders: list[str]) -> None:
    """Else the modules that a test is run on are not all that it needs, and the score is too good."""
    loaded = load_bundle_sources([str(_ROOT / folder) for folder in folders])
    beside = frozenset(file for file in loaded.modules if folders[-1] not in file)
    options = {"keeps_print": True}
    suite = new_suite(loaded.modules, json.dumps(loaded.data).encode(), options, timeout_seconds=5, beside=beside)

    fates = {suite.judge(Mutant(Location(file, 1), "none", "", "", TextChange(()))).fate for file in loaded.modules}

    assert suite.tests
    assert fates == {Fate.SURVIVED}


_CASES = b"""\
- name: data is kept for seven years
  kind: retention
  input: {product: {domain: finance, name: ledger, retention: {days: 2554}}}
  decision: deny
- name: the team reads
  kind: access
  input:
    subject: {type: user, id: fay, properties: {groups: [finance-team], roles: [finance-team]}}
    action: {name: read}
    resource: {type: product, id: finance/ledger, properties: {domain: finance, product: ledger}}
  data: {mesh: {products: {finance/ledger: {domain: finance, name: ledger}}}}
  decision: allow
"""


def test_a_case_notices_what_only_a_decision_shows() -> None:
    folder = _ROOT / "bundles" / "finance"
    loaded = load_bundle_sources([str(_ROOT / "rego" / "bylaw"), str(folder)])
    law = read_case_law([str(folder)])
    cases = read_cases("cases.yaml", _CASES)
    options = {"keeps_print": True}
    rule = str(folder / "domains/finance/retention/seven_years/seven_years.rego")
    policy = folder / "domains/finance/policies/finance-team-runs-its-products.yaml"
    policies = {str(policy): policy.read_text()}
    suite = new_suite(loaded.modules, b"{}", options, timeout_seconds=5, cases=cases, law=law, policies=policies)

    lowered, *_ = enforcement_mutants(rule, loaded.modules[rule])
    of_policy = {each.mutation: each for each in policy_mutants(str(policy), policy.read_bytes())}

    assert suite.judge(lowered).by == "cases.retention.data is kept for seven years"
    assert suite.judge(of_policy["flip-action"]).by == "cases.access.the team reads"
    assert suite.judge(of_policy["drop-scope"]).fate is Fate.SURVIVED
