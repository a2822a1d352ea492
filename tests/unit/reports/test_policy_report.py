"""The policy report: figures that were counted by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bylaw.bundle import read_library
from bylaw.bundle.combine import combine
from bylaw.errors import AuditCorrupt
from bylaw.law_book.inventory import HeldPolicy
from bylaw.ports import Snapshot
from bylaw.reports.policies import Evaluations, evaluations_in, policy_report
from bylaw_adapters.evaluators.extension import NativeEvaluator

AT_NS = 1_767_225_600_000_000_000


def held(root: tuple[str, ...], name: str, kind: str, **more: Any) -> HeldPolicy:
    return HeldPolicy(root, {"name": name, "type": kind, "rules": [], **more})


HELD = [
    held(("global",), "a", "access", enforcement="mandatory"),
    held(("global",), "b", "quality", metadata={"scope": {"domains": ["Order"]}}),
    held(("global",), "c", "privacy", enforcement="advisory", metadata={"scope": {"domains": "customer"}}),
    held(("domains", "customer"), "d", "retention", enforcement="audit"),
    held(("domains", "customer"), "e", "compliance", enabled=False),
    held(("domains", "order"), "f", "quality", enforcement="warn"),
]


@pytest.mark.parametrize(
    ("domain", "total", "off", "by_type", "by_enforcement", "by_layer"),
    [
        (None, 6, 1, [1, 2, 1, 1, 0], [2, 2, 1], {"customer": 1, "global": 3, "order": 1}),
        ("customer", 4, 1, [1, 0, 1, 1, 0], [1, 1, 1], {"customer": 1, "global": 2}),
        ("order", 3, 0, [1, 2, 0, 0, 0], [2, 1, 0], {"global": 2, "order": 1}),
        ("empty", 1, 0, [1, 0, 0, 0, 0], [1, 0, 0], {"global": 1}),
    ],
    ids=["the mesh", "customer", "order", "a domain without policies"],
)
def test_policies_are_counted(
    *, domain: Any, total: int, off: int, by_type: Any, by_enforcement: Any, by_layer: Any
) -> None:
    report = policy_report(HELD, Evaluations(5, 3, 1, 2), domain=domain, at_ns=AT_NS)

    assert [policy["name"] for policy in report.pop("policies") if not policy["enabled"]] == ["e"] * off
    assert report == {
        "timestamp": "2026-01-01T00:00:00.000000000Z",
        "domain": domain,
        "total_policies": total,
        "switched_off": off,
        "policies_by_type": dict(
            zip(("access", "quality", "privacy", "retention", "compliance"), by_type, strict=True)
        ),
        "policies_by_enforcement": dict(zip(("deny", "warn", "audit"), by_enforcement, strict=True)),
        "policies_by_layer": by_layer,
        "evaluation_summary": {"total_evaluations": 9, "allowed": 5, "denied": 3, "undecided": 1, "unattributed": 2},
    }


@pytest.fixture(scope="module")
def law() -> Snapshot:
    modules, data_json, _ = combine([read_library()])
    data = json.loads(data_json) | {"mesh": {"bindings": {"schemas": {"lake.order": "order"}}}}
    return NativeEvaluator().load(modules, json.dumps(data).encode())


def of_product(domain: str) -> dict[str, Any]:
    return {"product": {"domain": domain, "name": "p"}}


OF_A_TABLE = {"resource": {"type": "table", "id": "lake.order.lines", "properties": {}}}
OF_TRINO = {
    "action": {
        "operation": "SelectFromColumns",
        "resource": {"table": {"catalogName": "lake", "schemaName": "order", "tableName": "lines", "columns": ["a"]}},
    }
}
EVENTS: list[dict[str, Any]] = [
    {"input": of_product("order"), "result": {"allow": True}},
    {"input": of_product("Order"), "result": {"allow": False}},
    {"input": of_product("customer"), "result": {"allow": False}},
    {"input": OF_A_TABLE, "result": {"allow": True}},
    {"input": OF_TRINO, "result": True},
    {"input": of_product("order"), "error": {"code": "eval_error"}},
    {"input": of_product("order")},
    {"input": of_product("order"), "result": [1, 2]},
    {"result": {"allow": False}},
]


def test_decisions_on_record_are_counted(law: Snapshot) -> None:
    lines = [json.dumps(event).encode() for event in EVENTS]

    assert evaluations_in(lines, law=law) == Evaluations(allowed=3, denied=3, undecided=2)
    assert evaluations_in(lines, domain="order", law=law) == Evaluations(3, 1, 2, unattributed=1)
    assert evaluations_in(lines, domain="customer", law=law) == Evaluations(0, 1, 0, unattributed=1)
    assert evaluations_in([], domain="customer", law=law) == Evaluations()


def test_without_the_library_nobody_knows_whom_a_record_concerns() -> None:
    bare = NativeEvaluator().load({}, b"{}")

    assert evaluations_in([json.dumps(EVENTS[0]).encode()], domain="order", law=bare) == Evaluations(unattributed=1)


def test_a_line_that_is_no_record_is_told(law: Snapshot) -> None:
    with pytest.raises(AuditCorrupt):
        evaluations_in([b"{"], law=law)
