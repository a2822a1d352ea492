"""
Policy parity, in CI: the real conftest, with our released bundles and the runner in ``conftest/``, finds in each
example file what ``bylaw check`` finds there, and passes what it allows.

The bundles are built, unpacked and given to conftest as ``conftest/README.md`` tells a user to.
"""

from __future__ import annotations

import json
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.peers

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLES = REPOSITORY / "conftest" / "examples"
POLICY = REPOSITORY / "conftest" / "policy"
FOLDERS = ("global", "customer", "product", "order", "analytics", "finance", "mesh")
RUN_WITHIN_SECONDS = 120.0

# `bylaw check` reports what conftest has no place for: a waiver that has no effect.
NOT_OF_THE_FILE = frozenset({"waiver_ignored"})


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    id: str
    enforcement: str
    path: str
    msg: str


def example_files(expected: str) -> list[Any]:
    return [pytest.param(file, id=file.name) for file in sorted((EXAMPLES / expected).iterdir())]


@pytest.fixture(scope="session")
def released_law(bylaw_program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with each bundle, built and unpacked."""
    law = tmp_path_factory.mktemp("law")
    for name in ("library", *FOLDERS):
        archive = law / f"{name}.tar.gz"
        source = ["--library"] if name == "library" else [str(REPOSITORY / "bundles" / name)]
        _run([str(bylaw_program), "bundle", "build", *source, "--output", str(archive)], may_exit=(0,))
        with tarfile.open(archive) as bundle:
            bundle.extractall(law / name, filter="data")
        archive.unlink()
    return law


@pytest.mark.parametrize("file", example_files("allowed"))
def test_conftest_passes_what_we_allow(
    file: Path, conftest_program: Path, bylaw_program: Path, released_law: Path
) -> None:
    ours = _checked(bylaw_program, file)
    theirs = _conftested(conftest_program, released_law, file)

    assert ours["decision"] == "allow"
    assert _failures(theirs) == []
    assert _findings_of_conftest(theirs) == _findings_of_check(ours)


@pytest.mark.parametrize("file", example_files("denied"))
def test_conftest_fails_what_we_do_not_allow_for_the_same_reasons(
    file: Path, conftest_program: Path, bylaw_program: Path, released_law: Path
) -> None:
    ours = _checked(bylaw_program, file)
    theirs = _conftested(conftest_program, released_law, file)

    assert ours["decision"] in ("deny", "undecided")
    assert _failures(theirs) != []
    if ours["decision"] == "deny":  # what we could not decide has other words there: it has no third outcome
        assert _findings_of_conftest(theirs) == _findings_of_check(ours)


def test_conftest_fails_every_file_when_the_library_was_left_out(conftest_program: Path) -> None:
    result = _conftest(conftest_program, ["--policy", str(POLICY)], EXAMPLES / "allowed" / "product-catalog.yaml")

    assert [failure["msg"] for failure in result["failures"]] == [
        "the Bylaw library is not loaded: nothing was judged (conftest/README.md says how)",
        "the data of the council's bundle is not loaded: give it with --data (conftest/README.md says how)",
    ]


def test_conftest_fails_every_file_when_the_data_was_left_out(conftest_program: Path, released_law: Path) -> None:
    policies = ["--policy", str(POLICY), "--policy", str(released_law)]
    result = _conftest(conftest_program, policies, EXAMPLES / "allowed" / "order-namespace.yaml")

    assert [failure["msg"] for failure in result["failures"]] == [
        "the data of the council's bundle is not loaded: give it with --data (conftest/README.md says how)"
    ]


def _checked(program: Path, file: Path) -> dict[str, Any]:
    report = json.loads(_run([str(program), "check", "--format", "json", str(file)], may_exit=(0, 1, 2)))
    (checked,) = report["files"]
    return dict(checked)


def _conftested(program: Path, law: Path, file: Path) -> dict[str, Any]:
    data = [argument for bundle in sorted(law.iterdir()) for argument in ("--data", str(bundle))]
    return _conftest(program, ["--policy", str(POLICY), "--policy", str(law), *data], file)


def _conftest(program: Path, arguments: list[str], file: Path) -> dict[str, Any]:
    output = _run([str(program), "test", "--output", "json", *arguments, str(file)], may_exit=(0, 1))
    (result,) = json.loads(output)
    return {"failures": result.get("failures", []), "warnings": result.get("warnings", [])}


def _failures(result: dict[str, Any]) -> list[str]:
    return [failure["msg"] for failure in result["failures"]]


def _findings_of_conftest(result: dict[str, Any]) -> list[Finding]:
    entries = [*result["failures"], *result["warnings"]]
    return sorted(
        Finding(said["id"], said["enforcement"], said["path"], entry["msg"])
        for entry in entries
        for said in (entry["metadata"],)
    )


def _findings_of_check(checked: dict[str, Any]) -> list[Finding]:
    return sorted(
        Finding(found["id"], found["enforcement"], found["path"], found["msg"])
        for found in checked["findings"]
        if found["id"] not in NOT_OF_THE_FILE
    )


def _run(command: list[str], *, may_exit: tuple[int, ...]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_WITHIN_SECONDS, check=False)
    assert done.returncode in may_exit, done.stdout + done.stderr
    return done.stdout
