"""A run in several processes says what a run in one does, and a process that dies takes the whole run with it."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bylaw.errors import EvaluatorUnavailable
from bylaw_adapters.ci.checking import Run
from bylaw_adapters.ci.files import files_of
from bylaw_adapters.ci.side_by_side import check_side_by_side, processes_for

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]


class FakeLaw:
    """Allows; what is named ``denied`` it denies, and at ``deadly`` it kills its process, if that is not the first."""

    def __init__(self) -> None:
        self.first = os.getpid()

    def evaluate(self, _entrypoint: str, input_json: bytes | None, **_options: Any) -> bytes:
        name = json.loads(input_json or b"{}")["product"]["name"]
        if name == "deadly" and os.getpid() != self.first:
            os.kill(os.getpid(), signal.SIGKILL)
        entry = {"id": "X-1", "rule": "r", "enforcement": "deny", "msg": name, "path": "product.name"}
        violations = [entry] if name == "denied" else []
        lists = {"violations": violations, "warnings": [], "audits": [], "waived": [], "ignored": []}
        return json.dumps({"decision": "deny" if violations else "allow", "allow": not violations, **lists}).encode()


class Contradicted(FakeLaw):
    """Denies what is contradicted."""

    def evaluate(self, entrypoint: str, input_json: bytes | None, **options: Any) -> bytes:
        given = json.loads(input_json or b"{}")
        if given["product"].get("contradictions"):
            given["product"]["name"] = "denied"
        return super().evaluate(entrypoint, json.dumps(given).encode(), **options)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., list[str]]:
    def write(*names: str) -> list[str]:
        for number, name in enumerate(names):
            text = f"apiVersion: bylaw.io/v1\nkind: DataProduct\ndomain: shop\nname: {name}\n"
            (tmp_path / f"{number:04}.yaml").write_text(text)
        return list(files_of([str(tmp_path)]))

    return write


def run() -> Run:
    law: Any = FakeLaw()
    return Run(law, at_ns=7)


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_what_is_found_is_what_one_process_finds_in_the_order_of_the_files(
    folder: Callable[..., list[str]], processes: int
) -> None:
    paths = folder(*(["denied", "good", "good", "["] * 30))
    side_by_side = check_side_by_side(paths, run(), processes=processes)
    assert side_by_side == run().check_all(paths)
    assert [file.decision for file in side_by_side[:4]] == ["deny", "allow", "allow", "undecided"]


def test_a_process_that_is_killed_is_an_error_of_the_run_and_none_stays(folder: Callable[..., list[str]]) -> None:
    with pytest.raises(EvaluatorUnavailable, match="ended with -9"):
        check_side_by_side(folder(*["deadly"] * 400), run(), processes=3)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("processes", [1, 2])
def test_what_only_all_files_together_say_is_said(folder: Callable[..., list[str]], processes: int) -> None:
    """The files are of one product and differ: each is asked about again, with what the others say as a fact."""
    paths = folder(*["same"] * 60)
    for number, path in enumerate(paths):
        with Path(path).open("a") as file:
            file.write(f"owner: owner-{number % 2}\n")
    law: Any = Contradicted()
    side_by_side = check_side_by_side(paths, Run(law, at_ns=7), processes=processes)
    assert {file.decision for file in side_by_side} == {"deny"}


def test_a_few_files_are_not_worth_a_process() -> None:
    assert processes_for(["a.yaml"] * 20) == 1
