"""
The process around the application: sockets, TLS, signals, and an end in order. ``uvicorn`` speaks HTTP
(``http_protocol`` says what we add).

On SIGTERM or SIGINT:

1. ``/health`` answers 503, so that balancers turn away, while requests are still taken for ``shutdown_wait_seconds``.
2. No new connection is taken; open requests may finish for ``shutdown_grace_seconds``.
3. The audit log is closed: what it accepted is on disk.

SIGHUP takes up what the sources of the law hold now.
"""

from __future__ import annotations

import asyncio
import logging
import math
import signal
import socket
import ssl
from collections.abc import Callable
from typing import Protocol

import uvicorn

from bylaw.errors import InvalidSetting
from bylaw_adapters.serving.asgi import Application
from bylaw_adapters.serving.http_protocol import protocol_class
from bylaw_adapters.serving.service import Service
from bylaw_adapters.settings import Settings, split_address

logger = logging.getLogger("bylaw.service")


class Following(Protocol):
    """What keeps the law in step with where it comes from."""

    async def follow(self) -> None:
        """Until cancelled."""

    async def reload(self) -> bool:
        """Take up what there is now; whether it was put in force."""


class _Server(uvicorn.Server):
    """uvicorn's server without its own handling of signals: ours end it in steps."""

    def install_signal_handlers(self) -> None:
        pass

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        await self._serve(sockets)


def run(
    settings: Settings,
    service: Service,
    app: Application,
    diagnostic_app: Application,
    *,
    following: Following,
    started: Callable[[str], None],
) -> None:
    """
    Serve until a signal ends it, the law following its sources; ``started`` is told the service's URL.

    Raises:
        InvalidSetting: An address cannot be listened on, or TLS cannot be set up with these files.
    """
    loop_factory = _config(settings, app).get_loop_factory()
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.run(_serve(settings, service, app, diagnostic_app, following=following, started=started))


async def _serve(
    settings: Settings,
    service: Service,
    app: Application,
    diagnostic_app: Application,
    *,
    following: Following,
    started: Callable[[str], None],
) -> None:
    listening = _listen("addr", settings.addr)
    main = _Server(_tls(_config(settings, app), settings))
    diagnostic, diagnostic_task = None, None
    if settings.diagnostic_addr:
        diagnostic = _Server(_config(settings, diagnostic_app))
        sockets = [_listen("diagnostic_addr", settings.diagnostic_addr)]
        diagnostic_task = asyncio.create_task(diagnostic.serve(sockets))
    stop = _on_signals(settings, service, main, following)
    follow = asyncio.create_task(following.follow())
    try:
        ready = asyncio.create_task(_tell_when_started(main, settings, listening, started))
        await main.serve([listening])
        ready.cancel()
    finally:
        stop.cancel()
        follow.cancel()
        if diagnostic is not None and diagnostic_task is not None:
            diagnostic.should_exit = True
            await diagnostic_task
        await asyncio.to_thread(service.log.close)


async def _tell_when_started(
    server: uvicorn.Server, settings: Settings, listening: socket.socket, started: Callable[[str], None]
) -> None:
    while not server.started:  # noqa: ASYNC110  uvicorn has a flag and no event
        await asyncio.sleep(0.005)
    host, port = listening.getsockname()[:2]
    scheme = "https" if settings.is_tls else "http"
    started(f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}")


def _on_signals(
    settings: Settings, service: Service, server: uvicorn.Server, following: Following
) -> asyncio.Task[None]:
    """Handlers for the signals, and the task that ends the server once one of them has come."""
    told_to_stop = asyncio.Event()
    reloads: set[asyncio.Task[bool]] = set()

    def stop() -> None:
        if told_to_stop.is_set():
            server.should_exit = True  # told twice: no more waiting for balancers
        told_to_stop.set()

    def reload() -> None:
        task = asyncio.ensure_future(following.reload())
        reloads.add(task)
        task.add_done_callback(reloads.discard)

    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop)
    loop.add_signal_handler(signal.SIGHUP, reload)

    async def drain() -> None:
        await told_to_stop.wait()
        logger.info("stopping: open requests may finish")
        service.drain()  # (1)
        await asyncio.sleep(settings.shutdown_wait_seconds)
        server.should_exit = True  # (2)

    return asyncio.create_task(drain())


def _config(settings: Settings, app: Application) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=protocol_class(settings.header_timeout_seconds),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=settings.max_connections,
        timeout_keep_alive=math.ceil(settings.keep_alive_seconds),
        timeout_graceful_shutdown=math.ceil(settings.shutdown_grace_seconds),
        backlog=2048,
    )


def _tls(config: uvicorn.Config, settings: Settings) -> uvicorn.Config:
    if settings.tls_cert_file is None or settings.tls_private_key_file is None:
        return config
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.tls_cert_file, settings.tls_private_key_file)
        if settings.tls_ca_cert_file is not None:
            context.load_verify_locations(settings.tls_ca_cert_file)
    except (OSError, ssl.SSLError) as error:
        raise InvalidSetting(f"TLS cannot be set up with these files: {error}") from error
    if settings.authentication == "tls":
        context.verify_mode = ssl.CERT_REQUIRED
    config.load()
    config.ssl = context
    return config


def _listen(name: str, address: str) -> socket.socket:
    host, port = split_address(name, address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise InvalidSetting(f"{name}: {address} cannot be listened on: {error.strerror}") from error
    listening.setblocking(False)
    return listening
