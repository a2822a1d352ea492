"""Every difference that law looks at has a direction; what only words tell apart is none."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.changes.released import product_differences

PORT = {"name": "daily", "path": "output_ports[daily]", "type": "s3", "format": "delta"}


def promise(operator: str, threshold: Any, **facts: Any) -> dict[str, Any]:
    path = "contract.schema[t].quality[0]"
    return {
        "contract": {"quality": [{"metric": "m", "path": path, "operator": operator, "threshold": threshold, **facts}]}
    }


def port(**facts: Any) -> dict[str, Any]:
    return {"output_ports": [{**PORT, **facts}]}


def role(name: str, *permissions: str, **facts: Any) -> dict[str, Any]:
    return {"access_policies": [{"role": name, "permissions": list(permissions), **facts}]}


def level(measure: str, value: float) -> dict[str, Any]:
    return {
        "element_levels": [{"element": "t", "path": "product.element_levels[0]", "measure": measure, "value": value}]
    }


def field(**facts: Any) -> dict[str, Any]:
    fields = [{"name": "f", "path": "contract.schema[t].f", **facts}]
    return {"contract": {"schema": [{"name": "t", "path": "contract.schema[t]", "fields": fields}]}}


BOTH = [
    pytest.param({"classification": "restricted"}, {"classification": "public"}, "lowered", "raised", id="class"),
    pytest.param({"classification": "gold"}, {"classification": "public"}, "changed", "changed", id="other words"),
    pytest.param({"classification": "public"}, {}, "removed", "added", id="no class"),
    pytest.param(
        field(classification="restricted"), field(classification="internal"), "lowered", "raised", id="class of a field"
    ),
    pytest.param(field(personal=True), field(personal=False), "removed", "added", id="personal"),
    pytest.param(field(categories=["user.contact"]), field(), "removed", "added", id="category"),
    pytest.param(field(encryption="AES-256"), field(), "removed", "added", id="encryption of a field"),
    pytest.param({"protections": ["masking"]}, {}, "removed", "added", id="protection"),
    pytest.param({"encryption": {"at_rest": "AES-256"}}, {}, "removed", "added", id="encryption"),
    pytest.param(
        {"encryption": {"at_rest": "AES-256"}},
        {"encryption": {"at_rest": "AES-128"}},
        "weakened",
        "strengthened",
        id="shorter key",
    ),
    pytest.param(
        {"encryption": {"in_transit": "TLS 1.3"}},
        {"encryption": {"in_transit": "TLS 1.2"}},
        "weakened",
        "strengthened",
        id="older protocol",
    ),
    pytest.param(
        {"encryption": {"at_rest": "AES-256"}}, {"encryption": {"at_rest": "ROT13"}}, "changed", "changed", id="cipher"
    ),
    pytest.param(port(encryption={"at_rest": "AES-256"}), port(), "removed", "added", id="encryption of a port"),
    pytest.param({"owner": "a"}, {}, "removed", "added", id="no owner"),
    pytest.param({"owner": "a"}, {"owner": "b"}, "changed", "changed", id="another owner"),
    pytest.param({"approvers": ["a", "b"]}, {"approvers": ["a"]}, "removed", "added", id="approver"),
    pytest.param(role("r", "read", approvers=["a"]), role("r", "read"), "removed", "added", id="approver of a role"),
    pytest.param(role("r", "read"), role("r", "read", "write"), "widened", "narrowed", id="permission"),
    pytest.param({}, role("r", "read"), "widened", "narrowed", id="role"),
    pytest.param({}, {"purposes": ["marketing"]}, "widened", "narrowed", id="purpose"),
    pytest.param({"regions": ["DE"]}, {"regions": ["DE", "US"]}, "widened", "narrowed", id="region"),
    pytest.param(port(regions=["DE"]), port(regions=["DE", "US"]), "widened", "narrowed", id="region of a port"),
    pytest.param({"k_anonymity": 11}, {"k_anonymity": 5}, "weakened", "strengthened", id="k"),
    pytest.param(port(k_anonymity=11), port(), "removed", "added", id="k of a port"),
    pytest.param({}, {"transfers": [{"to": "US", "mechanism": "scc"}]}, "widened", "narrowed", id="transfer"),
    pytest.param(
        {"transfers": [{"to": "US", "mechanism": "scc"}]}, {"transfers": [{"to": "US"}]}, "changed", "changed", id="by"
    ),
    pytest.param({"special_category_basis": "explicit_consent"}, {}, "removed", "added", id="special categories"),
    pytest.param({}, {"recipients": ["ads"]}, "widened", "narrowed", id="recipient"),
    pytest.param(
        {"lawful_basis": "consent"}, {"lawful_basis": "contract"}, "changed", "changed", id="another lawful basis"
    ),
    pytest.param({"sla": {"availability": 0.99}}, {"sla": {"availability": 0.9}}, "weakened", "strengthened", id="%"),
    pytest.param(
        {"sla": {"freshness_seconds": 60}}, {"sla": {"freshness_seconds": 99}}, "weakened", "strengthened", id="wait"
    ),
    pytest.param({"sla": {"quality": 0.9}}, {}, "removed", "added", id="no level"),
    pytest.param({"retention": {"days": 365}}, {"retention": {"days": 30}}, "shortened", "lengthened", id="retention"),
    pytest.param(
        {"retention": {"days": 30, "longest_days": 60}},
        {"retention": {"days": 30, "longest_days": 50}},
        "shortened",
        "lengthened",
        id="longest retention",
    ),
    pytest.param(
        {"retention": {"unlimited": True}}, {"retention": {"days": 30}}, "shortened", "lengthened", id="kept for ever"
    ),
    pytest.param(
        level("freshness_seconds", 60), level("freshness_seconds", 90), "weakened", "strengthened", id="of a table"
    ),
    pytest.param(level("availability", 0.9), {}, "removed", "added", id="no level of a table"),
    pytest.param(
        level("retention_days", 60), level("retention_days", 30), "shortened", "lengthened", id="kept in a table"
    ),
    pytest.param(promise("lte", 1), promise("lte", 5), "weakened", "strengthened", id="upper bound"),
    pytest.param(promise("gte", 5), promise("gt", 5), "strengthened", "weakened", id="without the bound itself"),
    pytest.param(promise("equals", 0), promise("lte", 5), "weakened", "strengthened", id="from exactly to at most"),
    pytest.param(promise("gte", 5), promise("lte", 5), "changed", "changed", id="the other way round"),
    pytest.param(promise("lte", 5), promise("lte", 5, unit="percent"), "changed", "changed", id="another unit"),
    pytest.param(promise("lte", 5), {}, "removed", "added", id="no check"),
    pytest.param(port(), {}, "removed", "added", id="port"),
    pytest.param(port(), port(format="csv"), "changed", "changed", id="format"),
    pytest.param({"compatibility": "FULL"}, {"compatibility": "BACKWARD"}, "weakened", "strengthened", id="mode"),
    pytest.param({"compatibility": "FORWARD"}, {"compatibility": "BACKWARD"}, "changed", "changed", id="other mode"),
    pytest.param(
        {"deprecation_notice_days": 90}, {"deprecation_notice_days": 30}, "shortened", "lengthened", id="notice"
    ),
    pytest.param(
        {"end_of_life": "2030-01-01"}, {"end_of_life": "2029-12-31"}, "shortened", "lengthened", id="end of life"
    ),
    pytest.param({"end_of_life": "2030-01-01"}, {"end_of_life": "soon"}, "changed", "changed", id="no date"),
    pytest.param({"status": "active"}, {"status": "retired"}, "changed", "changed", id="status"),
]


@pytest.mark.parametrize(("before", "after", "there", "back"), BOTH)
def test_a_difference_has_a_direction_there_and_back(
    before: dict[str, Any], after: dict[str, Any], there: str, back: str
) -> None:
    assert [found["direction"] for found in product_differences(before, after)] == [there]
    assert [found["direction"] for found in product_differences(after, before)] == [back]


def test_a_difference_says_what_it_is_of_and_both_sides() -> None:
    before = {"sla": {"freshness_seconds": 14400}, "contract": {}}
    assert product_differences(before, {"sla": {"freshness_seconds": 172800}, "contract": {}}) == [
        {
            "type": "service_level_changed",
            "direction": "weakened",
            "path": "product.sla.freshness_seconds",
            "subject": "service level freshness_seconds",
            "from": 14400,
            "to": 172800,
        }
    ]


@pytest.mark.parametrize(
    ("now", "path"),
    [
        pytest.param({**port(), "encryption": {"at_rest": "AES-128"}}, "product.encryption.at_rest", id="product"),
        pytest.param(port(encryption={"at_rest": "AES-128"}), "output_ports[daily].encryption.at_rest", id="port"),
        pytest.param(port(), "output_ports[daily].encryption.at_rest", id="of neither"),
    ],
)
def test_encryption_is_looked_for_where_it_is_said(now: dict[str, Any], path: str) -> None:
    before = {"encryption": {"at_rest": "AES-256"}, **port()}
    assert [found["path"] for found in product_differences(before, now)] == [path]


def test_encryption_that_moves_from_the_product_to_its_ports_is_no_difference() -> None:
    before = {"encryption": {"at_rest": "AES-256"}, **port()}
    assert product_differences(before, port(encryption={"at_rest": "AES-256"})) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"description": "a"}, {"description": "b"}, id="description"),
        pytest.param({"tags": ["a", "b"]}, {"tags": ["b"]}, id="tags"),
        pytest.param({"version": "1.0.0"}, {"version": "1.0.1"}, id="version"),
        pytest.param({"protections": ["a", "b"]}, {"protections": ["b", "a"]}, id="order of protections"),
        pytest.param(role("r", "read", "write"), role("r", "write", "read"), id="order of permissions"),
        pytest.param(promise("lte", 5, description="a"), promise("lte", 5, description="b"), id="words of a check"),
        pytest.param(promise("lte", 5), promise("lte", 5.0), id="another way to write a number"),
    ],
)
def test_words_and_order_are_no_difference(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert product_differences(before, after) == []


@given(st.lists(st.sampled_from([row.values[:2] for row in BOTH]), max_size=6))
def test_nothing_differs_from_itself_and_order_does_not_matter(rows: list[Any]) -> None:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for was, now in rows:
        before |= copy.deepcopy(was)
        after |= copy.deepcopy(now)
    assert product_differences(before, before) == []
    there = product_differences(before, after)
    assert there == product_differences(dict(reversed(before.items())), dict(reversed(after.items())))
