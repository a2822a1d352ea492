"""
Signed evidence: a report in a DSSE envelope (Dead Simple Signing Envelope, as in-toto attestations use), signed by
Ed25519 or by ECDSA with P-256 and SHA-256. The signature covers the report's bytes and what kind of thing they are, so
a report needs no canonical form and a signature is good for nothing else.

Who a producer is, is said by whoever verifies (a name and its public key), never by the envelope: its ``keyid`` only
says which key to try first.

Verifying, step by step:

1. The envelope has a payload type of ours, a payload, and at most ``MAX_SIGNATURES`` signatures.
2. What was signed is rebuilt from type and payload (DSSE's pre-authentication encoding).
3. Each signature is tried with the keys of its ``keyid``, or with all where it names none that is known.
4. One that holds makes the report ``verified``, of that key's producer. Where none does, it is ``invalid`` if it
   claims a key that is known, else a ``stranger``'s.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature as _DoesNotHold
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

from bylaw.errors import InvalidSetting, MalformedInput, UnrecognisedDocument, WrongShape
from bylaw.evidence.result import Signed
from bylaw.facts.documents.document import Document

PAYLOAD_TYPE = "application/vnd.bylaw.report"

# Each costs a check with every key, and whoever hands in the envelope chooses how many there are.
MAX_SIGNATURES = 8

PublicKey = Ed25519PublicKey | EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class EvidenceKey:
    """A producer's public key. ``key_id`` is what its signatures may call it; the producer's name unless given."""

    key: PublicKey = field(repr=False)
    key_id: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The report's bytes, and what became of the signatures."""

    payload: bytes
    signed: Signed
    producer: str | None = None


def public_key(pem: bytes) -> PublicKey:
    """
    A public key, or that of a certificate, in PEM.

    Raises:
        InvalidSetting: No such key: another kind, a private one, no PEM.
    """
    try:
        if b"BEGIN CERTIFICATE" in pem:
            key: Any = load_pem_x509_certificate(pem).public_key()
        else:
            key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidSetting("no public key or certificate in PEM") from error
    if isinstance(key, Ed25519PublicKey) or (
        isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
    ):
        return key
    raise InvalidSetting("evidence is signed by Ed25519 or ECDSA P-256, and this key is neither")


def is_envelope(value: object) -> bool:
    return isinstance(value, dict) and {"payloadType", "payload", "signatures"} <= value.keys()


def sealed(report: bytes, *, private_key: bytes, key_id: str = "") -> bytes:
    """
    The envelope of a report, as JSON.

    Raises:
        InvalidSetting: The key is no private key in PEM of a kind that signs evidence.
    """
    try:
        key: Any = load_pem_private_key(private_key, password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise InvalidSetting("no private key in PEM without a password") from error
    message = _encoded(PAYLOAD_TYPE, report)
    if isinstance(key, Ed25519PrivateKey):
        signature = key.sign(message)
    elif isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        signature = key.sign(message, ECDSA(hashes.SHA256()))
    else:
        raise InvalidSetting("evidence is signed by Ed25519 or ECDSA P-256, and this key is neither")
    said = {**({"keyid": key_id} if key_id else {}), "sig": base64.b64encode(signature).decode()}
    envelope = {"payloadType": PAYLOAD_TYPE, "payload": base64.b64encode(report).decode(), "signatures": [said]}
    return json.dumps(envelope, indent=2).encode() + b"\n"


def opened(document: Document, keys: Mapping[str, EvidenceKey]) -> Opened:
    """
    What an envelope holds. A signature that does not hold is a fact, not an error: rules judge it.

    Raises:
        UnrecognisedDocument: It holds something else than a report.
        WrongShape, MalformedInput: It is no envelope.
    """
    value = document.value
    if not isinstance(value, dict):
        raise WrongShape("an envelope is an object", location=document.location())
    if value["payloadType"] != PAYLOAD_TYPE:  # (1)
        reason = f"an envelope of {str(value['payloadType'])[:80]!r}; {PAYLOAD_TYPE} is read"
        raise UnrecognisedDocument(reason, location=document.location(("payloadType",)))
    payload = _decoded(document, value["payload"], ("payload",))
    signatures = value["signatures"]
    if not isinstance(signatures, list) or len(signatures) > MAX_SIGNATURES:
        reason = f"signatures: a list of at most {MAX_SIGNATURES} is wanted"
        raise WrongShape(reason, location=document.location(("signatures",)))
    message = _encoded(PAYLOAD_TYPE, payload)  # (2)
    claimed = False
    for index, signature in enumerate(signatures):
        if not isinstance(signature, dict):
            raise WrongShape("a signature is an object", location=document.location(("signatures", index)))
        raw = _decoded(document, signature.get("sig"), ("signatures", index, "sig"))
        key_id = signature.get("keyid")
        called = {producer: key for producer, key in keys.items() if key_id and key_id in (key.key_id, producer)}
        claimed = claimed or bool(called)
        for producer, key in (called or keys).items():  # (3)
            if _holds(key.key, raw, message):
                return Opened(payload, "verified", producer)
    if not signatures:
        return Opened(payload, "none")
    return Opened(payload, "invalid" if claimed else "stranger")  # (4)


def _holds(key: PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, message)
        else:
            key.verify(signature, message, ECDSA(hashes.SHA256()))
    except _DoesNotHold:
        return False
    return True


def _encoded(payload_type: str, payload: bytes) -> bytes:
    """DSSE's PAE: lengths in front, so that no two pairs read alike."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def _decoded(document: Document, value: object, pointer: tuple[str | int, ...]) -> bytes:
    if not isinstance(value, str):
        raise WrongShape(f"{pointer[-1]}: text in base64 is wanted", location=document.location(pointer))
    try:
        # DSSE admits either alphabet.
        return base64.b64decode(value.replace("-", "+").replace("_", "/") + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedInput(f"{pointer[-1]} is no base64", location=document.location(pointer)) from error
