"""Bundles of Rego v0, whole or in part, as OPA's manifests say it: read, loaded and built again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bylaw.bundle import build_archive, combine, read_bundle, v0_files
from bylaw.errors import PolicyError
from bylaw_adapters.wiring import named_evaluator

Write = Callable[..., Path]

_OLD = "package shop.old\n\ndeny[msg] { msg := input.reason }\n"
_NEW = "package shop.new\n\ndeny contains msg if some msg in data.shop.old.deny\n"


def _manifest(**versions: object) -> str:
    return json.dumps({"roots": ["shop"], **versions})


@pytest.mark.parametrize(
    "versions",
    [
        pytest.param({"rego_version": 0, "file_rego_versions": {"/new.rego": 1}}, id="all but one"),
        pytest.param({"file_rego_versions": {"/old.rego": 0}}, id="one"),
    ],
)
def test_a_bundle_says_which_modules_are_older(archive: Write, tmp_path: Path, versions: dict[str, object]) -> None:
    bundle = read_bundle(archive({".manifest": _manifest(**versions), "old.rego": _OLD, "new.rego": _NEW}))
    (tmp_path / "again.tar.gz").write_bytes(build_archive(bundle))
    built = read_bundle(tmp_path / "again.tar.gz", name=bundle.name)

    for each in (bundle, built):
        modules, data_json, _ = combine([each])
        snapshot = named_evaluator("native").load(modules, data_json, v0_files=v0_files([each]))
        assert snapshot.evaluate("shop/new/deny", b'{"reason": "late"}') == b'["late"]'


def test_older_rego_is_refused_where_nobody_said_that_it_is(archive: Write) -> None:
    with pytest.raises(PolicyError):
        read_bundle(archive({".manifest": _manifest(), "old.rego": _OLD}))


def test_an_evaluator_without_older_rego_refuses_it(archive: Write) -> None:
    bundle = read_bundle(archive({".manifest": _manifest(rego_version=0), "old.rego": _OLD}))
    modules, data_json, _ = combine([bundle])

    with pytest.raises(PolicyError, match="Rego v0 is not read by the evaluator regorus"):
        named_evaluator("regorus").load(modules, data_json, v0_files=v0_files([bundle]))
