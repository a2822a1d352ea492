"""
The compliance report: which products keep the law of their publication, what they violate and what they are warned of.
A product is compliant when the decision on it says so; of one that could not be judged it is not known, and that is no
compliance.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bylaw.audit.record import timestamp
from bylaw.decision import Allowed, Denied, Undecided, entrypoint, read_decision
from bylaw.errors import BylawError
from bylaw.facts.gathered import PUBLICATION, Facts
from bylaw.ports import DEFAULT_DEADLINE_SECONDS, Snapshot
from bylaw.reports.subject import registered_elsewhere, subject_of

Verdict = Literal["compliant", "non_compliant", "undecided"]
_VERDICTS: tuple[Verdict, ...] = ("compliant", "non_compliant", "undecided")

# The words of who asks for compliance, for those of decisions.
_LEVELS = {"deny": "mandatory", "warn": "advisory", "audit": "recorded"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One product, or a document that should have been one. ``domain`` is empty where it is not known."""

    domain: str
    name: str
    verdict: Verdict
    source: str = ""
    reason: str = ""
    """Why it could not be judged."""
    document: Mapping[str, Any] | None = None
    """The decision."""

    def to_json(self) -> dict[str, Any]:
        decided = self.document or {}
        row: dict[str, Any] = {
            "product_id": f"{self.domain}/{self.name}" if self.domain else self.name,
            "product_name": self.name,
            "domain": self.domain,
            "source": self.source,
            "overall_compliance": self.verdict == "compliant",
            "verdict": self.verdict,
            "policy_violations": [_said(entry) for entry in decided.get("violations", ())],
            "warnings": [_said(entry) for entry in decided.get("warnings", ())],
            "waived": [_said(entry) for entry in decided.get("waived", ())],
        }
        return row | ({"reason": self.reason} if self.reason else {})


def _said(entry: Mapping[str, Any]) -> dict[str, Any]:
    told = {
        "policy": entry["rule"],
        "id": entry["id"],
        "violation": entry["msg"],
        "enforcement_level": _LEVELS[entry["enforcement"]],
        "path": entry["path"],
        "remediation": entry["remediation"],
    }
    source = entry.get("policy", {}).get("source")
    return told | ({"policy_source": source} if source else {})


def judge(
    facts: Facts, law: Snapshot, *, at_ns: int, deadline_seconds: float = DEFAULT_DEADLINE_SECONDS
) -> Judged | None:
    """One document judged; ``None`` for one that is about no product. Never raises what is the document's fault."""
    subject = subject_of(facts)
    if subject is None:
        return None
    domain, name, source = subject.domain, subject.name, subject.source
    try:
        question = json.dumps(facts.input, separators=(",", ":"), allow_nan=False).encode()
        answer = law.evaluate(entrypoint(PUBLICATION), question, at_ns=at_ns, deadline_seconds=deadline_seconds)
    except BylawError as error:
        return Judged(domain, name, "undecided", source, str(error))
    match read_decision(answer):
        case Allowed(document=document):
            return Judged(domain, name, "compliant", source, document=document)
        case Denied(document=document):
            return Judged(domain, name, "non_compliant", source, document=document)
        case Undecided(reason=reason):
            return Judged(domain, name, "undecided", source, reason)


def unread(file: str, error: BylawError) -> Judged:
    """A document that could not be read: whose it is, and whether it complies, nobody knows."""
    return Judged("", file, "undecided", file, str(error))


def missing(registered: Mapping[str, Any], judged: Iterable[Judged]) -> list[Judged]:
    """The products that the registry has (``data.mesh.products``) and that nobody gave to be judged."""
    there = {(each.domain, each.name) for each in judged}
    reason = "the registry has this product, and it was not given to be judged"
    return [
        Judged(domain, name, "undecided", reason=reason) for domain, name in registered_elsewhere(registered, there)
    ]


def compliance_report(judged: Sequence[Judged], *, domain: str | None, at_ns: int) -> dict[str, Any]:
    """
    The report, as JSON values, for the mesh or for a domain; of a domain with the documents whose domain nobody knows.
    ``overall_compliance`` takes at least one product, and every one compliant.
    """
    listed = sorted(
        (each for each in judged if domain is None or each.domain in {domain, ""}),
        key=lambda each: (each.domain, each.name, each.source),
    )
    domains = sorted({each.domain for each in listed if each.domain} | ({domain} if domain else set()))
    return {
        "timestamp": timestamp(at_ns),
        "domain": domain,
        "overall_compliance": bool(listed) and all(each.verdict == "compliant" for each in listed),
        "summary": _summary(listed),
        "domains": {name: _summary([each for each in listed if each.domain == name]) for name in domains},
        "products": [each.to_json() for each in listed],
    }


def _summary(listed: Sequence[Judged]) -> dict[str, int]:
    return {"products": len(listed), **{word: sum(each.verdict == word for each in listed) for word in _VERDICTS}}
