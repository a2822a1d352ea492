"""A registry that demands a token, and registries that are not to be believed."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bylaw.bundle.archive import MAX_ARCHIVE_BYTES
from bylaw.errors import BundleTooLarge, InvalidSetting, UnreadableBundle
from bylaw_adapters.bundle_sources.oci import LAYER_TYPE, MANIFEST_TYPE, OciSource

ARCHIVE = b"the bytes of an archive"
TOKEN = "granted"


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class Registry:
    """One repository, ``law/app``, one tag, ``live``; ``asked`` are the paths with their credentials."""

    def __init__(self) -> None:
        self.archive = ARCHIVE
        self.layers: Any = [{"mediaType": LAYER_TYPE, "digest": digest(ARCHIVE), "size": len(ARCHIVE)}]
        self.demands_token = False
        self.asked: list[tuple[str, str]] = []
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shown = self.headers.get("Authorization", "")
                registry.asked.append((self.path, shown))
                path = urlsplit(self.path)
                if path.path == "/token":
                    granted = shown == f"Basic {base64.b64encode(b'ann:secret').decode()}"
                    assert parse_qs(path.query)["scope"] == ["repository:law/app:pull"]
                    self._answer(200 if granted else 401, json.dumps({"token": TOKEN}).encode())
                elif registry.demands_token and shown != f"Bearer {TOKEN}":
                    realm = f'Bearer realm="{registry.url("http")}/token",service="here"'
                    self._answer(401, b"{}", {"WWW-Authenticate": realm})
                elif path.path == "/v2/law/app/manifests/live":
                    document = {"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "layers": registry.layers}
                    self._answer(200, json.dumps(document).encode())
                elif path.path.startswith("/v2/law/app/blobs/"):
                    self._answer(200, registry.archive)
                else:
                    self._answer(200 if path.path == "/v2/" else 404, b"{}")

            def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, scheme: str) -> str:
        return f"{scheme}://127.0.0.1:{self._server.server_address[1]}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def registry() -> Iterator[Registry]:
    started = Registry()
    yield started
    started.stop()


def fetch(registry: Registry, *, token_file: Path | None = None, etag: str = "") -> bytes | None:
    source = OciSource(f"{registry.url('oci')}/law/app:live", token_file=token_file)
    offer = asyncio.run(source.fetch(etag))
    return None if offer is None else offer.content.archive


def test_a_layer_is_fetched_once(registry: Registry) -> None:
    assert fetch(registry) == ARCHIVE
    assert fetch(registry, etag=digest(ARCHIVE)) is None
    assert sum("/blobs/" in path for path, _ in registry.asked) == 1


def test_a_token_is_asked_for_with_the_credential_and_shown_to_the_registry(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("ann:secret\n")
    registry.demands_token = True
    assert fetch(registry, token_file=tmp_path / "secret") == ARCHIVE
    assert registry.asked[-1] == (f"/v2/law/app/blobs/{digest(ARCHIVE)}", f"Bearer {TOKEN}")


def test_a_wrong_credential_is_told_without_showing_it(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("ann:wrong-password")
    registry.demands_token = True
    with pytest.raises(UnreadableBundle) as refused:
        fetch(registry, token_file=tmp_path / "secret")
    assert "answered 401" in str(refused.value)
    assert "wrong-password" not in str(refused.value)


def test_a_blob_that_is_not_what_the_manifest_names_is_refused(registry: Registry) -> None:
    registry.archive = b"something else"
    with pytest.raises(UnreadableBundle, match="digest mismatch"):
        fetch(registry)


@pytest.mark.parametrize(
    "layers",
    [
        pytest.param([], id="none"),
        pytest.param(None, id="no list"),
        pytest.param([{"mediaType": "application/x", "digest": digest(ARCHIVE)}], id="of another type"),
        pytest.param([{"mediaType": LAYER_TYPE, "digest": "sha256:../../x"}], id="no digest"),
        pytest.param([{"mediaType": LAYER_TYPE, "digest": digest(text)} for text in (b"a", b"b")], id="two"),
    ],
)
def test_a_manifest_without_just_one_archive_is_no_bundle(registry: Registry, layers: Any) -> None:
    registry.layers = layers
    with pytest.raises(UnreadableBundle, match="is no bundle"):
        fetch(registry)


def test_a_layer_beyond_the_limit_is_not_read_to_its_end(registry: Registry) -> None:
    registry.archive = bytes(MAX_ARCHIVE_BYTES + 1)
    with pytest.raises(BundleTooLarge, match="more than"):
        fetch(registry)


@pytest.mark.parametrize(
    "address",
    [
        "oci://",
        "oci://host",
        "oci://host/UPPER:tag",
        "oci://host/a:b:c",
        "oci://host/a@sha256:12",
        "oci://u:p@host/a:b",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidSetting):
        OciSource(address)
