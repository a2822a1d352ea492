"""
The library keeps to its JSON Schemas: what it decides fits ``decision.json``, and what ``policy.json`` says of a YAML
policy is what the interpreter says of it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bylaw.bundle import build_folder, combine, read_library
from bylaw.decision import DECISION_KINDS, entrypoint
from bylaw.ports import Snapshot
from bylaw_adapters.evaluators.extension import NativeEvaluator

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMAS = REPOSITORY / "rego" / "schemas"
RECORDED = REPOSITORY / "tests" / "peers" / "recorded_inputs"


@cache
def law() -> Snapshot:
    folders = sorted(folder for folder in (REPOSITORY / "bundles").iterdir() if folder.is_dir())
    built = [build_folder(folder, catalogue=REPOSITORY / "rego") for folder in folders]
    modules, data_json, _ = combine([read_library(), *built])
    return NativeEvaluator().load(modules, data_json)


def schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_bytes()))


def decided(kind: str, question: Any) -> Any:
    answer = law().evaluate(entrypoint(kind), json.dumps(question).encode())
    assert answer is not None
    return json.loads(answer)


@pytest.mark.parametrize("name", sorted(path.stem for path in SCHEMAS.glob("*.json") if path.stem != "product"))
def test_each_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(json.loads((SCHEMAS / f"{name}.json").read_bytes()))


@pytest.mark.parametrize("kind", DECISION_KINDS)
def test_every_recorded_decision_fits_its_schema(kind: str) -> None:
    lines = (RECORDED / f"{kind}.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    decisions = [decided(kind, json.loads(line)["input"]) for line in lines]

    misfits = [error.message for decision in decisions for error in schema("decision").iter_errors(decision)]

    assert misfits == []
    assert {decision["kind"] for decision in decisions} == {kind}


ODD_INPUTS: dict[str, Any] = {
    "an empty object": {},
    "a text": "product",
    "a list": [1],
    "null": None,
    "members that are texts": {"product": "x", "subject": "x", "action": "x", "resource": "x", "schema": "x"},
    "lists that are texts": {
        "product": {"domain": "a", "name": "b", "tags": "x", "output_ports": "x", "contract": {"schema": "x"}},
        "quality": {"results": "x"},
        "schema": {"differences": "x"},
    },
    "lists of texts": {
        "product": {"domain": "a", "name": "b", "output_ports": ["x"], "contract": {"schema": ["x"]}},
        "quality": {"results": ["x"]},
        "schema": {"differences": ["x"]},
        "plan": {"resource_changes": ["x"]},
    },
    "fields that are texts": {"product": {"domain": "a", "name": "b", "contract": {"schema": [{"fields": ["x"]}]}}},
    "nested fields that are texts": {
        "product": {"domain": "a", "name": "b", "contract": {"schema": [{"name": "s", "fields": [{"fields": "x"}]}]}}
    },
    "a manifest that is a text": {"manifest": "x"},
    "a plan that is a list": {"plan": []},
    "groups that are a text": {
        "subject": {"type": "user", "id": "a", "properties": {"groups": "admins"}},
        "action": {"name": "read"},
        "resource": {"type": "table", "id": "t"},
    },
}


@pytest.mark.parametrize("kind", DECISION_KINDS)
@pytest.mark.parametrize("question", ODD_INPUTS.values(), ids=ODD_INPUTS.keys())
def test_an_input_of_the_wrong_shape_is_denied_with_the_place(kind: str, question: Any) -> None:
    decision = decided(kind, question)

    assert list(schema("decision").iter_errors(decision)) == []
    assert decision["decision"] == "deny"
    assert {entry["id"] for entry in decision["violations"]} <= {"BYL-001", "BYL-003"}
    assert all(entry["path"].startswith("/") for entry in decision["violations"] if entry["msg"].startswith("/"))


ACCESS = {"name": "a", "type": "access", "rules": [{"action": "allow"}]}
QUALITY = {"name": "q", "type": "quality", "rules": [{"metric": "m", "threshold": 1}]}
PRIVACY = {"name": "p", "policy_type": "privacy", "rules": [{"classification": "c", "required_protections": ["x"]}]}


def with_condition(**condition: Any) -> dict[str, Any]:
    return {**ACCESS, "rules": [{"action": "allow", "conditions": [condition]}]}


RETENTION = {
    "name": "r",
    "type": "retention",
    "rules": [{"name": "short", "action": "deny", "conditions": [{"field": "n", "operator": "lt", "value": 30}]}],
}
COMPLIANCE = {"name": "c", "type": "compliance", "validator": "owners_are_known"}

POLICIES: dict[str, tuple[Any, bool]] = {
    "access": (ACCESS, True),
    "quality": (QUALITY, True),
    "privacy": (PRIVACY, True),
    "retention": (RETENTION, True),
    "a validator": (COMPLIANCE, True),
    "an unknown key": ({**ACCESS, "enforcment": "warn"}, False),
    "an unknown key of a rule": ({**ACCESS, "rules": [{"action": "deny", "condition": []}]}, False),
    "an unknown key of a condition": (with_condition(field="a", operator="equals", value="x", values=["y"]), False),
    "retention that allows": ({**RETENTION, "rules": [{"action": "allow"}]}, False),
    "a validator beside rules": ({**ACCESS, "validator": "v"}, False),
    "neither rules nor a validator": ({"name": "a", "type": "access"}, False),
    "a validator that is a path": ({**COMPLIANCE, "validator": "data.x"}, False),
    "two types": ({**ACCESS, "policy_type": "access"}, False),
    "advisory": ({**QUALITY, "enforcement": "advisory"}, True),
    "scoped": ({**ACCESS, "metadata": {"scope": {"domains": ["a"], "roles": "b"}}}, True),
    "no name": ({key: value for key, value in ACCESS.items() if key != "name"}, False),
    "no type": ({"name": "a", "rules": ACCESS["rules"]}, False),
    "an unknown type": ({**ACCESS, "type": "schema"}, False),
    "an unknown enforcement": ({**ACCESS, "enforcement": "off"}, False),
    "a priority in words": ({**ACCESS, "priority": "high"}, False),
    "enabled in words": ({**ACCESS, "enabled": "yes"}, False),
    "an unknown scope": ({**ACCESS, "metadata": {"scope": {"regions": ["a"]}}}, False),
    "no rules": ({**ACCESS, "rules": []}, False),
    "an unknown action": ({**ACCESS, "rules": [{"action": "perhaps"}]}, False),
    "a threshold in words": ({**QUALITY, "rules": [{"metric": "m", "threshold": "1"}]}, False),
    "an unknown comparison": ({**QUALITY, "rules": [{"metric": "m", "threshold": 1, "operator": "about"}]}, False),
    "protections that are a text": (
        {**PRIVACY, "rules": [{"classification": "c", "required_protections": "x"}]},
        False,
    ),
    "equals": (with_condition(field="role", operator="equals", value="x"), True),
    "in": (with_condition(field="role", operator="in", value=["x"]), True),
    "in a text": (with_condition(field="role", operator="in", value="x"), False),
    "gte": (with_condition(field="n", operator="gte", value=1), True),
    "gte a text": (with_condition(field="n", operator="gte", value="1"), False),
    "exists": (with_condition(field="n", operator="exists"), True),
    "exists in words": (with_condition(field="n", operator="exists", value="yes"), False),
    "equals nothing": (with_condition(field="n", operator="equals"), False),
    "an unknown operator": (with_condition(field="n", operator="like", value="x"), False),
    "no field": (with_condition(operator="equals", value="x"), False),
}


@pytest.mark.parametrize(("policy", "fits"), POLICIES.values(), ids=POLICIES.keys())
def test_schema_and_interpreter_agree_on_what_a_policy_is(policy: Any, fits: bool) -> None:
    faults = interpreter().evaluate("test/faults", json.dumps(policy).encode())

    assert schema("policy").is_valid(policy) is fits
    assert (faults == b"[]") is fits


@cache
def interpreter() -> Snapshot:
    modules, data_json, _ = combine([read_library()])
    asking = "package test\n\nfaults := data.bylaw.policy_forms.faults(input)\n"
    return NativeEvaluator().load({**modules, "test.rego": asking}, data_json)


@pytest.mark.parametrize(
    "policy",
    [{**ACCESS, "colour": "red"}, {**QUALITY, "rules": [{"metric": "m", "threshold": 1, "unit": "%"}]}],
    ids=["a key of the policy", "a key of a rule"],
)
def test_unknown_keys_of_a_policy_are_refused(policy: Any) -> None:
    assert not schema("policy").is_valid(policy)
