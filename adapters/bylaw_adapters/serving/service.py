"""
The running service, as the doors see it: the law in force, the way to a recorded decision, and whether it is well.
Knows no protocol, and no adapter by name: ``wiring`` gives it what it needs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bylaw.decide import Answer, DecisionRequest, decide
from bylaw.errors import BylawError
from bylaw.law import Law
from bylaw.ports import AuditLog
from bylaw_adapters.serving.exchange import Exchange


class Observer(Protocol):
    """What is told about each decision and load, to be counted. Must not fail, and must be cheap."""

    def decided(self, entrypoint: str, door: str, answer: Answer) -> None: ...

    def undecided(self, entrypoint: str, door: str, code: str) -> None: ...

    def answered(self, handler: str, method: str, status: int, seconds: float) -> None: ...

    def activated(self) -> None: ...

    def refused(self) -> None: ...

    def told_of_bundles(self, bundles: Mapping[str, BundleState]) -> None: ...


@dataclass(frozen=True, slots=True)
class Release:
    """A law that can be put in force, and the modules it was made of (what ``/v1/policies`` shows)."""

    law: Law
    modules: Mapping[str, str]
    roots: Mapping[str, tuple[str, ...]]
    """Whose part of ``data`` is whose: the roots of each bundle, by its name."""
    v0_files: frozenset[str] = frozenset()
    """The modules that are Rego v0."""
    archives: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """The bundles as they are handed on to a fleet, by name."""
    data_json: bytes = field(default=b"{}", repr=False)
    """The data of the bundles, without the waivers that were requested of the service (``waived_law``)."""
    signed: frozenset[str] = frozenset()
    """Those of them that came signed, and keep that signature."""


@dataclass(frozen=True, slots=True)
class BundleState:
    """
    What is known of one bundle, as OPA's status reports it; times in nanoseconds since 1970, 0 for never. ``pinned``:
    in force by a rollback. ``error`` is why the last attempt to load it failed.
    """

    name: str
    active_revision: str
    activated_ns: int
    place: str = ""
    size_bytes: int = 0
    requested_ns: int = 0
    request_succeeded_ns: int = 0
    downloaded_ns: int = 0
    pinned: bool = False
    error: BylawError | None = None


@dataclass(slots=True)
class Service:
    """
    ``release`` is replaced as a whole, in one assignment: a request that has begun keeps the law it began with.
    """

    release: Release
    log: AuditLog
    observer: Observer
    labels: Mapping[str, str]
    evaluation_timeout_seconds: float
    max_batch_items: int
    shown_settings: Mapping[str, Any] = field(default_factory=dict)
    is_draining: bool = False
    bundles: Mapping[str, BundleState] = field(default_factory=dict)
    on_activation: Callable[[], None] = lambda: None
    """Told, on the event loop, that another law was put in force."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once, when this law is no longer the one in force, or the service stops; the next law has another."""

    def __post_init__(self) -> None:
        self.activate(self.release, self.bundles)

    @property
    def law(self) -> Law:
        return self.release.law

    async def decide(
        self,
        exchange: Exchange,
        entrypoint: str,
        input_json: bytes | None,
        *,
        door: str,
        deadline_seconds: float | None = None,
        strict_builtin_errors: bool = False,
        custom: Mapping[str, object] | None = None,
        query: str = "",
    ) -> Answer:
        """
        One decision of the law in force, recorded before it is returned.

        Raises:
            EvaluationError, InputError, PolicyError, AuditUnavailable: As ``bylaw.decide.decide``.
        """
        request = DecisionRequest(
            entrypoint,
            input_json,
            requested_by=exchange.requested_by,
            request_id=exchange.number,
            door=door,
            deadline_seconds=self.evaluation_timeout_seconds if deadline_seconds is None else deadline_seconds,
            strict_builtin_errors=strict_builtin_errors,
            custom=correlation(exchange, custom),
            query=query,
        )
        try:
            answer = await decide(self.release.law, self.log, request, labels=self.labels)
        except BylawError as error:
            self.observer.undecided(entrypoint, door, error.code)
            raise
        self.observer.decided(entrypoint, door, answer)
        return answer

    def activate(self, release: Release, bundles: Mapping[str, BundleState]) -> None:
        """Put a law in force, in one step; of a bundle that ``bundles`` does not name, only its revision is known."""
        now_ns = time.time_ns()
        of_revisions = {name: BundleState(name, revision, now_ns) for name, revision in release.law.revisions.items()}
        self.release = release
        self.bundles = {**of_revisions, **bundles}
        self._wake()
        self.observer.activated()
        self.observer.told_of_bundles(self.bundles)
        self.on_activation()

    async def renew(self, made_anew: Callable[[Release], Release]) -> None:
        """
        Put the law of the same bundles in force anew, made aside. Where another law comes in between, it is that one
        which is made anew: none is overtaken by what was made of an older one.

        Raises:
            BylawError: It could not be made; the law in force stays.
        """
        while True:
            before = self.release
            renewed = await asyncio.to_thread(made_anew, before)
            if self.release is before:
                self.release = renewed
                return

    def drain(self) -> None:
        """Answer what waits, and let nothing wait any more."""
        self.is_draining = True
        self._wake()

    def _wake(self) -> None:
        waited, self.changed = self.changed, asyncio.Event()
        waited.set()

    def tell(self, bundles: Mapping[str, BundleState], *, refused: bool) -> None:
        """What became known of bundles while the law stayed; ``refused`` where one of them was not put in force."""
        self.bundles = {**self.bundles, **bundles}
        if refused:
            self.observer.refused()
        self.observer.told_of_bundles(self.bundles)


def correlation(exchange: Exchange, custom: Mapping[str, object] | None) -> Mapping[str, object]:
    """What lets a reader of the log find the request again: the caller's own identifiers, and who it is."""
    headers = exchange.headers
    found: dict[str, object] = {}
    if b"x-request-id" in headers:
        found["x_request_id"] = exchange.header(b"x-request-id")[:MAX_CORRELATION_CHARACTERS]
    if b"traceparent" in headers:
        found["traceparent"] = exchange.header(b"traceparent")[:MAX_CORRELATION_CHARACTERS]
    if exchange.identity is not None:
        found["identity"] = exchange.identity.name
    if not found:
        return custom or _NOTHING
    return {**found, **custom} if custom else found


_NOTHING: Mapping[str, object] = {}

# As long as any identifier in use; the record is not the place for a caller's prose.
MAX_CORRELATION_CHARACTERS = 256
