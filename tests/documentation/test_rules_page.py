"""
``docs/rules.md`` lists every rule there is, as its metadata has it, and no other; every rule has the metadata that a
decision shows, an id of its own, and a test beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "rules.md"
SOURCES = (REPOSITORY / "rego" / "global", REPOSITORY / "bundles")
ID = re.compile(r"[A-Z0-9]{2,3}(-[A-Z]{3})?-\d{3}")
PARAMETER = re.compile(r"data\.(?:global|domains\.\w+)\.parameters\.(\w+)")
ROW = re.compile(r"^\| (?P<id>\S+) \| .* \| \[(?P<name>[^\]]+)\]\(\.\./(?P<file>[^)]+)\) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    file: Path
    title: str
    id: str
    enforcement: str
    severity: str
    controls: tuple[str, ...]
    remediation: str

    @property
    def row(self) -> str:
        """Its line on the page."""
        parameters = sorted(set(PARAMETER.findall(self.file.read_text(encoding="utf-8"))))
        cells = (
            self.id,
            self.title,
            self.enforcement,
            self.severity,
            ", ".join(self.controls) or "none",
            ", ".join(f"`{name}`" for name in parameters) or "none",
            f"[{self.file.parent.name}](../{self.file.relative_to(REPOSITORY).as_posix()})",
        )
        return f"| {' | '.join(cells)} |"


def read_rule(file: Path) -> Rule:
    lines = file.read_text(encoding="utf-8").splitlines()
    start = lines.index("# METADATA") + 1
    block = lines[start : next(index for index, line in enumerate(lines) if line.startswith("package "))]
    metadata = yaml.safe_load("\n".join(line[2:] for line in block))
    custom = {key: value for key, value in metadata["custom"].items() if key != "waivable"}
    return Rule(file=file, title=metadata["title"], **custom | {"controls": tuple(custom["controls"])})


RULES = [
    read_rule(file)
    for folder in SOURCES
    for file in sorted(folder.rglob("*.rego"))
    if not file.name.endswith("_test.rego")
]
POLICIES = sorted((REPOSITORY / "bundles").rglob("policies/*.yaml"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_on_the_page_as_its_metadata_has_it(rule: Rule) -> None:
    assert rule.row in PAGE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.stem)
def test_a_yaml_policy_is_on_the_page(policy: Path) -> None:
    said = yaml.safe_load(policy.read_text(encoding="utf-8"))
    where = f"[{policy.stem}](../{policy.relative_to(REPOSITORY).as_posix()})"
    row = f"| {said['metadata']['id']} | {said['description']} | {said['type']} | {said['enforcement']} | {where} |"

    assert row in PAGE.read_text(encoding="utf-8").splitlines()


def test_the_page_lists_no_rule_that_is_not_there() -> None:
    listed = {found["file"] for found in ROW.finditer(PAGE.read_text(encoding="utf-8"))}
    there = {file.relative_to(REPOSITORY).as_posix() for file in (*(rule.file for rule in RULES), *POLICIES)}

    assert listed == there


def test_no_two_rules_share_an_id() -> None:
    ids = [rule.id for rule in RULES]
    ids += [yaml.safe_load(policy.read_text(encoding="utf-8"))["metadata"]["id"] for policy in POLICIES]

    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_a_decision_shows_of_it(rule: Rule) -> None:
    assert ID.fullmatch(rule.id)
    assert rule.enforcement in ("deny", "warn", "audit")
    assert rule.severity in ("low", "medium", "high", "critical")
    assert rule.remediation.strip().endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_a_test_beside_it(rule: Rule) -> None:
    assert rule.file.with_name(f"{rule.file.stem}_test.rego").is_file()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_parameter_that_a_rule_reads_has_a_default_in_its_bundle(rule: Rule) -> None:
    read = set(PARAMETER.findall(rule.file.read_text(encoding="utf-8")))

    assert read <= _parameters_of_the_bundle(rule.file)


def _parameters_of_the_bundle(rule: Path) -> set[str]:
    if SOURCES[0] in rule.parents:
        file = REPOSITORY / "bundles" / "global" / "global" / "parameters" / "data.yaml"
        return set(yaml.safe_load(file.read_text(encoding="utf-8")))
    name = rule.relative_to(REPOSITORY / "bundles").parts[0]
    file = REPOSITORY / "bundles" / name / "domains" / name / "data.yaml"
    return set(yaml.safe_load(file.read_text(encoding="utf-8"))["parameters"])
