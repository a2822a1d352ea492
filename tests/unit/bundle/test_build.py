"""From a folder to a release: the catalogue, metadata, YAML policies, the revision, and the same bytes each time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bylaw.bundle import build_archive, build_folder, read_bundle, read_library, release_folder
from bylaw.bundle.archive import read_archive
from bylaw.errors import BylawError, InvalidManifest, InvalidPolicyDocument, OutsideRoots, PolicyError
from bylaw_adapters.evaluators.extension import NativeEvaluator

Write = Callable[..., Path]

_RULE = '# METADATA\n# title: {0}\npackage global.{0}\n\nviolation contains {{"msg": "x"}} if input.x\n'


def _manifest(*catalogue: str) -> str:
    return json.dumps({"roots": ["global"], "metadata": {"bylaw": {"catalogue": catalogue}}})


@pytest.fixture
def catalogue(folder: Write) -> Path:
    return folder(
        {
            "global/privacy/encrypted/encrypted.rego": _RULE.format("privacy.encrypted"),
            "global/privacy/encrypted/encrypted_test.rego": "package global.privacy.encrypted_test\n",
            "global/privacy/classified/classified.rego": _RULE.format("privacy.classified"),
            "global/quality/fresh/fresh.rego": _RULE.format("quality.fresh"),
            "global/shared/shared.rego": "package global.shared\n\nx := 1\n",
            "global/parameters/data.yaml": "retention: {days: 30, strict: true}",
        },
        "rego",
    )


_PICKS = {
    "one": (["privacy/encrypted"], ["privacy.encrypted"]),
    "a kind": (["privacy/*"], ["privacy.classified", "privacy.encrypted"]),
    "two": (["quality/fresh", "privacy/c*"], ["privacy.classified", "quality.fresh"]),
    "all": (["*"], ["privacy.classified", "privacy.encrypted", "quality.fresh"]),
}


@pytest.mark.parametrize(("patterns", "rules"), _PICKS.values(), ids=_PICKS)
def test_a_council_picks_from_the_catalogue(
    folder: Write, catalogue: Path, patterns: list[str], rules: list[str]
) -> None:
    built = build_folder(folder({".manifest": _manifest(*patterns)}), catalogue=catalogue)

    paths = [f"global/{rule.replace('.', '/')}/{rule.split('.')[1]}.rego" for rule in rules]
    assert sorted(built.modules) == sorted([*paths, "global/shared/shared.rego"])
    assert sorted(built.data["global"]["metadata"]) == [f"global.{rule}" for rule in rules]


def test_a_councils_own_parameters_hold(folder: Write, catalogue: Path) -> None:
    files = {".manifest": _manifest("*"), "global/data.yaml": "parameters: {retention: {days: 7}, own: 1}"}

    built = build_folder(folder(files), catalogue=catalogue)

    assert built.data["global"]["parameters"] == {"retention": {"days": 7, "strict": True}, "own": 1}


def test_a_pattern_that_picks_nothing_is_refused(folder: Write, catalogue: Path) -> None:
    source = folder({".manifest": _manifest("privacy/encrypt")})

    with pytest.raises(InvalidManifest) as refused:
        build_folder(source, catalogue=catalogue)

    assert str(refused.value) == (
        ".manifest: the catalogue has no rule 'privacy/encrypt'; the nearest is privacy/encrypted"
    )


def test_a_rule_that_is_picked_and_written_is_refused(folder: Write, catalogue: Path) -> None:
    path = "global/privacy/encrypted/encrypted.rego"
    source = folder({".manifest": _manifest("*"), path: _RULE.format("privacy.encrypted")})

    with pytest.raises(InvalidManifest) as refused:
        build_folder(source, catalogue=catalogue)

    assert str(refused.value) == f"global: {path} is in the bundle and is picked from the catalogue as well"


def test_a_domain_cannot_pick_from_the_catalogue(folder: Write, catalogue: Path) -> None:
    manifest = {"roots": ["domains/a"], "metadata": {"bylaw": {"catalogue": ["*"]}}}

    with pytest.raises(InvalidManifest) as refused:
        build_folder(folder({".manifest": json.dumps(manifest)}), catalogue=catalogue)

    assert str(refused.value) == "a: only the bundle that owns the root global picks from the catalogue"


def test_metadata_is_what_the_rule_says_whatever_a_data_file_says(folder: Write) -> None:
    data = json.dumps({"domains": {"a": {"metadata": {"domains.a.privacy.x": {"enforcement": "audit"}}}}})
    rule = "# METADATA\n# custom: {enforcement: deny}\npackage domains.a.privacy.x\n"

    built = build_folder(folder({"data.json": data, "x.rego": rule}))

    assert built.data == {
        "domains": {
            "a": {"metadata": {"domains.a.privacy.x": {"kind": "privacy", "enforcement": "deny", "controls": []}}}
        }
    }


def test_a_policy_outside_the_roots_is_refused(folder: Write) -> None:
    source = folder({"domains/a/data.json": '{"parameters": {}}', "global/policies/x.yaml": "name: x"})

    with pytest.raises(OutsideRoots) as refused:
        build_folder(source)

    assert str(refused.value) == "global/policies/x.yaml:1:1: the policy is outside the bundle's roots (domains/a)"


def test_a_policy_that_is_no_mapping_is_refused(folder: Write) -> None:
    source = folder({".manifest": '{"roots": ["domains/a"]}', "domains/a/policies/x.yaml": "- name: x"})

    with pytest.raises(InvalidPolicyDocument) as refused:
        build_folder(source)

    assert str(refused.value) == "domains/a/policies/x.yaml:1:1: a policy is a mapping"


_POLICY = """\
name: gold-products-are-measured
type: quality
rules:
  - metric: completeness
    operator: gte
    threshold: 0.95
"""


def test_policies_become_data_in_the_order_of_their_names(folder: Write) -> None:
    files = {
        ".manifest": '{"roots": ["domains/a"]}',
        "domains/a/policies/1.yaml": _POLICY.replace("gold", "silver"),
        "domains/a/policies/2.yaml": _POLICY,
    }

    policies = build_folder(folder(files)).data["domains"]["a"]["policies"]

    assert [policy["name"] for policy in policies] == ["gold-products-are-measured", "silver-products-are-measured"]


_MISFITS = {
    "an operator that is none": (_POLICY.replace("gte", "about"), 5),
    "a type that is none": (_POLICY.replace("quality", "qualty"), 2),
}


@pytest.mark.parametrize(("text", "row"), _MISFITS.values(), ids=_MISFITS)
def test_a_policy_that_does_not_fit_is_refused_with_its_place(folder: Write, text: str, row: int) -> None:
    source = folder({".manifest": '{"roots": ["domains/a"]}', "domains/a/policies/x.yaml": text})

    with pytest.raises(InvalidPolicyDocument) as refused:
        build_folder(source)

    location = refused.value.location
    assert location is not None
    assert (location.file, location.row) == ("domains/a/policies/x.yaml", row)


def test_two_policies_of_one_name_are_refused(folder: Write) -> None:
    files = {f"domains/a/policies/{number}.yaml": _POLICY for number in (1, 2)}

    with pytest.raises(InvalidPolicyDocument) as refused:
        build_folder(folder({".manifest": '{"roots": ["domains/a"]}', **files}))

    assert str(refused.value) == (
        "domains/a/policies/2.yaml:1:1: another policy of domains/a is named gold-products-are-measured: "
        "domains/a/policies/1.yaml:1:1"
    )


def test_a_folder_makes_the_same_bytes_wherever_it_lies(folder: Write, tmp_path: Path) -> None:
    files = {
        ".manifest": '{"roots": ["domains/a"]}',
        "x.rego": _RULE.format("x").replace("global.x", "domains.a.privacy.x"),
    }
    one = folder(files, "one")
    shutil.copytree(one, tmp_path / "elsewhere" / "two")

    assert build_archive(build_folder(one)) == build_archive(build_folder(tmp_path / "elsewhere" / "two"))


def test_an_archive_holds_modules_data_and_a_manifest(folder: Write) -> None:
    rule = "package domains.a.privacy.x\n"
    built = build_folder(folder({"x.rego": rule, "domains/a/data.yaml": "b: 1"}), revision="7")

    files = read_archive(build_archive(built), name="a")

    assert files.keys() == {".manifest", "data.json", "x.rego"}
    assert json.loads(files[".manifest"]) == {
        "revision": "7",
        "roots": ["domains/a"],
        "rego_version": 1,
        "metadata": {"bylaw": {"name": "a"}},
    }
    assert json.loads(files["data.json"]) == {"domains": {"a": {"b": 1}}}


def test_the_library_is_a_bundle_that_owns_bylaw() -> None:
    library = read_library(revision="7")

    assert (library.name, library.revision, library.roots) == ("library", "7", ("bylaw",))
    assert not [path for path in library.modules if path.endswith("_test.rego")]


_BROKEN = {
    "recursion": ("x := y\n\ny := x\n", PolicyError, "rego_recursion_error"),
    "a function that does not exist": ("x := data.bylaw.lib.access.nothing(1)\n", PolicyError, "rego_type_error"),
    "a waiver without an end": (None, InvalidPolicyDocument, "bundle_invalid_policy_document"),
}


@pytest.mark.parametrize(("body", "error", "code"), _BROKEN.values(), ids=_BROKEN)
def test_what_could_not_be_evaluated_is_not_released(
    folder: Write, body: str | None, error: type[BylawError], code: str
) -> None:
    files = {"x.rego": f"package domains.a.privacy.x\n\n{body or ''}"}
    if body is None:
        files["domains/a/data.yaml"] = "waivers: [{id: W-1}]"
    source = folder(files)

    with pytest.raises(error) as refused:
        release_folder(source, evaluator=NativeEvaluator())

    assert refused.value.code == code


def test_a_malformed_waiver_loads_all_the_same(folder: Write) -> None:
    source = folder({"domains/a/data.yaml": "waivers: [{id: W-1}]"})

    assert read_bundle(source).data == {"domains": {"a": {"waivers": [{"id": "W-1"}]}}}
