"""
Which waivers a decision was made with, told from its result: a decision document, one in the context of an AuthZEN
answer, or the audit annotations of an admission review; of a record also from what was written beside the result.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bylaw.audit.selection import read_event

# Looked for before a result is read: hardly any has one.
_MAY_BE_USED = re.compile(rb'"waived":\[\{|"auditAnnotations":\{')
_MAY_BE_RECORDED = re.compile(_MAY_BE_USED.pattern + rb'|"waivers":\["')


def waivers_used(result_json: bytes) -> frozenset[str]:
    """Their ids; none in the result of something else."""
    if _MAY_BE_USED.search(result_json) is None:
        return frozenset()
    try:
        return _used(json.loads(result_json))
    except ValueError:
        return frozenset()


def _used(result: Any) -> frozenset[str]:
    document = _member(result, "context") if "context" in _members(result) else result
    waived = _member(document, "waived")
    in_entries = [_member(_member(entry, "waiver"), "id") for entry in waived] if isinstance(waived, list) else []
    annotated = _member(_member(_member(result, "response"), "auditAnnotations"), "waivers")
    in_annotations = annotated.split(", ") if isinstance(annotated, str) else []
    return frozenset(each for each in (*in_entries, *in_annotations) if isinstance(each, str))


def _members(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _member(value: Any, key: str) -> Any:
    return _members(value).get(key)


@dataclass(frozen=True, slots=True)
class Uses:
    """How often a waiver was used, and when last (RFC 3339)."""

    count: int
    last: str


def uses_in(lines: Iterable[bytes]) -> dict[str, Uses]:
    """
    The uses on an audit log, by the waiver's id.

    Raises:
        AuditCorrupt: A line is no record.
    """
    found: dict[str, Uses] = {}
    for line in lines:
        if _MAY_BE_RECORDED.search(line) is None:
            continue
        event = read_event(line)
        beside = _member(event.get("custom"), "waivers")
        listed = beside if isinstance(beside, list) else []
        for identifier in _used(event.get("result")).union(map(str, listed)):
            known = found.get(identifier, Uses(0, ""))
            found[identifier] = Uses(known.count + 1, str(event.get("timestamp", "")))
    return found
