"""
The rules of a law as entries of the book, whatever form each is written in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from bylaw.bundle.metadata import RuleName, package_block, rules_metadata
from bylaw.bundle.policies import read_policy
from bylaw.bundle.roots import DOMAINS
from bylaw.bundle.rule_names import HEADS
from bylaw.bundle.source import Source, read_source
from bylaw.bundle.statements import read_rules
from bylaw.law_book.examples import Example, examples_of_tests, metadata_examples

_PARAMETER = re.compile(r"\bdata\.(?:global|domains\.\w+)\.parameters\.(\w+)", re.ASCII)
_SYNONYMS = {"mandatory": "deny", "advisory": "warn"}


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One rule. ``rule`` is its path, ``layer`` its owner: ``global`` or a domain's name. ``contacts`` are the people whom
    it names. Texts are as their authors wrote them: a page has to make them safe.
    """

    rule: str
    layer: str
    kind: str
    id: str
    title: str
    description: str
    enforcement: str
    severity: str
    controls: tuple[str, ...]
    remediation: str
    contacts: tuple[str, ...]
    parameters: tuple[str, ...]
    examples: tuple[Example, ...]
    file: str


def entries(
    modules: Mapping[str, bytes],
    policies: Mapping[str, bytes],
    cases: Iterable[tuple[str, str, Iterable[str]]] = (),
    *,
    rego_v0: bool = False,
) -> list[Entry]:
    """
    The entries of all rules in Rego ``modules`` and YAML ``policies`` (texts by file), the council's first.

    Args:
        cases: Of each decision case its name, its decision, and the rules that it names, by id or path.

    Raises:
        PolicyError, InvalidPolicyDocument, InputError: A file that could not be released.
    """
    sources = [read_source(file, content) for file, content in sorted(modules.items())]
    said = {path: entry for layer in rules_metadata(sources).values() for path, entry in layer.items()}
    by_package: dict[tuple[str, ...], list[Source]] = {}
    for source in sources:
        by_package.setdefault(source.package, []).append(source)
    found = []
    for package, own in by_package.items():
        name = RuleName.of(package)
        if name is not None and _is_rule(own, rego_v0=rego_v0):
            tests = by_package.get((*package[:-1], f"{package[-1]}_test"), [])
            examples = [each for source in [*own, *tests] for each in examples_of_tests(source, rego_v0=rego_v0)]
            found.append(_of_rule(name, own, said.get(name.path, {}), examples))
    found += [_of_policy(file, read_policy(file, content).value) for file, content in sorted(policies.items())]
    named = _by_rule(cases)
    return sorted((_with_cases(entry, named) for entry in found), key=_order)


def _order(entry: Entry) -> tuple[bool, str, str, str, str]:
    return entry.layer != "global", entry.layer, entry.kind, entry.id, entry.rule


def _is_rule(own: Sequence[Source], *, rego_v0: bool) -> bool:
    return any(rule.name in HEADS for source in own for rule in read_rules(source.file, source.text, rego_v0=rego_v0))


def _of_rule(name: RuleName, own: Sequence[Source], said: Mapping[str, Any], tests: Sequence[Example]) -> Entry:
    document: Mapping[str, Any] = {}
    file = own[0].file
    for source in own:
        block = package_block(source)
        if block is not None:
            document, file = block[1], source.file
    custom = document.get("custom") or {}
    return Entry(
        rule=name.path,
        layer=name.layer[-1],
        kind=name.kind,
        id=said.get("id") or name.path,
        title=said.get("title") or name.path,
        description=said.get("description", ""),
        enforcement=said.get("enforcement", "deny"),
        severity=said.get("severity", "medium"),
        controls=tuple(said.get("controls", ())),
        remediation=said.get("remediation", ""),
        contacts=tuple(_contacts(document, custom)),
        parameters=tuple(sorted({each for source in own for each in _PARAMETER.findall(source.text)})),
        examples=(*metadata_examples(custom), *tests),
        file=file,
    )


def _contacts(document: Mapping[str, Any], custom: Mapping[str, Any]) -> Iterable[str]:
    """OPA's ``organizations`` and ``authors`` (texts, or mappings with name and email), and ``custom.owner``."""
    if isinstance(custom.get("owner"), str):
        yield custom["owner"]
    for key in ("organizations", "authors"):
        for each in document.get(key) or ():
            if isinstance(each, str):
                yield each
            elif isinstance(each, dict):
                yield " ".join(str(each[part]) for part in ("name", "email") if each.get(part))


def _of_policy(file: str, policy: Mapping[str, Any]) -> Entry:
    metadata: Mapping[str, Any] = policy.get("metadata") or {}
    layer, root = _layer_of(file)
    enforcement = policy.get("enforcement", "deny")
    path = f"{root}.policies.{policy['name']}"
    return Entry(
        rule=path,
        layer=layer,
        kind=policy.get("type") or policy.get("policy_type") or "",
        id=metadata.get("id") or path,
        title=metadata.get("title") or policy.get("description") or policy["name"],
        description=policy.get("description", "") if metadata.get("title") else "",
        enforcement=_SYNONYMS.get(enforcement, enforcement),
        severity=metadata.get("severity", "medium"),
        controls=tuple(metadata.get("controls", ())),
        remediation=metadata.get("remediation", ""),
        contacts=(metadata["owner"],) if metadata.get("owner") else (),
        parameters=(),
        examples=(),
        file=file,
    )


def _layer_of(file: str) -> tuple[str, str]:
    """Layer and root of the folder that a policy's folder stands in."""
    *_, above, layer = ("", "", *PurePosixPath(file).parent.parent.parts)
    return (layer, f"{DOMAINS}.{layer}") if above == DOMAINS else (layer, layer)


def _by_rule(cases: Iterable[tuple[str, str, Iterable[str]]]) -> dict[str, list[Example]]:
    named: dict[str, list[Example]] = {}
    for name, decision, rules in cases:
        for rule in rules:
            named.setdefault(rule, []).append(Example("case", f"{name}: {decision}"))
    return named


def _with_cases(entry: Entry, named: Mapping[str, Sequence[Example]]) -> Entry:
    cases = sorted({*named.get(entry.id, ()), *named.get(entry.rule, ())})
    return replace(entry, examples=(*entry.examples, *cases)) if cases else entry
