"""
Every Rego test of the library, the catalogue and the example mesh passes under our own runner: the library's without
the catalogue, for they say what is decided where no rule is loaded.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bylaw_adapters.bundle_sources import load_bundle_sources
from bylaw_adapters.decision_cases import find_case_files, read_case_law, read_cases, run_cases
from bylaw_adapters.mutation import Fate, mutate, new_suite
from bylaw_adapters.mutation.rego_mutants import rego_mutants
from bylaw_adapters.rego_tests import Outcome, run_tests

_ROOT = Path(__file__).parents[2]

_LIBRARY = f"{_ROOT}/rego/bylaw"
_CATALOGUE = f"{_ROOT}/rego/global"
_DOMAINS = sorted(
    folder.name
    for folder in (_ROOT / "bundles").iterdir()
    if any(folder.rglob("*_test.rego")) and folder.name != "global"
)
_SUBJECTS = {
    "library": ("bylaw/", [_LIBRARY]),
    "catalogue": ("global/", [_LIBRARY, _CATALOGUE]),
    **{name: (f"domains/{name}/", [_LIBRARY, f"{_ROOT}/bundles/{name}"]) for name in _DOMAINS},
}


@pytest.mark.parametrize(("below", "folders"), _SUBJECTS.values(), ids=_SUBJECTS)
def test_every_rego_test_passes(below: str, folders: list[str]) -> None:
    loaded = load_bundle_sources(folders)

    results = run_tests(loaded.modules, json.dumps(loaded.data).encode()).results

    judged = [each for each in results if below in str(each.location)]
    failed = [f"{each.location}: {each.name}" for each in judged if each.outcome not in {Outcome.PASS, Outcome.SKIPPED}]
    assert judged
    assert failed == []


def test_the_tests_of_the_catalogue_notice_four_mistakes_of_five() -> None:
    loaded = load_bundle_sources([_LIBRARY, _CATALOGUE])
    beside = frozenset(file for file in loaded.modules if file.startswith(_LIBRARY))
    rules = [file for file in loaded.modules if file not in beside and not file.endswith("_test.rego")]
    suite = new_suite(loaded.modules, b"{}", {"keeps_print": True}, timeout_seconds=10, beside=beside)

    run = mutate(suite, [each for file in sorted(rules) for each in rego_mutants(file, loaded.modules[file])])

    survived = [f"{each.mutant.location}: {each.mutant.mutation}" for each in run.of(Fate.SURVIVED)]
    assert run.found > 500
    assert run.score >= 80, survived


_DECIDED_BY = {"finance": ["finance"], "global": ["global", "mesh"]}


def test_every_bundle_with_cases_says_what_they_are_decided_by() -> None:
    folders = {path.relative_to(_ROOT / "bundles").parts[0] for path in (_ROOT / "bundles").rglob("*_cases.yaml")}

    assert folders == set(_DECIDED_BY)


@pytest.mark.parametrize("name", _DECIDED_BY)
def test_every_decision_case_holds(name: str) -> None:
    law = read_case_law([str(_ROOT / "bundles" / each) for each in _DECIDED_BY[name]])
    files = find_case_files([str(_ROOT / "bundles" / name)])

    results = [each for file in files for each in run_cases(read_cases(str(file), file.read_bytes()), law)]

    assert results
    assert [(str(each.location), each.printed) for each in results if each.outcome is not Outcome.PASS] == []
