# ruff: noqa: RUF009 - _row only calls dataclasses.field
"""
What can be set, as one table: the fields of ``Settings``. The configuration file, the ``BYLAW_*`` environment and the
flags of ``bylaw serve`` are all derived from it; nothing is settable that is not a row here. Knows no adapter.

A flag wins over the environment, that over the file, that over the default.
"""

from __future__ import annotations

import difflib
import functools
import ipaddress
import typing
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from bylaw.errors import InvalidSetting, UnknownSetting, UnsafeBinding
from bylaw_adapters.setting_values import as_type

ENVIRONMENT_PREFIX = "BYLAW_"
# Read before the table is (the configuration file's own place) or by the bundle library; no rows of ours.
OTHER_VARIABLES = frozenset({"BYLAW_CONFIG", "BYLAW_LIBRARY_DIR"})

Source = Mapping[str, Any]


def _row(default: Any, sentence: str, *, flag: str = "", variable: str = "", minimum: float | None = None) -> Any:
    about = {"sentence": sentence, "flag": flag, "variable": variable, "minimum": minimum}
    if isinstance(default, dict):
        return field(default_factory=lambda: default, metadata=about)
    return field(default=default, metadata=about)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One row a setting: its type, its default and, in ``metadata``, its sentence."""

    addr: str = _row("127.0.0.1:8181", "Where the service listens, as HOST:PORT; port 0 takes any free one.")
    diagnostic_addr: str = _row(
        "", "A second address that answers only /health and /metrics, without authentication; none when empty."
    )
    bundles: tuple[str, ...] = _row(
        (),
        "Bundles to load and follow: archives, folders, or URLs (https, oci, s3, …); without any, the example mesh is.",
        flag="--bundle",
    )
    bundle_token_file: Path | None = _row(
        None, "What servers and registries of bundles are shown: a bearer token, for registries also user:password."
    )
    bundle_ca_cert_file: Path | None = _row(
        None, "The authorities, in PEM, that servers and registries of bundles are trusted by; else the system's."
    )
    polling_min_seconds: float = _row(60.0, "The shortest time between two looks at a URL.", minimum=0.1)
    polling_max_seconds: float = _row(120.0, "The longest; what is waited is random between both.", minimum=0.1)
    long_polling_seconds: int = _row(
        0, "How long an HTTP server that can is asked to wait for a change of a bundle; 0 polls.", minimum=0
    )
    library: bool = _row(True, "Whether the library bundle (the packages below data.bylaw) is loaded too.")
    verification_key: Path | None = _row(
        None, "A public key or certificate in PEM, or a secret; then bundles that it does not verify are refused."
    )
    verification_key_id: str = _row("default", "What that key is called.")
    verification_algorithm: str = _row(
        "RS256", "How that key verifies: RS…, PS…, ES… or HS… with 256, 384 or 512.", flag="--signing-alg"
    )
    scope: str = _row("", "What bundles must have been signed for.")
    fleet_signing_key: Path | None = _row(
        None, "A private key in PEM, or a secret: signs what is handed to a fleet of OPAs and came unsigned."
    )
    fleet_signing_key_id: str = _row("fleet", "What that key is called.")
    fleet_signing_algorithm: str = _row(
        "RS256", "How that key signs: RS…, PS…, ES… or HS… with 256, 384 or 512.", flag="--fleet-signing-alg"
    )
    fleet_scope: str = _row("", "What it signs for.")
    state_dir: Path = _row(
        Path(".bylaw"),
        "The folder that holds the audit log and the releases that were in force.",
        flag="--state",
        variable="BYLAW_STATE",
    )
    evaluator: Literal["native", "regorus", "opa"] = _row("native", "What evaluates policies.")
    opa_url: str = _row("http://127.0.0.1:8282", "Where the OPA listens that evaluates, with evaluator: opa.")
    labels: Mapping[str, str] = _row(
        {}, "Labels of this instance, written to every decision record; id and version come along."
    )
    tls_cert_file: Path | None = _row(
        None, "The certificate chain in PEM; with a private key, the service speaks HTTPS."
    )
    tls_private_key_file: Path | None = _row(None, "The private key of the certificate, in PEM.")
    tls_ca_cert_file: Path | None = _row(
        None, "The authorities whose client certificates are accepted, in PEM; needed by authentication: tls."
    )
    authentication: Literal["off", "token", "tls"] = _row(
        "off", "How callers say who they are: bearer token or client certificate."
    )
    tokens_file: Path | None = _row(
        None, "Accepted bearer tokens, hashed: YAML, a list of {id, sha256}, or lines of SHA-256 in hex."
    )
    jwks_file: Path | None = _row(None, "Public keys (a JWK set) whose signed JWTs are accepted as bearer tokens.")
    jwt_issuer: str = _row("", "The iss that a JWT must carry; needed with jwks_file.")
    jwt_audience: str = _row("", "The aud that a JWT must carry; needed with jwks_file.")
    authorization: Literal["off", "basic"] = _row(
        "off", "Whether data.system.authz.allow is asked before each request is served."
    )
    unsafe_no_authentication: bool = _row(
        False, "Serve beyond this machine though nobody is asked who they are or what they may do."
    )
    max_body_bytes: int = _row(
        32 * 1024 * 1024,
        "The largest request body that is read, before and after decompression; admission reviews pass 6 MiB, "
        "Trino's batches 8 MB.",
        minimum=1,
    )
    body_timeout_seconds: float = _row(30.0, "How long a caller may take to send a body.", minimum=0.001)
    header_timeout_seconds: float = _row(
        10.0, "How long a caller may take to send the head of a request.", minimum=0.001
    )
    keep_alive_seconds: float = _row(75.0, "How long an idle connection is kept.", minimum=0)
    evaluation_timeout_seconds: float = _row(10.0, "After how long an evaluation is stopped.", minimum=0.001)
    max_concurrent_requests: int = _row(
        512, "How many requests are served at once; one more is answered 503 with Retry-After.", minimum=1
    )
    max_connections: int = _row(4096, "How many connections are held at once.", minimum=1)
    max_batch_items: int = _row(1000, "How many decisions one batch may ask for.", minimum=1)
    shutdown_wait_seconds: float = _row(
        0.0, "How long, once told to stop, /health answers 503 while requests are still taken.", minimum=0
    )
    shutdown_grace_seconds: float = _row(10.0, "How long, once stopping, open requests may take to finish.", minimum=0)
    audit_durability: Literal["before_answer", "interval"] = _row(
        "before_answer",
        "When a record is on disk: before its decision is answered, or within audit_interval_seconds (faster; a crash "
        "of the machine loses that much).",
    )
    audit_interval_seconds: float = _row(0.2, "How often records are flushed to disk, with interval.", minimum=0.001)
    log_level: Literal["error", "warning", "info", "debug"] = _row("info", "What is said on standard error.")

    @property
    def is_tls(self) -> bool:
        return self.tls_cert_file is not None


def rows() -> tuple[Field[Any], ...]:
    """The table."""
    return fields(Settings)


@functools.cache
def types_of_rows() -> dict[str, Any]:
    return typing.get_type_hints(Settings)


def default_of(row: Field[Any]) -> Any:
    return row.default if row.default is not MISSING else typing.cast(Any, row.default_factory)()


def flag_of(row: Field[Any]) -> str:
    return row.metadata["flag"] or "--" + row.name.replace("_", "-")


def variable_of(row: Field[Any]) -> str:
    return row.metadata["variable"] or ENVIRONMENT_PREFIX + row.name.upper()


def resolve(*, flags: Source, environment: Mapping[str, str], file: Path | None = None) -> Settings:
    """
    The settings in force: ``flags`` by the name of their row (``None`` where not given), then ``environment``, then
    ``file`` (YAML), then the defaults; checked as a whole.

    Raises:
        UnknownSetting: A key that is no row; the message names the nearest.
        InvalidSetting: A value of another type, or two that do not go together.
        UnsafeBinding: An address beyond this machine without authentication and authorisation.
    """
    chosen: dict[str, Any] = {}
    for source in (_from_file(file), _from_environment(environment), _given(flags)):
        chosen.update(source)
    settings = Settings(**chosen)
    check(settings)
    return settings


def check(settings: Settings) -> None:
    """
    Raises:
        InvalidSetting: Two settings that do not go together.
        UnsafeBinding: Anybody who reaches the address could ask anything.
    """
    if (settings.tls_cert_file is None) != (settings.tls_private_key_file is None):
        raise InvalidSetting("tls_cert_file and tls_private_key_file go together")
    if settings.tls_ca_cert_file is not None and not settings.is_tls:
        raise InvalidSetting("tls_ca_cert_file needs tls_cert_file and tls_private_key_file")
    if settings.authentication == "tls" and settings.tls_ca_cert_file is None:
        raise InvalidSetting("authentication: tls needs tls_ca_cert_file, the authorities of client certificates")
    if settings.jwks_file is not None and not (settings.jwt_issuer and settings.jwt_audience):
        raise InvalidSetting("jwks_file needs jwt_issuer and jwt_audience: a token made for others must not work here")
    if settings.polling_min_seconds > settings.polling_max_seconds:
        raise InvalidSetting("polling_min_seconds is not more than polling_max_seconds")
    _check_verification(settings)
    _check_tokens(settings)
    _check_binding(settings)


def _check_verification(settings: Settings) -> None:
    if settings.verification_key is not None and not settings.bundles:
        raise InvalidSetting("verification_key needs bundles: the example mesh is not signed")
    if settings.scope and settings.verification_key is None:
        raise InvalidSetting("scope needs verification_key: without it no signature is looked at")


def _check_tokens(settings: Settings) -> None:
    has_verifier = settings.tokens_file is not None or settings.jwks_file is not None
    if has_verifier and settings.authentication != "token":
        raise InvalidSetting("tokens_file and jwks_file need authentication: token")
    if settings.authentication == "token" and not has_verifier and settings.authorization == "off":
        # As in OPA, a token that nobody checks is only a name for the law to judge; without law, anyone may come.
        raise InvalidSetting("authentication: token needs tokens_file, jwks_file or authorization: basic")


def _check_binding(settings: Settings) -> None:
    host, _ = split_address("addr", settings.addr)
    if is_loopback(host) or settings.unsafe_no_authentication:
        return
    if settings.authentication == "off" and settings.authorization == "off":
        raise UnsafeBinding(
            f"addr {settings.addr} is reachable from other machines, and nobody is asked who they are: set "
            "authentication or authorization, or say --unsafe-no-authentication"
        )


def split_address(name: str, address: str) -> tuple[str, int]:
    """
    ``HOST:PORT`` in its two parts; an IPv6 host stands in brackets, an empty host is every interface.

    Raises:
        InvalidSetting: It is no such address.
    """
    host, colon, port = address.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise InvalidSetting(f"{name}: {address!r} is not HOST:PORT")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise InvalidSetting(f"{name}: an IPv6 host stands in brackets, as [::1]:8181")
    return host or "0.0.0.0", int(port)  # noqa: S104  an empty host says so; _check_binding judges it


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _given(flags: Source) -> dict[str, Any]:
    known = {row.name: row for row in rows()}
    given = {name: value for name, value in flags.items() if value is not None}
    for name in given:
        _demand_known(name, known, "flag")
    return {name: _convert(known[name], value, flag_of(known[name])) for name, value in given.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    by_variable = {variable_of(row): row for row in rows()}
    chosen = {}
    for variable, text in environment.items():
        if not variable.startswith(ENVIRONMENT_PREFIX) or variable in OTHER_VARIABLES:
            continue
        row = by_variable.get(variable)
        if row is None:
            _demand_known(variable, by_variable, "environment variable")
            continue
        chosen[row.name] = _convert(row, text, variable)
    return chosen


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    known = {row.name: row for row in rows()}
    chosen = {}
    for name, value in _flattened(_read_yaml(file), known).items():
        _demand_known(name, known, f"setting in {file}")
        chosen[name] = _convert(known[name], value, f"{file}: {name}")
    return chosen


def _read_yaml(file: Path) -> Mapping[str, Any]:
    import yaml  # noqa: PLC0415  only a run with a file pays for it

    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidSetting(f"{file} cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidSetting(f"{file} is not YAML: {error}") from error
    if document is None:
        return {}
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise InvalidSetting(f"{file}: settings are a mapping from names to values")
    return document


def _flattened(document: Mapping[str, Any], known: Iterable[str], prefix: str = "") -> dict[str, Any]:
    """``audit: {durability: …}`` says the same as ``audit_durability: …``."""
    flat: dict[str, Any] = {}
    for key, value in document.items():
        name = prefix + key
        nested = isinstance(value, dict) and name not in known
        for inner, inner_value in (_flattened(value, known, name + "_") if nested else {name: value}).items():
            if inner in flat:
                raise InvalidSetting(f"{inner} is set twice")
            flat[inner] = inner_value
    return flat


def _demand_known(name: str, known: Iterable[str], what: str) -> None:
    names = list(known)
    if name in names:
        return
    nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.0)[0]
    raise UnknownSetting(f"no {what} is named {name}; the nearest is {nearest}")


def _convert(row: Field[Any], value: Any, where: str) -> Any:
    kind = types_of_rows()[row.name]
    try:
        converted = as_type(kind, value)
    except (TypeError, ValueError) as error:
        raise InvalidSetting(f"{where}: {error}") from error
    minimum = row.metadata["minimum"]
    if minimum is not None and not converted >= minimum:  # not "<": NaN compares as false with everything
        raise InvalidSetting(f"{where}: {value} is less than {minimum}")
    if row.name in ("addr", "diagnostic_addr") and converted:
        split_address(row.name, converted)
    return converted
