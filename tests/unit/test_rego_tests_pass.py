"""Every Rego test of the library, the catalogue and the example mesh passes under our own runner."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bylaw_adapters.bundle_sources import load_bundle_sources
from bylaw_adapters.rego_tests import Outcome, run_tests

_ROOT = Path(__file__).parents[2]

_LIBRARY = f"{_ROOT}/rego"
_DOMAINS = sorted(
    folder.name
    for folder in (_ROOT / "bundles").iterdir()
    if any(folder.rglob("*_test.rego")) and folder.name != "global"
)


@pytest.mark.parametrize("domain", [None, *_DOMAINS], ids=lambda domain: domain or "library and catalogue")
def test_every_rego_test_passes(domain: str | None) -> None:
    beside = [] if domain is None else [f"{_ROOT}/bundles/{domain}"]
    loaded = load_bundle_sources([_LIBRARY, *beside])

    results = run_tests(loaded.modules, json.dumps(loaded.data).encode()).results

    failed = [
        f"{each.location}: {each.name}" for each in results if each.outcome not in {Outcome.PASS, Outcome.SKIPPED}
    ]
    assert results
    assert failed == []
