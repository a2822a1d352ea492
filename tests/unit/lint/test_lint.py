"""What our own lint finds, each sort of it, and what it passes over."""

from __future__ import annotations

from pathlib import Path

import pytest

from bylaw.lint import CHECKS, LawFiles, Level, lint
from bylaw_adapters.lint import read_law_files

_ROOT = Path(__file__).parents[3]

_METADATA = """\
# METADATA
# title: A rule
# custom:
#   id: GLB-001
#   enforcement: deny
#   severity: high
#   controls: []
#   remediation: Mend it.
"""
_PACKAGE = "package global.privacy.r\n\n"
_VIOLATION = 'violation contains {"msg": "bad", "path": "p"} if not input.product.owner\n'
_POLICY = "name: p\ntype: quality\nmetadata: {id: GLB-002}\nrules: [{metric: m, operator: gte, threshold: 1}]\n"


def _found(**files: str) -> list[str]:
    named = {name.replace("__", "/"): text.encode() for name, text in files.items()}
    return _lint(
        LawFiles(
            modules={f"{name}.rego": text for name, text in named.items() if text.lstrip().startswith((b"#", b"pack"))},
            policies={f"policies/{name}.yaml": text for name, text in named.items() if text.startswith(b"name")},
            data={f"{name}/data.yaml": text for name, text in named.items() if text.startswith(b"param")},
        )
    )


def _lint(files: LawFiles) -> list[str]:
    return [f"{each.location.file}:{each.location.row} {each.check}: {each.message}" for each in lint(files)]


def _of_rule(text: str, *, head: str = "") -> list[tuple[int, str]]:
    """Row (from the first line of ``text``) and check of what is found in a rule with complete metadata."""
    start = f"{_METADATA}{_PACKAGE}{head}"
    found = lint(LawFiles(modules={"r.rego": (start + text).encode()}))
    return [(each.location.row - start.count("\n"), each.check) for each in found]


def test_a_rule_that_is_well_is_passed_over() -> None:
    assert _found(r=_METADATA + _PACKAGE + _VIOLATION, p=_POLICY) == []


_MISSING = "global.privacy.r has no METADATA above its package: no id, no enforcement, nothing to do about it"

_METADATA_FOUND = {
    "missing": (
        _PACKAGE + _VIOLATION,
        f"r.rego:1 metadata-missing: {_MISSING}",
    ),
    "nothing under custom": (
        f"# METADATA\n# title: x\n{_PACKAGE}{_VIOLATION}",
        "r.rego:1 metadata-incomplete: global.privacy.r says nothing under custom",
    ),
    "incomplete": (
        _METADATA.replace("#   severity: high\n", "").replace("# title: A rule\n", "") + _PACKAGE + _VIOLATION,
        "r.rego:1 metadata-incomplete: global.privacy.r does not say its title, severity",
    ),
    "no text where one must stand": (
        _METADATA.replace("GLB-001", "1") + _PACKAGE + _VIOLATION,
        "r.rego:1 metadata-malformed: metadata: id is a text, not 1",
    ),
    "an unknown severity": (
        _METADATA.replace("severity: high", "severity: huge") + _PACKAGE + _VIOLATION,
        "r.rego:1 metadata-malformed: metadata: severity is one of info, low, medium, high, critical, not 'huge'",
    ),
    "an unknown enforcement": (
        _METADATA.replace("enforcement: deny", "enforcement: block") + _PACKAGE + _VIOLATION,
        "r.rego:5 enforcement-invalid: enforcement is one of deny, warn, audit, not 'block'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "finding"), _METADATA_FOUND.values(), ids=_METADATA_FOUND)
def test_metadata_is_there_and_complete(text: str, finding: str) -> None:
    assert _found(r=text) == [finding]


def test_one_file_of_a_package_says_what_the_package_is() -> None:
    assert _found(r=_METADATA + _PACKAGE + _VIOLATION, more=_PACKAGE + _VIOLATION) == []


@pytest.mark.parametrize("text", ["package global.lib\n\nx := 1\n", "package other.privacy.r\n\nviolation := 1\n"])
def test_what_is_no_rule_needs_no_metadata(text: str) -> None:
    assert _found(r=text) == []


def test_ids_are_unique_whatever_the_layer() -> None:
    domain = _METADATA + _PACKAGE.replace("global", "domains.d") + _VIOLATION
    policy = _POLICY.replace("GLB-002", "GLB-001")

    assert _found(a=_METADATA + _PACKAGE + _VIOLATION, b=domain, p=policy) == [
        "b.rego:4 id-duplicate: domains.d.privacy.r has the id GLB-001, which global.privacy.r has (a.rego:4:1)",
        "policies/p.yaml:3 id-duplicate: policy p has the id GLB-001, which global.privacy.r has (a.rego:4:1)",
    ]


_POLICIES_FOUND = {
    "no id": (_POLICY.replace("GLB-002", "''"), "metadata-malformed"),
    "no metadata": ("name: p\ntype: quality\nrules: [{metric: m, threshold: 1}]\n", "metadata-incomplete"),
    "no rules": ("name: p\ntype: quality\n", "policy-malformed"),
    "an enforcement that is none": (f"{_POLICY}enforcement: block\n", "enforcement-invalid"),
    "no YAML": ("name: [\n", "policy-malformed"),
}


@pytest.mark.parametrize(("text", "check"), _POLICIES_FOUND.values(), ids=_POLICIES_FOUND)
def test_a_policy_fits_its_schema_and_has_an_id(text: str, check: str) -> None:
    (finding,) = lint(LawFiles(policies={"policies/p.yaml": text.encode()}))

    assert finding.check == (check if check != "metadata-malformed" else "policy-malformed")


def test_an_enforcement_in_parameters_is_a_word_for_one() -> None:
    text = "parameters:\n  enforcement:\n    global.privacy.a: dney\n    global.privacy.b: mandatory\n"

    words = "deny, warn, audit, mandatory, advisory"
    assert _found(domains__d=text) == [
        f"domains/d/data.yaml:3 enforcement-invalid: the enforcement of global.privacy.a is one of {words}, not 'dney'"
    ]


_ABSENT = {
    "a comparison": 'violation contains {"msg": "m"} if input.product.bits < 128\n',
    "an inequality": 'violation contains {"msg": "m"} if input.product.cipher != "AES"\n',
    "false": 'violation contains {"msg": "m"} if input.product.encrypted == false\n',
    "null": 'violation contains {"msg": "m"} if input.product.owner == null\n',
    "inside a call": 'violation contains {"msg": "m"} if lower(input.product.cipher) != "aes"\n',
    "of a part": 'violation contains {"msg": "m"} if {\n\tsome port in input.ports; port.bits < 128\n}\n',
    "of a name": 'violation contains {"msg": "m"} if {\n\tp := input.product; p.bits < 128\n}\n',
    "by a key in brackets": 'violation contains {"msg": "m"} if input["a b"].bits < 128\n',
    "in a helper": 'violation contains {"msg": "m"} if _weak\n_weak if input.product.bits < 128\n',
    "in a function": 'violation contains {"msg": "m"} if _weak(input.product)\n_weak(p) if p.bits < 128\n',
    "below two negations": 'violation contains {"msg": "m"} if not _a\n_a if not _b\n_b if input.product.bits < 128\n',
    "in a filter": 'row_filter contains {"expression": "e"} if input.subject.level < 3\n',
    "in words": (
        'violation contains {"msg": m} if {\n\tinput.x.kind == "x"\n\tm := sprintf("%v", [input.x.name])\n}\n'
    ),
}


@pytest.mark.parametrize("text", _ABSENT.values(), ids=_ABSENT)
def test_a_violation_that_an_absent_field_switches_off(text: str) -> None:
    assert [check for _, check in _of_rule(text)] == ["absent-field-allows"]


_NOT_ABSENT = {
    "absence denies by itself": 'violation contains {"msg": "m"} if not input.product.bits >= 128\n',
    "absence denies elsewhere": (
        'violation contains {"msg": "m"} if input.product.bits < 128\n'
        'violation contains {"msg": "m"} if not input.product.bits\n'
    ),
    "of a whole that is asked for": (
        'violation contains {"msg": "m"} if input.x.bits < 128\nviolation contains {"msg": "m"} if not input.x\n'
    ),
    "a helper that must hold": 'violation contains {"msg": "m"} if not _strong\n_strong if input.product.bits >= 128\n',
    "a scope": 'violation contains {"msg": "m"} if input.manifest.kind == "Deployment"\n',
    "a default": 'violation contains {"msg": "m"} if object.get(input, ["product", "bits"], 0) < 128\n',
    "parameters": 'violation contains {"msg": "m"} if data.global.parameters.on != false\n',
    "words about what is asked for": (
        'violation contains {"msg": m} if {\n\tinput.x.name == "x"\n\tm := sprintf("%v", [input.x.name])\n}\n'
    ),
    "what is counted": 'violation contains {"msg": "m"} if count([1 | input.a.b != 1]) == 0\n',
    "a grant that needs it": 'grant contains {"msg": "m"} if input.subject.level > 3\n',
}


@pytest.mark.parametrize("text", _NOT_ABSENT.values(), ids=_NOT_ABSENT)
def test_a_field_whose_absence_does_no_harm(text: str) -> None:
    assert _of_rule(text) == []


_NEGATIONS = {
    "of a comparison": 'grant contains {"msg": "m"} if not input.subject.suspended == true\n',
    "of a flag": 'grant contains {"msg": "m"} if not input.subject.suspended\n',
    "of membership": 'grant contains {"msg": "m"} if not input.subject.country in {"X"}\n',
    "in a helper": 'grant contains {"msg": "m"} if _fine\n_fine if not input.subject.suspended\n',
    "in a helper of a violation": (
        'violation contains {"msg": "m"} if not _exempt\n_exempt if not input.product.status == "live"\n'
    ),
}


@pytest.mark.parametrize("text", _NEGATIONS.values(), ids=_NEGATIONS)
def test_a_negation_that_absence_makes_true_and_that_opens(text: str) -> None:
    assert [check for _, check in _of_rule(text)] == ["undefined-negation"]


def test_a_negation_of_a_helper_is_no_such() -> None:
    assert _of_rule('grant contains {"msg": "m"} if not _barred\n\ndefault _barred := true\n') == []


def test_a_finding_is_accepted_in_place_with_its_reason() -> None:
    text = """\
# bylaw ignore:undefined-negation - absence is what is asked for
grant contains {"msg": "a"} if not input.subject.suspended

grant contains {"msg": "b"} if not input.subject.barred # bylaw ignore:undefined-negation

grant contains {"msg": "c"} if not input.subject.left
"""
    assert _of_rule(text) == [(6, "undefined-negation")]


def test_what_is_accepted_for_nothing_is_found() -> None:
    text = f'{_VIOLATION}# bylaw ignore:id-duplicate, no-such-check\nx := "# bylaw ignore:undefined-negation"\n'

    found = lint(LawFiles(modules={"r.rego": f"{_METADATA}{_PACKAGE}{text}".encode()}))

    assert [(each.location.row, each.check, each.message) for each in found] == [
        (12, "ignored-for-nothing", "nothing in line 13 is ignored by this"),
        (12, "ignored-for-nothing", "nothing in line 13 is ignored by this; there is no check no-such-check"),
    ]


def test_what_does_not_parse_is_found_and_the_rest_is_looked_at() -> None:
    found = lint(
        LawFiles(modules={"a.rego": b"package a\n\np if {", "b.rego": _PACKAGE.encode() + _VIOLATION.encode()})
    )

    assert [(each.location.file, each.check, each.level) for each in found] == [
        ("a.rego", "unreadable", Level.UNREADABLE),
        ("b.rego", "metadata-missing", Level.ERROR),
    ]


def test_our_own_law_is_well() -> None:
    files = read_law_files([str(_ROOT / "rego"), str(_ROOT / "bundles")])

    assert len(files.modules) > 100
    assert len(files.policies) > 10
    assert _lint(files) == []


def test_every_check_is_documented() -> None:
    page = (_ROOT / "docs" / "testing.md").read_text()

    assert [check for check in CHECKS if f"`{check}`" not in page] == []
