"""
Whether a bundle stays within its layer (design, section 3). Roots say what it may define; this says the rest:

1. every module parses, and its package is the one that its header was taken for;
2. a package that offers violations or grants is a rule that will be asked;
3. metadata in data is what the rules say of themselves, and about no other rules;
4. policies in data have their form, and the validators that they name are there (``policy_data``);
5. a domain's bundle is one domain's and nothing else, and its rules read and call what a domain may;
6. its terms and policies are about its own products (``domain_terms``).

Building and loading both come through here: what was checked at build time may have been packed by somebody else. A
release is held to its terms as well (``terms``): a waiver that is malformed loads, has no effect, and decisions say so.
"""

from __future__ import annotations

import re
from typing import Any

from bylaw.bundle.combine import v0_files
from bylaw.bundle.contents import Bundle, sources_of
from bylaw.bundle.domain_terms import check_domain_terms
from bylaw.bundle.manifest import MANIFEST_FILE
from bylaw.bundle.metadata import rules_metadata
from bylaw.bundle.places import manifest_place, place_in
from bylaw.bundle.policy_data import check_policies
from bylaw.bundle.references import check_references
from bylaw.bundle.roots import DOMAINS, Root
from bylaw.bundle.rule_names import check_rule_names
from bylaw.bundle.source import Source
from bylaw.bundle.syntax import Module, read_module
from bylaw.errors import InvalidPolicyDocument, OutsideRoots, PolicyError

RESERVED = frozenset({"global", "mesh", "bylaw"})
"""Layers, by which decisions tell whose a rule or a waiver is."""


# As ``bylaw.lib.domains`` has it.
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def check_layers(bundle: Bundle) -> None:
    """
    Raises:
        PolicyError: A module does not parse, or is no rule where it looks like one.
        OutsideRoots: A bundle that owns all domains, or several, or a domain and something else.
        ForbiddenReference: A domain's rule reads or calls what is not its own to.
        InvalidPolicyDocument: Metadata in data that no rule of the bundle says of itself; a policy of another form.
        LoosenedLaw: A domain that raises or grants what is not its own.
    """
    domain = _domain(bundle)
    older = v0_files([bundle])
    modules = [(source, _read(source, rego_v0=source.file in older)) for source in sources_of(bundle)]  # (1)
    for _, module in modules:
        check_rule_names(module)  # (2)
    _check_metadata(bundle)  # (3)
    check_policies(bundle, [module for _, module in modules])  # (4)
    if domain is not None:
        check_references(domain, modules)  # (5)
        check_domain_terms(bundle, domain)  # (6)


def _read(source: Source, *, rego_v0: bool) -> Module:
    module = read_module(source.file, source.text, rego_v0=rego_v0)
    if module.package != source.package:
        message = f"package {'.'.join(module.package)} is written so that it cannot be read with certainty"
        raise PolicyError(message, location=source.package_location)
    return module


def _check_metadata(bundle: Bundle) -> None:
    """Decisions go by the data: an archive in which it says ``audit`` and the rule ``deny`` is a forgery."""
    said = rules_metadata(sources_of(bundle))
    for root in bundle.roots:
        path = Root.of(root).segments
        layer: Any = bundle.data
        for segment in path:
            layer = layer.get(segment, {}) if isinstance(layer, dict) else {}
        entries = layer.get("metadata") if isinstance(layer, dict) and _is_layer(path) else None
        if entries is None:
            continue
        own = said.get(path, {})
        written = (*path, "metadata")
        if not isinstance(entries, dict):
            raise _forged(bundle, written, f"data/{root}/metadata is an object")
        for rule, entry in entries.items():
            if rule not in own:
                reason = f"data/{root}/metadata is about {rule}, which is no rule of this bundle"
                raise _forged(bundle, (*written, rule), reason)
            if entry != own[rule]:
                reason = f"data/{root}/metadata says of {rule} what the rule does not say of itself"
                raise _forged(bundle, (*written, rule), reason)


def _forged(bundle: Bundle, path: tuple[str, ...], reason: str) -> InvalidPolicyDocument:
    return InvalidPolicyDocument(reason, location=place_in(bundle.written, path, bundle=bundle.name))


def _is_layer(path: tuple[str, ...]) -> bool:
    return path == ("global",) or (len(path) == 2 and path[0] == DOMAINS)


def _domain(bundle: Bundle) -> str | None:
    roots = [Root.of(root).segments for root in bundle.roots]
    in_domains = [segments for segments in roots if segments[0] == DOMAINS]
    if not in_domains:
        return None
    domains = {segments[1] for segments in in_domains if len(segments) > 1}
    if len(domains) != 1 or any(len(segments) < 2 for segments in in_domains) or len(in_domains) != len(roots):
        raise OutsideRoots(
            f"bundle {bundle.name} owns {', '.join(bundle.roots)}: "
            "a domain's bundle owns one root, domains/<name>, and nothing beside it",
            location=manifest_place(bundle.written, "roots", manifest=MANIFEST_FILE, bundle=bundle.name),
        )
    domain = domains.pop()
    place = manifest_place(bundle.written, "roots", manifest=MANIFEST_FILE, bundle=bundle.name)
    if domain in RESERVED:
        reason = f"bundle {bundle.name}: no domain is called {domain}: that is a layer of others"
        raise OutsideRoots(reason, location=place)
    if _NAME.fullmatch(domain) is None:
        reason = (
            f"bundle {bundle.name}: no domain is called {domain}, so nobody would ask it: "
            "a name is at most 64 lower-case letters, digits, - and _"
        )
        raise OutsideRoots(reason, location=place)
    return domain
