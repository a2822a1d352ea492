"""
Bundles from an HTTP server, by OPA's protocol: ``If-None-Match`` with the last ETag, and, where both sides can, long
polling (``Prefer: wait=…``; the server says so by its content type).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bylaw import __version__
from bylaw.bundle.archive import MAX_ARCHIVE_BYTES
from bylaw.errors import BundleTooLarge, InvalidSetting, UnreadableBundle
from bylaw_adapters.bundle_sources.source import Content, Offer

if TYPE_CHECKING:
    import ssl

    import aiohttp

USER_AGENT = f"bylaw/{__version__}"
LONG_POLLING_TYPE = "application/vnd.openpolicyagent.bundles"

# For a connection and for the first byte of an answer; what a server was asked to wait comes on top.
ANSWER_SECONDS = 30.0
# For a whole download.
DOWNLOAD_SECONDS = 300.0
MAX_REDIRECTS = 5


class HttpSource:
    """One URL. ``token_file`` holds a bearer token, read anew each time; ``ca_file`` the trusted authorities."""

    is_watched = False

    def __init__(
        self,
        url: str,
        *,
        token_file: Path | None = None,
        ca_file: Path | None = None,
        wait_seconds: int = 0,
        takes_deltas: bool = False,
    ) -> None:
        self.place = shown_url(url)
        check_credentials(url, token_file)
        self._url = url
        self._token_file = token_file
        self._ca_file = ca_file
        self._wait_seconds = wait_seconds
        self._modes = "modes=snapshot,delta" if takes_deltas else "modes=snapshot"
        self._server_waits = False

    @property
    def waits(self) -> bool:
        return self._wait_seconds > 0 and self._server_waits

    async def fetch(self, etag: str, *, wait: bool = False, whole: bool = False) -> Offer | None:
        import aiohttp

        waited = self._wait_seconds if wait and etag and self.waits else 0
        modes = "modes=snapshot" if whole else self._modes
        headers = {"Prefer": f"{modes};wait={waited}" if waited else modes}
        if etag:
            headers["If-None-Match"] = etag
        try:
            async with (
                session(self._token_file, self._ca_file, waited=waited) as client,
                client.get(self._url, headers=headers, max_redirects=MAX_REDIRECTS) as response,
            ):
                self._server_waits = response.headers.get("content-type", "") == LONG_POLLING_TYPE
                if response.status == 304:
                    return None
                demand(response, (200,), self.place)
                archive = await bounded_body(response, self.place)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise UnreadableBundle(f"{self.place}: {said(error)}") from error
        content = Content(self.place, urlsplit(self._url).path.rpartition("/")[2] or "bundle", archive=archive)
        return Offer(content, response.headers.get("etag", ""))


def session(token_file: Path | None, ca_file: Path | None, *, waited: float = 0) -> aiohttp.ClientSession:
    """
    A client with our limits.

    Raises:
        UnreadableBundle: The token or the authorities cannot be read.
    """
    import aiohttp

    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    token = read_token(token_file)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    timeout = aiohttp.ClientTimeout(
        total=DOWNLOAD_SECONDS + waited, sock_connect=ANSWER_SECONDS, sock_read=ANSWER_SECONDS + waited
    )
    connector = aiohttp.TCPConnector(ssl=_trusted(ca_file), limit=4)
    return aiohttp.ClientSession(
        headers=headers, timeout=timeout, connector=connector, auto_decompress=False, trust_env=True
    )


async def bounded_body(response: aiohttp.ClientResponse, place: str, *, max_bytes: int = MAX_ARCHIVE_BYTES) -> bytes:
    """
    Raises:
        BundleTooLarge, UnreadableBundle: More than ``max_bytes``, none, or compressed on the way.
    """
    if response.headers.get("content-encoding", "identity") != "identity":
        raise UnreadableBundle(f"{place}: compressed on the way, which was not asked for")
    received = bytearray()
    async for chunk in response.content.iter_chunked(256 * 1024):
        received += chunk
        if len(received) > max_bytes:
            raise BundleTooLarge(f"{place}: more than {max_bytes} bytes")
    if not received:
        raise UnreadableBundle(f"{place}: an empty answer")
    return bytes(received)


def demand(response: aiohttp.ClientResponse, wanted: tuple[int, ...], place: str, otherwise: str = "") -> None:
    """
    Raises:
        UnreadableBundle: The answer has another status.
    """
    if response.status not in wanted:
        raise UnreadableBundle(f"{place}: {otherwise and otherwise + ': '}answered {response.status}")


def read_token(file: Path | None) -> str:
    """
    The secret in a file, without white space around it; empty where no file is named.

    Raises:
        UnreadableBundle: The file cannot be read; what it holds is not shown.
    """
    if file is None:
        return ""
    try:
        token = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableBundle(f"{file}: the token cannot be read") from error
    if not token or any(character.isspace() for character in token):
        raise UnreadableBundle(f"{file}: holds no token")
    return token


def shown_url(url: str) -> str:
    """A URL as it may be logged: a query can hold a signature."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}{parts.path}"


def check_credentials(url: str, token_file: Path | None) -> None:
    """
    Raises:
        InvalidSetting: The URL is none, holds a password, or the token would be sent in the clear.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidSetting(f"bundles: no URL: {error}") from error
    if not host:
        raise InvalidSetting(f"bundles: {shown_url(url)} names no host")
    if parts.username or parts.password:
        raise InvalidSetting(f"bundles: {shown_url(url)}: a credential stands in bundle_token_file, not in a URL")
    if token_file is not None and parts.scheme == "http" and not is_local(host):
        raise InvalidSetting(f"bundles: {shown_url(url)}: bundle_token_file is sent by https only")


def is_local(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def said(error: BaseException) -> str:
    """An error as a message: some of these have no text of their own."""
    return str(error) or type(error).__name__


def _trusted(ca_file: Path | None) -> ssl.SSLContext | bool:
    if ca_file is None:
        return True
    import ssl

    try:
        return ssl.create_default_context(cafile=str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise UnreadableBundle(f"{ca_file}: no authorities can be read") from error
