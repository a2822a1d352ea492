"""Signatures across: OPA verifies what is signed here, and what ``opa sign`` signed is verified here."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from bylaw.bundle.archive import read_archive, write_archive
from bylaw.bundle.contents import SIGNATURES_FILE
from bylaw.bundle.signing import SIGNING_ALGORITHMS, SignatureVerifier, VerificationKey, sign

pytestmark = pytest.mark.peers

_CURVES: Mapping[str, ec.EllipticCurve] = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
_SECRET = b"a secret of sixty-four bytes and a few more, as HS512 asks for one"

# Whatever Go and Python write differently: separators of JavaScript, control characters, numbers as they were written.
_DATA = r"""{"a": {"data": {"\u2028\u2029é<>&": [1.0, 1e3, -0, 1E-2, 12345678901234567890, true, null],
 "control": "\u007f\b\f\u0001\/", "empty": [{}, [], ""], "😀": 1, "￿": 2}}}"""
_FILES = {
    ".manifest": b'{"roots": ["a"], "revision": "r1", "metadata": {"x": 1.50}}',
    "data.json": _DATA.encode(),
    "a/p.rego": b"package a.b\n\nx := 1\n",
    "a/y/data.yaml": b"z: [1, text, true, null, {b: 2, a: 1}]\n",
}


def _pair(folder: Path, algorithm: str) -> tuple[Path, Path]:
    private, public = folder / "private.pem", folder / "public.pem"
    if algorithm.startswith("HS"):
        private.write_bytes(_SECRET)
        public.write_bytes(_SECRET)
        return private, public
    key = (
        ec.generate_private_key(_CURVES[algorithm])
        if algorithm.startswith("ES")
        else rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return private, public


@pytest.mark.parametrize("algorithm", SIGNING_ALGORITHMS)
def test_opa_verifies_what_was_signed_here(opa_program: Path, tmp_path: Path, algorithm: str) -> None:
    private, public = _pair(tmp_path, algorithm)
    signature = sign(_FILES, key=private.read_bytes(), algorithm=algorithm, key_id="k", scope="write")
    (tmp_path / "signed.tar.gz").write_bytes(write_archive({**_FILES, SIGNATURES_FILE: signature}))
    key = public.read_text() if algorithm.startswith("HS") else str(public)

    def verify(scope: str) -> subprocess.CompletedProcess[str]:
        command = [opa_program, "build", "-b", "signed.tar.gz", "-o", "built.tar.gz", "--verification-key", key]
        command += ["--signing-alg", algorithm, "--verification-key-id", "k", "--scope", scope]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert verify("write").returncode == 0
    refused = verify("read")
    assert (refused.returncode, "scope mismatch" in refused.stdout + refused.stderr) == (1, True)


@pytest.mark.parametrize("algorithm", SIGNING_ALGORITHMS)
def test_what_opa_signed_is_verified_here(opa_program: Path, tmp_path: Path, algorithm: str) -> None:
    private, public = _pair(tmp_path, algorithm)
    source = tmp_path / "source"
    for path, content in _FILES.items():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_bytes(content)
    (tmp_path / "claims.json").write_text('{"keyid": "k", "scope": "write"}')
    key = private.read_text() if algorithm.startswith("HS") else str(private)
    command = [opa_program, "sign", "--bundle", ".", "--signing-key", key, "--signing-alg", algorithm]
    subprocess.run([*command, "--claims-file", "../claims.json"], cwd=source, check=True)

    signed = {**_FILES, SIGNATURES_FILE: (source / SIGNATURES_FILE).read_bytes()}
    verifier = SignatureVerifier({"k": VerificationKey(public.read_bytes(), algorithm, "write")})

    verifier(read_archive(write_archive(signed), name="signed"))
    assert len(json.loads(signed[SIGNATURES_FILE])["signatures"]) == 1
