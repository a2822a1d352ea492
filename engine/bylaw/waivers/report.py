"""
What waivers there are and what they do, as ``bylaw.waiver_report`` says it, and the facts that it takes: which rules
are in force, and which domains. Judges nothing itself.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bylaw.bundle.metadata import RuleName
from bylaw.bundle.roots import DOMAINS, Root
from bylaw.bundle.source import read_source
from bylaw.ports import DEFAULT_DEADLINE_SECONDS, Snapshot

REPORT = "bylaw/waiver_report/report"
DECISION = "bylaw/waiver_requests/decision"


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """``rules`` by path, each with its ``id`` and ``layer``; ``domains`` are those whose bundles are loaded."""

    rules: Mapping[str, Mapping[str, str]]
    domains: tuple[str, ...]

    def facts(self, *, about: str | None = None) -> dict[str, Any]:
        """As the law takes them; of the rules only those that ``about`` may name, where it is given."""
        named = {path: rule for path, rule in self.rules.items() if about is None or about in (path, rule["id"])}
        return {"rules": named, "domains": list(self.domains)}


def rules_in_force(
    snapshot: Snapshot, modules: Mapping[str, str], roots: Iterable[str], *, v0_files: Collection[str] = ()
) -> RulesInForce:
    """
    The rules and policies of all layers, told from their packages, their metadata and the policies' names.

    Raises:
        EvaluationError: Who evaluates cannot be asked.
    """
    segments = [Root.of(root).segments for root in roots]
    domains = sorted({path[1] for path in segments if len(path) == 2 and path[0] == DOMAINS})
    names = [
        RuleName.of(read_source(file, text.encode()).package) for file, text in modules.items() if file not in v0_files
    ]
    rules: dict[str, Mapping[str, str]] = {}
    for layer in (("global",), *((DOMAINS, domain) for domain in domains)):
        metadata = _object(_read(snapshot, (*layer, "metadata")))
        for path in {*metadata, *(rule.path for rule in names if rule is not None and rule.layer == layer)}:
            rules[path] = _fact(_object(metadata.get(path)), path, layer[-1])
        policies = _read(snapshot, (*layer, "policies"))
        for policy in policies if isinstance(policies, list) else []:
            if isinstance(name := _object(policy).get("name"), str):
                path = ".".join((*layer, "policies", name))
                rules[path] = _fact(_object(_object(policy).get("metadata")), name, layer[-1])
    return RulesInForce(rules, tuple(domains))


def _read(snapshot: Snapshot, path: tuple[str, ...]) -> Any:
    text = snapshot.evaluate("/".join(path), None)
    return None if text is None else json.loads(text)


def waiver_report(
    snapshot: Snapshot, rules: RulesInForce, *, deadline_seconds: float = DEFAULT_DEADLINE_SECONDS
) -> list[dict[str, Any]]:
    """
    One entry a waiver that the law holds; none where the library that tells is not loaded.

    Raises:
        EvaluationError, InputError: It could not be told.
    """
    facts = json.dumps(rules.facts()).encode()
    report = snapshot.evaluate(REPORT, facts, deadline_seconds=deadline_seconds)
    return [] if report is None else list(json.loads(report))


def complaints(report: Iterable[Mapping[str, Any]]) -> list[str]:
    """One sentence for each waiver that does nothing, or names what is not there."""
    return [
        f"waiver {entry['id'] or '(without an id)'} of {entry['layer']}: {note}"
        for entry in report
        for note in entry["notes"]
    ]


def _fact(metadata: Mapping[str, Any], path: str, layer: str) -> Mapping[str, str]:
    identifier = metadata.get("id")
    return {"id": identifier if isinstance(identifier, str) else path, "layer": layer}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
