"""A request body as the JSON text that policies read, whether it came as JSON or as YAML."""

from __future__ import annotations

import asyncio
import json

from bylaw.bundle.documents import read_yaml
from bylaw.errors import InputTooLarge
from bylaw_adapters.serving.exchange import Exchange

# YAML costs a hundred times what JSON does to read; nobody sends a batch in it.
MAX_YAML_BYTES = 1024 * 1024


async def body_as_json(exchange: Exchange) -> bytes:
    """
    The body, unchanged where it is JSON (and not yet checked to be); written as JSON where its type says YAML.

    Raises:
        InputError: It is too large, too slow, or YAML that is not read: broken, with a tag, an alias bomb.
    """
    body = await exchange.body()
    if not exchange.is_yaml or not body.strip():
        return body
    if len(body) > MAX_YAML_BYTES:
        raise InputTooLarge(f"a body in YAML is larger than {MAX_YAML_BYTES} bytes; send JSON")
    return await asyncio.to_thread(_as_json, body)


def _as_json(body: bytes) -> bytes:
    return json.dumps(read_yaml(body, "the body"), ensure_ascii=False).encode()
