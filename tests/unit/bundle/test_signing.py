"""Signatures: made, checked, and refused with the reason. OPA is asked in ``tests/peers``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from bylaw.bundle.contents import SIGNATURES_FILE
from bylaw.bundle.digests import digest
from bylaw.bundle.signing import SIGNING_ALGORITHMS, SignatureVerifier, VerificationKey, sign
from bylaw.errors import InvalidSignature

_CURVES: Mapping[str, ec.EllipticCurve] = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
_SECRET = b"a secret of sixty-four bytes and a few more, as HS512 asks for one"
_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_OTHER_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)

FILES = {
    ".manifest": b'{"roots": ["domains/customer"], "revision": "7"}',
    "data.json": b'{"domains": {"customer": {"parameters": {"days": 30}}}}',
    "rule.rego": b"package domains.customer.privacy.rule\n",
}


def _private(key: Any) -> bytes:
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _public(key: Any) -> bytes:
    return bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _pair(algorithm: str) -> tuple[bytes, bytes]:
    if algorithm.startswith("HS"):
        return _SECRET, _SECRET
    key = ec.generate_private_key(_CURVES[algorithm]) if algorithm.startswith("ES") else _RSA
    return _private(key), _public(key)


def _signed(files: Mapping[str, bytes] = FILES, **how: Any) -> dict[str, bytes]:
    return {**files, SIGNATURES_FILE: sign(files, key=_private(_RSA), key_id="k", **how)}


def _token(payload: Mapping[str, Any], key: bytes | None = None, algorithm: str = "RS256") -> dict[str, bytes]:
    token = jwt.encode(dict(payload), key or _private(_RSA), algorithm=algorithm, headers={"kid": "k"})
    return {**FILES, SIGNATURES_FILE: json.dumps({"signatures": [token]}).encode()}


def _listed(**changes: Any) -> list[dict[str, Any]]:
    return [
        {"name": path, "hash": digest(path, content, "SHA-256"), "algorithm": "SHA-256"} | changes
        for path, content in FILES.items()
    ]


VERIFIER = SignatureVerifier({"k": VerificationKey(_public(_RSA))})


@pytest.mark.parametrize("algorithm", SIGNING_ALGORITHMS)
def test_what_was_signed_is_verified(algorithm: str) -> None:
    private, public = _pair(algorithm)
    signed = {**FILES, SIGNATURES_FILE: sign(FILES, key=private, algorithm=algorithm, key_id="k", scope="write")}

    SignatureVerifier({"k": VerificationKey(public, algorithm, "write")})(signed)
    SignatureVerifier({"k": VerificationKey(public, algorithm)}, scope="write")(signed)


def test_a_key_is_found_by_the_verifiers_id_before_the_tokens() -> None:
    verifier = SignatureVerifier(
        {"k": VerificationKey(_public(_OTHER_RSA)), "mine": VerificationKey(_public(_RSA))}, key_id="mine"
    )

    verifier(_signed())


@pytest.mark.parametrize(
    "text",
    [
        b'{"domains":{"customer":{"parameters":{"days":30}}}}',
        b' {\n "domains" : {"customer": {"parameters": {"days": 30}}}}\n',
    ],
)
def test_data_that_says_the_same_has_the_same_digest(text: bytes) -> None:
    VERIFIER({**_signed(), "data.json": text})


_REFUSED: Mapping[str, tuple[dict[str, bytes], str]] = {
    "no signature": (dict(FILES), "the bundle is not signed, and only signed ones are loaded"),
    "no JSON": ({**FILES, SIGNATURES_FILE: b"{"}, ".signatures.json: no JSON: "),
    "no token": (
        {**FILES, SIGNATURES_FILE: b'{"signatures": []}'},
        ".signatures.json: missing JWT (expected exactly one)",
    ),
    "two tokens": (
        {**FILES, SIGNATURES_FILE: b'{"signatures": ["a", "b"]}'},
        ".signatures.json: multiple JWTs not supported (expected exactly one)",
    ),
    "a token that is none": (
        {**FILES, SIGNATURES_FILE: b'{"signatures": ["a.b.c"]}'},
        ".signatures.json: no JSON Web Token: ",
    ),
    "another signer's plug-in": (
        {**_signed(), SIGNATURES_FILE: b'{"signatures": ["a"], "plugin": "x"}'},
        ".signatures.json: no verifier exists under id x",
    ),
    "a stranger's key under a known name": (
        _token({"files": _listed()}, _private(_OTHER_RSA)),
        "the signature does not hold for key k: Signature verification failed",
    ),
    "the public key taken for a secret": (
        _token({"files": _listed()}, _SECRET, "HS256"),
        "the signature does not hold for key k: The specified alg value is not allowed",
    ),
    "another scope": (_signed(scope="read"), "scope mismatch: wanted '', signed for 'read'"),
    "a file that was changed": (
        {**_signed(), "rule.rego": b"package domains.customer.privacy.rules\n"},
        "rule.rego: digest mismatch (want: ",
    ),
    "data that was changed": ({**_signed(), "data.json": b"{}"}, "data.json: digest mismatch (want: "),
    "a number written otherwise": (
        {**_signed(), "data.json": FILES["data.json"].replace(b"30", b"30.0")},
        "data.json: digest mismatch (want: ",
    ),
    "a file too many": ({**_signed(), "more.rego": b""}, "file more.rego not included in bundle signature"),
    "a file too few": (
        {path: content for path, content in _signed().items() if path != "rule.rego"},
        "file(s) rule.rego specified in bundle signatures but not found",
    ),
    "a file listed twice": (
        _token({"files": [*_listed(), *_listed()[:1]]}),
        "the signature lists .manifest twice",
    ),
    "a digest that can be forged": (
        _token({"files": _listed(algorithm="MD5")}),
        ".manifest: the digest MD5 is none of SHA-224, SHA-256,",
    ),
    "a digest without its algorithm": (
        _token({"files": _listed(algorithm="")}),
        ".manifest: the digest (none) is none of SHA-224, SHA-256,",
    ),
    "an end that has passed": (
        _token({"files": _listed(), "exp": datetime.now(tz=UTC) - timedelta(seconds=1)}),
        "the signature has ended (exp)",
    ),
    "files that are none": (
        _token({"files": [7]}),
        "the signature lists a file without its name, algorithm and hash",
    ),
}


@pytest.mark.parametrize(("files", "message"), _REFUSED.values(), ids=_REFUSED)
def test_what_does_not_hold_is_refused(files: dict[str, bytes], message: str) -> None:
    with pytest.raises(InvalidSignature) as refused:
        VERIFIER(files)

    assert refused.value.message.startswith(message)


def test_a_token_without_a_key_id_is_refused_where_none_is_configured() -> None:
    signed = {**FILES, SIGNATURES_FILE: sign(FILES, key=_private(_RSA))}

    with pytest.raises(InvalidSignature, match=r"^verification key ID is empty$"):
        VERIFIER(signed)


def test_a_key_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InvalidSignature, match=r"^verification key corresponding to ID k not found$"):
        SignatureVerifier({})(_signed())


_BAD_KEYS = {
    "no algorithm": ({"algorithm": "none"}, "none is none of RS256, RS384,"),
    "a key of another sort": ({"algorithm": "ES256"}, "the signing key cannot sign by ES256: "),
    "a short secret": ({"algorithm": "HS512", "key": b"short"}, "a secret for HS512 has at least 64 bytes, not 5"),
    "no key": ({"key": b"nothing"}, "the signing key cannot sign by RS256: "),
    "a public key": ({"key": _public(_RSA)}, "the signing key cannot sign by RS256: "),
}


@pytest.mark.parametrize(("how", "message"), _BAD_KEYS.values(), ids=_BAD_KEYS)
def test_a_key_that_cannot_sign_is_refused(how: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidSignature) as refused:
        sign(FILES, **{"key": _private(_RSA), **how})

    assert refused.value.message.startswith(message)


def test_a_private_key_is_not_taken_for_a_public_one() -> None:
    with pytest.raises(InvalidSignature, match=r"^a private key is no verification key: give the public one$"):
        SignatureVerifier({"k": VerificationKey(_private(_RSA))})(_signed())


def test_a_key_is_not_shown() -> None:
    assert "secret" not in repr(VerificationKey(_SECRET, "HS256"))
