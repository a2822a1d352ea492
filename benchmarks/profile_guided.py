"""
Builds with a profile of what runs (profile-guided optimisation), as ``make build`` builds what is shipped.

An instrumented build runs the workloads and counts; a second build lays out and inlines by the counts. Needs the
component ``llvm-tools`` of the Rust toolchain.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

NATIVE = Path(__file__).parent.parent / "engine" / "native"


class MissingToolError(Exception):
    """The toolchain lacks what profiles are merged with."""


def build_examples(training: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """
    The paths of examples by name, built with the profile of a run of each with the arguments given.

    Raises:
        MissingToolError: ``llvm-profdata`` is not there.
        subprocess.CalledProcessError: A build or a run failed.
    """
    merge = profdata()
    counts = NATIVE / "target" / "profile"
    shutil.rmtree(counts, ignore_errors=True)
    for name, program in _build(training, f"-Cprofile-generate={counts}").items():
        subprocess.run([program, *training[name]], check=True, stdout=subprocess.DEVNULL)
    merged = counts / "merged.profdata"
    subprocess.run([merge, "merge", "-o", merged, *counts.glob("*.profraw")], check=True)
    return _build(training, f"-Cprofile-use={merged}")


def profdata() -> str:
    """
    The toolchain's own ``llvm-profdata``: counts are of its version of LLVM.

    Raises:
        MissingToolError: It is not there.
    """
    sysroot = subprocess.run(["rustc", "--print", "sysroot"], check=True, capture_output=True, text=True, cwd=NATIVE)
    found = sorted(Path(sysroot.stdout.strip()).glob("lib/rustlib/*/bin/llvm-profdata"))
    if not found:
        raise MissingToolError("llvm-profdata is missing: rustup component add llvm-tools")
    return str(found[0])


def _build(names: Iterable[str], flag: str) -> dict[str, str]:
    folder = NATIVE / "target" / flag.partition("=")[0].removeprefix("-C")
    environment = {**os.environ, "RUSTFLAGS": flag, "CARGO_TARGET_DIR": str(folder)}
    wanted = [word for name in names for word in ("--example", name)]
    command = ["cargo", "build", "--profile", "dist", "--locked", "--quiet", *wanted, "--message-format=json"]
    built = subprocess.run(command, cwd=NATIVE, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    messages = (json.loads(line) for line in built.stdout.splitlines())
    return {it["target"]["name"]: it["executable"] for it in messages if it.get("executable")}


if __name__ == "__main__":
    try:
        profdata()
    except MissingToolError as error:
        sys.exit(str(error))
