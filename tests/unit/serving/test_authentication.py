"""Files of tokens and keys: what is read, what is refused, and that a refusal shows nothing of what it refuses."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from bylaw.errors import InvalidSetting
from bylaw_adapters.serving.authentication import HashedTokens, read_jwks, read_tokens
from bylaw_adapters.serving.client_certificates import certificate_document, distinguished_name
from bylaw_adapters.serving.exchange import Identity

SECRET = "correct-horse-battery-staple"
HASH = hashlib.sha256(SECRET.encode()).hexdigest()


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "file"
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(f"{HASH}\n", {HASH: Identity(HASH[:12])}, id="a line"),
        pytest.param(
            f"# ours\n\n{HASH}\n{'0' * 64}\n",
            {HASH: Identity(HASH[:12]), "0" * 64: Identity("0" * 12)},
            id="lines and comments",
        ),
        pytest.param(f"- {{id: ci, sha256: {HASH}}}", {HASH: Identity("ci")}, id="YAML"),
        pytest.param(
            f"- {{id: ci, sha256: {HASH}, domain: customer}}",
            {HASH: Identity("ci", domain="customer")},
            id="a domain's",
        ),
    ],
)
def test_hashes_are_read_with_their_holders(tmp_path: Path, text: str, wanted: dict[str, Identity]) -> None:
    assert read_tokens(written(tmp_path, text)) == HashedTokens(wanted)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(SECRET, id="a token in plain"),
        pytest.param(f"{HASH}\n{SECRET}", id="a token in plain among hashes"),
        pytest.param(f"- {{id: ci, token: {SECRET}}}", id="a token in plain with a name"),
        pytest.param(f"- {{id: ci, sha256: {SECRET}}}", id="a token where its hash should be"),
        pytest.param(f"- {{id: 1, sha256: {HASH}}}", id="a name that is a number"),
        pytest.param(f"- {{sha256: {HASH}}}", id="a token of nobody"),
        pytest.param(f"- {{id: ci, sha256: {HASH}, domain: 1}}", id="a domain that is a number"),
        pytest.param(f"- '{SECRET}", id="no YAML"),
        pytest.param(HASH.upper(), id="upper case, which no hash here is"),
    ],
)
def test_a_file_of_anything_else_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidSetting) as refusal:
        read_tokens(written(tmp_path, text))
    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize(
    ("token", "wanted"), [(SECRET, "ci"), (SECRET + "x", None), (HASH, None), ("", None), (SECRET.upper(), None)]
)
def test_only_the_token_itself_is_accepted(token: str, wanted: str | None) -> None:
    holders = {"0" * 64: Identity("other"), HASH: Identity("ci")}
    found = HashedTokens(holders).identity_of(token.encode())
    assert (found and found.name) == wanted


def test_a_file_that_is_not_there_is_said() -> None:
    with pytest.raises(InvalidSetting, match="cannot be read"):
        read_tokens(Path("/nonexistent"))


def public_jwk(**changes: Any) -> dict[str, Any]:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return {**jwt.algorithms.ECAlgorithm.to_jwk(key, as_dict=True), "alg": "ES256", "kid": "a", **changes}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param([], id="a list"),
        pytest.param({"keys": []}, id="no keys"),
        pytest.param({"keys": [{"kty": "oct", "k": "c2VjcmV0", "alg": "HS256", "kid": "a"}]}, id="a shared secret"),
        pytest.param({"keys": [public_jwk(), {**public_jwk(), "kid": None}]}, id="an unnamed key among several"),
    ],
)
def test_a_set_of_keys_that_cannot_be_used_is_refused(tmp_path: Path, document: Any) -> None:
    with pytest.raises(InvalidSetting):
        read_jwks(written(tmp_path, json.dumps(document)), issuer="i", audience="a")


CERTIFICATE = {
    "subject": ((("countryName", "NL"),), (("organizationName", "Example, Inc"),), (("commonName", "ci"),)),
    "issuer": ((("commonName", "authority"),),),
    "serialNumber": "0A",
    "notBefore": "Jan  1 00:00:00 2026 GMT",
    "notAfter": "Jan  1 00:00:00 2027 GMT",
    "subjectAltName": (("DNS", "ci.example"), ("URI", "spiffe://example/ci")),
}


def test_a_subject_is_written_as_rfc_2253_has_it() -> None:
    assert distinguished_name(CERTIFICATE) == "CN=ci,O=Example\\, Inc,C=NL"


def test_a_certificate_reads_under_the_names_that_opa_has_for_it() -> None:
    nothing: dict[str, Any] = {"Organization": [], "OrganizationalUnit": [], "Country": []}
    assert certificate_document(CERTIFICATE) == {
        "Subject": {**nothing, "CommonName": "ci", "Organization": ["Example, Inc"], "Country": ["NL"]},
        "Issuer": {**nothing, "CommonName": "authority"},
        "SerialNumber": 10,
        "NotBefore": "Jan  1 00:00:00 2026 GMT",
        "NotAfter": "Jan  1 00:00:00 2027 GMT",
        "DNSNames": ["ci.example"],
        "EmailAddresses": [],
        "URIStrings": ["spiffe://example/ci"],
    }
