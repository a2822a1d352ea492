"""
Which adapter fills which port, from the settings; nothing else knows. Builds the running service; which path leads to
which of its doors is ``routing``'s to say.

Adapters are imported where they are wired: a command that only evaluates does not load the service.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bylaw import __version__
from bylaw.bundle import Bundle, library_folder, read_bundle, read_library
from bylaw.errors import InvalidSetting, UnreadableBundle
from bylaw.ports import PolicyEvaluator
from bylaw_adapters.settings import Settings, rows

if TYPE_CHECKING:
    from bylaw.bundle.signing import SignatureVerifier
    from bylaw_adapters.audit_logs.files import FileAuditLog
    from bylaw_adapters.bundle_sources.following import Follower, Pulled
    from bylaw_adapters.bundle_sources.preparing import Prepared, Signer
    from bylaw_adapters.decision_api import operations
    from bylaw_adapters.fleet.keys import FleetKeys
    from bylaw_adapters.fleet.received import Received
    from bylaw_adapters.metrics.counters import Counters
    from bylaw_adapters.serving.app import App, Routes
    from bylaw_adapters.serving.authentication import Authenticator, TokenVerifier
    from bylaw_adapters.serving.service import BundleState, Release, Service
    from bylaw_adapters.serving.waived_law import WaivedLaw

_READ = frozenset({"GET"})

# Shown by /v1/config as given or not: where keys and hashes lie is nobody's business.
_NOT_SHOWN = frozenset({"tokens_file", "tls_private_key_file", "bundle_token_file", "fleet_signing_key"})


def evaluator(settings: Settings) -> PolicyEvaluator:
    """What evaluates, by name."""
    if settings.evaluator == "opa":
        from bylaw_adapters.evaluators.opa import OpaEvaluator

        return OpaEvaluator(settings.opa_url)
    return named_evaluator(settings.evaluator)


def default_evaluator() -> PolicyEvaluator:
    """What evaluates where no settings are read: on the command line."""
    return evaluator(Settings())


def checking_evaluator() -> PolicyEvaluator:
    """What evaluates where files are judged, one after the other."""
    from bylaw_adapters.evaluators.extension import NativeEvaluator

    return NativeEvaluator(here=True)


def named_evaluator(name: str, *, rego_v0: bool = False) -> PolicyEvaluator:
    """An evaluator of this process by name; ``rego_v0``: modules are Rego v0 unless they say otherwise."""
    from bylaw_adapters.evaluators.extension import NativeEvaluator, RegorusEvaluator

    return RegorusEvaluator() if name == "regorus" else NativeEvaluator(rego_v0=rego_v0)


def audit_log(settings: Settings) -> FileAuditLog:
    """
    Raises:
        AuditUnavailable: The state directory cannot be written, or another process writes there.
        AuditCorrupt: What is there already does not hold together.
    """
    from bylaw_adapters.audit_logs.files import FileAuditLog

    return FileAuditLog(
        settings.state_dir,
        durability=settings.audit_durability,
        sync_interval_seconds=settings.audit_interval_seconds,
    )


def bundles(settings: Settings) -> list[Bundle]:
    """
    The bundles that the settings name, or the example mesh, read now.

    Raises:
        BundleError, PolicyError, InputError: A bundle that must not be loaded.
    """
    library = [read_library()] if settings.library else []
    verify = verifier(settings)
    return library + [read_bundle(Path(path), verify=verify) for path in settings.bundles or example_mesh()]


def follower(settings: Settings) -> Follower:
    """
    What keeps the law in step with the bundles that the settings name, or with the example mesh.

    Raises:
        InvalidSetting: An address that no source can be made of, or a key that cannot be read.
    """
    from bylaw_adapters.bundle_sources.addresses import source_of
    from bylaw_adapters.bundle_sources.following import Delays, Follower
    from bylaw_adapters.bundle_sources.kept import KeptArchives

    sources = [
        source_of(
            address,
            token_file=settings.bundle_token_file,
            ca_file=settings.bundle_ca_cert_file,
            wait_seconds=settings.long_polling_seconds,
            takes_deltas=settings.verification_key is None,
        )
        for address in settings.bundles or example_mesh()
    ]
    return Follower(
        sources,
        library=settings.library,
        verify=verifier(settings),
        signer=signer(settings),
        kept=KeptArchives(settings.state_dir),
        delays=Delays(settings.polling_min_seconds, settings.polling_max_seconds),
    )


def verifier(settings: Settings) -> SignatureVerifier | None:
    """What bundles are verified by; ``None`` where they need no signature."""
    if settings.verification_key is None:
        return None
    from bylaw.bundle.signing import SignatureVerifier, VerificationKey

    key = VerificationKey(_key("verification_key", settings.verification_key), settings.verification_algorithm)
    key_id = settings.verification_key_id
    return SignatureVerifier({key_id: key}, key_id=key_id, scope=settings.scope)


def signer(settings: Settings) -> Signer | None:
    """What signs the bundles that are handed to a fleet and came unsigned; ``None`` where nothing does."""
    from bylaw_adapters.bundle_sources.preparing import Signer

    if settings.fleet_signing_key is None:
        return None
    key = _key("fleet_signing_key", settings.fleet_signing_key)
    return Signer(key, settings.fleet_signing_algorithm, settings.fleet_signing_key_id, settings.fleet_scope)


def fleet_keys(settings: Settings) -> FleetKeys:
    """
    The keys of both.

    Raises:
        InvalidSignature: A key is none of its algorithm.
    """
    from bylaw.bundle.signing import public_key_of
    from bylaw_adapters.fleet.keys import FleetKeys, KeyOfFleet

    signs, verifies = signer(settings), None
    if settings.verification_key is not None:
        key = _key("verification_key", settings.verification_key)
        algorithm = settings.verification_algorithm
        public_key = public_key_of(key, algorithm)
        verifies = KeyOfFleet(settings.verification_key_id, algorithm, settings.scope, public_key)
    if signs is None:
        return FleetKeys(verifier=verifies)
    public_key = public_key_of(signs.key, signs.algorithm)
    return FleetKeys(KeyOfFleet(signs.key_id, signs.algorithm, signs.scope, public_key), verifies, signs.sign)


def _key(name: str, file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InvalidSetting(f"{name}: {file}: {error.strerror or error}") from error


def release_of(waived: WaivedLaw, prepared: Prepared) -> Release:
    """
    The law of what was prepared, with the waivers that were approved here.

    Raises:
        PolicyError, InputError: The evaluator does not take it.
    """
    from bylaw_adapters.serving.service import Release

    law = waived.law(prepared.modules, prepared.data_json, prepared.revisions, v0_files=prepared.v0_files)
    return Release(
        law,
        prepared.modules,
        prepared.roots,
        prepared.v0_files,
        prepared.archives,
        signed=prepared.signed,
        data_json=prepared.data_json,
    )


def example_mesh() -> tuple[str, ...]:
    """
    The folders of the example mesh.

    Raises:
        UnreadableBundle: It is not there.
    """
    folder = library_folder().parent / "bundles"
    found = folder.iterdir() if folder.is_dir() else ()
    sources = sorted(str(path) for path in found if path.is_dir() and not path.name.startswith("."))
    if not sources:
        raise UnreadableBundle(f"no example mesh at {folder}; name bundles with --bundle")
    return tuple(sources)


def _state(pulled: Pulled) -> BundleState:
    from bylaw_adapters.serving.service import BundleState

    return BundleState(
        pulled.name,
        pulled.revision,
        pulled.activated_ns,
        place=pulled.place,
        size_bytes=pulled.size_bytes,
        requested_ns=pulled.requested_ns,
        request_succeeded_ns=pulled.request_succeeded_ns,
        downloaded_ns=pulled.downloaded_ns,
        pinned=pulled.pinned,
        error=pulled.error,
    )


def _states(pulled: Mapping[str, Pulled]) -> dict[str, BundleState]:
    return {name: _state(told) for name, told in pulled.items()}


@dataclass(frozen=True, slots=True)
class Wired:
    """What a process needs to serve."""

    service: Service
    app: App
    diagnostic_app: App
    following: Follower


def wire(settings: Settings) -> Wired:
    """
    Everything, built.

    Raises:
        BylawError: A bundle, the state directory or a file that the settings name.
    """
    import asyncio
    import uuid

    from bylaw_adapters.decision_api import operations, waivers
    from bylaw_adapters.fleet.doors import FleetDoors
    from bylaw_adapters.metrics.counters import Counters
    from bylaw_adapters.registry_stores.waivers_file import FileWaivers
    from bylaw_adapters.routing import routes_of
    from bylaw_adapters.serving.authentication import CheckedToken, ClientCertificate
    from bylaw_adapters.serving.service import Service
    from bylaw_adapters.serving.waived_law import WaivedLaw

    credentials = authenticator(settings)
    following = follower(settings)
    prepared, pulled = following.start()
    counters = Counters()
    log = audit_log(settings)
    waived = WaivedLaw(evaluator(settings), FileWaivers(settings.state_dir))
    service = Service(
        release=release_of(waived, prepared),
        log=log,
        observer=counters,
        labels={"id": str(uuid.uuid4()), "version": __version__, **settings.labels},
        evaluation_timeout_seconds=settings.evaluation_timeout_seconds,
        max_batch_items=settings.max_batch_items,
        shown_settings=shown_settings(settings),
        bundles=_states(pulled),
    )

    async def activate(prepared: Prepared, pulled: Mapping[str, Pulled]) -> None:
        release = await asyncio.to_thread(release_of, waived, prepared)
        while not waived.is_of_now(release):  # one was approved meanwhile, and its approval may be answered already
            release = await asyncio.to_thread(release_of, waived, prepared)
        service.activate(release, _states(pulled))

    following.connect(activate, lambda pulled, refused: service.tell(_states(pulled), refused=refused))
    knows_callers = isinstance(credentials, CheckedToken | ClientCertificate)
    requested = waivers.Waivers(service, waived, knows_callers, counters.reported_waivers, lambda: counters.waiver_uses)
    requested.warn(service.release)
    service.on_activation = requested.activated
    fleet = FleetDoors.of(service, fleet_keys(settings), lambda: _received(settings, log))
    counters.fleet = fleet.counted
    told = operations.Operations(service, lambda: log.status().last_error, _metrics_text(counters), requested.refresh)
    app = _app(settings, service, routes_of(service, told, requested, fleet), credentials)
    return Wired(service, app, _diagnostics(settings, service, told), following)


def _received(settings: Settings, log: FileAuditLog) -> Received:
    from bylaw_adapters.audit_logs.segments import audit_folder, read_records
    from bylaw_adapters.fleet.received import Received

    folder = audit_folder(settings.state_dir)
    head = log.status().head_sequence
    return Received(settings.state_dir, lambda after: read_records(folder, after=after), head)


def authenticator(settings: Settings) -> Authenticator:
    """
    Raises:
        InvalidSetting: A file of tokens or keys cannot be used.
    """
    from bylaw_adapters.serving.authentication import (
        CheckedToken,
        ClientCertificate,
        NoAuthentication,
        UncheckedToken,
        read_jwks,
        read_tokens,
    )

    if settings.authentication == "off":
        return NoAuthentication()
    if settings.authentication == "tls":
        return ClientCertificate()
    verifiers: list[TokenVerifier] = []
    if settings.tokens_file is not None:
        verifiers.append(read_tokens(settings.tokens_file))
    if settings.jwks_file is not None:
        verifiers.append(read_jwks(settings.jwks_file, issuer=settings.jwt_issuer, audience=settings.jwt_audience))
    return CheckedToken(tuple(verifiers)) if verifiers else UncheckedToken()


def shown_settings(settings: Settings) -> Mapping[str, Any]:
    """The settings in force, as JSON, without what would help a thief."""
    values = {row.name: getattr(settings, row.name) for row in rows()}
    shown = {name: (value is not None if name in _NOT_SHOWN else value) for name, value in values.items()}
    return json.loads(json.dumps(shown, default=str))  # type: ignore[no-any-return]


def _metrics_text(counters: Counters) -> Any:
    """Prometheus' client is loaded when somebody first asks, not before the first decision."""
    exposition: list[Any] = []

    def text() -> bytes:
        if not exposition:
            from bylaw_adapters.metrics.exposition import Exposition

            exposition.append(Exposition(counters, version=__version__))
        return exposition[0].text()  # type: ignore[no-any-return]

    return text


def _app(settings: Settings, service: Service, routes: Routes, credentials: Authenticator) -> App:
    from bylaw_adapters.serving.app import App
    from bylaw_adapters.serving.exchange import BodyLimits

    return App(
        service,
        routes,
        limits=BodyLimits(settings.max_body_bytes, settings.body_timeout_seconds),
        authenticator=credentials,
        authorizes=settings.authorization == "basic",
        max_concurrent_requests=settings.max_concurrent_requests,
    )


def _diagnostics(settings: Settings, service: Service, told: operations.Operations) -> App:
    from bylaw_adapters.serving.app import App, Route, Routes
    from bylaw_adapters.serving.authentication import NoAuthentication
    from bylaw_adapters.serving.exchange import BodyLimits

    routes = Routes(
        {"/metrics": Route(told.metrics, _READ, "metrics", always_open=True)},
        (("/health", Route(told.health, _READ, "health", always_open=True)),),
    )
    return App(
        service,
        routes,
        limits=BodyLimits(0, settings.body_timeout_seconds),
        authenticator=NoAuthentication(),
        authorizes=False,
        max_concurrent_requests=settings.max_concurrent_requests,
    )
