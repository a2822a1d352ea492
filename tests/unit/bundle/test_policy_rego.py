"""A YAML policy as Rego: readable, released like any rule, and of the same verdict as the YAML."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.generated_policies import comparable, generated, laws

from bylaw.bundle import Bundle, combine
from bylaw.bundle.policy_rego import package_of, rego_of
from bylaw.decision import entrypoint
from bylaw.ports import Snapshot
from bylaw_adapters.evaluators.extension import NativeEvaluator

ACCESS = """\
# METADATA
# title: Contractors read
# description: "Whatever they may: no more."
# custom:
#   id: P-1
#   enforcement: warn
#   severity: high
#   controls: ["GDPR Art. 32"]
package domains["north-sea"].access.contractors_2

import data.bylaw.lib.conditions
import data.bylaw.lib.scopes

_scope := {"roles": ["contractor"]}

# The first rule that decides.
_decides := 0 if {
	scopes.applies(_scope)
	conditions.holds("action", "in", ["read", "list"])
} else := 1 if {
	not scopes.excludes(_scope)
	not conditions.is_refuted("purpose", "exists", true)
}

violation contains {"msg": "Contractors, 2: denied"} if _decides == 1
"""


def test_a_policy_of_several_rules_is_a_chain() -> None:
    policy = {
        "name": "Contractors, 2",
        "type": "access",
        "description": "Whatever they may: no more.",
        "enforcement": "advisory",
        "metadata": {
            "id": "P-1",
            "title": "Contractors read",
            "severity": "high",
            "controls": ["GDPR Art. 32"],
            "scope": {"roles": ["contractor"]},
        },
        "rules": [
            {"action": "allow", "conditions": [{"field": "action", "operator": "in", "value": ["read", "list"]}]},
            {"action": "deny", "conditions": [{"field": "purpose", "operator": "exists"}]},
        ],
    }

    assert rego_of(("domains", "north-sea"), policy) == ACCESS


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("plain", "global.quality.plain"),
        ("With Spaces & more", "global.quality.with_spaces_more"),
        ("7 days", "global.quality.policy_7_days"),
        ("Ärger", "global.quality.rger"),
        ("日本", "global.quality.policy"),
    ],
)
def test_a_name_becomes_a_step_of_a_package(name: str, package: str) -> None:
    assert package_of(("global",), {"name": name, "type": "quality"}) == package


@pytest.mark.parametrize("seed", range(4))
def test_yaml_and_rego_decide_alike(seed: int) -> None:
    made = generated(seed, 120)
    as_yaml, as_rego = (_loaded(bundles) for bundles in laws(made))

    differing = [
        (each.policy, question, yaml, rego)
        for each in made
        for question in each.questions
        if (yaml := _decided(as_yaml, each.kind, question)) != (rego := _decided(as_rego, each.kind, question))
    ]

    assert differing == []


def test_the_questions_are_answered_one_way_and_the_other() -> None:
    made = generated(1, 120)
    law = _loaded(laws(made)[0])
    decisions = {(each.kind, _decided(law, each.kind, asked)["decision"]) for each in made for asked in each.questions}

    assert {kind for kind, decision in decisions if decision == "allow"} == {each.kind for each in made}
    assert {kind for kind, decision in decisions if decision == "deny"} == {each.kind for each in made}


def _loaded(bundles: list[Bundle]) -> Snapshot:
    modules, data_json, _ = combine(bundles)
    return NativeEvaluator().load(modules, data_json)


def _decided(law: Snapshot, kind: str, question: dict[str, Any]) -> Any:
    return comparable(json.loads(law.evaluate(entrypoint(kind), json.dumps(question).encode()) or b"null"))
