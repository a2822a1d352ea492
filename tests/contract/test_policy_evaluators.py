"""
What every ``PolicyEvaluator`` promises. The language itself is in ``tests/cases``; here is what surrounds it: snapshots
side by side, limits, deadlines, threads, event loops, and that an error is always one of ours.
"""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from bylaw.errors import (
    BylawError,
    EvaluationError,
    EvaluationFailed,
    EvaluationTimedOut,
    EvaluatorUnavailable,
    InputError,
    InputTooDeep,
    InputTooLarge,
    MalformedInput,
    PolicyError,
    WrongShape,
)
from bylaw_adapters.evaluators.extension import RegorusEvaluator
from bylaw_adapters.evaluators.opa import OpaEvaluator
from bylaw_adapters.wiring import named_evaluator

if TYPE_CHECKING:
    from bylaw.ports import PolicyEvaluator, Snapshot

ALLOW = {"p.rego": "package p\n\ndefault allow := false\n\nallow if input.user in data.users\n"}

# Some seconds of work for either evaluator, far beyond the deadline that is set.
ENDLESS = {
    "p.rego": """package p

slow := count([1 | some x in numbers.range(1, 20000); some y in numbers.range(1, 20000); x * y == -1])
""",
}


@pytest.fixture(params=["native", "regorus", pytest.param("opa", marks=pytest.mark.peers)])
def evaluator(request: pytest.FixtureRequest) -> PolicyEvaluator:
    if request.param == "opa":
        return OpaEvaluator(request.getfixturevalue("opa_url"))
    return named_evaluator(request.param)


@pytest.fixture
def snapshot(evaluator: PolicyEvaluator) -> Snapshot:
    return evaluator.load(ALLOW, b'{"users": ["ann"]}')


def test_a_document_is_compact_json(snapshot: Snapshot) -> None:
    assert snapshot.evaluate("p", b' { "user" : "ann" } ') == b'{"allow":true}'


def test_undefined_is_none_and_null_is_null(evaluator: PolicyEvaluator) -> None:
    snapshot = evaluator.load({"p.rego": "package p\nnothing := null\nmissing if input.x\n"}, b"{}")
    assert (snapshot.evaluate("p/nothing", b"{}"), snapshot.evaluate("p/missing", b"{}")) == (b"null", None)


def test_the_same_question_has_the_same_answer_byte_for_byte(evaluator: PolicyEvaluator) -> None:
    rego = 'package p\nr := {"now": time.now_ns(), "set": {3, 1, 2}, "id": input.id}\n'
    snapshot = evaluator.load({"p.rego": rego}, b"{}")
    answers = {snapshot.evaluate("p/r", b'{"id": 7}', at_ns=1_700_000_000_000_000_001) for _ in range(5)}
    assert answers == {b'{"id":7,"now":1700000000000000001,"set":[1,2,3]}'}


def test_the_clock_runs_where_no_instant_is_given(evaluator: PolicyEvaluator) -> None:
    snapshot = evaluator.load({"p.rego": "package p\nr := time.now_ns()\n"}, b"{}")
    first, second = snapshot.evaluate("p/r", None), snapshot.evaluate("p/r", None)
    assert first is not None
    assert second is not None
    assert 1_600_000_000_000_000_000 < int(first) < int(second)


@pytest.mark.parametrize(
    ("input_json", "error"),
    [
        pytest.param(b"", MalformedInput, id="nothing"),
        pytest.param(b'{"user": "ann"', MalformedInput, id="cut short"),
        pytest.param(b"{} {}", MalformedInput, id="two documents"),
        pytest.param(b'null}, "x": {"y": 1', MalformedInput, id="text that would close a request and open another"),
        pytest.param(b'{"user": "\xff"}', MalformedInput, id="not UTF-8"),
        pytest.param(b'{"user": "bob", "user": "ann"}', InputError, id="a key twice"),
        pytest.param(b"[" * 10_000 + b"]" * 10_000, InputTooDeep, id="10,000 deep"),
        pytest.param(b"[" * 10_000, InputTooDeep, id="10,000 deep and cut short"),
        pytest.param(b"[" + b"1," * 50_000_000 + b"1]", InputTooLarge, id="100 MB"),
    ],
)
def test_an_input_that_cannot_be_read_is_refused(
    snapshot: Snapshot, input_json: bytes, error: type[BylawError]
) -> None:
    with pytest.raises(error):
        snapshot.evaluate("p/allow", input_json)
    assert snapshot.evaluate("p/allow", b'{"user":"ann"}') == b"true"


@pytest.mark.parametrize(
    ("data_json", "error"),
    [
        pytest.param(b"[]", WrongShape, id="a list"),
        pytest.param(b"{", MalformedInput, id="cut short"),
        pytest.param(b'{"a": 1, "a": 2}', InputError, id="a key twice"),
    ],
)
def test_data_that_cannot_be_read_is_refused(
    evaluator: PolicyEvaluator, data_json: bytes, error: type[BylawError]
) -> None:
    with pytest.raises(error):
        evaluator.load(ALLOW, data_json)


def test_a_module_that_cannot_be_loaded_names_its_place(evaluator: PolicyEvaluator) -> None:
    modules = {"good.rego": "package a\nx := 1\n", "bad.rego": "package b\n\nx := {\n"}
    with pytest.raises(PolicyError) as refusal:
        evaluator.load(modules, b"{}")
    assert refusal.value.code == "rego_parse_error"
    assert refusal.value.location is not None
    assert refusal.value.location.file == "bad.rego"


def test_a_policy_that_does_not_end_is_stopped(evaluator: PolicyEvaluator) -> None:
    snapshot = evaluator.load(ENDLESS, b"{}")
    with pytest.raises(EvaluationTimedOut) as stopped:
        snapshot.evaluate("p/slow", b"{}", deadline_seconds=0.2)
    assert stopped.value.code == "eval_cancel_error"


def test_a_conflict_is_an_error_with_opas_code_and_place(evaluator: PolicyEvaluator) -> None:
    snapshot = evaluator.load({"p.rego": "package p\nr := 1 if input.a\nr := 2 if input.b\n"}, b"{}")
    with pytest.raises(EvaluationFailed) as failure:
        snapshot.evaluate("p/r", b'{"a": 1, "b": 1}')
    assert failure.value.code == "eval_conflict_error"
    assert failure.value.location is not None
    assert failure.value.location.file == "p.rego"


def test_built_in_errors_are_errors_only_where_they_are_asked_for(evaluator: PolicyEvaluator) -> None:
    snapshot = evaluator.load({"p.rego": 'package p\nr := to_number("x")\n'}, b"{}")
    assert snapshot.evaluate("p/r", None) is None
    with pytest.raises(EvaluationFailed) as failure:
        snapshot.evaluate("p/r", None, strict_builtin_errors=True)
    assert failure.value.code == "eval_builtin_error"
    assert snapshot.evaluate("p/r", None) is None


def test_what_is_defined_are_rules_and_packages_and_not_data(snapshot: Snapshot) -> None:
    paths = ["p", "p/allow", "/p/allow/", "p/deny", "users", "q"]
    assert [path for path in paths if snapshot.defines(path)] == ["p", "p/allow", "/p/allow/"]


def test_a_query_answers_as_opa_eval_does(snapshot: Snapshot) -> None:
    results = snapshot.query("data.users[i]", b"{}")
    assert [(result["expressions"][0]["value"], result["bindings"]) for result in results] == [("ann", {"i": 0})]


def test_a_query_that_does_not_parse_is_a_policy_error(snapshot: Snapshot) -> None:
    with pytest.raises(PolicyError) as refusal:
        snapshot.query("data.", b"{}")
    assert refusal.value.code == "rego_parse_error"


def test_threads_ask_at_once(snapshot: Snapshot) -> None:
    def ask(number: int) -> bytes | None:
        return snapshot.evaluate("p/allow", json.dumps({"user": "ann" if number % 2 else "bob"}).encode())

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(200)))
    assert answers == [b"true" if number % 2 else b"false" for number in range(200)]


async def ask_many(snapshot: Snapshot, count: int) -> list[bytes | None]:
    inputs = [json.dumps({"user": "ann" if number % 2 else "bob"}).encode() for number in range(count)]
    return await asyncio.gather(*(snapshot.evaluate_async("p/allow", input_json) for input_json in inputs))


def test_an_event_loop_asks_at_once(snapshot: Snapshot) -> None:
    expected = [b"true" if number % 2 else b"false" for number in range(200)]
    assert asyncio.run(ask_many(snapshot, 200)) == expected


def test_several_event_loops_ask_one_after_the_other_and_side_by_side(snapshot: Snapshot) -> None:
    expected = [b"true" if number % 2 else b"false" for number in range(50)]
    assert [asyncio.run(ask_many(snapshot, 50)) for _ in range(3)] == [expected] * 3
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: asyncio.run(ask_many(snapshot, 50)), range(4)))
    assert answers == [expected] * 4


def test_an_event_loop_goes_on_while_an_evaluation_runs(evaluator: PolicyEvaluator) -> None:
    snapshot = evaluator.load(ENDLESS, b"{}")

    async def turns_meanwhile() -> int:
        evaluation = asyncio.ensure_future(snapshot.evaluate_async("p/slow", None, deadline_seconds=0.3))
        turns = 0
        while not evaluation.done():
            turns += 1
            await asyncio.sleep(0.01)
        with pytest.raises(EvaluationTimedOut):
            await evaluation
        return turns

    assert asyncio.run(turns_meanwhile()) > 1


def test_whoever_gives_up_leaves_the_others_alone(evaluator: PolicyEvaluator) -> None:
    slow = evaluator.load(ENDLESS | ALLOW | {"s.rego": ENDLESS["p.rego"].replace("package p", "package s")}, b"{}")

    async def give_up_and_ask() -> bytes | None:
        given_up = asyncio.ensure_future(slow.evaluate_async("s/slow", None, deadline_seconds=0.3))
        await asyncio.sleep(0.05)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        answer = await slow.evaluate_async("p/allow", b'{"user": "bob"}')
        await asyncio.sleep(0.5)  # the abandoned answer arrives, and finds nobody
        return answer

    assert asyncio.run(give_up_and_ask()) == b"false"


def test_errors_reach_whoever_awaits_them(snapshot: Snapshot) -> None:
    async def ask() -> list[object]:
        questions = [snapshot.evaluate_async("p/allow", text) for text in (b"{", b'{"user": "ann"}', b"[" * 200)]
        return await asyncio.gather(*questions, return_exceptions=True)

    malformed, answer, deep = asyncio.run(ask())
    assert (type(malformed), answer, type(deep)) == (MalformedInput, b"true", InputTooDeep)


def test_loading_does_not_disturb_what_runs(evaluator: PolicyEvaluator) -> None:
    """Beside each other where snapshots can be; otherwise the older one answers no more, and never with the new law."""
    old = evaluator.load({"p.rego": "package p\nr := 1\n"}, b"{}")
    with pytest.raises(PolicyError):
        evaluator.load({"p.rego": "package p\nr := {\n"}, b"{}")
    new = evaluator.load({"p.rego": "package p\nr := 2\n"}, b"{}")
    assert new.evaluate("p/r", None) == b"2"
    try:
        answer = old.evaluate("p/r", None)
    except EvaluatorUnavailable:
        assert evaluator.name == "opa"
    else:
        assert answer == b"1"


def test_a_remote_evaluator_that_is_not_there_says_so() -> None:
    with pytest.raises(EvaluatorUnavailable):
        OpaEvaluator("http://127.0.0.1:9").load(ALLOW, b"{}")


def test_an_evaluator_that_is_full_refuses_at_once() -> None:
    """More questions than wait in line, none of which ends before its deadline."""
    snapshot = RegorusEvaluator().load(ENDLESS, b"{}")

    async def flood() -> set[type]:
        questions = [snapshot.evaluate_async("p/slow", None, deadline_seconds=3.0) for _ in range(9_000)]
        return {type(answer) for answer in await asyncio.gather(*questions, return_exceptions=True)}

    assert asyncio.run(flood()) == {EvaluatorUnavailable, EvaluationTimedOut}


def test_evaluations_hold_no_interpreter_lock(evaluator: PolicyEvaluator) -> None:
    snapshot = evaluator.load(ENDLESS, b"{}")
    stopped: list[EvaluationError] = []

    def evaluate() -> None:
        try:
            snapshot.evaluate("p/slow", None, deadline_seconds=0.5)
        except EvaluationError as error:
            stopped.append(error)

    thread = threading.Thread(target=evaluate)
    thread.start()
    steps = 0
    while thread.is_alive():
        steps += 1
    thread.join()
    assert steps > 1_000
    assert [type(error) for error in stopped] == [EvaluationTimedOut]
