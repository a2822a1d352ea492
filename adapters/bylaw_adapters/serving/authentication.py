"""
Who is asking. Not what they may ask: that is law (``authorization``). Runs before any body is read, and says nothing
about a credential but that it was not accepted.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bylaw.errors import InvalidSetting, Unauthorized
from bylaw_adapters.serving.client_certificates import certificate_document, distinguished_name
from bylaw_adapters.serving.exchange import Exchange, Identity

_SHA256_HEX = re.compile(r"[0-9a-f]{64}")
_BEARER = b"bearer "
# Longer than any token in use; a longer one would only cost time to hash.
MAX_TOKEN_BYTES = 16 * 1024

# Asymmetric only: with a shared secret, whoever can verify can also sign; `none` is no signature.
JWT_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


class Authenticator(Protocol):
    def identify(self, exchange: Exchange) -> Identity | None:
        """
        Raises:
            Unauthorized: The caller is not known.
        """


class NoAuthentication:
    """Anyone may come; the law, if asked, sees no identity."""

    def identify(self, exchange: Exchange) -> Identity | None:  # noqa: ARG002  it looks at nothing
        return None


class UncheckedToken:
    """As OPA's ``--authentication=token``: the token is the identity, and the law alone judges it."""

    def identify(self, exchange: Exchange) -> Identity | None:
        token = bearer_token(exchange)
        return Identity(token.decode("latin-1")) if token else None


class TokenVerifier(Protocol):
    def identity_of(self, token: bytes) -> Identity | None:
        """Whose token this is; ``None`` where it is not accepted."""


@dataclass(frozen=True, slots=True)
class CheckedToken:
    """A bearer token that one of the verifiers accepts."""

    verifiers: Sequence[TokenVerifier]

    def identify(self, exchange: Exchange) -> Identity | None:
        token = bearer_token(exchange)
        if token is None:
            raise Unauthorized("a bearer token is needed")
        for verifier in self.verifiers:
            identity = verifier.identity_of(token)
            if identity is not None:
                return identity
        raise Unauthorized("the bearer token is not accepted")


class ClientCertificate:
    """The subject of the certificate that the TLS handshake has verified."""

    def identify(self, exchange: Exchange) -> Identity | None:
        certificate = exchange.scope.get("bylaw.client_certificate")
        if not certificate:
            raise Unauthorized("a client certificate is needed")
        return Identity(distinguished_name(certificate), (certificate_document(certificate),))


@dataclass(frozen=True, slots=True)
class HashedTokens:
    """
    Tokens known by their SHA-256. A token is long and random, so a plain hash keeps it; whoever reads the file cannot
    use what it says. Every entry is compared, each in constant time.
    """

    holders: Mapping[str, Identity]
    """Each token's holder, by hash."""

    def identity_of(self, token: bytes) -> Identity | None:
        digest = hashlib.sha256(token).hexdigest()
        found = None
        for known, holder in self.holders.items():
            if hmac.compare_digest(known, digest):
                found = holder
        return found


@dataclass(frozen=True, slots=True)
class SignedTokens:
    """
    JWTs signed by a key of a JWK set, checked in this order:

    1. The header names an allowed algorithm, and a key of the set by ``kid`` (or the set has only one).
    2. The signature verifies under that key, and the key is made for that algorithm.
    3. ``exp`` is there and in the future, ``nbf`` and ``iat`` are not; ``iss`` and ``aud`` are ours.
    4. ``sub`` is there: it is the identity.
    """

    keys: Mapping[str, Any]
    issuer: str
    audience: str

    def identity_of(self, token: bytes) -> Identity | None:
        import jwt  # noqa: PLC0415  200 ms that only services with JWTs pay

        try:
            header = jwt.get_unverified_header(token)
            key = self._key(header.get("kid"))
            if (
                key is None or header.get("alg") != key.algorithm_name or key.algorithm_name not in JWT_ALGORITHMS
            ):  # (1)
                return None
            claims = jwt.decode(  # (2) (3)
                token,
                key,
                algorithms=[key.algorithm_name],
                issuer=self.issuer,
                audience=self.audience,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, ValueError):
            return None
        subject = claims["sub"]
        return Identity(subject) if isinstance(subject, str) and subject else None  # (4)

    def _key(self, key_id: Any) -> Any:
        if key_id is None and len(self.keys) == 1:
            return next(iter(self.keys.values()))
        return self.keys.get(key_id) if isinstance(key_id, str) else None


def bearer_token(exchange: Exchange) -> bytes | None:
    """The token in ``Authorization: Bearer …``; ``None`` where there is none, or one too long to be true."""
    value = exchange.headers.get(b"authorization", b"")
    if value[: len(_BEARER)].lower() != _BEARER:
        return None
    token = value[len(_BEARER) :].strip()
    return token if token and len(token) <= MAX_TOKEN_BYTES else None


def read_tokens(file: Path) -> HashedTokens:
    """
    Hashed tokens: YAML (``- {id: ci, sha256: …}``, with ``domain: …`` for a credential of one domain), or one SHA-256
    in hex a line (then the hash's first twelve digits are the identity).

    Raises:
        InvalidSetting: The file cannot be read, or an entry is not a hash; the entry itself is not shown.
    """
    text = _read(file)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if lines and all(_SHA256_HEX.fullmatch(line) for line in lines):
        return HashedTokens({line: Identity(line[:12]) for line in lines})
    return HashedTokens(_tokens_from_yaml(text, file))


def _tokens_from_yaml(text: str, file: Path) -> dict[str, Identity]:
    import yaml  # noqa: PLC0415  only a run with such a file pays for it

    try:
        entries = yaml.safe_load(text)
    except yaml.YAMLError:
        entries = None  # the parser's message would quote what may be a secret
    if not isinstance(entries, list) or not entries:
        raise InvalidSetting(f"{file}: wanted a list of {{id, sha256}}, or lines of SHA-256 in lower-case hex")
    holders: dict[str, Identity] = {}
    for position, entry in enumerate(entries, start=1):
        is_whole = isinstance(entry, dict) and {"id", "sha256"} <= set(entry) <= {"id", "sha256", "domain"}
        named = is_whole and all(isinstance(entry[key], str) and entry[key] for key in entry if key != "sha256")
        if not named or not _SHA256_HEX.fullmatch(str(entry["sha256"])):
            raise InvalidSetting(f"{file}: entry {position} is not {{id, sha256}} with a SHA-256 in lower-case hex")
        holders[entry["sha256"]] = Identity(entry["id"], domain=entry.get("domain", ""))
    return holders


def read_jwks(file: Path, *, issuer: str, audience: str) -> SignedTokens:
    """
    Raises:
        InvalidSetting: The file cannot be read, is no JWK set, or a key in it is symmetric or unnamed among several.
    """
    import jwt  # noqa: PLC0415  see SignedTokens

    try:
        keys = jwt.PyJWKSet.from_json(_read(file)).keys
    except (jwt.PyJWTError, ValueError, AttributeError, TypeError) as error:
        raise InvalidSetting(f"{file} is no JWK set") from error
    named: dict[str, Any] = {}
    for key in keys:
        if key.algorithm_name not in JWT_ALGORITHMS:
            raise InvalidSetting(
                f"{file}: a key is for {key.algorithm_name}; only {', '.join(JWT_ALGORITHMS)} are used"
            )
        if len(keys) > 1 and key.key_id is None:
            raise InvalidSetting(f"{file}: among several keys, each has a kid")
        named[str(key.key_id)] = key
    return SignedTokens(named, issuer, audience)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSetting(f"{file} cannot be read: {error}") from error
