"""
Asks the law for each case and holds the decision against what the case wants. A case is a test like another: it has an
outcome, a place and what there is to say.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import bylaw_native

from bylaw.decision import Denied, Undecided, entrypoint, read_decision
from bylaw.errors import BylawError, UndefinedDecision
from bylaw_adapters.decision_cases.form import DecisionCase
from bylaw_adapters.decision_cases.law import CaseLaw
from bylaw_adapters.rego_tests.outcomes import Outcome, TestResult

# Of a decision with hundreds of findings the first say enough.
_MAX_LINES = 20


def run_cases(
    cases: Iterable[DecisionCase],
    law: CaseLaw,
    *,
    timeout_seconds: float = 10.0,
    watch: bylaw_native.Watch | None = None,
    replaced: tuple[str, str] | None = None,
) -> Iterator[TestResult]:
    """
    The results of the cases in order. ``replaced`` as for ``CaseLaw.load``.

    Raises:
        PolicyError, BundleError: The law does not load.
    """
    snapshots: dict[str, bylaw_native.Snapshot] = {}
    for case in cases:
        try:
            key = json.dumps(case.data, sort_keys=True)
            snapshot = snapshots.get(key)
            if snapshot is None:
                snapshot = snapshots[key] = law.load(case.data, replaced=replaced)
        except BylawError as error:
            if not case.data:
                raise
            yield _result(case, Outcome.ERROR, error=error)
            continue
        yield _run(case, snapshot, timeout_seconds, watch)


def _run(
    case: DecisionCase, snapshot: bylaw_native.Snapshot, timeout_seconds: float, watch: bylaw_native.Watch | None
) -> TestResult:
    started = time.perf_counter_ns()
    try:
        answer, _, printed = snapshot.observe(
            entrypoint(case.kind),
            json.dumps(case.input).encode(),
            at_ns=case.at_ns,
            deadline_seconds=timeout_seconds,
            watch=watch,
        )
        decision = read_decision(answer)
        if isinstance(decision, Undecided):
            raise UndefinedDecision(decision.reason)
    except BylawError as error:
        return _result(case, Outcome.ERROR, started, error=error)
    said = list(differences(case, decision.document, denied=isinstance(decision, Denied)))
    more = [f"… and {len(said) - _MAX_LINES} more"] if len(said) > _MAX_LINES else []
    outcome = Outcome.FAIL if said else Outcome.PASS
    return _result(case, outcome, started, said=(*said[:_MAX_LINES], *more, *printed))


def _result(
    case: DecisionCase,
    outcome: Outcome,
    started_ns: int | None = None,
    *,
    said: Sequence[str] = (),
    error: BylawError | None = None,
) -> TestResult:
    duration_ns = 0 if started_ns is None else time.perf_counter_ns() - started_ns
    return TestResult(
        case.location, _package(case), case.name, outcome, duration_ns, error, printed=tuple(said), is_decision=True
    )


def _package(case: DecisionCase) -> str:
    return f"cases.{case.kind}"


def differences(case: DecisionCase, decision: Mapping[str, Any], *, denied: bool) -> Iterator[str]:
    """What the decision says otherwise than the case, a line each."""
    is_as_wanted = denied == (case.decision == "deny")
    if not is_as_wanted:
        yield f"decision: {case.decision} is wanted, it is {decision['decision']}"
        if denied and "violations" not in case.rules:
            yield from (f"  {_shown(entry)}" for entry in decision["violations"])
    elif case.decision == "warn" and not decision["warnings"]:
        yield "decision: warn is wanted, it allows and warns of nothing"
    for name, wanted in case.rules.items():
        named = {rule for entry in decision[name] for rule in (entry["id"], entry["rule"])}
        yield from (f"{name}: {rule} is wanted and not there" for rule in sorted(wanted - named))
        for entry in decision[name]:
            if not wanted & {entry["id"], entry["rule"]}:
                yield f"{name}: not wanted: {_shown(entry)}"
    for name, value in case.obligations.items():
        came = decision["obligations"].get(name)
        if came != value:
            yield f"obligations: {name}: {_json(value)} is wanted, it is {_json(came)}"


def _shown(entry: Mapping[str, Any]) -> str:
    where = f" ({entry['path']})" if entry.get("path") else ""
    return f"{entry['id']}: {entry['msg']}{where}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
