"""
``GET /bundles/{name}``: the bundles in force, by OPA's bundle protocol: ``ETag`` and ``If-None-Match``, and long
polling (``Prefer: wait=…``), which the content type announces. They are handed out as they came, or signed by us where
they came without a signature and there is a key.

Who may have which: an identity that belongs to a domain gets its own domain's bundle and those of no domain; any other
gets all. What somebody may not have is not there.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from bylaw_adapters.serving.errors import plain_error
from bylaw_adapters.serving.exchange import Exchange, Reply
from bylaw_adapters.serving.service import Release, Service

PATH = "/bundles"
METHODS = frozenset({"GET"})
BUNDLE_TYPE = b"application/vnd.openpolicyagent.bundles"

# OPA asks for half a minute by default; longer, and somebody between us drops the connection.
MAX_WAIT_SECONDS = 120.0

_WAIT = re.compile(r"(?:^|[;,\s])wait=(\d{1,6})(?:$|[;,\s])")


@dataclass(slots=True)
class Bundles:
    """The handler."""

    service: Service
    _etags: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)
    """Of each archive by name: the bytes, and what they are called."""

    async def handle(self, exchange: Exchange) -> Reply:
        name = unquote(exchange.raw_path_below(PATH).strip("/"))
        deadline = asyncio.get_running_loop().time() + _wait_seconds(exchange)
        known = exchange.headers.get(b"if-none-match", b"")
        while True:
            changed, release = self.service.changed, self.service.release
            if name not in visible(release, exchange):
                return plain_error(404, "resource_not_found", f"bundle {name!r} is not here")
            archive = release.archives[name]
            etag = self._etag(name, archive)
            headers = ((b"etag", etag),)
            if etag != known:
                return Reply(200, archive, BUNDLE_TYPE, headers, is_compressed=True)
            rest = deadline - asyncio.get_running_loop().time()
            if rest <= 0 or self.service.is_draining or not await _within(rest, changed):
                return Reply(304, b"", BUNDLE_TYPE, headers)

    def _etag(self, name: str, archive: bytes) -> bytes:
        there = self._etags.get(name)
        if there is None or there[0] is not archive:
            there = (archive, etag_of(archive))
            self._etags[name] = there
        return there[1]


def etag_of(archive: bytes) -> bytes:
    return b'"%b"' % hashlib.sha256(archive).hexdigest().encode()


def visible(release: Release, exchange: Exchange) -> list[str]:
    """The bundles that the caller may have, by name."""
    domain = exchange.identity.domain if exchange.identity is not None else ""
    return [name for name in sorted(release.archives) if not domain or is_for(release.roots[name], domain)]


def is_for(roots: Sequence[str], domain: str) -> bool:
    """Whether a bundle of these roots is of no domain, or of this one."""
    domains = {root.split("/")[1] if "/" in root else "" for root in roots if root.split("/")[0] == "domains"}
    return not domains or domains == {domain}


def domains_of(roots: Mapping[str, Sequence[str]]) -> set[str]:
    """The domains that bundles of these roots belong to."""
    return {root.split("/")[1] for own in roots.values() for root in own if root.startswith("domains/")}


def _wait_seconds(exchange: Exchange) -> float:
    found = _WAIT.search(exchange.header(b"prefer"))
    return min(float(found[1]), MAX_WAIT_SECONDS) if found else 0.0


async def _within(seconds: float, event: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
