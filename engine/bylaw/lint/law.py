"""
All checks over the files of one or several layers, sorted by place. What an author has accepted in place is left out;
an acceptance that accepts nothing is a finding itself, so that none outlives its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bylaw.bundle.accepted import acceptances
from bylaw.bundle.source import Source, read_source
from bylaw.bundle.statements import Rule, read_rules
from bylaw.errors import BylawError, InputError, Location, PolicyError
from bylaw.lint.absent_fields import ABSENT_FIELD_ALLOWS, UNDEFINED_NEGATION, absent_fields
from bylaw.lint.finding import Finding, Level
from bylaw.lint.identity import Identity, duplicate_ids
from bylaw.lint.policy_files import parameters_findings, policy_findings, policy_identity
from bylaw.lint.rule_metadata import metadata_findings, metadata_identity

CHECKS: Mapping[str, str] = {
    "metadata-missing": "a rule has no METADATA above its package",
    "metadata-incomplete": "metadata lacks what a decision shows of a rule",
    "metadata-malformed": "metadata that cannot be read",
    "enforcement-invalid": "an enforcement that is no word for one",
    "id-duplicate": "two rules, of whatever layers, have one id",
    "policy-malformed": "a YAML policy that does not fit its schema",
    UNDEFINED_NEGATION: "a negation that is true where a field is absent, and opens",
    ABSENT_FIELD_ALLOWS: "a violation that an absent field switches off",
    "ignored-for-nothing": "a comment accepts what is not there",
    "unreadable": "a file that does not parse",
}
"""Each check by its name, and what it finds."""

# Accepted elsewhere: `bylaw test --mutate` reads it.
_OTHERS_READ = frozenset({"mutants"})


@dataclass(frozen=True, slots=True)
class LawFiles:
    """Texts by the name they are shown by: Rego ``modules``, YAML ``policies``, ``data`` files with their folder."""

    modules: Mapping[str, bytes] = field(default_factory=dict)
    policies: Mapping[str, bytes] = field(default_factory=dict)
    data: Mapping[str, bytes] = field(default_factory=dict)


def lint(files: LawFiles, *, rego_v0: bool = False) -> list[Finding]:
    """Everything that our own checks find. ``rego_v0``: modules are Rego v0 unless they say otherwise."""
    found: list[Finding] = []
    identities: list[Identity] = []
    packages_with_metadata: set[tuple[str, ...]] = set()
    modules: list[tuple[Source, list[Rule]]] = []
    for file, content in sorted(files.modules.items()):
        try:
            source = read_source(file, content)
            modules.append((source, read_rules(file, source.text, rego_v0=rego_v0)))
        except PolicyError as error:
            found.append(_unreadable(file, error))
            continue
        identity = metadata_identity(source)
        if identity is not None:
            packages_with_metadata.add(source.package)
            identities.append(identity)
    for source, rules in modules:
        is_said = source.package in packages_with_metadata
        found += _without_accepted(
            source, [*metadata_findings(source, rules, is_said=is_said), *absent_fields(source, rules)]
        )
    for file, content in sorted(files.policies.items()):
        found += policy_findings(file, content)
        identities += policy_identity(file, content)
    for file, content in sorted(files.data.items()):
        try:
            found += parameters_findings(file, content)
        except InputError as error:
            found.append(_unreadable(file, error))
    found += duplicate_ids(identities)
    return sorted(found, key=lambda finding: (finding.location, finding.check, finding.message))


def _unreadable(file: str, error: BylawError) -> Finding:
    return Finding(error.location or Location(file, 1), "unreadable", error.message, Level.UNREADABLE)


def _without_accepted(source: Source, findings: list[Finding]) -> Iterator[Finding]:
    accepted = list(acceptances(source.text))
    keys = {(each.name, each.row) for each in accepted}
    used: set[tuple[str, int]] = set()
    for finding in findings:
        key = finding.check, finding.location.row
        if key in keys:
            used.add(key)
        else:
            yield finding
    for each in accepted:
        if (each.name, each.row) not in used and each.name not in _OTHERS_READ:
            known = "" if each.name in CHECKS else f"; there is no check {each.name}"
            message = f"nothing in line {each.row} is ignored by this{known}"
            yield Finding(Location(source.file, each.said_in), "ignored-for-nothing", message)
