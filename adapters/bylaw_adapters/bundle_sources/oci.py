"""
Bundles in a container registry, as OPA keeps them there: an image manifest with one layer, which is the archive.
``oci://HOST/REPOSITORY:TAG`` or ``…@sha256:…``; a registry on this machine is spoken to without TLS.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from bylaw.errors import InvalidSetting, UnreadableBundle
from bylaw_adapters.bundle_sources.http import (
    bounded_body,
    check_credentials,
    demand,
    is_local,
    read_token,
    said,
    session,
)
from bylaw_adapters.bundle_sources.source import Content, Offer

if TYPE_CHECKING:
    import aiohttp

MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"

# A manifest names one layer; the registry's own limit is the same.
MAX_MANIFEST_BYTES = 4 * 2**20

_ADDRESS = re.compile(
    r"oci://(?P<host>[^/@\s]+)/(?P<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127})|@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class _Place:
    base: str
    repository: str
    reference: str


class OciSource:
    """One tag or digest. ``token_file`` holds a bearer token, or ``user:password``."""

    waits = False
    is_watched = False

    def __init__(self, address: str, *, token_file: Path | None = None, ca_file: Path | None = None) -> None:
        self._at = _parse(address)
        check_credentials(self._at.base, token_file)
        self.place = address
        self._token_file = token_file
        self._ca_file = ca_file

    async def fetch(self, etag: str, *, wait: bool = False, whole: bool = False) -> Offer | None:  # noqa: ARG002  a registry cannot wait
        import aiohttp

        try:
            async with session(None, self._ca_file) as client:
                headers = await _authorized(client, self._at, self._token_file, "pull", self.place)
                manifest = await self._manifest(client, headers)
                layer = _layer(manifest, self.place)
                if layer["digest"] == etag:
                    return None
                url = f"{self._at.base}/blobs/{layer['digest']}"
                archive = await _get(client, url, headers, self.place)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise UnreadableBundle(f"{self.place}: {said(error)}") from error
        _check_digest(archive, layer["digest"], self.place)
        stem = self._at.repository.rpartition("/")[2]
        return Offer(Content(self.place, stem, archive=archive), layer["digest"])

    async def push(self, archive: bytes) -> str:
        """
        Put an archive there, under the tag; the digest of its manifest.

        Raises:
            UnreadableBundle: The registry does not take it.
        """
        import aiohttp

        config = b"{}"
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": _descriptor(CONFIG_TYPE, config),
            "layers": [_descriptor(LAYER_TYPE, archive)],
        }
        text = json.dumps(manifest, separators=(",", ":")).encode()
        try:
            async with session(None, self._ca_file) as client:
                headers = await _authorized(client, self._at, self._token_file, "pull,push", self.place)
                for blob in (config, archive):
                    await self._upload(client, headers, blob)
                url = f"{self._at.base}/manifests/{self._at.reference}"
                async with client.put(url, data=text, headers={**headers, "Content-Type": MANIFEST_TYPE}) as response:
                    demand(response, (201, 200), self.place, "does not take the manifest")
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise UnreadableBundle(f"{self.place}: {said(error)}") from error
        return _digest(text)

    async def _manifest(self, client: aiohttp.ClientSession, headers: Mapping[str, str]) -> Any:
        url = f"{self._at.base}/manifests/{self._at.reference}"
        text = await _get(client, url, {**headers, "Accept": MANIFEST_TYPE}, self.place, max_bytes=MAX_MANIFEST_BYTES)
        if self._at.reference.startswith("sha256:"):
            _check_digest(text, self._at.reference, self.place)
        return json.loads(text)

    async def _upload(self, client: aiohttp.ClientSession, headers: Mapping[str, str], blob: bytes) -> None:
        digest = _digest(blob)
        async with client.head(f"{self._at.base}/blobs/{digest}", headers=headers) as response:
            if response.status == 200:
                return
        async with client.post(f"{self._at.base}/blobs/uploads/", headers=headers) as response:
            demand(response, (202,), self.place, "does not take an upload")
            location = urljoin(str(response.url), response.headers.get("location", ""))
        if urlsplit(location).netloc != urlsplit(self._at.base).netloc:
            headers = {}  # the credential is the registry's, not another host's
        joined = "&" if urlsplit(location).query else "?"
        sent = {**headers, "Content-Type": "application/octet-stream"}
        async with client.put(f"{location}{joined}digest={digest}", data=blob, headers=sent) as response:
            demand(response, (201,), self.place, "does not take a layer")


def _parse(address: str) -> _Place:
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise InvalidSetting(f"bundles: {address!r} is not oci://HOST/REPOSITORY:TAG")
    host = found["host"]
    scheme = "http" if is_local(urlsplit(f"//{host}").hostname or "") else "https"
    return _Place(
        f"{scheme}://{host}/v2/{found['repository']}", found["repository"], found["tag"] or found["digest"] or "latest"
    )


async def _authorized(
    client: aiohttp.ClientSession, at: _Place, token_file: Path | None, actions: str, place: str
) -> dict[str, str]:
    """The headers that show who asks, in the way that the registry demands."""
    secret = read_token(token_file)
    given = {"Authorization": f"Bearer {secret}" if ":" not in secret else _basic(secret)} if secret else {}
    async with client.get(f"{at.base.removesuffix(at.repository)}", headers=given) as response:
        if response.status != 401:
            return given
        challenge = response.headers.get("www-authenticate", "")
    if not challenge.lower().startswith("bearer "):
        raise UnreadableBundle(f"{place}: the registry does not accept the credential")
    demanded = dict(_CHALLENGE.findall(challenge))
    realm = demanded.get("realm", "")
    check_credentials(realm, token_file)
    asked = {"service": demanded.get("service", ""), "scope": f"repository:{at.repository}:{actions}"}
    shown = {"Authorization": _basic(secret)} if ":" in secret else {}
    text = await _get(client, realm, shown, place, parameters=asked, max_bytes=MAX_MANIFEST_BYTES)
    granted = json.loads(text)
    token = granted.get("token") or granted.get("access_token")
    if not isinstance(token, str):
        raise UnreadableBundle(f"{place}: the registry grants no token")
    return {"Authorization": f"Bearer {token}"}


async def _get(
    client: aiohttp.ClientSession,
    url: str,
    headers: Mapping[str, str],
    place: str,
    *,
    parameters: Mapping[str, str] | None = None,
    max_bytes: int | None = None,
) -> bytes:
    async with client.get(url, headers=headers, params=parameters) as response:
        demand(response, (200,), place, "cannot be read")
        return await bounded_body(response, place, **({} if max_bytes is None else {"max_bytes": max_bytes}))


def _layer(manifest: Any, place: str) -> Mapping[str, Any]:
    layers = manifest.get("layers") if isinstance(manifest, dict) else None
    found = [
        layer
        for layer in (layers if isinstance(layers, list) else [])
        if isinstance(layer, dict) and layer.get("mediaType") == LAYER_TYPE and isinstance(layer.get("digest"), str)
    ]
    if len(found) != 1 or not re.fullmatch(r"sha256:[0-9a-f]{64}", found[0]["digest"]):
        raise UnreadableBundle(f"{place}: is no bundle: {len(found)} layers of type {LAYER_TYPE}, wanted one")
    return found[0]


def _descriptor(media_type: str, content: bytes) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": _digest(content), "size": len(content)}


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _check_digest(content: bytes, digest: str, place: str) -> None:
    if _digest(content) != digest:
        raise UnreadableBundle(f"{place}: digest mismatch (want: {digest}, got: {_digest(content)})")


def _basic(secret: str) -> str:
    return f"Basic {base64.b64encode(secret.encode()).decode()}"
