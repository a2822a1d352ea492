"""
The evaluators of the extension module ``bylaw_native``: in this process, on its own threads, without the interpreter's
lock. ``native`` is our Rego engine; ``regorus``, the interpreter of that name, is the second opinion on it.

Its asynchronous way costs an event loop one wake-up for all answers that are ready, not one a decision: the crate's
workers put answers into a ``Completions``, whose file descriptor the loop watches.
"""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import bylaw_native

from bylaw.errors import BylawError, EvaluationTimedOut, Location, PolicyError
from bylaw.ports import DEFAULT_DEADLINE_SECONDS

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Collection, Mapping, Sequence

# How long after its deadline an evaluation may take to notice it.
_GRACE_SECONDS = 1.0


class NativeEvaluator:
    """
    Our own engine, with the semantics of OPA v1.20.

    ``rego_v0``: modules are Rego v0 unless they say otherwise. ``strict``: OPA's strict checks. ``capabilities_json``:
    what modules may use, as in a capabilities file of OPA; without, all that reaches nothing outside. ``schemas_json``:
    JSON Schemas by name, as ``bylaw_native.load`` takes them. ``keeps_print``: calls of ``print`` are evaluated and
    shown in a trace. ``here``: ``evaluate`` stays on the thread that asks, for somebody who asks one question after the
    other: going to another thread and back takes the longer, the busier the machine is.
    """

    name = "native"

    def __init__(
        self,
        *,
        rego_v0: bool = False,
        strict: bool = False,
        capabilities_json: bytes | None = None,
        schemas_json: bytes | None = None,
        keeps_print: bool = False,
        here: bool = False,
    ) -> None:
        self._rego_v0 = rego_v0
        self._here = here
        self._strict = strict
        self._capabilities_json = capabilities_json
        self._schemas_json = schemas_json
        self._keeps_print = keeps_print

    def load(
        self, modules: Mapping[str, str], data_json: bytes, *, v0_files: Collection[str] = frozenset()
    ) -> ExtensionSnapshot:
        """As ``PolicyEvaluator.load``."""
        return ExtensionSnapshot(
            bylaw_native.load(
                modules,
                data_json,
                evaluator="native",
                v0_files=set(v0_files),
                rego_v0=self._rego_v0,
                strict=self._strict,
                capabilities_json=self._capabilities_json,
                schemas_json=self._schemas_json,
                keeps_print=self._keeps_print,
            ),
            here=self._here,
        )


class RegorusEvaluator:
    """The interpreter of regorus."""

    name = "regorus"

    def load(
        self, modules: Mapping[str, str], data_json: bytes, *, v0_files: Collection[str] = frozenset()
    ) -> ExtensionSnapshot:
        """As ``PolicyEvaluator.load``."""
        refuse_v0(v0_files, self.name)
        return ExtensionSnapshot(bylaw_native.load(modules, data_json, evaluator="regorus"))


def refuse_v0(files: Collection[str], evaluator: str) -> None:
    """
    Raises:
        PolicyError: There are modules that this evaluator would read as what they are not.
    """
    for file in sorted(files):
        message = f"Rego v0 is not read by the evaluator {evaluator}; `opa fmt --v0-v1` rewrites it"
        raise PolicyError(message, code="rego_parse_error", location=Location(file, 1))


class ExtensionSnapshot:
    """Fills ``bylaw.ports.Snapshot``."""

    __slots__ = ("_evaluate", "native")

    def __init__(self, native: bylaw_native.Snapshot, *, here: bool = False) -> None:
        self.native = native
        self._evaluate = native.evaluate_here if here else native.evaluate

    def evaluate(
        self,
        entrypoint: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,
        deadline_seconds: float = DEFAULT_DEADLINE_SECONDS,
        strict_builtin_errors: bool = False,
    ) -> bytes | None:
        return self._evaluate(
            entrypoint,
            input_json,
            at_ns=at_ns,
            deadline_seconds=deadline_seconds,
            strict_builtin_errors=strict_builtin_errors,
        )

    async def evaluate_async(
        self,
        entrypoint: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,
        deadline_seconds: float = DEFAULT_DEADLINE_SECONDS,
        strict_builtin_errors: bool = False,
    ) -> bytes | None:
        import asyncio  # noqa: PLC0415 - a command that waits for its answers does without

        loop = asyncio.get_running_loop()
        waiting_room = _waiting_room(loop)
        token, answer = waiting_room.enter(loop)
        backstop = loop.call_later(deadline_seconds + _GRACE_SECONDS, waiting_room.give_up, token)
        try:
            self.native.submit(
                waiting_room.completions,
                token,
                entrypoint,
                input_json,
                at_ns=at_ns,
                deadline_seconds=deadline_seconds,
                strict_builtin_errors=strict_builtin_errors,
            )
            return await answer
        finally:
            backstop.cancel()
            waiting_room.leave(token)

    def query(
        self,
        query: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,
        deadline_seconds: float = DEFAULT_DEADLINE_SECONDS,
        strict_builtin_errors: bool = False,
        watch: bylaw_native.Watch | None = None,
    ) -> Sequence[Mapping[str, Any]]:
        """As the port's; ``watch`` is told what happens on the way, by ``native``."""
        results: list[dict[str, Any]] = json.loads(
            self.native.query(
                query,
                input_json,
                at_ns=at_ns,
                deadline_seconds=deadline_seconds,
                strict_builtin_errors=strict_builtin_errors,
                watch=watch,
            )
        )
        for result in results:
            result.setdefault("bindings", {})
        return results

    def defines(self, entrypoint: str) -> bool:
        return self.native.defines(entrypoint)


class _WaitingRoom:
    """
    The evaluations that one event loop waits for. Used on that loop's thread only. It does not hold its loop: rooms are
    kept by loop for as long as that lives, and no longer.
    """

    __slots__ = ("__weakref__", "_tokens", "_waiting", "completions")

    def __init__(self) -> None:
        self.completions = bylaw_native.Completions()
        self._tokens = count()
        self._waiting: dict[int, asyncio.Future[bytes | None]] = {}

    def enter(self, loop: asyncio.AbstractEventLoop) -> tuple[int, asyncio.Future[bytes | None]]:
        token = next(self._tokens)
        answer: asyncio.Future[bytes | None] = loop.create_future()
        self._waiting[token] = answer
        return token, answer

    def leave(self, token: int) -> None:
        """Whoever gave up is not answered: what arrives under the token later is dropped."""
        self._waiting.pop(token, None)

    def give_up(self, token: int) -> None:
        """A built-in that does not return cannot be stopped; whoever waits for it can."""
        answer = self._waiting.get(token)
        if answer is not None and not answer.done():
            answer.set_exception(EvaluationTimedOut("the evaluation did not stop in time"))

    def answer_all(self) -> None:
        for token, value in self.completions.take():
            answer = self._waiting.get(token)
            if answer is None or answer.done():
                continue
            if isinstance(value, BylawError):
                answer.set_exception(value)
            else:
                answer.set_result(value)


_waiting_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, _WaitingRoom] = WeakKeyDictionary()


def _waiting_room(loop: asyncio.AbstractEventLoop) -> _WaitingRoom:
    room = _waiting_rooms.get(loop)
    if room is None:
        room = _waiting_rooms[loop] = _WaitingRoom()
        loop.add_reader(room.completions.fileno(), room.answer_all)
    return room
