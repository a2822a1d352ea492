"""
The cases of ``tests/cases/``: what they ask, how they are asked of an evaluator, and that each of ours answers as they
say. Their form is in ``tests/cases/README.md``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from bylaw.bundle import Bundle, combine, read_bundle, read_library
from bylaw.errors import BylawError, PolicyError
from bylaw_adapters.evaluators.opa import OpaEvaluator
from bylaw_adapters.wiring import named_evaluator

if TYPE_CHECKING:
    from bylaw.ports import PolicyEvaluator

REPOSITORY = Path(__file__).resolve().parents[2]
CASES = REPOSITORY / "tests" / "cases"
BUNDLES = REPOSITORY / "bundles"

_NOTHING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row. ``except_`` names the evaluators that are known to answer otherwise, and why."""

    note: str
    modules: tuple[str, ...] = ()
    bundles: tuple[str, ...] = ()
    data: dict[str, Any] | None = None
    entrypoint: str | None = None
    query: str | None = None
    input: Any = _NOTHING
    input_json: str | None = None
    at: int | None = None
    strict_builtin_errors: bool = False
    want_result: Any = _NOTHING
    want_json: str | None = None
    want_undefined: bool = False
    want_error_code: str | None = None
    want_load_error_code: str | None = None
    want_error_at: str | None = None
    except_: dict[str, str] | None = None

    @classmethod
    def of(cls, row: dict[str, Any]) -> Case:
        row = {f"{key}_" if key == "except" else key: value for key, value in row.items()}
        unknown = set(row) - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"{row['note']}: no such keys: {sorted(unknown)}")
        case = cls(**row)
        if (case.entrypoint is None) == (case.query is None):
            raise ValueError(f"{case.note}: an entrypoint or a query")
        if not any(want is not _NOTHING and want for want in case.wants()) and case.want_result is _NOTHING:
            raise ValueError(f"{case.note}: nothing is wanted")
        return case

    def wants(self) -> tuple[object, ...]:
        return (self.want_json, self.want_undefined, self.want_error_code, self.want_load_error_code)

    def sources(self) -> tuple[dict[str, str], bytes]:
        if self.bundles:
            modules, data_json, _ = combine(_released(name) for name in ("library", *self.bundles))
            return dict(modules), data_json
        modules = {f"{number}.rego": text for number, text in enumerate(self.modules)}
        return modules, json.dumps(self.data or {}).encode()

    def input_text(self) -> bytes | None:
        if self.input_json is not None:
            return self.input_json.encode()
        return None if self.input is _NOTHING else json.dumps(self.input).encode()


@cache
def _released(name: str) -> Bundle:
    return read_library() if name == "library" else read_bundle(BUNDLES / name)


def all_cases() -> list[Any]:
    return [
        pytest.param(Case.of(row), id=f"{path.stem}: {row['note']}")
        for path in sorted([*CASES.glob("*.yaml"), *(CASES / "language").glob("*.yaml")])
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def holds(case: Case, evaluator: PolicyEvaluator) -> None:
    """The answer is the one that the case wants, and whatever it does not want is an error of the test."""
    modules, data_json = case.sources()
    if case.want_load_error_code is not None:
        with pytest.raises(PolicyError) as refusal:
            evaluator.load(modules, data_json)
        _is_error(case, refusal.value, case.want_load_error_code)
        return
    snapshot = evaluator.load(modules, data_json)
    options: dict[str, Any] = {"at_ns": case.at, "strict_builtin_errors": case.strict_builtin_errors}

    def ask() -> Any:
        if case.query is not None:
            return snapshot.query(case.query, case.input_text(), **options)
        assert case.entrypoint is not None
        return snapshot.evaluate(case.entrypoint, case.input_text(), **options)

    if case.want_error_code is not None:
        with pytest.raises(BylawError) as failure:
            ask()
        _is_error(case, failure.value, case.want_error_code)
        return
    answer = ask()
    if case.query is not None:
        expressions = [
            {"expressions": [e["value"] for e in result["expressions"]], "bindings": result["bindings"]}
            for result in answer
        ]
        assert expressions == case.want_result
    elif case.want_undefined:
        assert answer is None
    else:
        assert answer is not None, "undefined"
        if case.want_json is not None:
            assert answer.decode() == case.want_json
        if case.want_result is not _NOTHING:
            assert json.loads(answer) == case.want_result


def _is_error(case: Case, error: BylawError, code: str) -> None:
    assert error.code == code, str(error)
    if case.want_error_at is not None:
        assert error.location is not None
        assert f"{error.location.file.removesuffix('.rego')}:{error.location.row}" == case.want_error_at, str(error)


@pytest.fixture(params=["native", "regorus", pytest.param("opa", marks=pytest.mark.peers)])
def evaluator(request: pytest.FixtureRequest) -> PolicyEvaluator:
    if request.param == "opa":
        return OpaEvaluator(request.getfixturevalue("opa_url"))
    return named_evaluator(request.param)


@pytest.mark.parametrize("case", all_cases())
def test_every_evaluator_answers_as_the_case_says(case: Case, evaluator: PolicyEvaluator) -> None:
    if evaluator.name not in (case.except_ or {}):
        holds(case, evaluator)
        return
    with pytest.raises((AssertionError, BylawError, pytest.fail.Exception)):
        holds(case, evaluator)
