"""Who is made of what: read from OpenLineage, from our own form, and from what products say of themselves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bylaw.errors import InputError, InputTooLarge
from bylaw.facts.lineage import MAX_EDGES, edges_of_products, read_lineage


def event(inputs: list[str], outputs: list[str], **facts: Any) -> dict[str, Any]:
    def named(names: list[str]) -> list[dict[str, str]]:
        return [{"namespace": "trino", "name": name} for name in names]

    run = {"eventTime": "2026-01-01T00:00:00Z", "eventType": "COMPLETE", "job": {"namespace": "n", "name": "j"}}
    return {**run, "inputs": named(inputs), "outputs": named(outputs), **facts}


def edge(source: str, target: str) -> dict[str, str]:
    return {"source": source, "target": target}


EVENT = event(["a", "b"], ["c"])


@pytest.mark.parametrize(
    ("content", "edges"),
    [
        pytest.param(json.dumps(EVENT), [edge("a", "c"), edge("b", "c")], id="an event"),
        pytest.param(json.dumps(EVENT, indent=1), [edge("a", "c"), edge("b", "c")], id="an event over many lines"),
        pytest.param(json.dumps([EVENT, EVENT]), [edge("a", "c"), edge("b", "c")], id="the same event twice"),
        pytest.param(
            f"{json.dumps(event(['a'], ['b']))}\n\n{json.dumps(event(['b'], ['c']))}\n",
            [edge("a", "b"), edge("b", "c")],
            id="an event a line",
        ),
        pytest.param(json.dumps(event(["a"], ["b"], eventType="FAIL")), [], id="a run that failed"),
        pytest.param(json.dumps(event(["a"], ["b"], eventType="ABORT")), [], id="a run that was stopped"),
        pytest.param(json.dumps(event(["a"], ["a", "b"])), [edge("a", "b")], id="made of itself"),
        pytest.param(json.dumps(event([], ["b"])), [], id="made of nothing"),
        pytest.param("lineage:\n- {source: d/a, target: d/b}\n", [edge("d/a", "d/b")], id="our own form"),
    ],
)
def test_read(content: str, edges: list[dict[str, str]]) -> None:
    assert read_lineage(content.encode(), file="lineage.json" if content[0] in "[{" else "lineage.yaml") == edges


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param("colour: blue", "unrecognised_document", id="something else"),
        pytest.param("[1]", "wrong_shape", id="a number"),
        pytest.param("lineage: [{source: a}]", "wrong_shape", id="without a target"),
        pytest.param("lineage: {a: b}", "wrong_shape", id="no list"),
        pytest.param(json.dumps({**EVENT, "inputs": "a"}), "wrong_shape", id="inputs that are no list"),
        pytest.param("", "unrecognised_document", id="empty"),
    ],
)
def test_refused(content: str, code: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_lineage(content.encode(), file="lineage.yaml")
    assert refusal.value.code == code


def test_edges_are_bounded() -> None:
    names = [str(number) for number in range(MAX_EDGES // 100)]
    content = json.dumps(event(names, [f"out {name}" for name in names[:101]]))
    with pytest.raises(InputTooLarge):
        read_lineage(content.encode(), file="lineage.json")


def test_what_products_say_they_are_made_of() -> None:
    products = [
        {"domain": "customer", "name": "profile", "contract": {"id": "c-1"}},
        {"domain": "analytics", "name": "360", "dependencies": ["customer/profile", "analytics/360"]},
        {"domain": "sales", "name": "leads", "input_ports": [{"name": "p", "contract_id": "c-1"}, {"name": "q"}]},
        {"domain": "sales", "name": "calls", "input_ports": [{"name": "p", "product": "order/orders"}]},
    ]
    assert list(edges_of_products(products)) == [
        edge("customer/profile", "analytics/360"),
        edge("customer/profile", "sales/leads"),
        edge("order/orders", "sales/calls"),
    ]
