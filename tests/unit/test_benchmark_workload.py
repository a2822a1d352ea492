"""
The benchmark's policy and its second reading in Python agree: an engine that answers fast and wrongly is noticed.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

from bylaw_adapters.evaluators.extension import NativeEvaluator

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_the_policy_answers_what_the_second_reading_says() -> None:
    workload = load("rbac_workload").make_workload(distinct_requests=300)
    policy = (BENCHMARKS / "rbac" / "rbac" / "authz.rego").read_text()
    snapshot = NativeEvaluator().load({"authz.rego": policy}, json.dumps({"rbac": workload.data}).encode())
    inputs = [json.dumps(request["input"]).encode() for request in workload.requests]
    answers = [snapshot.evaluate("rbac/authz/decision", question) for question in inputs]
    assert [json.loads(answer or b"null") for answer in answers] == list(workload.answers)


def test_the_workload_is_the_same_each_time_and_has_both_answers() -> None:
    module = load("rbac_workload")
    first, second = (module.make_workload(distinct_requests=300) for _ in range(2))
    assert first == second
    assert {answer["allow"] for answer in first.answers} == {True, False}
    assert (len(first.data["users"]), len(first.data["roles"]), len(first.data["groups"])) == (300, 200, 50)
