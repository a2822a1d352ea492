"""The mutants of what is law as data."""

from __future__ import annotations

import json

from bylaw_adapters.mutation.data_mutants import enforcement_mutants, policy_mutants

_POLICY = b"""\
name: p
type: quality
description: 3 things
enforcement: deny
metadata: {id: P-1, scope: {tags: [gold]}}
rules:
  - {metric: completeness, operator: gte, threshold: 0.99}
  - {conditions: [{field: role, operator: in, value: [a, b]}], action: allow}
"""


def test_each_part_of_a_policy_that_decides_is_changed_at_its_place() -> None:
    found = [(each.location.row, each.mutation, each.before, each.after) for each in policy_mutants("p.yaml", _POLICY)]

    assert found == [
        (4, "lower-enforcement", 'enforcement: "deny"', 'enforcement: "warn"'),
        (5, "drop-scope", 'tags: ["gold"]', ""),
        (7, "drop-rule", '{"metric": "completeness", "operator": "gte", "threshold": 0.99}', ""),
        (7, "flip-operator", 'operator: "gte"', 'operator: "lt"'),
        (7, "move-edge", 'operator: "gte"', 'operator: "gt"'),
        (7, "move-threshold", "threshold: 0.99", "threshold: 1.0"),
        (7, "move-threshold", "threshold: 0.99", "threshold: 0.98"),
        (
            8,
            "drop-rule",
            '{"conditions": [{"field": "role", "operator": "in", "value": ["a", "b"]}], "action": "allow"}',
            "",
        ),
        (8, "drop-condition", '{"field": "role", "operator": "in", "value": ["a", "b"]}', ""),
        (8, "flip-operator", 'operator: "in"', 'operator: "not_in"'),
        (8, "drop-member", '"a"', ""),
        (8, "drop-member", '"b"', ""),
        (8, "flip-action", 'action: "allow"', 'action: "deny"'),
    ]


def test_a_mutant_is_the_whole_policy_with_one_change() -> None:
    (mutant,) = [each for each in policy_mutants("p.yaml", _POLICY) if each.mutation == "drop-scope"]

    changed = json.loads(mutant.change.applied(_POLICY.decode()))
    assert mutant.in_data
    assert (changed["name"], changed["metadata"], len(changed["rules"])) == ("p", {"id": "P-1", "scope": {}}, 2)


def test_what_is_no_policy_has_no_mutants() -> None:
    assert [*policy_mutants("p.yaml", b"- a\n"), *policy_mutants("p.yaml", b"a: [\n")] == []


def test_an_enforcement_is_lowered_by_one_step() -> None:
    text = '# METADATA\n# custom:\n#   enforcement: deny\npackage a\n\np := "# enforcement: warn"\n'

    (mutant,) = enforcement_mutants("a.rego", text)

    assert (mutant.location.row, mutant.change.applied(text)) == (
        3,
        text.replace("enforcement: deny", "enforcement: warn"),
    )
