"""
The engine's sentences about the world, each with its promise about failure. Adapters fill them in; one contract suite
a port (``tests/contract/``) holds every implementation to the promise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from bylaw.waivers.waiver import Waiver

DEFAULT_DEADLINE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a record stands: its gap-free sequence number and its hash, hex."""

    sequence: int
    record_hash: str


class Snapshot(Protocol):
    """
    Modules and data of known revisions, immutable, ready to be asked. Everything that evaluates is safe to call from
    any thread, holds no interpreter lock while it evaluates, and ends by its deadline.
    """

    def evaluate(
        self,
        entrypoint: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,
        deadline_seconds: float = DEFAULT_DEADLINE_SECONDS,
        strict_builtin_errors: bool = False,
    ) -> bytes | None:
        """
        The value of one document, as compact JSON with sorted keys, or ``None`` where it is undefined.

        Args:
            entrypoint: A path below ``data`` with slashes, as ``bylaw/decisions/access/decision``. Segments are taken
                literally: none of them can be read as Rego.
            input_json: The text of the input; ``None`` leaves ``input`` undefined.
            at_ns: What ``time.now_ns()`` answers, in nanoseconds since 1970; the present where it is not given.

        Raises:
            InputError: The input is no JSON, or beyond the limits.
            EvaluationFailed: A conflict, a strict built-in error, or a fault of the evaluator itself.
            EvaluationTimedOut: The deadline passed.
            EvaluatorUnavailable: Nobody there to evaluate.
        """

    async def evaluate_async(
        self,
        entrypoint: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,
        deadline_seconds: float = DEFAULT_DEADLINE_SECONDS,
        strict_builtin_errors: bool = False,
    ) -> bytes | None:
        """As ``evaluate``, never blocking the event loop."""

    def query(
        self,
        query: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,
        deadline_seconds: float = DEFAULT_DEADLINE_SECONDS,
        strict_builtin_errors: bool = False,
    ) -> Sequence[Mapping[str, Any]]:
        """
        Evaluate a query as ``opa eval`` does: one mapping a result, ``{"expressions": [{"value", "text", "location"}],
        "bindings": {…}}``; none where it is undefined.

        Raises:
            PolicyError: The query does not parse.
            InputError, EvaluationError: As ``evaluate``.
        """

    def defines(self, entrypoint: str) -> bool:
        """Whether a rule of this path (or a package on the way to one) was loaded. Data does not count."""


class PolicyEvaluator(Protocol):
    """What turns Rego and data into a ``Snapshot``. Implementations live in ``bylaw_adapters.evaluators``."""

    name: str

    def load(
        self, modules: Mapping[str, str], data_json: bytes, *, v0_files: Collection[str] = frozenset()
    ) -> Snapshot:
        """
        Parse and check modules (by file name) with the base data (a JSON object), off to the side. ``v0_files`` are
        those modules that are Rego v0; an evaluator that knows only v1 refuses them.

        Raises:
            PolicyError: A module does not parse, recurses, calls a built-in that does not exist here, or uses syntax
                that this evaluator does not know. Never found out later, at a decision.
            InputError: The data is no JSON object, or beyond the limits.
        """


class WaiverStore(Protocol):
    """Where requested waivers are kept. Implementations live in ``bylaw_adapters.registry_stores``."""

    def all(self) -> Sequence[Waiver]:
        """In the order of their requests. Callable from any thread; never a change that ``put`` did not finish."""

    def get(self, identifier: str) -> Waiver | None: ...

    def put(self, waiver: Waiver) -> None:
        """
        Keep it, durably, in the place of the one with its id.

        Raises:
            WaiversUnavailable: It could not be kept; what was there before still is.
        """


class AuditLog(Protocol):
    """Where decision records go. Implementations live in ``bylaw_adapters.audit_logs``."""

    async def append(self, event_json: bytes) -> Receipt:
        """
        Store one record (a JSON object on one line), durably, before the caller sees the decision.

        Raises:
            AuditUnavailable: The record could not be stored. The engine then answers nothing: a decision nobody can
                account for is not given.
        """

    def close(self) -> None:
        """Write what was accepted, release the log; ``append`` refuses from then on."""
