"""A bundle that is pushed to a container registry is pulled from there by the service, and by an unmodified OPA."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.peers.conftest import Server, StartServer, _free_port, _program

from bylaw.bundle.archive import write_archive

pytestmark = pytest.mark.peers


@pytest.fixture
def registry() -> Iterator[str]:
    """A running registry, as HOST:PORT."""
    port = _free_port()
    program = _program("registry")
    with subprocess.Popen([program, "-port", str(port)], stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            assert "serving on port" in process.stderr.readline()
            yield f"localhost:{port}"
        finally:
            process.kill()


def _push(bylaw_program: Path, folder: Path, target: str, user: str) -> None:
    rules = f'package app\n\nallow if input.user == "{user}"\n'
    manifest = json.dumps({"revision": f"for-{user}", "roots": ["app"]}).encode()
    archive = folder / "app.tar.gz"
    archive.write_bytes(write_archive({".manifest": manifest, "app/rules.rego": rules.encode()}))
    done = subprocess.run(
        [bylaw_program, "bundle", "push", archive, target], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{target}@sha256:")


def _opa_configuration(registry: str) -> Mapping[str, Any]:
    return {
        "services": {"registry": {"url": f"http://{registry}", "type": "oci"}},
        "bundles": {
            "app": {
                "service": "registry",
                "resource": f"{registry}/law/app:live",
                "polling": {"min_delay_seconds": 1, "max_delay_seconds": 2},
            }
        },
    }


def _allows(server: Server, user: str) -> bool:
    answer = server.ask("POST", "/v1/data/app/allow", json.dumps({"input": {"user": user}}).encode())
    return bool(json.loads(answer.body).get("result"))


def _eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until, "it never came to hold"
        time.sleep(0.05)


def test_what_is_pushed_is_pulled_by_the_service_and_by_opa(
    registry: str, bylaw_program: Path, start_bylaw: StartServer, start_opa: StartServer, tmp_path: Path
) -> None:
    target = f"oci://{registry}/law/app:live"
    _push(bylaw_program, tmp_path, target, "alice")
    configuration = tmp_path / "opa.json"
    configuration.write_text(json.dumps(_opa_configuration(registry)))
    opa = start_opa(arguments=["--config-file", str(configuration)])
    polling = ["--polling-min-seconds", "0.1", "--polling-max-seconds", "0.2"]
    bylaw = start_bylaw(arguments=["--no-library", "--bundle", target, *polling])

    for server in (bylaw, opa):
        _eventually(lambda server=server: _allows(server, "alice"))  # type: ignore[misc]
        assert not _allows(server, "bob")
    _push(bylaw_program, tmp_path, target, "bob")
    for server in (bylaw, opa):
        _eventually(lambda server=server: _allows(server, "bob"))  # type: ignore[misc]
        assert not _allows(server, "alice")


def test_a_registry_without_that_repository_is_told(registry: str, bylaw_program: Path, tmp_path: Path) -> None:
    command = [bylaw_program, "serve", "--state", tmp_path / "state", "--addr", "127.0.0.1:0"]
    done = subprocess.run(
        [*command, "--bundle", f"oci://{registry}/no/such:tag"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "answered 404" in done.stderr) == (2, True), done.stderr
