"""
Whether a domain's terms and policies are about its own: what can be told from its bundle alone. What takes the
council's bundle beside it is in ``tightening``.

1. ``parameters.enforcement`` raises rules of the council and of the domain, by words that are ones.
2. A policy grants in the domain: neither its scope nor a condition names another.

Composition asks a domain's rules about its own products only, whatever they say. A bundle that says otherwise was
meant to do what it cannot, so its authors hear of it before anybody relies on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bylaw.bundle.contents import Bundle
from bylaw.bundle.places import place_in, policy_place
from bylaw.bundle.roots import DOMAINS
from bylaw.errors import LoosenedLaw

COUNCIL = "global"
"""The root of the council's bundle."""

STRICTNESS: Mapping[str, int] = {"audit": 1, "advisory": 2, "warn": 2, "mandatory": 3, "deny": 3}
"""How strict each word of enforcement is; composition reads them without regard to case, and any other as ``deny``."""

_DOMAIN_FIELDS = ("domain", "resource.properties.domain")


def check_domain_terms(bundle: Bundle, domain: str) -> None:
    """
    Raises:
        LoosenedLaw: Names file and place.
    """
    layer = layer_of(bundle)
    _check_enforcement(bundle, domain, _object(_object(layer.get("parameters")).get("enforcement")))  # (1)
    for index, policy in policies_of(bundle):  # (2)
        for below, foreign in _foreign(domain, policy):
            raise LoosenedLaw(
                f"policy {policy.get('name')} of domain {domain} grants in {foreign}: "
                "a domain grants on its own products",
                location=policy_place(bundle.written, (DOMAINS, domain), index, policy, below, bundle=bundle.name),
            )


def layer_of(bundle: Bundle) -> Mapping[str, Any]:
    """What a layer's bundle says below ``global`` or its domain; nothing where that is no object."""
    value: Any = bundle.data
    for segment in (DOMAINS, bundle.domain) if bundle.domain else (COUNCIL,):
        value = _object(value).get(segment)
    return _object(value)


def policies_of(bundle: Bundle) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The policies of a layer, each with its index; what is no object is composition's to complain of."""
    policies = layer_of(bundle).get("policies")
    for index, policy in enumerate(policies if isinstance(policies, list) else []):
        if isinstance(policy, dict):
            yield index, policy


def _check_enforcement(bundle: Bundle, domain: str, raised: Mapping[str, Any]) -> None:
    for rule, word in raised.items():
        path = (DOMAINS, domain, "parameters", "enforcement", rule)
        if not rule.startswith(("global.", f"{DOMAINS}.{domain}.")):
            reason = f"domain {domain} sets the enforcement of {rule}: a domain raises rules of the council and its own"
            raise LoosenedLaw(reason, location=place_in(bundle.written, path, bundle=bundle.name))
        if not isinstance(word, str) or word.lower() not in STRICTNESS:
            reason = f"data/{'/'.join(path)} is one of {', '.join(STRICTNESS)}, not {json.dumps(word)}"
            raise LoosenedLaw(reason, location=place_in(bundle.written, path, bundle=bundle.name))


def _foreign(domain: str, policy: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The places of a granting policy that are about other domains alone, and which those are."""
    rules = policy.get("rules")
    granting = [
        (index, rule)
        for index, rule in enumerate(rules if isinstance(rules, list) else [])
        if isinstance(rule, dict) and rule.get("action") == "allow"
    ]
    if not granting:
        return
    scope = _object(_object(policy.get("metadata")).get("scope"))
    if "domains" in scope and (others := _others(domain, scope["domains"])):
        yield ("metadata", "scope", "domains"), others
    for index, rule in granting:
        conditions = rule.get("conditions")
        for number, condition in enumerate(conditions if isinstance(conditions, list) else []):
            said = _object(condition)
            if said.get("field") not in _DOMAIN_FIELDS or said.get("operator") not in {"equals", "in"}:
                continue
            if others := _others(domain, said.get("value")):
                yield ("rules", index, "conditions", number), others


def _others(domain: str, wanted: Any) -> str:
    """The domains named that are not this one."""
    named = wanted if isinstance(wanted, list) else [wanted]
    return ", ".join(sorted(name for name in named if isinstance(name, str) and canonical(name) != domain))


def canonical(name: str) -> str:
    """As ``bylaw.lib.domains`` reads it."""
    return name.strip().lower().replace(" ", "-")


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
