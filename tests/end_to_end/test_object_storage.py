"""Bundles in object storage: S3 as a local server speaks it."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.end_to_end.test_bundle_sources import POLLING, bundle, command, status_of
from tests.end_to_end.test_service_lifecycle import eventually, is_allowed, started_in_vain


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A running S3 with one bucket; whoever is started in the test is led to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            eventually(lambda: _answers(url))
            httpx.put(f"{url}/law").raise_for_status()
            for name, value in {
                "AWS_ENDPOINT_URL": url,
                "AWS_ACCESS_KEY_ID": "access",
                "AWS_SECRET_ACCESS_KEY": "secret",
                "AWS_DEFAULT_REGION": "us-east-1",
            }.items():
                monkeypatch.setenv(name, value)
            yield url
        finally:
            process.kill()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code < 500
    except httpx.TransportError:
        return False


@pytest.mark.usefixtures("storage")
def test_what_is_pushed_to_a_bucket_is_put_in_force_and_rolled_back(serve: Any, tmp_path: Path) -> None:
    archive = tmp_path / "app.tar.gz"

    def push(user: str) -> None:
        archive.write_bytes(bundle(user))
        done = command("bundle", "push", archive, "s3://law/release/app.tar.gz")
        assert done.returncode == 0, done.stderr

    push("alice")
    service = serve("--no-library", "--bundle", "s3://law/release/app.tar.gz", *POLLING)
    assert is_allowed(service, "alice")
    push("bob")
    eventually(lambda: is_allowed(service, "bob"))
    assert status_of(service)["source"] == "s3://law/release/app.tar.gz"
    assert command("bundle", "rollback", "app", "for-alice", "--state", service.state).returncode == 0
    eventually(lambda: is_allowed(service, "alice"))


def test_a_bucket_that_holds_no_such_object_ends_the_start(storage: str, tmp_path: Path) -> None:
    done = started_in_vain(tmp_path, "--bundle", "s3://law/nothing.tar.gz")
    assert (done.returncode, "s3://law/nothing.tar.gz" in done.stderr) == (2, True), done.stderr
    assert "secret" not in done.stderr
    assert storage
