"""
A server that answers every request with the same bytes at once: what the load generator can ask at most.

Not a contestant. If the ceiling measured against it is near what a contestant reaches, the generator is the bottleneck
and the comparison is worth nothing.
"""

from __future__ import annotations

import asyncio
import sys

import uvloop


class Canned(asyncio.Protocol):
    """Counts heads only: the load generator has one request a connection under way and sends it in one piece."""

    answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:  # noqa: ARG002
        self._transport.write(self.answer)  # type: ignore[attr-defined]


async def serve(port: int, body: bytes) -> None:
    Canned.answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
        len(body),
        body,
    )
    server = await asyncio.get_running_loop().create_server(Canned, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2].encode()))
