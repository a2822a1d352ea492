"""From a module's files to a bundle folder that opa and we load alike."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_OWN = Path(__file__).parent / "admission"

# What the programs around these policies add to Rego, as Rego: both engines get the same.
_TRIVY_HOST = """\
package host

result_new(msg, _) := {"msg": msg}

is_managed(x) if x.managed != false

scan_string(text) := {"transgressionFound": contains(text, "AKIA"), "description": "a secret", "match": {"l": 1}}

is_public(cidr) if startswith(cidr, "0.0.0.0/")

count_addresses(cidr) := count(net.cidr_expand(cidr))

parse_commands(text) := [split(trim_space(command), " ") | some command in split(text, "&&")]
"""
_TRIVY_CALLS = {
    r"\bresult\.new\(": "data.host.result_new(",
    r"\bisManaged\(": "data.host.is_managed(",
    r"\bsquealer\.scan_string\(": "data.host.scan_string(",
    r"\bcidr\.is_public\(": "data.host.is_public(",
    r"\bcidr\.count_addresses\(": "data.host.count_addresses(",
    r"\bsh\.parse_commands\(": "data.host.parse_commands(",
}
_REGAL_HOST = """\
package host

last(array) := array[count(array) - 1]

is_formatted(_, _) := true

parse_module(_, text) := rego.parse_module("module.rego", text)
"""
_REGAL_CALLS = {
    r"\bregal\.last\(": "data.host.last(",
    r"\bregal\.is_formatted\(": "data.host.is_formatted(",
    r"\bregal\.parse_module\(": "data.host.parse_module(",
}


@dataclass(frozen=True, slots=True)
class Template:
    """A Gatekeeper template: its name, its modules' texts, and the Rego version they are written in."""

    name: str
    package: str
    modules: tuple[str, ...]
    rego_version: int


def trivy_checks(source: Path, target: Path) -> None:
    """Its library, checks and their tests."""
    for folder in ("lib", "checks"):
        _copy_rego(source / folder, target / folder, _TRIVY_CALLS)
    (target / "host.rego").write_text(_TRIVY_HOST)


def regal(source: Path, target: Path) -> None:
    """The linter that Regal is, without its tests, which call its parser."""
    _copy_rego(source / "bundle" / "regal", target / "regal", _REGAL_CALLS, leave_out="_test.rego")
    (target / "host.rego").write_text(_REGAL_HOST)
    for data in (source / "bundle").rglob("data.yaml"):
        copy = target / data.relative_to(source / "bundle")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(data.read_text())


def kics(source: Path, platform: str, target: Path) -> int:
    """
    The queries of one platform, each in a package of its own, as one bundle of Rego v0, with the documents of their
    tests; how many queries there are.
    """
    assets = source / "assets"
    texts = [(assets / "libraries" / f"{name}.rego").read_text() for name in ("common", platform.lower())]
    documents: list[Any] = []
    queries = sorted((assets / "queries" / platform).rglob("query.rego"))
    for number, file in enumerate(queries):
        texts.append(re.sub(r"^package Cx", f"package kics.query_{number}", file.read_text(), flags=re.MULTILINE))
        for test in sorted((file.parent / "test").glob("*.yaml")):
            documents += [{**document, "id": test.stem, "file": test.name} for document in _readable(test)]
    common = json.loads((assets / "libraries" / "common.json").read_text())
    write_bundle(target, texts, {"generic": {"common_lib": common}, "inputs": documents}, rego_version=0)
    return len(queries)


def gatekeeper_templates(source: Path) -> list[Template]:
    """Every constraint template in its tests, demonstrations and examples; equal ones once."""
    found: dict[tuple[str, ...], Template] = {}
    for document in _documents(source):
        if document.get("kind") != "ConstraintTemplate":
            continue
        name = str(document["metadata"]["name"])
        for engine, rego, libraries in _sources(document):
            package = re.search(r"^package\s+(\S+)", rego, re.MULTILINE)
            if package:
                version = 1 if engine == "v1" else 0
                template = Template(name, package.group(1), (rego, *libraries), version)
                found.setdefault(template.modules, template)
    return list(found.values())


def kubernetes_objects(source: Path) -> list[dict[str, Any]]:
    """Every other Kubernetes object beside them."""
    kinds = {"Pod", "Deployment", "Service", "Ingress", "Namespace", "ConfigMap", "Role", "Secret"}
    return [document for document in _documents(source) if document.get("kind") in kinds]


def constraint_parameters(source: Path) -> dict[str, list[Any]]:
    """The parameters that constraints give, by the constraint's kind in lower case, which is its template's name."""
    found: dict[str, list[Any]] = {}
    for document in _documents(source):
        if str(document.get("apiVersion", "")).startswith("constraints.gatekeeper.sh/"):
            parameters = (document.get("spec") or {}).get("parameters", {})
            known = found.setdefault(str(document["kind"]).lower(), [])
            if parameters not in known:
                known.append(parameters)
    return found


def own_templates() -> list[Template]:
    """Templates of ours that refuse what well-known ones of the Gatekeeper library refuse, in their dialect."""
    library = (_OWN / "containers.rego").read_text()
    found = []
    for file in sorted(_OWN.glob("*.rego")):
        text = file.read_text()
        package = re.search(r"^package\s+(\S+)", text, re.MULTILINE)
        if package and file.stem != "containers":
            found.append(Template(file.stem, package.group(1), (text, library), 0))
    return found


def own_inputs() -> dict[str, Any]:
    """Their ``parameters`` by template, and ``objects`` to admit."""
    inputs: dict[str, Any] = yaml.safe_load((_OWN / "inputs.yaml").read_text())
    return inputs


def write_bundle(folder: Path, modules: Iterable[str], data: dict[str, Any], *, rego_version: int) -> None:
    """A bundle folder with one file a module."""
    folder.mkdir(parents=True)
    (folder / ".manifest").write_text(json.dumps({"roots": [""], "rego_version": rego_version}))
    (folder / "data.json").write_text(json.dumps(data))
    for number, text in enumerate(modules):
        (folder / f"module_{number}.rego").write_text(text)


def _copy_rego(source: Path, target: Path, calls: dict[str, str], *, leave_out: str | None = None) -> None:
    for file in source.rglob("*.rego"):
        if leave_out and file.name.endswith(leave_out):
            continue
        text = file.read_text()
        for pattern, replacement in calls.items():
            text = re.sub(pattern, replacement, text)
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text)


def _documents(source: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(source.rglob("*.yaml")):
        try:
            documents = list(yaml.safe_load_all(file.read_text()))
        except yaml.YAMLError:  # charts are templates of YAML, not YAML
            continue
        for document in documents:
            if isinstance(document, dict):
                yield document


def _readable(file: Path) -> Iterator[dict[str, Any]]:
    """What JSON can say of the documents in a file."""
    try:
        documents = [json.loads(json.dumps(document)) for document in yaml.safe_load_all(file.read_text())]
    except (yaml.YAMLError, TypeError):  # templates, dates, keys that are no texts
        return
    yield from (document for document in documents if isinstance(document, dict))


def _sources(template: dict[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    for target in template["spec"].get("targets", []):
        if target.get("rego"):
            yield "v0", target["rego"], target.get("libs", [])
        for code in target.get("code", []):
            source = code.get("source", {})
            if code.get("engine") == "Rego" and source.get("rego"):
                yield source.get("version", "v0"), source["rego"], source.get("libs", [])
