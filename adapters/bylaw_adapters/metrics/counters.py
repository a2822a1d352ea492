"""
What is counted, in plain dictionaries: a few hundred nanoseconds a decision. ``exposition`` turns it into Prometheus'
form when somebody asks. One event loop counts; there is no lock.

Labels are bounded: an entrypoint counts under its kind, a method or handler that is none of ours as ``other``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bylaw.decision import DECISION_KINDS
from bylaw.waivers.uses import waivers_used

if TYPE_CHECKING:
    from bylaw.decide import Answer

# OPA's own, so that its dashboards fit.
HTTP_BUCKETS = (1e-06, 5e-06, 1e-05, 5e-05, 1e-04, 5e-04, 1e-03, 0.01, 0.1, 1.0)
# From a cached answer to the longest deadline.
WORK_BUCKETS = (5e-05, 1e-04, 2.5e-04, 5e-04, 1e-03, 2.5e-03, 5e-03, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})

_KINDS = {f"bylaw/decisions/{kind}/decision": kind for kind in DECISION_KINDS}
_DOOR_KINDS = {"bylaw/trino/": "access", "bylaw/kubernetes/": "provisioning"}


class Histogram:
    """Observations in buckets, as Prometheus counts them."""

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value


@dataclass(slots=True)
class Counters:
    """Fills ``bylaw_adapters.serving.service.Observer``."""

    requests: dict[tuple[str, str, int], Histogram] = field(default_factory=dict)
    """By handler, method, status."""
    decisions: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """By kind, outcome, door."""
    failures: dict[tuple[str, str], int] = field(default_factory=dict)
    """By code, door."""
    evaluation: Histogram = field(default_factory=lambda: Histogram(WORK_BUCKETS))
    audit: Histogram = field(default_factory=lambda: Histogram(WORK_BUCKETS))
    bundles: Mapping[str, Any] = field(default_factory=dict)
    fleet: Callable[[], tuple[Mapping[tuple[str, str], int], Mapping[str, int]]] = field(default=lambda: ({}, {}))
    """How many OPAs have which bundle in which state, and what became of the events they sent."""
    loads: dict[str, int] = field(default_factory=lambda: {"activated": 0, "refused": 0})
    waiver_uses: dict[str, int] = field(default_factory=dict)
    """By the waiver's id; ids come from law, never from who asks."""
    waivers: Sequence[Mapping[str, Any]] = ()
    """The last report of waivers."""
    _kinds: dict[str, str] = field(default_factory=lambda: dict(_KINDS))

    def decided(self, entrypoint: str, door: str, answer: Answer) -> None:
        key = (self._kind(entrypoint), _outcome(answer.result_json), door)
        self.decisions[key] = self.decisions.get(key, 0) + 1
        self.evaluation.observe(answer.evaluation_ns * 1e-9)
        self.audit.observe(answer.audit_ns * 1e-9)
        for waiver in waivers_used(answer.result_json or b"").union(answer.waivers):
            self.waiver_uses[waiver] = self.waiver_uses.get(waiver, 0) + 1

    def reported_waivers(self, report: Sequence[Mapping[str, Any]]) -> None:
        self.waivers = report

    def undecided(self, entrypoint: str, door: str, code: str) -> None:
        key = (self._kind(entrypoint), "undecided", door)
        self.decisions[key] = self.decisions.get(key, 0) + 1
        self.failures[code, door] = self.failures.get((code, door), 0) + 1

    def answered(self, handler: str, method: str, status: int, seconds: float) -> None:
        key = (handler, method, status)
        histogram = self.requests.get(key)
        if histogram is None:
            key = (handler, method if method in METHODS else "other", status)
            histogram = self.requests.setdefault(key, Histogram(HTTP_BUCKETS))
        histogram.observe(seconds)

    def activated(self) -> None:
        self.loads["activated"] += 1

    def refused(self) -> None:
        self.loads["refused"] += 1

    def told_of_bundles(self, bundles: Mapping[str, Any]) -> None:
        self.bundles = bundles

    def _kind(self, entrypoint: str) -> str:
        kind = self._kinds.get(entrypoint)
        if kind is None:
            matching = (kind for prefix, kind in _DOOR_KINDS.items() if entrypoint.startswith(prefix))
            kind = next(matching, "other")
        return kind


def _outcome(result_json: bytes | None) -> str:
    """What a decision said, as far as its first bytes tell; an answer that is no decision is just ``answered``."""
    if result_json is None:
        return "undefined"
    if result_json == b"true" or result_json.startswith(b'{"allow":true'):
        return "allow"
    if result_json == b"false" or result_json.startswith(b'{"allow":false'):
        return "deny"
    return "answered"
