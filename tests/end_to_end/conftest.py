"""A real ``bylaw serve`` in a process of its own, on a free port, with a state directory of its own."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

STOPPED_WITHIN_SECONDS = 30


@dataclass(slots=True)
class Running:
    """A service and what is needed to ask it, stop it and look at what it wrote."""

    url: str
    process: subprocess.Popen[str]
    state: Path
    errors: Path
    client: httpx.Client

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOPPED_WITHIN_SECONDS)

    def records(self) -> list[dict[str, object]]:
        """What is on the audit log by now."""
        segments = sorted((self.state / "audit").glob("*.jsonl"))
        return [json.loads(line) for segment in segments for line in segment.read_bytes().splitlines()]

    def said(self) -> str:
        """What it wrote to standard error."""
        return self.errors.read_text()


Serve = Callable[..., Running]


def write_bundle(folder: Path, modules: Mapping[str, str], *, data: object = None) -> Path:
    """A bundle's folder, with its modules by file name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in modules.items():
        (folder / name).write_text(text)
    if data is not None:
        (folder / "data.json").write_text(json.dumps(data))
    return folder


@contextlib.contextmanager
def _serving(folder: Path) -> Iterator[Serve]:
    with contextlib.ExitStack() as stack:

        def serve(
            *flags: str,
            modules: Mapping[str, str] | None = None,
            state: Path | None = None,
            before: tuple[str, ...] = (),
            **client_options: object,
        ) -> Running:
            number = len(list(folder.glob("serve-*")))
            own = folder / f"serve-{number}"
            own.mkdir()
            state = state or own / "state"
            words = ["serve", "--addr", "127.0.0.1:0", "--state", str(state), *flags]
            if modules is not None:
                words += ["--no-library", "--bundle", str(write_bundle(own / "rules", modules))]
            errors = own / "stderr.txt"
            command = [*before, sys.executable, "-m", "bylaw_adapters.cli.main", *words]
            with errors.open("w") as stderr:
                process = stack.enter_context(
                    subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
                )
            stack.callback(process.kill)
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said.startswith("bylaw serves on "), (said, errors.read_text())
            url = said.removeprefix("bylaw serves on ").strip()
            client = stack.enter_context(httpx.Client(base_url=url, timeout=30, **client_options))  # type: ignore[arg-type]
            return Running(url, process, state, errors, client)

        yield serve


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts services that end with the test."""
    with _serving(tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def serve_for_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts services that end with the module."""
    with _serving(tmp_path_factory.mktemp("services")) as start:
        yield start
