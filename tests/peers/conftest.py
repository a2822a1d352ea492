"""
The real programs that our answers are compared with, and our own service beside them, each on a free port.

Without the programs the tests here are skipped, and say so; `make test-peers` builds them first and sets
REQUIRE_PEERS=1, and from then on a missing one is a failure.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TOOLS = REPOSITORY / ".tools"
READY_WITHIN_SECONDS = 60.0
STOPPED_WITHIN_SECONDS = 20.0
ANSWER_WITHIN_SECONDS = 30.0

# Set by `make test-peers`. Not handed on: the service refuses a BYLAW_* variable that names no setting of its own.
PEERS_ARE_REQUIRED = "REQUIRE_PEERS"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as it came; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. ``ask`` sends exactly what it is given."""

    name: str
    port: int
    output: Path

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_WITHIN_SECONDS)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()


StartServer = Callable[..., Server]


@pytest.fixture(scope="session")
def opa_program() -> Path:
    return _program("opa")


@pytest.fixture(scope="session")
def conftest_program() -> Path:
    return _program("conftest")


@pytest.fixture(scope="session")
def regal_program() -> Path:
    return _program("regal")


@pytest.fixture(scope="session")
def fideslang_package() -> Path:
    """The folder to put on the path."""
    return _program("fideslang")


@pytest.fixture(scope="session")
def sqlglot_package() -> Path:
    """Likewise."""
    return _program("sqlglot")


@pytest.fixture(scope="session")
def bylaw_program() -> Path:
    """The command of the environment that runs the tests."""
    found = Path(sys.executable).parent / "bylaw"
    if not found.exists():
        _missing(f"no {found.name} beside {sys.executable}: `make setup`")
    return found


@pytest.fixture(scope="session")
def start_opa(opa_program: Path) -> Iterator[StartServer]:
    """Starts ``opa run --server`` over bundles; every decision goes to its console log, so answers carry an id."""
    with contextlib.ExitStack() as stack:

        def start(bundles: Sequence[Path] = (), arguments: Sequence[str] = ()) -> Server:
            settings = ["--set", "decision_logs.console=true", "--log-level", "error", "--disable-telemetry"]
            loads = [argument for bundle in bundles for argument in ("--bundle", str(bundle))]
            command = [str(opa_program), "run", "--server", *settings, *loads, *arguments]
            return stack.enter_context(_running("opa", command))

        yield start


@pytest.fixture(scope="session")
def start_bylaw(bylaw_program: Path) -> Iterator[StartServer]:
    """Starts ``bylaw serve`` with a state folder of its own."""
    with contextlib.ExitStack() as stack:

        def start(bundles: Sequence[Path] = (), arguments: Sequence[str] = ()) -> Server:
            state = stack.enter_context(tempfile.TemporaryDirectory(prefix="bylaw-peers-"))
            loads = [argument for bundle in bundles for argument in ("--bundle", str(bundle))]
            command = [str(bylaw_program), "serve", "--state", state, *loads, *arguments]
            return stack.enter_context(_running("bylaw", command))

        yield start


@pytest.fixture(scope="session")
def built_bundles(bylaw_program: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The library and every folder of ``bundles/`` as archives, by name, built by the command that releases them."""
    folder = tmp_path_factory.mktemp("bundles")
    sources = {"library": ["--library"]}
    sources |= {source.name: [str(source)] for source in sorted((REPOSITORY / "bundles").iterdir()) if source.is_dir()}
    archives = {}
    for name, arguments in sources.items():
        archives[name] = folder / f"{name}.tar.gz"
        subprocess.run([bylaw_program, "bundle", "build", *arguments, "-o", archives[name]], check=True)
    return archives


def _program(name: str) -> Path:
    here = TOOLS / name
    found = here if here.exists() else shutil.which(name)
    if not found:
        _missing(f"no {name} in {TOOLS.relative_to(REPOSITORY)}: `make tools` builds it")
    return Path(str(found))


def _missing(reason: str) -> None:
    if os.environ.get(PEERS_ARE_REQUIRED) == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@contextlib.contextmanager
def _running(name: str, command: Sequence[str]) -> Iterator[Server]:
    port = _free_port()
    with tempfile.NamedTemporaryFile(prefix=f"{name}-", suffix=".log") as output:
        arguments = [*command, "--addr", f"127.0.0.1:{port}"]
        process = subprocess.Popen(arguments, stdout=output, stderr=output)
        server = Server(name, port, Path(output.name))
        try:
            _wait_until_ready(server, process)
            yield server
        finally:
            _stop(process)


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if server.ask("GET", "/health").status == 200:
                return
        time.sleep(0.05)
    pytest.fail(f"{server.name} was not ready: {server.output.read_text(errors='replace')[-3000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOPPED_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
