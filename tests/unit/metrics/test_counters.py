"""What is counted, under which bounded labels, and how it reads in Prometheus' form."""

from __future__ import annotations

from bylaw.decide import Answer
from bylaw.ports import Receipt
from bylaw_adapters.metrics.counters import Counters, Histogram
from bylaw_adapters.metrics.exposition import Exposition


def answer(result_json: bytes | None) -> Answer:
    return Answer("id", result_json, {}, 0, 200_000, 2_000_000, Receipt(0, ""))


def test_a_decision_counts_by_kind_what_it_said_and_door() -> None:
    counters = Counters()
    for entrypoint, door, result in (
        ("bylaw/decisions/access/decision", "decisions", b'{"allow":true,"decision":"allow"}'),
        ("bylaw/decisions/access/decision", "decisions", b'{"allow":false,"decision":"deny"}'),
        ("bylaw/trino/allow", "trino", b"true"),
        ("bylaw/kubernetes/validate", "kubernetes", b'{"response":{}}'),
        ("any/rule/of/anyone", "opa", b"false"),
        ("another/rule", "opa", None),
    ):
        counters.decided(entrypoint, door, answer(result))
    assert counters.decisions == {
        ("access", "allow", "decisions"): 1,
        ("access", "deny", "decisions"): 1,
        ("access", "allow", "trino"): 1,
        ("provisioning", "answered", "kubernetes"): 1,
        ("other", "deny", "opa"): 1,
        ("other", "undefined", "opa"): 1,
    }


def test_no_caller_can_add_labels_without_end() -> None:
    counters = Counters()
    for number in range(1000):
        counters.decided(f"made/up/{number}", "opa", answer(b"1"))
        counters.answered("catchall", f"MADE{number}", 404, 0.1)
    assert counters.decisions == {("other", "answered", "opa"): 1000}
    assert list(counters.requests) == [("catchall", "other", 404)]


def test_a_histogram_counts_a_bound_to_its_own_bucket() -> None:
    histogram = Histogram((1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 2.0, 3.0):
        histogram.observe(value)
    assert (histogram.counts, histogram.sum) == ([2, 2, 1], 8.0)


def test_the_counters_read_as_prometheus_families() -> None:
    counters = Counters()
    counters.decided("bylaw/trino/allow", "trino", answer(b"true"))
    counters.answered("v1/data", "POST", 200, 0.0005)
    lines = Exposition(counters, version="1.2.3").text().decode().splitlines()
    assert set(lines) >= {
        'bylaw_decisions_total{decision="allow",door="trino",kind="access"} 1.0',
        'bylaw_evaluation_duration_seconds_bucket{le="0.0001"} 0.0',
        'bylaw_evaluation_duration_seconds_bucket{le="0.00025"} 1.0',
        "bylaw_evaluation_duration_seconds_sum 0.0002",
        'bylaw_audit_duration_seconds_bucket{le="+Inf"} 1.0',
        'http_request_duration_seconds_bucket{code="200",handler="v1/data",le="0.0005",method="post"} 1.0',
        'http_request_duration_seconds_bucket{code="200",handler="v1/data",le="0.0001",method="post"} 0.0',
        'bylaw_build_info{version="1.2.3"} 1.0',
    }
