"""
Signatures of bundles, as OPA makes and checks them: ``.signatures.json`` holds one JSON Web Token, whose payload lists
every file of the bundle with its digest. Which algorithm verifies is said by the verifier's configuration, never by the
token.

Stricter than OPA where that costs nobody anything: digests that can be forged are refused, the files must be listed
once each and all of them, and a token that names its end (``exp``) ends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509 import load_pem_x509_certificate

from bylaw.bundle.contents import SIGNATURES_FILE
from bylaw.bundle.digests import digest
from bylaw.errors import InvalidSignature

DIGEST = "SHA-256"

SIGNING_ALGORITHMS = tuple(f"{family}{bits}" for family in ("RS", "PS", "ES", "HS") for bits in (256, 384, 512))

# The shortest secret that RFC 7518 (3.2) allows for HS256; a longer digest asks for a longer one.
_SECRET_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key or certificate in PEM, or for ``HS…`` the secret; ``scope`` as OPA's ``keys[…].scope``."""

    key: bytes = field(repr=False)
    algorithm: str = "RS256"
    scope: str = ""


def sign(
    files: Mapping[str, bytes], *, key: bytes, algorithm: str = "RS256", key_id: str = "", scope: str = ""
) -> bytes:
    """
    The text of ``.signatures.json`` for the files of a bundle.

    Args:
        key: A private key in PEM without a password, or for ``HS…`` the secret.
        key_id: Tells a verifier which of its keys to take.
        scope: What the verifier demands that the bundle was signed for.

    Raises:
        InvalidSignature: The key cannot sign by this algorithm.
    """
    listed = [
        {"name": path, "hash": digest(path, files[path], DIGEST), "algorithm": DIGEST}
        for path in sorted(files)
        if path != SIGNATURES_FILE
    ]
    payload: dict[str, Any] = {"files": listed}
    if scope:
        payload["scope"] = scope
    if key_id:
        payload["keyid"] = key_id
    headers = {"kid": key_id} if key_id else None
    try:
        token = jwt.encode(payload, _signing_key(key, algorithm), algorithm=algorithm, headers=headers)
    except (jwt.PyJWTError, TypeError, ValueError) as error:
        raise InvalidSignature(f"the signing key cannot sign by {algorithm}: {error}") from error
    return json.dumps({"signatures": [token]}).encode()


def public_key_of(key: bytes, algorithm: str) -> str:
    """
    What verifies a signature of this key, in PEM: of a private or public key or a certificate. Empty for ``HS…``: what
    verifies those also signs.

    Raises:
        InvalidSignature: It is no key of this algorithm.
    """
    if algorithm.startswith("HS"):
        _secret(key, algorithm)
        return ""
    try:
        if b"PRIVATE KEY" in key:
            public = _signing_key(key, algorithm).public_key()
        else:
            public = _public_key(VerificationKey(key, algorithm))
        return str(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())
    except (TypeError, ValueError) as error:
        raise InvalidSignature(f"no key for {algorithm}: {error}") from error


@dataclass(frozen=True, slots=True)
class SignatureVerifier:
    """
    Checks the signature of a bundle's files, and each file. ``keys`` by their id; ``key_id``, where it is given, is the
    key whatever the token says; ``scope`` comes before that of the key.
    """

    keys: Mapping[str, VerificationKey]
    key_id: str = ""
    scope: str = ""

    def __call__(self, files: Mapping[str, bytes]) -> None:
        """
        Raises:
            InvalidSignature: Unsigned, signed by nobody known, for another scope, or a file is not what was signed.
        """
        payload = self._payload(_token(files))
        _check_end(payload)
        listed = _listed(payload)
        for path in sorted(files):
            if path == SIGNATURES_FILE:
                continue
            if path not in listed:
                raise InvalidSignature(f"file {path} not included in bundle signature")
            algorithm, wanted = listed.pop(path)
            came = digest(path, files[path], algorithm)
            if came != wanted.lower():
                raise InvalidSignature(f"{path}: digest mismatch (want: {wanted.lower()}, got: {came})")
        if listed:
            raise InvalidSignature(f"file(s) {', '.join(sorted(listed))} specified in bundle signatures but not found")

    def _payload(self, token: str) -> Mapping[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            unverified = jwt.decode(token, options={"verify_signature": False})
        except (jwt.PyJWTError, ValueError) as error:
            raise InvalidSignature(f"{SIGNATURES_FILE}: no JSON Web Token: {error}") from error
        key_id = self.key_id or header.get("kid") or unverified.get("keyid") or ""
        if not key_id:
            raise InvalidSignature("verification key ID is empty")
        key = self.keys.get(key_id)
        if key is None:
            raise InvalidSignature(f"verification key corresponding to ID {key_id} not found")
        try:
            payload = jwt.decode(
                token,
                _public_key(key),
                algorithms=[key.algorithm],
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False},
            )
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise InvalidSignature(f"the signature does not hold for key {key_id}: {error}") from error
        scope = self.scope or key.scope
        if payload.get("scope", "") != scope:
            raise InvalidSignature(f"scope mismatch: wanted {scope!r}, signed for {payload.get('scope', '')!r}")
        return dict(payload)


def _token(files: Mapping[str, bytes]) -> str:
    if SIGNATURES_FILE not in files:
        raise InvalidSignature("the bundle is not signed, and only signed ones are loaded")
    try:
        document = json.loads(files[SIGNATURES_FILE])
    except (ValueError, RecursionError) as error:
        raise InvalidSignature(f"{SIGNATURES_FILE}: no JSON: {error}") from error
    tokens = document.get("signatures") if isinstance(document, dict) else None
    if not isinstance(tokens, list) or not tokens:
        raise InvalidSignature(f"{SIGNATURES_FILE}: missing JWT (expected exactly one)")
    if len(tokens) > 1:
        raise InvalidSignature(f"{SIGNATURES_FILE}: multiple JWTs not supported (expected exactly one)")
    if document.get("plugin"):
        raise InvalidSignature(f"{SIGNATURES_FILE}: no verifier exists under id {document['plugin']}")
    if not isinstance(tokens[0], str):
        raise InvalidSignature(f"{SIGNATURES_FILE}: no JSON Web Token")
    return tokens[0]


def _check_end(payload: Mapping[str, Any]) -> None:
    end = payload.get("exp")
    if end is None:
        return
    if isinstance(end, bool) or not isinstance(end, int | float):
        raise InvalidSignature("the signature's end (exp) is no time")
    if datetime.now(tz=UTC).timestamp() >= end:
        raise InvalidSignature("the signature has ended (exp)")


def _listed(payload: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Algorithm and digest of each file that the signature names."""
    files = payload.get("files")
    found: dict[str, tuple[str, str]] = {}
    for file in files if isinstance(files, list) else []:
        name, algorithm, wanted = (
            (file.get(key) for key in ("name", "algorithm", "hash")) if isinstance(file, dict) else ("", "", "")
        )
        if not (isinstance(name, str) and isinstance(algorithm, str) and isinstance(wanted, str) and name):
            raise InvalidSignature("the signature lists a file without its name, algorithm and hash")
        path = name.lstrip("/")
        if path in found:
            raise InvalidSignature(f"the signature lists {path} twice")
        found[path] = (algorithm, wanted)
    return found


def _signing_key(key: bytes, algorithm: str) -> Any:
    if algorithm not in SIGNING_ALGORITHMS:
        raise InvalidSignature(f"{algorithm} is none of {', '.join(SIGNING_ALGORITHMS)}")
    return _secret(key, algorithm) if algorithm.startswith("HS") else load_pem_private_key(key, password=None)


def _public_key(key: VerificationKey) -> Any:
    if key.algorithm not in SIGNING_ALGORITHMS:
        raise InvalidSignature(f"{key.algorithm} is none of {', '.join(SIGNING_ALGORITHMS)}")
    if key.algorithm.startswith("HS"):
        return _secret(key.key, key.algorithm)
    if b"BEGIN CERTIFICATE" in key.key:
        return load_pem_x509_certificate(key.key).public_key()
    if b"PRIVATE KEY" in key.key:
        raise InvalidSignature("a private key is no verification key: give the public one")
    return load_pem_public_key(key.key)


def _secret(key: bytes, algorithm: str) -> bytes:
    if len(key) < _SECRET_BYTES[algorithm]:
        raise InvalidSignature(
            f"a secret for {algorithm} has at least {_SECRET_BYTES[algorithm]} bytes, not {len(key)}"
        )
    return key
