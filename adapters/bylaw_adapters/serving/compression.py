"""Large answers, compressed for callers that accept it; from OPA's size on."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bylaw_adapters.serving.asgi import Scope
    from bylaw_adapters.serving.exchange import Reply

# OPA's `server.encoding.gzip.min_length`.
COMPRESSED_FROM_BYTES = 1024

# Larger ones would hold up the other callers.
_ELSEWHERE_FROM_BYTES = 128 * 1024
# The lowest is three times as fast as the usual one, for a tenth more bytes.
_LEVEL = 1
_HEADERS = ((b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding"))


async def compressed(reply: Reply, scope: Scope) -> Reply:
    """The same answer, compressed if the caller takes gzip and it is not encoded already."""
    accepted = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
    if not _takes_gzip(accepted) or any(name == b"content-encoding" for name, _ in reply.headers):
        return reply
    if len(reply.body) < _ELSEWHERE_FROM_BYTES:
        body = gzip.compress(reply.body, _LEVEL, mtime=0)
    else:
        body = await asyncio.to_thread(gzip.compress, reply.body, _LEVEL, mtime=0)
    return replace(reply, body=body, headers=(*reply.headers, *_HEADERS))


def _takes_gzip(accepted: bytes) -> bool:
    for part in accepted.lower().split(b","):
        coding, _, weight = part.partition(b";")
        if coding.strip() in (b"gzip", b"*"):
            return weight.replace(b" ", b"").rstrip(b"0.") != b"q="
    return False
