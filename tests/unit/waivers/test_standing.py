"""Approved waivers as data of the law."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bylaw.errors import WaiverSettled, WrongShape
from bylaw.waivers.standing import REVISION, revisions, standing, with_waivers
from bylaw.waivers.waiver import Waiver, waiver_from


def _waiver(identifier: str = "W-1", layer: str = "global") -> Waiver:
    return Waiver(
        id=identifier,
        layer=layer,
        rule="PRV-001",
        scope={"domain": "customer"},
        reason="r",
        starts="2026-01-01T00:00:00Z",
        ends="2026-02-01T00:00:00Z",
        requested_by="ann",
        requested_at="2026-01-01T00:00:00Z",
    )


def _approved(identifier: str = "W-1", layer: str = "global") -> Waiver:
    return _waiver(identifier, layer).approved("dpo", "2026-01-02T00:00:00Z")


_OWN = {"id": "W-0"}
_LAW = {
    "id": "W-1",
    "rule": "PRV-001",
    "scope": {"domain": "customer"},
    "reason": "r",
    "requested_by": "ann",
    "approved_by": "dpo",
    "starts": "2026-01-01T00:00:00Z",
    "ends": "2026-02-01T00:00:00Z",
}

_ADDED: dict[str, tuple[Any, str, Any]] = {
    "to the bundle's own": ({"global": {"waivers": [_OWN]}}, "global", {"global": {"waivers": [_OWN, _LAW]}}),
    "where there were none": ({"global": {"x": 1}}, "global", {"global": {"x": 1, "waivers": [_LAW]}}),
    "to a domain's": (
        {"domains": {"customer": {}, "order": {}}},
        "customer",
        {"domains": {"customer": {"waivers": [_LAW]}, "order": {}}},
    ),
    "beside what is no list": ({"global": {"waivers": "W-0"}}, "global", {"global": {"waivers": ["W-0", _LAW]}}),
    "nowhere, without the layer": ({"domains": {"order": {}}}, "customer", {"domains": {"order": {}}}),
    "nowhere, without any domain": ({"global": {}}, "customer", {"global": {}}),
    "nowhere, in a layer of no shape": ({"global": [1]}, "global", {"global": [1]}),
}


@pytest.mark.parametrize(("data", "layer", "wanted"), _ADDED.values(), ids=_ADDED)
def test_an_approved_waiver_is_added(data: Any, layer: str, wanted: Any) -> None:
    assert json.loads(with_waivers(json.dumps(data).encode(), [_approved(layer=layer)])) == wanted


def test_without_waivers_the_data_stays_as_it_is_to_the_byte() -> None:
    assert with_waivers(b'{ "global": {} }', []) == b'{ "global": {} }'


def test_numbers_keep_their_digits() -> None:
    data = b'{"a":100000000000000000000000,"b":0.1,"global":{}}'

    assert b'"a":100000000000000000000000,"b":0.1,' in with_waivers(data, [_approved()])


def test_only_what_was_approved_and_not_withdrawn_stands() -> None:
    withdrawn = _approved("W-2").withdrawn("ann", "2026-01-03T00:00:00Z")

    assert [each.id for each in standing([_approved("W-3"), _waiver("W-4"), withdrawn, _approved("W-1")])] == [
        "W-1",
        "W-3",
    ]


def test_the_revision_is_that_of_what_stands() -> None:
    one, two = revisions({"global": "1"}, [_approved()]), revisions({"global": "1"}, [_approved("W-2")])

    assert (one["global"], revisions({"global": "1"}, [])) == ("1", {"global": "1"})
    assert one[REVISION] != two[REVISION]


def test_a_waiver_is_approved_and_withdrawn_once() -> None:
    withdrawn = _waiver().withdrawn("ann", "2026-01-03T00:00:00Z")
    for change in (_approved().approved, withdrawn.approved, withdrawn.withdrawn):
        with pytest.raises(WaiverSettled, match=r"^waiver W-1 is (approved|withdrawn) already$"):
            change("dpo", "2026-01-04T00:00:00Z")


def test_a_waiver_is_read_as_it_was_written() -> None:
    approved = _approved()

    assert waiver_from(json.loads(json.dumps(approved.as_document()))) == approved


@pytest.mark.parametrize(
    "changes",
    [{"more": "x"}, {"reason": 1}, {"scope": {}}, {"scope": "all"}],
    ids=["more members", "a number", "no scope", "a text for a scope"],
)
def test_what_is_no_waiver_is_not_read(changes: dict[str, Any]) -> None:
    with pytest.raises(WrongShape):
        waiver_from({**_approved().as_document(), **changes})
