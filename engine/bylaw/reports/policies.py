"""
The policy report: how many policies there are, of which type and enforcement, and how the decisions on record went.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bylaw.audit.record import timestamp
from bylaw.audit.selection import outcome, read_event
from bylaw.bundle.domain_terms import canonical
from bylaw.bundle.policy_form import TYPES
from bylaw.errors import EvaluationFailed
from bylaw.law_book.inventory import GLOBAL, HeldPolicy
from bylaw.ports import Snapshot

CONCERNED = "bylaw/lib/domains/concerned"
_COLUMNS = {"allow": "allowed", "deny": "denied", "error": "undecided", "undefined": "undecided"}


@dataclass(frozen=True, slots=True)
class Evaluations:
    """How decisions on record went. ``unattributed`` are those of which it is not known whether they were asked for."""

    allowed: int = 0
    denied: int = 0
    undecided: int = 0
    unattributed: int = 0

    def to_json(self) -> dict[str, int]:
        return {
            "total_evaluations": self.allowed + self.denied + self.undecided,
            "allowed": self.allowed,
            "denied": self.denied,
            "undecided": self.undecided,
            "unattributed": self.unattributed,
        }


def evaluations_in(lines: Iterable[bytes], *, domain: str | None = None, law: Snapshot) -> Evaluations:
    """
    What the records of a log came to. Answers that are no decision (of a rule of the caller's own, of a batch) are not
    counted. Which domains a record concerns is asked of the law's library; a record whose input is gone, or of which
    the library cannot say it, is unattributed.

    Raises:
        AuditCorrupt: A line is no record.
    """
    counted: Counter[str] = Counter()
    for line in lines:
        event = read_event(line)
        column = _COLUMNS.get(outcome(event))
        if column is not None:
            concerned = True if domain is None else _concerns(event, domain, law)
            counted[column if concerned else "unattributed"] += concerned is not False
    return Evaluations(**{name: counted[name] for name in ("allowed", "denied", "undecided", "unattributed")})


def _concerns(event: Mapping[str, Any], domain: str, law: Snapshot) -> bool | None:
    """``None`` where it is not known."""
    if "input" not in event:
        return None
    try:
        answer = law.evaluate(CONCERNED, json.dumps(event["input"]).encode())
    except EvaluationFailed:
        return None
    return None if answer is None else domain in json.loads(answer)


def policy_report(
    held: Sequence[HeldPolicy], evaluations: Evaluations, *, domain: str | None, at_ns: int
) -> dict[str, Any]:
    """
    The report, as JSON values, for the mesh or for a domain: then of the policies that its products are judged by, its
    own and those of the council whose scope does not leave it out. What is switched off is counted in
    ``total_policies`` and ``switched_off``, and nowhere else.
    """
    listed = [each for each in held if domain is None or _is_about(each, domain)]
    enabled = [each for each in listed if each.is_enabled]
    return {
        "timestamp": timestamp(at_ns),
        "domain": domain,
        "total_policies": len(listed),
        "switched_off": len(listed) - len(enabled),
        "policies_by_type": {name: sum(each.type == name for each in enabled) for name in TYPES},
        "policies_by_enforcement": {
            word: sum(each.enforcement == word for each in enabled) for word in ("deny", "warn", "audit")
        },
        "policies_by_layer": dict(sorted(Counter(each.layer for each in enabled).items())),
        "policies": [each.summary() for each in listed],
        "evaluation_summary": evaluations.to_json(),
    }


def _is_about(held: HeldPolicy, domain: str) -> bool:
    if held.root != GLOBAL:
        return held.layer == domain
    named = held.policy.get("metadata", {}).get("scope", {}).get("domains")
    names = [named] if isinstance(named, str) else named
    return names is None or domain in {canonical(name) for name in names}
