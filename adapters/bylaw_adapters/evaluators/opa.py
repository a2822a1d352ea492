"""
A running OPA as a ``PolicyEvaluator``, for fleets that must run OPA itself and for parity tests.

An OPA holds one set of modules and data, where the port promises snapshots that live side by side. So ``load`` replaces
what is there, and a snapshot whose law was replaced answers no more: ``EvaluatorUnavailable``, never another law's
verdict. That OPA must be ours alone, without bundles of its own.

``time.now_ns()`` is fixed by asking ``data.… with time.now_ns as …``, where the modules mention the clock at all; OPA
offers that for queries only, so strict built-in errors and a fixed instant exclude each other there.
"""

from __future__ import annotations

import asyncio
import json
from graphlib import CycleError, TopologicalSorter
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any

import bylaw_native

from bylaw.errors import EvaluatorUnavailable, InputTooLarge, PolicyError, WrongShape
from bylaw.ports import DEFAULT_DEADLINE_SECONDS
from bylaw_adapters.evaluators.extension import refuse_v0
from bylaw_adapters.evaluators.opa_connection import OpaConnection

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_CLOCK = "time.now_ns"

# The variable that a query's value is bound to; no caller's query can mean it.
_VALUE = "bylaw_value_of_the_query"


class OpaEvaluator:
    """Pushes modules and data to one OPA, and asks it."""

    name = "opa"

    def __init__(self, url: str, *, token: str | None = None) -> None:
        self._connection = OpaConnection(url, token=token)
        self._loading = Lock()
        self._generations = count(1)
        self._generation = 0

    def load(
        self, modules: Mapping[str, str], data_json: bytes, *, v0_files: Collection[str] = frozenset()
    ) -> OpaSnapshot:
        """
        Replace what OPA holds. Whatever fails leaves it half done, so no earlier snapshot answers afterwards either.

        Raises:
            EvaluatorUnavailable: OPA cannot be reached, or does not let us write.
        """
        refuse_v0(v0_files, self.name)
        _check_object(data_json)
        with self._loading:
            self._generation = next(self._generations)
            held = {policy["id"]: policy["raw"] for policy in self._connection.policies()}
            self._remove({file: text for file, text in held.items() if file not in modules})
            self._connection.put_data(data_json)
            self._put({file: text for file, text in modules.items() if held.get(file) != text})
            return OpaSnapshot(self, self._generation, has_clock=any(_CLOCK in text for text in modules.values()))

    def connection(self, generation: int) -> OpaConnection:
        """The connection, for a snapshot that still is what OPA holds."""
        if generation != self._generation:
            raise EvaluatorUnavailable("OPA holds another law by now")
        return self._connection

    def _remove(self, modules: Mapping[str, str]) -> None:
        """OPA keeps a module for as long as others need it: callers go first, and whatever is left in rounds."""
        left = _callees_first(modules)[::-1]
        while left:
            remaining = [file for file in left if not self._connection.remove_policy(file)]
            if len(remaining) == len(left):
                raise EvaluatorUnavailable(f"OPA does not let go of {', '.join(remaining)}")
            left = remaining

    def _put(self, modules: Mapping[str, str]) -> None:
        """OPA compiles at each module: callees come first, and whatever is refused again, in rounds."""
        left = _callees_first(modules)
        while left:
            refusals: dict[str, PolicyError] = {}
            for file in left:
                refusal = self._connection.put_policy(file, modules[file])
                if refusal is not None:
                    refusals[file] = refusal
            if len(refusals) == len(left):
                raise next(iter(refusals.values()))
            left = list(refusals)


class OpaSnapshot:
    """Fills ``bylaw.ports.Snapshot`` for as long as OPA holds what was loaded."""

    __slots__ = ("_evaluator", "_generation", "_has_clock", "_rule_paths")

    def __init__(self, evaluator: OpaEvaluator, generation: int, *, has_clock: bool) -> None:
        self._evaluator = evaluator
        self._generation = generation
        self._has_clock = has_clock
        self._rule_paths = frozenset(
            path for policy in evaluator.connection(generation).policies() for path in _rule_paths(policy["ast"])
        )

    def evaluate(
        self,
        entrypoint: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,
        deadline_seconds: float = DEFAULT_DEADLINE_SECONDS,
        strict_builtin_errors: bool = False,
    ) -> bytes | None:
        _check_input(input_json)
        connection = self._evaluator.connection(self._generation)
        steps = _steps(entrypoint)
        clock = f" with {_CLOCK} as {at_ns}" if at_ns is not None and self._has_clock else ""
        # OPA's path routes cannot carry quotes, and its queries cannot be strict.
        if any('"' in step for step in steps) or (clock and not strict_builtin_errors):
            query = f"{_VALUE} = {_reference(steps)}{clock}"
            answer = connection.results(query, input_json, deadline_seconds=deadline_seconds)
            results = _member(answer, "result")
            value = None if results is None else _member(results.strip()[1:-1], _VALUE)
        else:
            answer = connection.document(
                steps, input_json, deadline_seconds=deadline_seconds, strict_builtin_errors=strict_builtin_errors
            )
            value = _member(answer, "result")
        self._evaluator.connection(self._generation)  # still the law that was asked
        return None if value is None else bylaw_native.canonical_json(value)

    async def evaluate_async(
        self,
        entrypoint: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,
        deadline_seconds: float = DEFAULT_DEADLINE_SECONDS,
        strict_builtin_errors: bool = False,
    ) -> bytes | None:
        return await asyncio.to_thread(
            self.evaluate,
            entrypoint,
            input_json,
            at_ns=at_ns,
            deadline_seconds=deadline_seconds,
            strict_builtin_errors=strict_builtin_errors,
        )

    def query(
        self,
        query: str,
        input_json: bytes | None,
        *,
        at_ns: int | None = None,  # noqa: ARG002  # a query with a clock of its own would have to be rewritten
        deadline_seconds: float = DEFAULT_DEADLINE_SECONDS,
        strict_builtin_errors: bool = False,  # noqa: ARG002  # OPA has no such parameter for queries
    ) -> Sequence[Mapping[str, Any]]:
        """
        As the port's. OPA's REST API answers with bindings alone, so the value of a query is bound to a variable of
        ours; where that does not parse (``x := 1``), the expression's value is ``true``, as OPA's own would be.
        """
        _check_input(input_json)
        connection = self._evaluator.connection(self._generation)
        try:
            answer = connection.results(f"{_VALUE} = {query}", input_json, deadline_seconds=deadline_seconds)
        except PolicyError:
            answer = connection.results(query, input_json, deadline_seconds=deadline_seconds)
        return [_result(query, bindings) for bindings in json.loads(answer).get("result", [])]

    def defines(self, entrypoint: str) -> bool:
        steps = tuple(_steps(entrypoint))
        return any(path[: len(steps)] == steps for path in self._rule_paths)


def _callees_first(modules: Mapping[str, str]) -> list[str]:
    """The files, those whose packages others call before those that call them, as far as we can read them."""
    files: dict[str, list[str]] = {}
    calls: dict[str, set[str]] = {}
    for file in sorted(modules):
        try:
            module = bylaw_native.parse_module(file, modules[file])
        except PolicyError:
            continue
        files.setdefault(_dotted(module["package"]), []).append(file)
        called = {call["name"] for rule in module["rules"] for call in rule["calls"] if not call["is_builtin"]}
        calls[file] = {name.rpartition(".")[0] for name in called}
    dependencies = {file: {callee for name in names for callee in files.get(name, [])} for file, names in calls.items()}
    try:
        ordered = list(
            TopologicalSorter({file: needed - {file} for file, needed in dependencies.items()}).static_order()
        )
    except CycleError:
        ordered = []
    return [*ordered, *(file for file in sorted(modules) if file not in ordered)]


def _dotted(package: Sequence[str]) -> str:
    return ".".join(["data", *package])


def _result(query: str, bindings: dict[str, Any]) -> dict[str, Any]:
    value = bindings.pop(_VALUE, True)
    expression = {"value": value, "text": query, "location": {"row": 1, "col": 1}}
    return {"expressions": [expression], "bindings": bindings}


def _steps(entrypoint: str) -> list[str]:
    path = entrypoint.removeprefix("/").removesuffix("/")
    return path.split("/") if path else []


def _reference(steps: Sequence[str]) -> str:
    """A path as Rego, every step a quoted string, or a number where OPA's REST API would make it one."""
    return "data" + "".join(f"[{step if step.isascii() and step.isdigit() else json.dumps(step)}]" for step in steps)


def _member(object_json: bytes, key: str) -> bytes | None:
    return bylaw_native.split_object(object_json, max_depth=_ANSWER_DEPTH).get(key)


# An answer wraps a document at the depth limit.
_ANSWER_DEPTH = bylaw_native.MAX_JSON_DEPTH + 3


def _check_input(input_json: bytes | None) -> None:
    """What goes into a request as it is has to be one document, within the limits that hold everywhere."""
    if input_json is None:
        return
    if len(input_json) > bylaw_native.MAX_INPUT_BYTES:
        limit = bylaw_native.MAX_INPUT_BYTES
        raise InputTooLarge(f"an input of {len(input_json)} bytes, at most {limit} are read")
    bylaw_native.check_json(input_json)


def _check_object(data_json: bytes) -> None:
    bylaw_native.check_json(data_json)
    if not data_json.lstrip().startswith(b"{"):
        raise WrongShape("the data is not an object")


def _rule_paths(module: Mapping[str, Any]) -> list[tuple[str, ...]]:
    package = [str(term["value"]) for term in module["package"]["path"][1:]]
    return [(*package, *_constant_steps(rule["head"])) for rule in module.get("rules", [])]


def _constant_steps(head: Mapping[str, Any]) -> list[str]:
    reference = head.get("ref") or [{"type": "var", "value": head.get("name")}]
    steps = [str(reference[0]["value"])]
    for term in reference[1:]:
        if term["type"] != "string":
            break
        steps.append(term["value"])
    return steps
