"""Several bundles as one set of modules and data."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bylaw.bundle import Bundle, combine
from bylaw.errors import OverlappingRoots


def _bundle(
    name: str, *roots: str, modules: dict[str, str] | None = None, data: dict[str, Any] | None = None
) -> Bundle:
    return Bundle(name, f"{name}-1", roots, 1, modules or {}, data or {})


def test_bundles_stand_side_by_side() -> None:
    one = _bundle(
        "one", "domains/one", modules={"x.rego": "package domains.one"}, data={"domains": {"one": {"a": "<"}}}
    )
    two = _bundle("two", "domains/two", modules={"x.rego": "package domains.two"}, data={"domains": {"two": {"b": 2}}})

    modules, data_json, revisions = combine([two, one])

    assert modules == {"one/x.rego": "package domains.one", "two/x.rego": "package domains.two"}
    assert json.loads(data_json) == {"domains": {"one": {"a": "<"}, "two": {"b": 2}}}
    assert revisions == {"one": "one-1", "two": "two-1"}


def test_nothing_is_an_empty_law() -> None:
    assert combine([]) == ({}, b"{}", {})


_OVERLAPS = {
    "the same root": (("a",), ("a",), 'bundles one and two overlap: both own "a"'),
    "a root in another": (("a/b",), ("a",), 'bundles one and two overlap: both own "a/b" and "a"'),
    "one of several": (("x", "a"), ("y", "a/b/c"), 'bundles one and two overlap: both own "a" and "a/b/c"'),
}


@pytest.mark.parametrize(("one", "two", "message"), _OVERLAPS.values(), ids=_OVERLAPS)
def test_overlapping_roots_are_refused(one: tuple[str, ...], two: tuple[str, ...], message: str) -> None:
    with pytest.raises(OverlappingRoots) as refused:
        combine([_bundle("two", *two), _bundle("one", *one)])

    assert str(refused.value) == message


def test_a_root_that_begins_like_another_does_not_overlap() -> None:
    _, _, revisions = combine([_bundle("one", "domains/a"), _bundle("two", "domains/ab")])

    assert revisions == {"one": "one-1", "two": "two-1"}


def test_two_bundles_of_one_name_are_refused() -> None:
    with pytest.raises(OverlappingRoots) as refused:
        combine([_bundle("one", "a"), _bundle("one", "b")])

    assert str(refused.value) == ("two bundles are named one: a name says whose revision a decision was made of")
