"""Delta bundles: that a delta makes one release of another, and what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bylaw.bundle import unpack
from bylaw.bundle.archive import read_archive, write_archive
from bylaw.bundle.delta import delta_between, patched
from bylaw.errors import InvalidDelta

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, 1.0, 1.5]) | st.text("a/~é", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("a/~", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=8,
)
_DATA = st.dictionaries(st.text("ab/~", min_size=1, max_size=2), _VALUES, max_size=4)


def _archive(data: Any, revision: str) -> bytes:
    manifest = {"revision": revision, "roots": ["app"]}
    return write_archive({".manifest": json.dumps(manifest).encode(), "app/data.json": json.dumps(data).encode()})


def _delta(*operations: Any, **more: bytes) -> dict[str, bytes]:
    return {"patch.json": json.dumps({"data": list(operations)}).encode(), **more}


@given(_DATA, _DATA)
def test_a_delta_makes_one_release_of_the_other(before: Any, after: Any) -> None:
    first, second = (unpack(_archive(data, revision), stem="app") for data, revision in ((before, "1"), (after, "2")))
    if json.dumps(first.data, sort_keys=True) == json.dumps(second.data, sort_keys=True):
        return
    delta = read_archive(delta_between(first, second), name="delta")

    made = unpack(patched(_archive(before, "1"), delta, name="app"), stem="app")

    assert json.dumps(made.data, sort_keys=True) == json.dumps(second.data, sort_keys=True)
    assert (made.revision, made.roots) == ("2", ("app",))


def test_elements_of_lists_are_inserted_replaced_and_removed() -> None:
    operations = (
        {"op": "upsert", "path": "/app/list/0", "value": "first"},
        {"op": "upsert", "path": "app/list/-", "value": "last"},
        {"op": "replace", "path": "/app/list/1", "value": "b"},
        {"op": "remove", "path": "/app/list/2"},
        {"op": "upsert", "path": "/app/made/on/the/way", "value": 1},
    )
    made = unpack(patched(_archive({"list": ["a", "x"]}, "1"), _delta(*operations), name="app"), stem="app")
    assert made.data == {"app": {"list": ["first", "b", "last"], "made": {"on": {"the": {"way": 1}}}}}


@pytest.mark.parametrize(
    ("delta", "said"),
    [
        (_delta(), "no operations"),
        ({"patch.json": b"[]"}, "wanted an object with a list"),
        (_delta(7), "op is none of"),
        (_delta({"op": "add", "path": "/app/x", "value": 1}), "op is none of upsert, remove, replace"),
        (_delta({"op": "upsert", "path": "/", "value": 1}), "names no place"),
        (_delta({"op": "upsert", "path": "/app/x"}), "no value"),
        (_delta({"op": "remove", "path": "/app/nothing"}), "nothing at 'nothing' to remove"),
        (_delta({"op": "replace", "path": "/app/nothing", "value": 1}), "nothing at 'nothing' to replace"),
        (_delta({"op": "replace", "path": "/app/list/9", "value": 1}), "no element '9'"),
        (_delta({"op": "upsert", "path": "/app/list/x", "value": 1}), "no element 'x'"),
        (_delta({"op": "remove", "path": "/app/text/x"}), "neither object nor array"),
        (_delta({"op": "remove", "path": "/app/no/where"}), "nothing at 'no'"),
        (_delta({"op": "remove", "path": "/app/text"}, **{"x.rego": b"package app"}), "and not x.rego"),
        (
            _delta({"op": "remove", "path": "/app/text"}, **{".manifest": b'{"roots": ["b"]}'}),
            "cannot change the roots",
        ),
    ],
)
def test_what_is_no_delta_to_a_bundle_is_refused(delta: dict[str, bytes], said: str) -> None:
    with pytest.raises(InvalidDelta) as refused:
        patched(_archive({"list": [1], "text": "x"}, "1"), delta, name="app")
    assert said in str(refused.value)
