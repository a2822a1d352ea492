"""What changed in law between two bundles, and which way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bylaw.bundle.build import build_files
from bylaw.bundle.difference import Change, differences

Files = Mapping[str, str]

_RULE = """# METADATA
# title: Masked
# custom:
#   id: PRV-1
#   enforcement: {enforcement}
#   severity: {severity}
package domains.customer.privacy.masked

{head} contains {{"msg": "m"}} if {condition}
"""


def _rule(
    *, head: str = "violation", enforcement: str = "deny", severity: str = "high", condition: str = "input.x"
) -> Files:
    return {"masked.rego": _RULE.format(head=head, enforcement=enforcement, severity=severity, condition=condition)}


def _policy(text: str) -> Files:
    return {"domains/customer/policies/p.yaml": f"name: p\ntype: quality\n{text}"}


def _data(text: str) -> Files:
    return {"domains/customer/data.yaml": text}


_WAIVER = """waivers:
  - {id: W-1, rule: global.privacy.x, scope: {domain: customer}, reason: r, requested_by: a, approved_by: b,
     starts: "2026-01-01T00:00:00Z", ends: "2026-02-01T00:00:00Z"}
"""

_NAME = "domains.customer.privacy.masked"


def _changes(before: Files, after: Files) -> list[Change]:
    bundles = [
        build_files(
            {path: text.encode() for path, text in {".manifest": '{"roots": ["domains/customer"]}', **files}.items()},
            stem="customer",
        )
        for files in (before, after)
    ]
    there, back = differences(*bundles), differences(*reversed(bundles))
    opposite = {"stricter": "looser", "looser": "stricter", "": ""}
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {(change.sort, change.subject, change.what, change.direction) for change in there} == {
        (change.sort, change.subject, turned[change.what], opposite[change.direction]) for change in back
    }
    return there


_CASES: Mapping[str, tuple[Files, Files, list[Change]]] = {
    "a rule that denies": ({}, _rule(), [Change("rule", _NAME, "added", direction="stricter")]),
    "a rule that grants": (
        {},
        {"g.rego": 'package domains.customer.access.g\n\ngrant contains {"msg": "m"} if input.x\n'},
        [Change("rule", "domains.customer.access.g", "added", direction="looser")],
    ),
    "a rule that grants and denies": (
        {},
        {
            "g.rego": "package domains.customer.access.g\n\n"
            'grant contains "g" if input.x\n\nviolation contains "v" if input.y\n',
        },
        [Change("rule", "domains.customer.access.g", "added")],
    ),
    "a helper": (
        {},
        {"h.rego": "package domains.customer.helpers\n\nx := 1\n"},
        [Change("helper", "domains.customer.helpers", "added")],
    ),
    "a rule's body": (_rule(), _rule(condition="input.y"), [Change("rule", _NAME, "changed")]),
    "an enforcement": (
        _rule(),
        _rule(enforcement="warn"),
        [Change("enforcement", _NAME, "changed", "deny", "warn", "looser")],
    ),
    "metadata": (
        _rule(),
        _rule(severity="low"),
        [Change("metadata", f"{_NAME} severity", "changed", "high", "low")],
    ),
    "a threshold": (
        _data("parameters: {hours: 24, same: 1}"),
        _data("parameters: {hours: 48, same: 1, more: true}"),
        [
            Change("parameter", "domains/customer/parameters/hours", "changed", 24, 48),
            Change("parameter", "domains/customer/parameters/more", "added", None, True),
        ],
    ),
    "a number that became a flag": (
        _data("parameters: {hours: 1}"),
        _data("parameters: {hours: true}"),
        [Change("parameter", "domains/customer/parameters/hours", "changed", 1, True)],
    ),
    "other data": (
        _data("list: [1, 2]"),
        _data("list: [2, 1]"),
        [Change("data", "domains/customer/list", "changed", [1, 2], [2, 1])],
    ),
}


@pytest.mark.parametrize(("before", "after", "changes"), _CASES.values(), ids=_CASES)
def test_a_change_is_told(before: Files, after: Files, changes: list[Change]) -> None:
    assert _changes(before, after) == changes


def test_a_waiver_that_came_makes_law_looser() -> None:
    told = [(change.sort, change.subject, change.what, change.direction) for change in _changes({}, _data(_WAIVER))]

    assert told == [("waiver", "W-1", "added", "looser")]


_POLICIES: Mapping[str, tuple[str, str, tuple[Any, ...]]] = {
    "enforcement": (
        "enforcement: mandatory\nrules: [{metric: accuracy, operator: gte, threshold: 0.9}]\n",
        "enforcement: advisory\nrules: [{metric: accuracy, operator: gte, threshold: 0.9}]\n",
        ("enforcement", "p", "changed", "mandatory", "advisory", "looser"),
    ),
    "words for one enforcement": (
        "enforcement: mandatory\nrules: [{metric: accuracy, operator: gte, threshold: 0.9}]\n",
        "enforcement: deny\nrules: [{metric: accuracy, operator: gte, threshold: 0.9}]\n",
        (),
    ),
    "enabled": (
        "rules: [{metric: accuracy, operator: gte, threshold: 0.9}]\n",
        "enabled: false\nrules: [{metric: accuracy, operator: gte, threshold: 0.9}]\n",
        ("policy", "p enabled", "changed", True, False, ""),
    ),
}


@pytest.mark.parametrize(("before", "after", "change"), _POLICIES.values(), ids=_POLICIES)
def test_a_policy_is_compared_by_what_it_says(before: str, after: str, change: tuple[Any, ...]) -> None:
    assert _changes(_policy(before), _policy(after)) == ([Change(*change)] if change else [])


@pytest.mark.parametrize(
    "reworded",
    [
        pytest.param(lambda text: f"{text}\n\n# a remark\n", id="a comment"),
        pytest.param(lambda text: text.replace("\n\n", "\n\n\n"), id="blank lines"),
        pytest.param(lambda text: text.replace("# title: Masked\n", "# title:   Masked\n"), id="blanks in metadata"),
    ],
)
def test_what_says_the_same_is_no_change(reworded: Any) -> None:
    before = _rule()

    assert _changes(before, {path: reworded(text) for path, text in before.items()}) == []


def test_a_rule_that_moved_to_another_file_is_no_change() -> None:
    assert _changes(_rule(), {"elsewhere/m.rego": _rule()["masked.rego"]}) == []


def test_what_looks_like_a_comment_in_a_raw_text_is_a_change() -> None:
    text = "package domains.customer.helpers\n\nx := `\n# {0}\n`\n"

    changed = _changes({"h.rego": text.format("a")}, {"h.rego": text.format("b")})

    assert changed == [Change("helper", "domains.customer.helpers", "changed")]
