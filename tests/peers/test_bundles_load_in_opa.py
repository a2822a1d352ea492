"""What ``bylaw bundle build`` writes, an unmodified OPA loads; what ``opa build`` writes, loads here."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from bylaw.bundle import build_archive, read_bundle, read_library

pytestmark = pytest.mark.peers

_ROOT = Path(__file__).parents[2]


def test_the_library_and_the_example_mesh_load_side_by_side(opa_program: Path, tmp_path: Path) -> None:
    bundles = [
        read_library(),
        *(read_bundle(folder) for folder in sorted((_ROOT / "bundles").iterdir()) if folder.is_dir()),
    ]
    arguments: list[str] = []
    for bundle in bundles:
        archive = tmp_path / f"{bundle.name}.tar.gz"
        archive.write_bytes(build_archive(bundle))
        arguments += ["-b", str(archive)]

    done = subprocess.run(
        [str(opa_program), "eval", *arguments, "--format", "raw", "data.global.metadata"],
        capture_output=True,
        text=True,
        check=False,
    )

    council = next(bundle for bundle in bundles if bundle.name == "global")
    assert done.stderr == ""
    assert json.loads(done.stdout) == council.data["global"]["metadata"]


def test_a_bundle_of_opa_build_loads_here(opa_program: Path, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "policy.rego").write_text("package authz\n\nallow if input.user in data.roles.admin\n")
    (tmp_path / "source" / "data.json").write_text('{"roles": {"admin": ["ann"]}}')
    archive = tmp_path / "opa.tar.gz"
    subprocess.run(
        [str(opa_program), "build", "-b", "source", "-o", str(archive), "--revision", "7"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )

    read = read_bundle(archive)

    assert (read.name, read.revision, read.roots) == ("opa", "7", ("authz", "roles"))
    assert read.data == {"roles": {"admin": ["ann"]}}
    assert list(read.modules) == ["source/policy.rego"]
