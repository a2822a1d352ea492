"""
What an instrumented build of the extension counts: the workloads of the benchmarks, asked through Python.

``maturin build --pgo`` runs it (``engine/native/pyproject.toml``) with the instrumented extension installed. The folder
``BYLAW_WORKLOADS`` names was written by ``engine/native/examples/time_workloads.rs``.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import bylaw_native

SECONDS_EACH = 2.0


def main() -> None:
    for folder in sorted(path.parent for path in Path(os.environ["BYLAW_WORKLOADS"]).glob("*/name")):
        modules = {path.name: path.read_text() for path in folder.glob("*.rego")}
        snapshot = bylaw_native.load(modules, (folder / "data.json").read_bytes())
        entrypoint = (folder / "path").read_text().removeprefix("data.").replace(".", "/")
        inputs = (folder / "inputs.jsonl").read_bytes().splitlines()
        end = time.monotonic() + SECONDS_EACH
        while time.monotonic() < end:
            for text in inputs:
                snapshot.evaluate(entrypoint, text)


if __name__ == "__main__":
    main()
