"""Policies written by others load and decide here as in OPA."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .policy_sets import layouts, modules

pytestmark = pytest.mark.peers

_ENOUGH_SECONDS = 300
_NO_INPUTS = {"README.md", "Makefile", "gke-plan.tfplan"}
# As Regal asks it: first which rules are to run, then what they find.
_LINT = """\
{input_file: {[v.category, v.title, v.location.row] | some v in report} |
    provided := data.regal.config.provided
    prepared := data.regal.main.lint.prepared with input as {"regal": {"operations": ["prepare"]}}
        with data.internal.combined_config as provided
    some document in data.inputs.documents
    input_file := document.regal.file.name
    asked := object.union(document, {"regal": {"operations": ["lint"]}})
    report := data.regal.main.lint.violations with input as asked
        with data.internal.combined_config as provided
        with data.internal.prepared as prepared
}"""


@pytest.fixture(scope="module")
def trivy_checks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trivy_checks")
    layouts.trivy_checks(modules.fetched(modules.TRIVY_CHECKS), folder)
    return folder


def test_trivy_checks_and_their_tests(opa_program: Path, trivy_checks: Path) -> None:
    theirs = _tests([str(opa_program), "test"], trivy_checks)

    assert len(theirs) > 1500
    assert _tests(_bylaw("test"), trivy_checks) == theirs


def test_templates_of_gatekeeper(opa_program: Path, tmp_path: Path) -> None:
    source = modules.fetched(modules.GATEKEEPER)
    objects = layouts.kubernetes_objects(source)
    parameters = layouts.constraint_parameters(source)
    templates = layouts.gatekeeper_templates(source)
    assert len(templates) > 25
    assert len(objects) > 40
    found = 0
    for number, template in enumerate(templates):
        inputs = [
            {"parameters": given, "review": {"object": thing, "operation": "CREATE", "kind": {"kind": thing["kind"]}}}
            for given in parameters.get(template.name, [{}])
            for thing in objects
        ]
        bundle = tmp_path / str(number)
        data = {"inputs": inputs, "inventory": _inventory(objects)}
        layouts.write_bundle(bundle, template.modules, data, rego_version=template.rego_version)
        query = f"{{i: v | some i, x in data.inputs; v := data.{template.package}.violation with input as x}}"

        theirs = _evaluated([str(opa_program), "eval"], bundle, query)

        assert _evaluated(_bylaw_eval(opa_program, tmp_path), bundle, query) == theirs, template
        found += sum(1 for violations in (theirs or {}).values() if violations)
    assert found > 100


@pytest.mark.parametrize("template", layouts.own_templates(), ids=lambda template: template.name)
def test_admission_templates_like_those_of_the_gatekeeper_library(
    template: layouts.Template, opa_program: Path, tmp_path: Path
) -> None:
    given = layouts.own_inputs()
    objects = given["objects"] + layouts.kubernetes_objects(modules.fetched(modules.GATEKEEPER))
    parameters = given["parameters"].get(template.name, {})
    inputs = [
        {"parameters": parameters, "review": {"object": thing, "kind": {"kind": thing["kind"]}}} for thing in objects
    ]
    data = {"inputs": inputs, "inventory": _inventory(objects)}
    layouts.write_bundle(tmp_path / "bundle", template.modules, data, rego_version=0)
    query = f"{{i: v | some i, x in data.inputs; v := data.{template.package}.violation with input as x}}"

    theirs = _evaluated([str(opa_program), "eval"], tmp_path / "bundle", query)

    assert any(theirs.values()), "nothing is ever refused"
    assert not all(theirs.values()), "everything is refused"
    assert _evaluated(_bylaw_eval(opa_program, tmp_path), tmp_path / "bundle", query) == theirs


@pytest.mark.parametrize(
    "example",
    [
        "awssam",
        "combine",
        "compose",
        "cue",
        "cyclonedx",
        "data",
        "docker",
        "dotenv",
        "edn",
        "exceptions",
        "hcl1",
        "ini",
        "jsonnet",
        "kubernetes",
        "kustomize",
        "properties",
        "spdx",
        "traefik",
        "vcl",
        "xml",
    ],
)
def test_examples_of_conftest(example: str, opa_program: Path, conftest_program: Path, tmp_path: Path) -> None:
    folder = modules.fetched(modules.CONFTEST) / "examples" / example
    files = [file for file in sorted(folder.iterdir()) if file.is_file() and file.name not in _NO_INPUTS]
    inputs = [_parsed([str(conftest_program), "parse"], file) for file in files]
    policies = [file.read_text() for file in sorted((folder / "policy").rglob("*.rego"))]
    layouts.write_bundle(tmp_path / "bundle", policies, {"inputs": inputs}, rego_version=1)
    query = "{i: d | some i, x in data.inputs; d := data.main with input as x}"

    theirs = _evaluated([str(opa_program), "eval"], tmp_path / "bundle", query)

    assert theirs
    assert _evaluated(_bylaw_eval(opa_program, tmp_path), tmp_path / "bundle", query) == theirs


@pytest.mark.parametrize(
    ("platform", "queries"), [("k8s", 140), ("dockerCompose", 20), ("cloudFormation", 250), ("openAPI", 190)]
)
def test_queries_of_kics(platform: str, queries: int, opa_program: Path, tmp_path: Path) -> None:
    assert layouts.kics(modules.fetched(modules.KICS), platform, tmp_path / "bundle") > queries
    query = (
        "{name: {i: found | some i, x in data.inputs; i % 3 == 0; "
        'found := data.kics[name].CxPolicy with input as {"document": [x]}; count(found) > 0} '
        "| some name, _ in data.kics}"
    )
    theirs = _evaluated([str(opa_program), "eval"], tmp_path / "bundle", query)

    assert sum(len(found) for found in theirs.values()) > 50
    assert _evaluated(_bylaw_eval(opa_program, tmp_path), tmp_path / "bundle", query) == theirs


def test_the_linter_that_regal_is(opa_program: Path, regal_program: Path, tmp_path: Path) -> None:
    layouts.regal(modules.fetched(modules.REGAL), tmp_path / "bundle")
    linted = sorted((modules.fetched(modules.TRIVY_CHECKS) / "checks" / "kubernetes").rglob("*.rego"))[::8]
    inputs = [_parsed([str(regal_program), "parse"], file) for file in linted]
    (tmp_path / "bundle" / "inputs").mkdir()
    (tmp_path / "bundle" / "inputs" / "data.json").write_text(json.dumps({"documents": inputs}))

    theirs = _evaluated([str(opa_program), "eval"], tmp_path / "bundle", _LINT)

    assert sum(len(violations) for violations in theirs.values()) > 20
    assert _evaluated(_bylaw_eval(opa_program, tmp_path), tmp_path / "bundle", _LINT) == theirs


def _inventory(objects: list[dict[str, Any]]) -> dict[str, Any]:
    by_namespace: dict[str, Any] = {}
    for thing in objects:
        metadata = thing.get("metadata", {})
        of_kind = by_namespace.setdefault(metadata.get("namespace", "default"), {}).setdefault(thing["apiVersion"], {})
        of_kind.setdefault(thing["kind"], {})[metadata.get("name", "")] = thing
    return {"namespace": by_namespace, "cluster": {}}


def _bylaw(command: str) -> list[str]:
    return [sys.executable, "-m", "bylaw_adapters.cli.main", command, "--evaluator", "native"]


def _bylaw_eval(opa_program: Path, folder: Path) -> list[str]:
    """With all built-ins that OPA has, those included that reach outside."""
    capabilities = folder / "capabilities.json"
    capabilities.write_bytes(subprocess.check_output([opa_program, "capabilities", "--current"]))
    return [*_bylaw("eval"), "--capabilities", str(capabilities)]


def _tests(command: list[str], folder: Path) -> dict[str, str]:
    arguments = [*command, "--format", "json", "--timeout", "60s", str(folder)]
    printed = subprocess.run(arguments, capture_output=True, check=False, timeout=_ENOUGH_SECONDS)
    assert printed.stdout.startswith(b"["), printed.stdout[-2000:] + printed.stderr[-2000:]
    return {f"{test['package']}.{test['name']}": _verdict(test) for test in json.loads(printed.stdout)}


def _verdict(test: dict[str, Any]) -> str:
    return next((word for word in ("error", "fail", "skip") if test.get(word)), "pass")


def _evaluated(command: list[str], bundle: Path, query: str) -> Any:
    arguments = [*command, "--format", "json", "--bundle", str(bundle), query]
    done = subprocess.run(arguments, capture_output=True, check=False, timeout=_ENOUGH_SECONDS)
    answer = json.loads(done.stdout or b"{}")
    if "errors" in answer or "error" in answer or done.returncode:
        return {"refused": True}
    return answer["result"][0]["expressions"][0]["value"] if answer.get("result") else None


def _parsed(command: list[str], file: Path) -> Any:
    done = subprocess.run([*command, file.name], cwd=file.parent, capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)
