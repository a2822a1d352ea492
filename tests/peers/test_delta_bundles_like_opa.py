"""A delta bundle that we write, an unmodified OPA takes, and has the data of the release that it leads to."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.end_to_end.bundle_server import BundleServer
from tests.peers.conftest import StartServer

from bylaw.bundle import unpack
from bylaw.bundle.archive import write_archive
from bylaw.bundle.delta import delta_between

pytestmark = pytest.mark.peers

BEFORE = {"users": {"alice": {"roles": ["a", "b"]}, "b/o~b": 1}, "gone": {"deep": [1, 2, {"x": None}]}, "same": 1.5}
AFTER = {"users": {"alice": {"roles": ["b"]}, "b/o~b": 2, "c": {}}, "new": {"~": {"/": True}}, "same": 1.5}


def archive(data: Any, revision: str) -> bytes:
    manifest = json.dumps({"revision": revision, "roots": ["app"]}).encode()
    return write_archive({".manifest": manifest, "app/data.json": json.dumps(data).encode()})


@pytest.fixture
def server() -> Iterator[BundleServer]:
    started = BundleServer()
    yield started
    started.stop()


def test_opa_takes_a_delta_of_ours(server: BundleServer, start_opa: StartServer, tmp_path: Path) -> None:
    server.content = archive(BEFORE, "r1")
    polling = {"min_delay_seconds": 1, "max_delay_seconds": 1}
    configuration = tmp_path / "opa.json"
    configuration.write_text(
        json.dumps(
            {
                "services": {"here": {"url": server.url}},
                "bundles": {"app": {"service": "here", "resource": "app.tar.gz", "polling": polling}},
            }
        )
    )
    opa = start_opa(arguments=["--config-file", str(configuration)])

    def data() -> Any:
        return json.loads(opa.ask("GET", "/v1/data/app").body).get("result")

    def comes_to(wanted: Any) -> bool:
        until = time.monotonic() + 20
        while data() != wanted and time.monotonic() < until:
            time.sleep(0.1)
        return bool(data() == wanted)

    assert comes_to(BEFORE)
    server.content = delta_between(unpack(server.content, stem="app"), unpack(archive(AFTER, "r2"), stem="app"))
    assert comes_to(AFTER), data()
    assert json.loads(opa.ask("GET", "/v1/data/system/bundles/app/manifest").body)["result"]["revision"] == "r2"
