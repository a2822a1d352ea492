"""
Policies written as YAML: what does not fit is refused with the file and the line, when a bundle is built and when it is
loaded, and what is released says where each stood.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bylaw.bundle import build_archive, build_folder, combine, read_bundle, read_library, release_folder
from bylaw.bundle.archive import write_archive
from bylaw.bundle.difference import differences
from bylaw.decision import entrypoint
from bylaw.errors import BylawError, ForbiddenReference, InvalidPolicyDocument
from bylaw_adapters.evaluators.extension import NativeEvaluator

Write = Callable[[dict[str, str]], Path]

FILE = "domains/a/policies/p.yaml"
MANIFEST = json.dumps({"revision": "r1", "roots": ["domains/a"]})
RULE = "rules:\n  - action: deny\n"
HEAD = "name: p\ntype: access\n"


@pytest.fixture
def folder(tmp_path: Path) -> Write:
    def write(files: dict[str, str]) -> Path:
        for path, text in {".manifest": MANIFEST, **files}.items():
            target = tmp_path / "a" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return tmp_path / "a"

    return write


REFUSED: dict[str, tuple[str, str]] = {
    "a list": ("- name: p\n", ":1:1: a policy is a mapping"),
    "no name": ("type: access\n" + RULE, ":1:1: name is missing"),
    "no type": ("name: p\n" + RULE, ":1:1: type is missing: one of access, quality, privacy, retention, compliance"),
    "two types": (HEAD + "policy_type: access\n" + RULE, ":3:1: type and policy_type are two words for one thing"),
    "an unknown type": ("name: p\ntype: acess\n" + RULE, ':2:1: type is "acess", perhaps access: one of access, '),
    "an unknown key": (HEAD + "enforcment: warn\n" + RULE, ':3:1: no key "enforcment" here, perhaps enforcement: '),
    "a key twice": (HEAD + "name: q\n" + RULE, ":3:1: "),
    "an unknown enforcement": (
        HEAD + "enforcement: block\n" + RULE,
        ':3:1: enforcement is "block": one of deny, warn, audit, mandatory, advisory',
    ),
    "a priority in words": (HEAD + "priority: high\n" + RULE, ':3:1: priority is a number, not "high"'),
    "enabled in words": (HEAD + "enabled: 'true'\n" + RULE, ':3:1: enabled is true or false, not "true"'),
    "an unknown scope": (
        HEAD + "metadata:\n  scope:\n    domain: [a]\n" + RULE,
        ':5:5: no key "domain" here, perhaps domains: one of classification, classifications, domains, roles, tags',
    ),
    "a scope of numbers": (
        HEAD + "metadata:\n  scope:\n    domains: 7\n" + RULE,
        ":5:5: metadata.scope.domains is a text or a list of texts, not 7",
    ),
    "an unknown severity": (
        HEAD + "metadata:\n  severity: urgent\n" + RULE,
        ':4:3: metadata.severity is "urgent": one of low, medium, high, critical',
    ),
    "no rules": (HEAD + "rules: []\n", ":3:1: rules is empty"),
    "neither rules nor a validator": (HEAD, ":1:1: a policy has either rules or a validator"),
    "an unknown action": (
        HEAD + "rules:\n  - action: permit\n",
        ':4:5: rules[0].action is "permit": one of allow, deny',
    ),
    "an unknown key of a rule": (
        HEAD + "rules:\n  - action: deny\n    condition: []\n",
        ':5:5: no key "condition" here, perhaps conditions: one of action, conditions, name, reason',
    ),
    "no operator": (
        HEAD + "rules:\n  - action: deny\n    conditions:\n      - field: role\n        value: x\n",
        ":6:9: rules[0].conditions[0]: operator is missing",
    ),
    "an unknown operator": (
        HEAD
        + "rules:\n  - action: deny\n    conditions:\n      - field: role\n        operator: equal\n        value: x\n",
        ':7:9: rules[0].conditions[0].operator is "equal", perhaps equals: one of equals, not_equals, in, ',
    ),
    "a value that does not fit": (
        HEAD + "rules:\n  - action: deny\n    conditions:\n      - {field: n, operator: gte, value: many}\n",
        ':6:9: rules[0].conditions[0].value is a number, not "many"',
    ),
    "a pattern with a look-ahead": (
        HEAD + "rules:\n  - action: deny\n    conditions:\n      - {field: n, operator: matches, value: 'a(?=b)'}\n",
        ":6:9: rules[0].conditions[0].value is no pattern: RE2 has no look-around and no back-references",
    ),
    "a pattern that does not end": (
        HEAD + "rules:\n  - action: deny\n    conditions:\n      - {field: n, operator: matches, value: 'a['}\n",
        ":6:9: rules[0].conditions[0].value is no pattern: ",
    ),
    "a threshold in words": (
        "name: p\ntype: quality\nrules:\n  - metric: m\n    threshold: '1'\n",
        ':5:5: rules[0].threshold is a number, not "1"',
    ),
    "no threshold": ("name: p\ntype: quality\nrules:\n  - metric: m\n", ":4:5: rules[0]: threshold is missing"),
    "retention that allows": (
        "name: p\ntype: retention\nrules:\n  - action: allow\n",
        ':4:5: rules[0].action is "allow": only deny',
    ),
    "protections that are a text": (
        "name: p\ntype: privacy\nrules:\n  - classification: public\n    required_protections: x\n",
        ':5:5: rules[0].required_protections is a list, not "x"',
    ),
    "a validator that is a path": (
        HEAD + "validator: data.x\n",
        ":3:1: validator is a name of small letters, digits and _",
    ),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_a_policy_that_does_not_fit_is_refused_at_its_line(folder: Write, text: str, said: str) -> None:
    with pytest.raises(BylawError) as refused:
        build_folder(folder({FILE: text}))

    row, *_ = said.removeprefix(":").split(":")
    assert str(refused.value).startswith(f"{FILE}:{row}:")
    assert said.split(":", 3)[3].strip() in str(refused.value)


def archive(tmp_path: Path, layer: dict[str, Any], **files: bytes) -> Path:
    """As somebody else might have packed it."""
    data = json.dumps({"domains": {"a": layer}}).encode()
    target = tmp_path / "a.tar.gz"
    target.write_bytes(write_archive({".manifest": MANIFEST.encode(), "data.json": data, **files}))
    return target


POLICY: dict[str, Any] = {"name": "p", "type": "access", "rules": [{"action": "deny"}]}
PLACE = {"file": FILE, "line": 1, "rules": [3]}


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ({"policies": {}}, "a/data.json:1:20: data/domains/a/policies is a list"),
        ({"policies": ["x"]}, "a/data.json:1:33: policies[0]: a policy is a mapping"),
        (
            {"policies": [{**POLICY, "rules": [{"action": "dney"}]}], "policy_places": {"p": PLACE}},
            f'a/{FILE}:3:1: policy p: rules[0].action is "dney", perhaps deny: one of allow, deny',
        ),
        (
            {"policies": [{**POLICY, "enabeld": False}], "policy_places": {"p": PLACE}},
            f'a/{FILE}:1:1: policy p: no key "enabeld" here, perhaps enabled: ',
        ),
        (
            {"policies": [POLICY, POLICY], "policy_places": {"p": PLACE}},
            f"a/{FILE}:1:1: policy p: another policy of domains/a has this name",
        ),
        (
            {"policies": [{"name": "p", "type": "access", "validator": "v"}], "policy_places": {"p": PLACE}},
            f"a/{FILE}:1:1: policy p: the validator v is not there: package domains.a.validators.v with a rule passes",
        ),
        ({"policies": [POLICY], "policy_places": []}, "data/domains/a/policy_places is an object"),
        ({"policies": [POLICY], "policy_places": {"q": PLACE}}, "is about q, which is no policy of this bundle"),
        (
            {"policies": [POLICY], "policy_places": {"p": {**PLACE, "file": "/etc/passwd"}}},
            "is no file of its policies",
        ),
        ({"policies": [POLICY], "policy_places": {"p": {**PLACE, "line": 0}}}, "is no file of its policies"),
        ({"policies": [POLICY], "policy_places": {"p": {**PLACE, "rules": "3"}}}, "is no file of its policies"),
        ({"policies": [POLICY], "policy_places": {"p": {**PLACE, "note": "x"}}}, "is no file of its policies"),
    ],
    ids=[
        *("no list", "no mapping", "an unknown action", "an unknown key", "a name twice", "a validator nobody wrote"),
        *("places in a list", "a place of nothing", "a place elsewhere", "line 0", "lines in words", "an unknown note"),
    ],
)
def test_an_archive_with_policies_that_do_not_fit_is_refused(tmp_path: Path, layer: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidPolicyDocument) as refused:
        read_bundle(archive(tmp_path, layer))

    assert said in str(refused.value)


def test_an_archive_with_a_policy_that_was_never_built_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidPolicyDocument) as refused:
        read_bundle(archive(tmp_path, {}, **{FILE: (HEAD + RULE).encode()}))

    assert str(refused.value).startswith(f"{FILE}:1:1: a policy as YAML in an archive, where it has no effect")


def test_a_pattern_that_only_the_evaluator_refuses_is_refused_before_a_release(folder: Write) -> None:
    rule = "  - action: deny\n    conditions: [{field: user, operator: matches, value: 'a{2000}'}]\n"
    source = folder({FILE: f"{HEAD}rules:\n  - action: deny\n{rule}"})

    with pytest.raises(InvalidPolicyDocument) as refused:
        release_folder(source, evaluator=NativeEvaluator())

    assert str(refused.value) == (
        f"a/{FILE}:5:5: policy p: rules[1]: conditions[0]: a field, a known operator and a "
        "value that fits it are wanted"
    )


def test_a_domains_validator_reads_what_its_rules_may(folder: Write) -> None:
    rego = "package domains.a.validators.v\n\npasses if data.domains.b.parameters.open\n"
    source = folder({FILE: HEAD + "validator: v\n", "domains/a/validators/v.rego": rego})

    with pytest.raises(ForbiddenReference):
        read_bundle(source)


def test_a_validator_is_a_package_with_a_rule_passes(folder: Write) -> None:
    source = folder(
        {
            FILE: HEAD + "enabled: true\nvalidator: v\n",
            "domains/a/validators/v/v.rego": "package domains.a.validators.v\n\nallows := true\n",
        }
    )

    with pytest.raises(InvalidPolicyDocument) as refused:
        read_bundle(source)

    assert str(refused.value) == (
        f"a/{FILE}:4:1: policy p: the validator v is not there: "
        "package domains.a.validators.v with a rule passes is wanted"
    )


TWO_RULES = """\
name: kept
type: retention
priority: 3
rules:
  - name: long enough
    action: deny
    conditions:
      - {field: product.contract.kept_days, operator: lt, value: 30}
  - action: deny
    reason: not for ever
    conditions:
      - {field: product.contract.kept_days, operator: gt, value: 3650}
"""


@pytest.mark.parametrize("packed", [False, True], ids=["a folder", "an archive"])
@pytest.mark.parametrize(
    ("days", "said"), [(7, ("long enough", 5)), (4000, ("rules[1]", 9))], ids=["the first rule", "the second rule"]
)
def test_a_violation_names_policy_rule_and_line(
    folder: Write, tmp_path: Path, packed: bool, days: int, said: tuple[str, int]
) -> None:
    rule, line = said
    source = folder({FILE: TWO_RULES})
    if packed:
        (tmp_path / "a.tar.gz").write_bytes(build_archive(build_folder(source)))
        source = tmp_path / "a.tar.gz"
    modules, data_json, _ = combine([read_library(), read_bundle(source)])
    law = NativeEvaluator().load(modules, data_json)

    question = {"product": {"domain": "a", "name": "x", "contract": {"kept_days": days}}}
    answer = json.loads(law.evaluate(entrypoint("retention"), json.dumps(question).encode()) or b"null")

    assert [entry["policy"] for entry in answer["violations"]] == [
        {"name": "kept", "rule": rule, "priority": 3, "source": f"{FILE}:{line}"}
    ]


def test_a_validator_decides_beside_the_law_of_its_layer(folder: Write) -> None:
    source = folder(
        {
            FILE: "name: p\ntype: compliance\nvalidator: even\n",
            "domains/a/validators/even/even.rego": (
                "package domains.a.validators.even\n\npasses if input.product.contract.number % 2 == 0\n"
            ),
        }
    )
    modules, data_json, _ = combine([read_library(), read_bundle(source)])
    law = NativeEvaluator().load(modules, data_json)

    def decided(number: Any) -> Any:
        question = {"product": {"domain": "a", "name": "x", "contract": {"number": number}}}
        return json.loads(law.evaluate(entrypoint("compliance"), json.dumps(question).encode()) or b"null")

    assert decided(2)["allow"] is True
    assert [entry["policy"] for entry in decided(3)["violations"]] == [
        {"name": "p", "rule": "even", "source": f"{FILE}:3"}
    ]
    assert decided("x")["allow"] is False


def test_lines_that_moved_are_no_change_of_law(folder: Write) -> None:
    before = build_folder(folder({FILE: TWO_RULES}))
    after = build_folder(folder({FILE: f"# moved\n\n{TWO_RULES}"}))

    assert before.data["domains"]["a"]["policy_places"] != after.data["domains"]["a"]["policy_places"]
    assert differences(before, after) == []
