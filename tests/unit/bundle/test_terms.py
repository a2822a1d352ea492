"""Waivers and parameters as a release must have them."""

from __future__ import annotations

from typing import Any

import pytest

from bylaw.bundle import Bundle
from bylaw.bundle.terms import check_terms
from bylaw.errors import InvalidPolicyDocument

_WAIVER: dict[str, Any] = {
    "id": "W-1",
    "rule": "domains.a.privacy.x",
    "scope": {"product": "p"},
    "reason": "migration",
    "requested_by": "ann",
    "approved_by": "ben",
    "starts": "2026-01-01T00:00:00Z",
    "ends": "2026-02-01T00:00:00+01:00",
}


def _check(root: str, layer: Any) -> None:
    data = {"global": layer} if root == "global" else {"domains": {"a": layer}}
    check_terms(Bundle("x", "1", (root,), 1, {}, data))


@pytest.mark.parametrize("root", ["global", "domains/a"])
def test_terms_in_shape_are_released(root: str) -> None:
    _check(root, {"waivers": [_WAIVER], "parameters": {"waivers": {"approvers": ["ben"], "max_days": 30}}})


_W = "data/domains/a/waivers"
_P = "data/domains/a/parameters"
_MALFORMED = {
    "waivers that are an object": ({"waivers": {}}, f"{_W} is a list"),
    "a waiver that is a text": ({"waivers": ["W-1"]}, f"{_W}/0 is an object"),
    "no reason": ({"waivers": [_WAIVER | {"reason": " "}]}, f"{_W}/0/reason is a text, and is needed"),
    "no end": (
        {"waivers": [_WAIVER, {key: _WAIVER[key] for key in _WAIVER if key != "ends"}]},
        f"{_W}/1/ends is a text, and is needed",
    ),
    "a scope of everything": (
        {"waivers": [_WAIVER | {"scope": {}}]},
        f"{_W}/0/scope is an object that names a domain, a product or both",
    ),
    "a scope of something else": (
        {"waivers": [_WAIVER | {"scope": {"table": "t"}}]},
        f"{_W}/0/scope is an object that names a domain, a product or both",
    ),
    "approved by who asked": (
        {"waivers": [_WAIVER | {"approved_by": "ann"}]},
        f"{_W}/0/approved_by is ann, who requested it as well",
    ),
    "a day instead of a time": (
        {"waivers": [_WAIVER | {"ends": "2026-02-01"}]},
        f"{_W}/0/ends is an RFC 3339 time with its zone, not '2026-02-01'",
    ),
    "no time at all": (
        {"waivers": [_WAIVER | {"starts": "soon"}]},
        f"{_W}/0/starts is an RFC 3339 time, not 'soon'",
    ),
    "an end before its start": (
        {"waivers": [_WAIVER | {"ends": "2025-12-31T00:00:00Z"}]},
        f"{_W}/0/ends is not after its start",
    ),
    "a direction that is none": (
        {"parameters": {"directions": {"days": "up"}}},
        f"{_P}/directions is an object of words: higher, lower, more, fewer, bounds, extends, budgets",
    ),
    "parameters that are a list": ({"parameters": []}, f"{_P} is an object"),
    "approvers that are a text": (
        {"parameters": {"waivers": {"approvers": "ben"}}},
        f"{_P}/waivers/approvers is a list of texts",
    ),
    "no days at all": (
        {"parameters": {"waivers": {"max_days": 0}}},
        f"{_P}/waivers/max_days is a number of days above nothing",
    ),
}


@pytest.mark.parametrize(("layer", "message"), _MALFORMED.values(), ids=_MALFORMED)
def test_terms_out_of_shape_are_not_released(layer: Any, message: str) -> None:
    with pytest.raises(InvalidPolicyDocument) as refused:
        _check("domains/a", layer)

    assert str(refused.value) == message
