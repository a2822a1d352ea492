"""
One request and one reply, between the web server and the doors. A body is read at most once, only when a door asks for
it, and never beyond the limits: counted while it streams, again while it is decompressed, and by the clock.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from bylaw.errors import InputTooLarge, MalformedInput, RequestTimedOut
from bylaw_adapters.serving.asgi import Receive, Scope
from bylaw_adapters.serving.http_protocol import body_at_hand

JSON = b"application/json"

# Decompressed at a time; small, so that a bomb is noticed close to the limit.
_CHUNK_BYTES = 256 * 1024
_GZIP = 16 + zlib.MAX_WBITS
# More parameters than any door knows, less than would cost anything.
_MAX_PARAMETERS = 200
_NO_PARAMETERS: Mapping[str, list[str]] = {}


class ClientGone(Exception):
    """The caller closed the connection before the whole request was read; there is nobody to answer."""


@dataclass(frozen=True, slots=True)
class BodyLimits:
    max_bytes: int
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, body and headers of an answer; ``content_type`` is left out where it is empty."""

    status: int
    body: bytes = b""
    content_type: bytes = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()
    is_compressed: bool = False
    """Whether the body is an archive that would not get smaller."""

    def head(self) -> dict[str, Any]:
        """The ASGI message that starts this answer."""
        headers = [(b"content-length", b"%d" % len(self.body)), *self.headers]
        if self.content_type:
            headers.append((b"content-type", self.content_type))
        return {"type": "http.response.start", "status": self.status, "headers": headers}


@dataclass(frozen=True, slots=True)
class Identity:
    """
    Who asks: OPA's ``identity`` and ``client_certificates``. ``domain`` is not empty for a credential of one domain,
    which gets of bundles and discovery only what is its domain's or nobody's.
    """

    name: str
    certificates: tuple[Mapping[str, Any], ...] = ()
    domain: str = ""


class Exchange:
    """A request, as the doors see it. Not shared between tasks; lives as long as its answer takes."""

    __slots__ = ("_body", "_parameters", "_receive", "headers", "identity", "limits", "number", "scope")

    def __init__(self, scope: Scope, receive: Receive, limits: BodyLimits, *, number: int = 0) -> None:
        self.scope = scope
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.limits = limits
        self.number = number
        self.identity: Identity | None = None
        self._receive = receive
        self._body: bytes | None = None
        self._parameters: Mapping[str, list[str]] | None = None

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """Percent-decoded."""
        return str(self.scope["path"])

    @property
    def raw_path(self) -> str:
        """As it was sent."""
        return str(self.scope["raw_path"].decode("ascii"))

    def raw_path_below(self, prefix: str) -> str:
        """
        What follows a prefix, percent-escapes standing.

        Raises:
            MalformedInput: The prefix itself was escaped, so that law and door could read two different paths.
        """
        raw_path = self.raw_path
        if not raw_path.startswith(prefix):
            raise MalformedInput(f"invalid path: {prefix} is not escaped")
        return raw_path[len(prefix) :]

    @property
    def requested_by(self) -> str:
        client = self.scope["client"]
        return f"{client[0]}:{client[1]}" if client else ""

    @property
    def parameters(self) -> Mapping[str, list[str]]:
        if self._parameters is not None:
            return self._parameters
        query = self.scope["query_string"]
        self._parameters = _read_parameters(query) if query else _NO_PARAMETERS
        return self._parameters

    def is_set(self, name: str) -> bool:
        """A boolean parameter, as OPA reads it: without a value it is true, else it must say so."""
        values = self.parameters.get(name, ())
        return len(values) > 0 and values[0].lower() in ("", "true")

    def header(self, name: bytes) -> str:
        """The last value of a header, by its lower-case name; empty where it was not sent."""
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def is_yaml(self) -> bool:
        return b"yaml" in self.headers.get(b"content-type", b"")

    async def body(self) -> bytes:
        """
        The whole body, decompressed.

        Raises:
            InputTooLarge: Beyond the limit, as sent or as expanded.
            MalformedInput: It is said to be gzip and is not, or is compressed otherwise.
            RequestTimedOut: The caller is too slow.
            ClientGone: The caller left.
        """
        if self._body is None:
            sent = await self._read()
            encoding = self.headers.get(b"content-encoding")
            self._body = sent if encoding is None else _decompressed(sent, encoding, self.limits.max_bytes)
        return self._body

    async def _read(self) -> bytes:
        declared = self.headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self.limits.max_bytes:
            raise _too_large(self.limits.max_bytes)
        at_hand = body_at_hand(self.scope)
        if at_hand is not None:
            return self._bounded(at_hand)
        try:
            async with asyncio.timeout(self.limits.timeout_seconds):
                return await self._read_all()
        except TimeoutError:
            message = f"the body did not arrive within {self.limits.timeout_seconds:g} seconds"
            raise RequestTimedOut(message) from None

    async def _read_all(self) -> bytes:
        message = await self._receive()
        if not message.get("more_body") and message["type"] == "http.request":
            return self._bounded(message["body"])
        received = bytearray()
        while True:
            if message["type"] == "http.disconnect":
                raise ClientGone
            received += message.get("body", b"")
            self._bounded(received)
            if not message.get("more_body"):
                return bytes(received)
            message = await self._receive()

    def _bounded(self, body: Any) -> bytes:
        if len(body) > self.limits.max_bytes:
            raise _too_large(self.limits.max_bytes)
        return body  # type: ignore[no-any-return]


def _read_parameters(query: bytes) -> Mapping[str, list[str]]:
    try:
        return parse_qs(query.decode("ascii"), keep_blank_values=True, max_num_fields=_MAX_PARAMETERS, errors="strict")
    except ValueError as error:
        raise MalformedInput("the query string cannot be read") from error


def _decompressed(sent: bytes, encoding: bytes, max_bytes: int) -> bytes:
    if encoding == b"identity":
        return sent
    if encoding != b"gzip":
        raise MalformedInput(f"content-encoding {encoding.decode('latin-1')!r} is not read here, only gzip is")
    expander = zlib.decompressobj(_GZIP)
    expanded = bytearray()
    rest = sent
    try:
        while rest and not expander.eof:
            expanded += expander.decompress(rest, _CHUNK_BYTES)
            if len(expanded) > max_bytes:
                raise _too_large(max_bytes)
            rest = expander.unconsumed_tail
    except zlib.error as error:
        raise MalformedInput("the body is not gzip, though its content-encoding says so") from error
    if not expander.eof or expander.unused_data:
        raise MalformedInput("the gzip body is cut short, or something follows it")
    return bytes(expanded)


def _too_large(max_bytes: int) -> InputTooLarge:
    return InputTooLarge(f"the request body is larger than {max_bytes} bytes")
