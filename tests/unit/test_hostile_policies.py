"""
Policies and documents made to break the evaluator. Whatever comes, the answer is an error of ours, in time, and the
process answers the next question as if nothing had been.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import bylaw_native
import pytest

from bylaw.errors import (
    BylawError,
    DuplicateKey,
    EvaluationError,
    EvaluationTimedOut,
    InputTooDeep,
    MalformedInput,
    PolicyError,
)
from bylaw_adapters.wiring import named_evaluator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bylaw.ports import PolicyEvaluator

GOOD = {"good.rego": "package good\nanswer := 42\n"}

# Generous: the slowest of these takes a second, and nothing here is about speed.
IN_TIME_SECONDS = 60.0


@pytest.fixture(params=["native", "regorus"])
def evaluator(request: pytest.FixtureRequest) -> PolicyEvaluator:
    return named_evaluator(request.param)


@pytest.fixture(autouse=True)
def _lives_on(evaluator: PolicyEvaluator) -> Iterator[None]:
    good = evaluator.load(GOOD, b"{}")
    started = time.monotonic()
    yield
    assert good.evaluate("good/answer", b"{}") == b"42"
    assert time.monotonic() - started < IN_TIME_SECONDS


def chain(length: int) -> str:
    """Rules that depend on each other, one on the next."""
    rules = "\n".join(f"r{n} := r{n + 1}" for n in range(length))
    return f"package p\n{rules}\nr{length} := 1\n"


@pytest.mark.parametrize(
    ("rego", "code"),
    [
        pytest.param("package p\nr if r\n", "rego_recursion_error", id="a rule that is its own condition"),
        pytest.param("package p\na if b\nb if c\nc if a\n", "rego_recursion_error", id="three rules in a circle"),
        pytest.param("package p\nf(x) := f(x + 1)\nr := f(0)\n", "rego_recursion_error", id="an endless function"),
        pytest.param(
            "package p\nf(x) := g(x)\ng(x) := f(x)\nr := f(0)\n", "rego_recursion_error", id="functions in a circle"
        ),
        pytest.param("package p\nr := [x | some x in data.p.r]\n", "rego_recursion_error", id="through data"),
        pytest.param(
            'package p\nr := data[x].r if x := "p"\n', "rego_recursion_error", id="through a variable below data"
        ),
        pytest.param("package p\nr := " + "[" * 5_000 + "]" * 5_000, "rego_parse_error", id="5,000 lists in lists"),
        pytest.param("package p\nr := " + "(" * 5_000 + "1" + ")" * 5_000, "rego_parse_error", id="5,000 parentheses"),
        pytest.param("package p\nr := " + "f(" * 500 + "1" + ")" * 500, "rego_parse_error", id="500 calls in calls"),
        pytest.param("package p\nr := 1" + "\n+ 1" * 9_000, "rego_parse_error", id="a sum of 9,000 numbers"),
        pytest.param("package p\nr := " + "-" * 9_000 + "1", "rego_parse_error", id="9,000 signs"),
        pytest.param("package p\nr := 1e999999999", "rego_parse_error", id="a number of a billion digits"),
        pytest.param("package p\nr if " + "not " * 2_000 + "true", "rego_parse_error", id="2,000 negations"),
        pytest.param("package p\nr := 1\n" * 30_000, "rego_parse_error", id="60,000 lines"),
        pytest.param("package p\nr := nonsense.call(1)\n", "rego_type_error", id="a built-in that does not exist"),
        pytest.param("package p\nr := \x00\n", "rego_parse_error", id="a zero byte"),
        pytest.param('package p\nr := "\ud800"\n', None, id="a lone surrogate"),
        pytest.param("", "rego_parse_error", id="nothing"),
    ],
)
def test_a_policy_that_would_break_the_evaluator_is_refused_when_loaded(
    evaluator: PolicyEvaluator, rego: str, code: str | None
) -> None:
    with pytest.raises((PolicyError, UnicodeError)) as refusal:
        evaluator.load({"p.rego": rego}, b"{}")
    assert getattr(refusal.value, "code", None) == code


@pytest.mark.parametrize(
    ("rego", "code"),
    [
        pytest.param(chain(250), "rego_compile_error", id="a chain one longer than the stack is promised for"),
        pytest.param(chain(15_000), "rego_compile_error", id="a chain of 15,000 rules"),
        pytest.param("package p\nr := " + "[{" * 25 + "1" + "}]" * 25, "rego_parse_error", id="an exponential parse"),
        pytest.param("package p\nr := input" + ".a" * 100_000, "rego_parse_error", id="a path of 100,000 steps"),
        pytest.param("package p\n# " + "x" * 2_000_000, "rego_parse_error", id="2 MB in one comment"),
        pytest.param('package p\nr := $"{input.x}"\n', "rego_parse_error", id="a template string"),
    ],
)
def test_what_the_second_opinion_refuses_is_loaded_by_our_engine_and_asked(
    evaluator: PolicyEvaluator, rego: str, code: str
) -> None:
    if evaluator.name == "regorus":
        with pytest.raises(PolicyError) as refusal:
            evaluator.load({"p.rego": rego}, b"{}")
        assert refusal.value.code == code
        return
    snapshot = evaluator.load({"p.rego": rego}, b"{}")
    with suppress(EvaluationError):  # that it is evaluated and ends is the point
        snapshot.evaluate("p", b"{}", deadline_seconds=10.0)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("f(" * 80, ")" * 80, id="calls in calls"),
        pytest.param("(1 - (" * 15, "))" * 15, id="differences of differences"),
        pytest.param("array.concat([1], " * 80, ")" * 80, id="built-ins in built-ins"),
        pytest.param("count([x | x := " * 6, "])" * 6, id="comprehensions in comprehensions"),
        pytest.param("", " | r249 | r249" * 40, id="a long union"),
    ],
)
def test_the_deepest_that_is_accepted_is_evaluated(evaluator: PolicyEvaluator, before: str, after: str) -> None:
    """The longest chain of rules, each as deep as an expression may be: the stack holds it."""
    modules = {f"{n}.rego": f"package p\nr{n} := {before}r{n + 1}{after}\n" for n in range(248)}
    snapshot = evaluator.load(modules | {"f.rego": "package p\nf(x) := x\nr248 := r249\nr249 := input.any\n"}, b"{}")
    with suppress(EvaluationError):  # some of these have no value; that they are evaluated at all is the point
        snapshot.evaluate("p/r0", b'{"any": [1]}')


@pytest.mark.parametrize(
    "rego",
    [
        pytest.param(
            "package p\nr := count([1 | some x in xs; some y in xs; x + y < 0])\nxs := numbers.range(1, 9999)",
            id="ranges in ranges",
        ),
        pytest.param(
            "package p\nr := count([1 | input.xs[_] = a; input.xs[_] = b; input.xs[_] = c; a + b + c == 0.5])",
            id="a join of three lists",
        ),
        pytest.param(
            "package p\nr if every x in input.xs { every y in input.xs { every z in input.xs { x + y + z > 0 } } }",
            id="every in every",
        ),
        pytest.param(
            "package p\nr := count({y | walk(input, [_, x]); walk(input, [_, z]); y := [x, z, input.xs[_]]})",
            id="walks in walks",
        ),
    ],
)
def test_a_policy_that_does_not_end_is_stopped_at_its_deadline(evaluator: PolicyEvaluator, rego: str) -> None:
    snapshot = evaluator.load({"p.rego": rego}, b"{}")
    input_json = b'{"xs": [' + b",".join(str(n).encode() for n in range(1, 2_000)) + b"]}"
    with pytest.raises(EvaluationTimedOut):
        snapshot.evaluate("p/r", input_json, deadline_seconds=0.2)


@pytest.mark.parametrize(
    "rego",
    [
        pytest.param("package p\nr := count(numbers.range(1, 100000000000))", id="a range of a hundred billion"),
        pytest.param(
            'package p\nr := sprintf("%[1]1000000d%[1]1000000d" , [1]) if count(s) > 0\n'
            's := sprintf(concat("", [x | some _ in numbers.range(1, 100); x := "%[1]1000000d"]), [1])',
            id="a text of a hundred megabytes",
        ),
    ],
)
def test_a_value_beyond_all_use_ends_the_evaluation(evaluator: PolicyEvaluator, rego: str) -> None:
    """Not undefined, which a negation would turn into true."""
    snapshot = evaluator.load({"p.rego": f"{rego}\nopen if not r\n"}, b"{}")
    try:
        answer = snapshot.evaluate("p/open", b"{}")
    except EvaluationError:
        answer = None
    assert answer is None


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        pytest.param('strings.count("abc", "")', b"4", id="an empty needle, at which regorus panics"),
        pytest.param(
            'regex.match("(a+)+$", concat("", [x | some _ in numbers.range(1, 5000); x := "a"]))',
            b"true",
            id="nested repetition",
        ),
        pytest.param('regex.match("(((a{1,100}){1,100}){1,100}){1,100}", "a")', None, id="a repetition of repetitions"),
        pytest.param('regex.match("(", "a")', None, id="a pattern that does not parse"),
        pytest.param('glob.match("{a,b,{c,{d,{e,{f,{g}}}}}}", [], "g")', None, id="braces in braces"),
        pytest.param('substring("é", -5, 100000000000)', None, id="a stretch outside of a text"),
        pytest.param("format_int(1.5, 99)", None, id="no such base"),
        pytest.param('to_number("1e999999999")', None, id="a number out of range"),
        pytest.param(
            'json.unmarshal(concat("", [x | some _ in numbers.range(1, 100000); x := "["]))',
            None,
            id="100,000 deep JSON in a text",
        ),
        pytest.param('yaml.unmarshal("a: &a [x,x]\\nb: &b [*a,*a]\\nc: [*b,*b]")', None, id="aliases"),
        pytest.param('time.parse_ns("", "")', None, id="an empty time"),
        pytest.param("time.add_date(9223372036854775807, 1000000, 1, 1)", None, id="a date beyond the calendar"),
        pytest.param("array.slice([1, 2], 5, -5)", None, id="a slice backwards"),
        pytest.param("bits.lsh(1, 100000000000)", None, id="a shift beyond memory"),
        pytest.param('net.cidr_expand("0.0.0.0/0")', None, id="four billion addresses"),
        pytest.param('units.parse_bytes("1e999999999")', None, id="a size of a billion digits"),
        pytest.param('json.unmarshal("1e999999999")', None, id="JSON of a billion digits"),
        pytest.param('replace(s, "", s)', None, id="a text in itself, squared"),
        pytest.param('concat(s, split(s, ""))', None, id="a text between its characters"),
        pytest.param('graph.reachable({"a": ["a"]}, {"a"})', b'["a"]', id="a circle"),
        pytest.param('indexof_n("aaa", "")', None, id="an empty needle again"),
        pytest.param('split("", "")', None, id="nothing split by nothing"),
        pytest.param('replace("aaa", "", "b")', None, id="nothing replaced"),
        pytest.param('strings.replace_n({"": "b"}, "aaa")', None, id="nothing replaced many times"),
        pytest.param('units.parse_bytes("99999999999999999999999999EiB")', None, id="more bytes than there are"),
        pytest.param("round(1e308) * 1e308", None, id="beyond the largest number"),
        pytest.param("9223372036854775807 * 9223372036854775807 % 0", None, id="modulo nothing"),
        pytest.param('semver.compare("", "x")', None, id="no version"),
        pytest.param('json.patch({}, [{"op": "move", "from": "/a", "path": "/a/b"}])', None, id="a patch into itself"),
        pytest.param('json.match_schema({}, {"$ref": "#"})', None, id="a schema that means itself"),
        pytest.param('urlquery.decode("%zz")', None, id="no such escape"),
        pytest.param('base64.decode("=")', None, id="no base64"),
        pytest.param('io.jwt.decode("a.b.c")', None, id="no token"),
        pytest.param('uuid.parse("x")', None, id="no UUID"),
    ],
)
def test_a_built_in_at_its_edge_answers_or_fails_and_never_more(
    evaluator: PolicyEvaluator, expression: str, answer: bytes | None
) -> None:
    snapshot = evaluator.load(
        {"p.rego": f'package p\nr := {expression}\ns := concat("", ["x" | some _ in numbers.range(1, 100000)])\n'},
        b"{}",
    )
    try:
        value = snapshot.evaluate("p/r", b"{}", deadline_seconds=2.0)
    except EvaluationError:
        assert answer is None
    else:
        assert answer in {None, value}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param(b'{"a": [1, 2', MalformedInput, id="truncated"),
        pytest.param(b'{"a": {"b": 1, "b": 2}}', DuplicateKey, id="a key twice, deep inside"),
        pytest.param(b'{"a": 1, "\\u0061": 2}', DuplicateKey, id="a key twice, once escaped"),
        pytest.param(b'{"a":' * 10_000 + b"1" + b"}" * 10_000, InputTooDeep, id="objects 10,000 deep"),
        pytest.param(b"9" * 1_000_000, MalformedInput, id="a number of a million digits"),
        pytest.param(b"1e400", MalformedInput, id="a number out of range"),
        pytest.param(b'"\xed\xa0\x80"', MalformedInput, id="a surrogate in UTF-8"),
        pytest.param(b"NaN", MalformedInput, id="no number"),
    ],
)
def test_a_document_that_cannot_be_trusted_is_refused(
    evaluator: PolicyEvaluator, text: bytes, error: type[BylawError]
) -> None:
    snapshot = evaluator.load(GOOD, b"{}")
    with pytest.raises(error):
        snapshot.evaluate("good/answer", text)
    with pytest.raises(error):
        evaluator.load(GOOD, b'{"x":' + text + b"}")


def test_a_body_is_split_without_being_parsed_twice_or_believed() -> None:
    assert bylaw_native.split_object(b' {"input": {"a" : 1}, "x\\n": [] } ') == {"input": b'{"a" : 1}', "x\n": b"[]"}
    for text, error in [
        (b"[]", MalformedInput),
        (b'{"a": 1} {"b": 2}', MalformedInput),
        (b'{"input": 1, "input": 2}', DuplicateKey),
        (b'{"input": {"a": 1, "a": 2}}', DuplicateKey),
        (b'{"input": ' + b"[" * 200 + b"]" * 200 + b"}", InputTooDeep),
    ]:
        with pytest.raises(error):
            bylaw_native.split_object(text)
