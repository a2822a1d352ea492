"""
The Rego that a YAML policy is shown as, before the real OPA: formatted as it formats, deciding there as the YAML does
there and here.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.generated_policies import comparable, generated, laws

from bylaw.bundle import Bundle, build_archive, combine
from bylaw.bundle.policy_rego import rego_of
from bylaw.decision import entrypoint
from bylaw_adapters.evaluators.extension import NativeEvaluator

if TYPE_CHECKING:
    from tests.peers.conftest import Server, StartServer

pytestmark = pytest.mark.peers

MADE = generated(7, 150)


def test_it_is_formatted_as_opa_formats(opa_program: Path, tmp_path: Path) -> None:
    for number, each in enumerate(MADE):
        (tmp_path / f"{number}.rego").write_text(rego_of(each.root, each.policy), encoding="utf-8")

    done = subprocess.run(
        [opa_program, "fmt", "--list", "--fail", tmp_path], capture_output=True, text=True, check=False, timeout=60
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_yaml_and_rego_decide_alike_in_opa_and_here(start_opa: StartServer, tmp_path: Path) -> None:
    as_yaml, as_rego = laws(MADE)
    modules, data_json, _ = combine(as_yaml)
    ours = NativeEvaluator().load(modules, data_json)
    theirs = [start_opa(_written(bundles, tmp_path / name)) for name, bundles in (("yaml", as_yaml), ("rego", as_rego))]

    for each in MADE:
        for question in each.questions:
            here = json.loads(ours.evaluate(entrypoint(each.kind), json.dumps(question).encode()) or b"null")
            yaml, rego = (_asked(opa, each.kind, question) for opa in theirs)
            assert yaml == here
            assert comparable(rego) == comparable(here), (each.policy, question)


def _written(bundles: list[Bundle], folder: Path) -> list[Path]:
    folder.mkdir()
    for bundle in bundles:
        (folder / f"{bundle.name}.tar.gz").write_bytes(build_archive(bundle))
    return sorted(folder.iterdir())


def _asked(opa: Server, kind: str, question: dict[str, Any]) -> Any:
    answer = opa.ask("POST", f"/v1/data/{entrypoint(kind)}", json.dumps({"input": question}).encode())
    assert answer.status == 200
    return json.loads(answer.body)["result"]
