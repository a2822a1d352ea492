"""
What a decision is, and nothing about how one is reached.

A decision is one of three things, and a caller cannot confuse them: ``Allowed``, ``Denied`` with at least one reason,
or ``Undecided`` when none could be reached. There is no boolean to default: adapters must say what ``Undecided`` means
for their protocol, because failing open is theirs to justify.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

KINDS = ("access", "quality", "privacy", "retention", "schema", "compliance", "provisioning")
"""The kinds of rule. ``publication`` composes five of them and is asked for like one."""

DECISION_KINDS = (*KINDS, "publication")


def entrypoint(kind: str) -> str:
    """
    The path that answers decisions of a kind, as ``bylaw/decisions/privacy/decision``.

    Raises:
        ValueError: There is no such kind.
    """
    if kind not in DECISION_KINDS:
        raise ValueError(f"no kind {kind!r}; there are {', '.join(DECISION_KINDS)}")
    return f"bylaw/decisions/{kind}/decision"


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry of a decision: a violation, warning or audit, as the rule's layer worded it."""

    rule: str
    id: str
    layer: str
    enforcement: str
    severity: str
    msg: str
    path: str
    remediation: str
    controls: tuple[str, ...]

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Finding:
        return cls(
            rule=entry["rule"],
            id=entry.get("id", ""),
            layer=entry.get("layer", ""),
            enforcement=entry["enforcement"],
            severity=entry.get("severity", ""),
            msg=entry["msg"],
            path=entry.get("path", ""),
            remediation=entry.get("remediation", ""),
            controls=tuple(entry.get("controls", ())),
        )


@dataclass(frozen=True, slots=True)
class Allowed:
    """No violation, and for access at least one grant. ``document`` is the whole decision (design, section 4)."""

    document: Mapping[str, Any]
    warnings: tuple[Finding, ...] = ()
    audits: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Denied:
    """At least one rule was violated. A denial for want of a grant carries a violation that says so."""

    document: Mapping[str, Any]
    violations: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()
    audits: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        if not self.violations:
            raise ValueError("a denial names at least one violation")


@dataclass(frozen=True, slots=True)
class Quality:
    """What becomes of the data that a decision about quality or publication is about: its obligation ``quality``."""

    action: str
    """``publish``, ``quarantine`` (publish all but what is kept out) or ``block``."""
    quarantine: tuple[Mapping[str, Any], ...] = ()
    error_budgets: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Quality | None:
        """Of a decision document; ``None`` where it is of another kind."""
        said = document["obligations"].get("quality")
        return None if said is None else cls(said["action"], tuple(said["quarantine"]), tuple(said["error_budgets"]))

    def lines(self) -> Iterator[str]:
        """For a reader: what to do with the data, and what is left of the error budgets."""
        yield f"the data: {self.action}"
        yield from (f"  keep out {_kept_out(entry)}" for entry in self.quarantine)
        for budget in self.error_budgets:
            left = f", {budget['remaining']} of it is left" if "remaining" in budget else ""
            yield f"  error budget of {budget['measure']} ({budget['layer']}): {budget['state']}{left}"


def _kept_out(entry: Mapping[str, Any]) -> str:
    of = f" of {entry['dataset']}" if "dataset" in entry else ""
    if entry["what"] == "partition":
        return f"the part {entry.get('partition')}{of}: check {entry['check']}"
    return f"{entry.get('rows')} of {entry.get('of')} rows{of}: those that check {entry['check']} found"


@dataclass(frozen=True, slots=True)
class Undecided:
    """No decision was reached; ``code`` and ``reason`` say why (``bylaw.errors``)."""

    code: str
    reason: str


Decision: TypeAlias = Allowed | Denied | Undecided


def read_decision(result_json: bytes | None) -> Decision:
    """
    The decision in an entrypoint's answer. Whatever is not clearly one is ``Undecided``: undefined, another shape,
    ``allow`` and ``decision`` that disagree, a denial that names nothing.
    """
    if result_json is None:
        return Undecided("undefined_decision", "the entrypoint is undefined for this input")
    document = json.loads(result_json)
    try:
        violations, warnings, audits = (
            tuple(Finding.of(entry) for entry in document[list_name])
            for list_name in ("violations", "warnings", "audits")
        )
        match document["decision"], document["allow"]:
            case "allow", True if not violations:
                return Allowed(document, warnings, audits)
            case "deny", False if violations:
                return Denied(document, violations, warnings, audits)
            case decision, allow:
                reason = f"decision {decision!r} with allow {allow!r} and {len(violations)} violations is none of ours"
                return Undecided("wrong_shape", reason)
    except (KeyError, TypeError) as error:
        return Undecided("wrong_shape", f"the answer is not a decision document: {error!r}")
