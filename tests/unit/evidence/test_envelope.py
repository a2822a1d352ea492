"""Signed evidence: whose signature holds, and what becomes of one that does not."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from bylaw.errors import InputError, InvalidSetting
from bylaw.evidence import EvidenceKey, Report, public_key, read_report, sealed, unbound

REPORT = (Path(__file__).parent / "documents" / "bylaw-evidence.yaml").read_bytes()


def pems(key: Any) -> tuple[bytes, bytes]:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


ED, EC = pems(ed25519.Ed25519PrivateKey.generate()), pems(ec.generate_private_key(ec.SECP256R1()))
STRANGER = pems(ed25519.Ed25519PrivateKey.generate())
KEYS = {"orders-ci": EvidenceKey(public_key(ED[1]), "orders-ci"), "monitor": EvidenceKey(public_key(EC[1]), "k2")}


def read(envelope: bytes, **keys: EvidenceKey) -> Report:
    (report,) = read_report(envelope, file="signed.json", keys=keys or KEYS)
    return report


@pytest.mark.parametrize(
    ("key", "key_id", "producer"),
    [
        pytest.param(ED, "", "orders-ci", id="Ed25519"),
        pytest.param(ED, "orders-ci", "orders-ci", id="by the producer's name"),
        pytest.param(ED, "nobody's", "orders-ci", id="by a name that is not known"),
        pytest.param(EC, "", "monitor", id="ECDSA P-256"),
        pytest.param(EC, "k2", "monitor", id="by the key's name"),
    ],
)
def test_a_signature_that_holds_names_its_producer(key: tuple[bytes, bytes], key_id: str, producer: str) -> None:
    report = read(sealed(REPORT, private_key=key[0], key_id=key_id))
    assert (report.signed, report.producer, report.format) == ("verified", producer, "bylaw evidence v1")
    assert {(facts["signed"], facts["producer"]) for facts in unbound(report)} == {("verified", producer)}


def test_what_is_not_signed_has_no_producer() -> None:
    (report,) = read_report(REPORT, file="e.yaml", keys=KEYS)
    assert (report.signed, report.producer) == ("none", None)


def test_a_stranger_is_nobody() -> None:
    report = read(sealed(REPORT, private_key=STRANGER[0]))
    assert (report.signed, report.producer) == ("stranger", None)


def test_a_stranger_who_uses_a_name_that_is_known_is_refuted() -> None:
    report = read(sealed(REPORT, private_key=STRANGER[0], key_id="orders-ci"))
    assert (report.signed, report.producer) == ("invalid", None)


def changed(**more: Any) -> bytes:
    return json.dumps({**json.loads(sealed(REPORT, private_key=ED[0], key_id="orders-ci")), **more}).encode()


def test_a_report_that_was_changed_is_no_longer_signed() -> None:
    other = base64.b64encode(REPORT.replace(b"0.98", b"0.99")).decode()
    assert read(changed(payload=other)).signed == "invalid"


def test_one_signature_that_holds_is_enough() -> None:
    good = json.loads(sealed(REPORT, private_key=ED[0]))["signatures"]
    bad = json.loads(sealed(REPORT, private_key=STRANGER[0]))["signatures"]
    assert read(changed(signatures=[*bad, *good])).producer == "orders-ci"


def test_an_envelope_without_signatures_is_not_signed() -> None:
    assert read(changed(signatures=[])).signed == "none"


def test_a_finding_in_signed_evidence_stands_at_the_payload() -> None:
    report = read(sealed(REPORT, private_key=ED[0]))
    assert str(report.places.location(report.found[0].pointer)) == "signed.json:3:3"


def test_a_signature_is_good_for_reports_only() -> None:
    with pytest.raises(InputError, match=r"application/vnd\.in-toto\+json"):
        read(changed(payloadType="application/vnd.in-toto+json"))


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"payload": 1}, "base64"),
        ({"payload": "###"}, "no base64"),
        ({"signatures": {}}, "at most 8"),
        ({"signatures": [{"sig": "AA=="}] * 9}, "at most 8"),
        ({"signatures": ["x"]}, "a signature is an object"),
        ({"signatures": [{"keyid": "orders-ci"}]}, "base64"),
    ],
)
def test_what_is_no_envelope_is_refused(more: dict[str, Any], why: str) -> None:
    with pytest.raises(InputError, match=why):
        read(changed(**more))


def test_an_envelope_in_an_envelope_is_refused() -> None:
    inner = sealed(REPORT, private_key=ED[0])
    with pytest.raises(InputError, match="an envelope in an envelope"):
        read(sealed(inner, private_key=ED[0]))


def test_what_is_wrong_inside_is_told_with_its_place() -> None:
    with pytest.raises(InputError, match="in the envelope") as refused:
        read(sealed(b"kind: Nope", private_key=ED[0]))
    assert refused.value.location is not None
    assert refused.value.location.file == "signed.json"


RSA = pems(rsa.generate_private_key(65537, 2048))
P384 = pems(ec.generate_private_key(ec.SECP384R1()))


@pytest.mark.parametrize("pem", [RSA[1], P384[1], ED[0], b"", b"-----BEGIN CERTIFICATE-----"])
def test_only_keys_that_sign_evidence_are_taken(pem: bytes) -> None:
    with pytest.raises(InvalidSetting):
        public_key(pem)


@pytest.mark.parametrize("pem", [RSA[0], P384[0], ED[1], b""])
def test_only_keys_that_sign_evidence_sign(pem: bytes) -> None:
    with pytest.raises(InvalidSetting):
        sealed(REPORT, private_key=pem)


def test_dsse_as_its_authors_encode_it() -> None:
    """The pre-authentication encoding of the protocol's own example, verified with the key alone."""
    key = ed25519.Ed25519PrivateKey.generate()
    envelope = json.loads(sealed(b"hello world", private_key=pems(key)[0]))
    kind = envelope["payloadType"].encode()
    message = b"DSSEv1 " + str(len(kind)).encode() + b" " + kind + b" 11 hello world"
    key.public_key().verify(base64.b64decode(envelope["signatures"][0]["sig"]), message)
