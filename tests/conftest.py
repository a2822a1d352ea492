"""
What tests of several folders share: a running OPA.

Without the program, tests that need it are skipped, and say so; `make test-peers` builds it first and sets
REQUIRE_PEERS=1, and from then on a missing one is a failure.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

TOOLS = Path(__file__).resolve().parents[1] / ".tools"
READY_WITHIN_SECONDS = 60.0


@pytest.fixture(scope="session")
def opa_url() -> Iterator[str]:
    """The address of an OPA of our own, empty, on a port that was free."""
    program = TOOLS / "opa" if (TOOLS / "opa").exists() else shutil.which("opa")
    if program is None:
        reason = "no opa in .tools: `make tools` builds it"
        pytest.fail(reason) if os.environ.get("REQUIRE_PEERS") == "1" else pytest.skip(reason)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [program, "run", "--server", "--addr", address, "--log-level", "error", "--disable-telemetry"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_until_ready(address, process)
            yield f"http://{address}"
        finally:
            process.terminate()


def _wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    connection = http.client.HTTPConnection(address, timeout=1.0)
    while process.poll() is None and time.monotonic() < deadline:
        try:
            connection.request("GET", "/health")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
    pytest.fail("opa was not ready in time")
