"""Decision cases: their form, what they are decided by, and what a failing one says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bylaw.decision import DECISION_KINDS
from bylaw.errors import InputError
from bylaw_adapters.decision_cases import find_case_files, read_case_law, read_cases, run_cases
from bylaw_adapters.rego_tests import Outcome, TestResult

_BUNDLE = {
    ".manifest": '{"roots": ["domains/d"]}',
    "domains/d/quality/owner/owner.rego": (
        "# METADATA\n# title: Owned\n# custom:\n#   id: D-1\n#   enforcement: deny\n"
        "package domains.d.quality.owner\n\n"
        'violation contains {"msg": "no owner", "path": "product.owner"} if not input.product.owner\n'
    ),
    "domains/d/quality/old/old.rego": (
        "# METADATA\n# title: New\n# custom:\n#   id: D-2\n#   enforcement: warn\n"
        "package domains.d.quality.old\n\n"
        'violation contains {"msg": "old", "path": "product.version"} if time.now_ns() > 1767225600000000000\n'
    ),
    "domains/d/policies/p_cases.yaml": "[]",
}


def _bundle(folder: Path) -> Path:
    for name, text in _BUNDLE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def _case(**more: Any) -> dict[str, Any]:
    return {
        "name": "a",
        "kind": "quality",
        "at": "2026-01-01T00:00:00Z",
        "input": {"product": {"domain": "d", "name": "p", "owner": "ann"}},
        "decision": "allow",
        **more,
    }


def _run(folder: Path, *cases: dict[str, Any]) -> list[TestResult]:
    read = read_cases("x_cases.yaml", json.dumps(list(cases), indent=1).encode())
    return list(run_cases(read, read_case_law([str(_bundle(folder))])))


_LATER = {"at": "2026-01-01T00:00:01Z"}
_UNOWNED = {"input": {"product": {"domain": "d", "name": "p"}}}

_HOLDING = {
    "it is allowed": {},
    "it is allowed and warns": _LATER,
    "warned of": {"decision": "warn", "warnings": ["D-2"], "violations": [], **_LATER},
    "denied by this rule and no other": {"decision": "deny", "violations": ["D-1"], **_UNOWNED},
    "a rule may be named by its path": {"decision": "deny", "violations": ["domains.d.quality.owner"], **_UNOWNED},
    "obligations are compared as values": {"obligations": {"row_filters": [], "protections": []}},
}


@pytest.mark.parametrize("more", _HOLDING.values(), ids=_HOLDING)
def test_a_case_that_holds_passes(tmp_path: Path, more: dict[str, Any]) -> None:
    (result,) = _run(tmp_path, _case(**more))

    assert (result.outcome, result.printed) == (Outcome.PASS, ())


_NO_OWNER = "D-1: no owner (product.owner)"

_FAILING = {
    "it is denied": (_UNOWNED, ("decision: allow is wanted, it is deny", f"  {_NO_OWNER}")),
    "it is allowed": ({"decision": "deny"}, ("decision: deny is wanted, it is allow",)),
    "nothing is warned of": ({"decision": "warn"}, ("decision: warn is wanted, it allows and warns of nothing",)),
    "another rule says so": (
        {"decision": "deny", "violations": ["D-9"], **_UNOWNED},
        ("violations: D-9 is wanted and not there", f"violations: not wanted: {_NO_OWNER}"),
    ),
    "a warning too much": ({"warnings": [], **_LATER}, ("warnings: not wanted: D-2: old (product.version)",)),
    "another obligation": (
        {"obligations": {"row_filters": [{"expression": "x"}]}},
        ('obligations: row_filters: [{"expression": "x"}] is wanted, it is []',),
    ),
}


@pytest.mark.parametrize(("more", "said"), _FAILING.values(), ids=_FAILING)
def test_a_case_that_does_not_hold_fails_and_says_why(
    tmp_path: Path, more: dict[str, Any], said: tuple[str, ...]
) -> None:
    (result,) = _run(tmp_path, _case(**more))

    assert (result.outcome, result.printed) == (Outcome.FAIL, said)


def test_a_case_brings_data_of_its_own_and_never_replaces_any(tmp_path: Path) -> None:
    other = {"domains": {"d": {"metadata": {"domains.d.quality.owner": {"enforcement": "audit"}}}}}

    fine, refused = _run(tmp_path, _case(data={"mesh": {"products": {}}}), _case(name="b", data=other))

    assert fine.outcome is Outcome.PASS
    assert (refused.outcome, refused.error and refused.error.code) == (Outcome.ERROR, "duplicate_key")


def test_a_case_may_say_again_what_a_bundle_says(tmp_path: Path) -> None:
    again = {"domains": {"d": {"metadata": {"domains.d.quality.owner": {"enforcement": "deny"}}}}}

    (result,) = _run(tmp_path, _case(data=again))

    assert result.outcome is Outcome.PASS


def test_what_cannot_be_decided_is_an_error(tmp_path: Path) -> None:
    bundle = _bundle(tmp_path)
    (bundle / "domains/d/quality/owner/owner.rego").write_text(
        "package domains.d.quality.owner\n\nviolation := 1 if input.product\n\nviolation := 2 if input.product\n"
    )

    (result,) = run_cases(read_cases("x", json.dumps([_case()]).encode()), read_case_law([str(bundle)]))

    assert (result.outcome, result.error and result.error.code) == (Outcome.ERROR, "eval_conflict_error")


def test_a_case_says_its_file_and_line(tmp_path: Path) -> None:
    case = "- {{name: {}, kind: quality, input: {{}}, decision: deny}}\n"
    text = f"# two\n{case.format('a')}\n{case.format('b')}".encode()

    read = read_cases("d/x_cases.yaml", text)

    assert [str(case.location) for case in read] == ["d/x_cases.yaml:2:3", "d/x_cases.yaml:4:3"]


_REFUSED = {
    "no list": ("name: a\n", "x:1:1: a file of cases is a list of them"),
    "nothing": ("", "x:1:1: a file of cases is a list of them"),
    "no mapping": ("- a\n", "x:1:3: a case is a mapping"),
    "a key that is not known": (
        "- name: a\n  decison: deny\n", "x:2:3: no key 'decison' in a case; the nearest is 'decision'",
    ),
    "a key that is not there": ("- name: a\n  kind: access\n  input: {}\n", "x:1:3: the case has no decision"),
    "a kind that is none": (
        "- name: a\n  kind: acess\n  input: {}\n  decision: deny\n",
        f"x:2:3: kind is one of {', '.join(DECISION_KINDS)}, not 'acess'",
    ),
    "a decision that is none": (
        "- name: a\n  kind: access\n  input: {}\n  decision: no way\n",
        "x:4:3: decision is one of allow, warn, deny, not 'no way'",
    ),
    "a list that is none": (
        "- name: a\n  kind: access\n  input: {}\n  decision: deny\n  violations: A-1\n",
        "x:5:3: violations is a list of rule ids",
    ),
    "a rule that is none": (
        "- name: a\n  kind: access\n  input: {}\n  decision: deny\n  violations:\n    - {id: A-1}\n",
        "x:6:7: violations is a list of rule ids, and {'id': 'A-1'} is none",
    ),
    "a time without a zone": (
        "- name: a\n  kind: access\n  input: {}\n  decision: deny\n  at: 2026-01-01T00:00:00\n",
        "x:5:3: at is an RFC 3339 time with its zone, not '2026-01-01T00:00:00'",
    ),
    "no time": (
        "- name: a\n  kind: access\n  input: {}\n  decision: deny\n  at: 3\n", "x:5:3: at is an RFC 3339 time, not 3",
    ),
    "an input that is none": (
        "- name: a\n  kind: access\n  input: 3\n  decision: deny\n", "x:3:3: input is a mapping",
    ),
    "an obligation that is none": (
        "- name: a\n  kind: access\n  input: {}\n  decision: deny\n  obligations:\n    row_filter: []\n",
        "x:6:5: no obligation 'row_filter'; the nearest is 'row_filters'",
    ),
    "two of one name": (
        "- {name: a, kind: access, input: {}, decision: deny}\n- {name: a, kind: access, input: {}, decision: deny}\n",
        "x:2:3: another case is named 'a'",
    ),
    "no name": ("- {name: '', kind: access, input: {}, decision: deny}\n", "x:1:4: name is a text"),
    "broken YAML": ("- {name: [\n", "x:2:1: not YAML: did not find expected node content"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), _REFUSED.values(), ids=_REFUSED)
def test_a_malformed_case_is_refused_where_it_stands(text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        read_cases("x", text.encode())

    assert str(raised.value) == message


def test_cases_are_found_beside_the_law_and_are_no_part_of_it(tmp_path: Path) -> None:
    bundle = _bundle(tmp_path / "d")
    (bundle / ".hidden").mkdir()
    (bundle / ".hidden" / "x_cases.yaml").write_text("[]")

    found = find_case_files([str(tmp_path)])
    law = read_case_law([str(bundle / "domains" / "d")])

    assert found == [bundle / "domains/d/policies/p_cases.yaml"]
    assert [bundle.name for bundle, _ in law.bundles] == ["d", "library"]


def test_a_path_that_is_not_there_is_an_error() -> None:
    with pytest.raises(InputError, match="no such file"):
        find_case_files(["nowhere_cases.yaml"])
