"""Bundles that are signed by a command and demanded by the service."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from tests.end_to_end.test_service_lifecycle import ALLOW, eventually, is_allowed, started_in_vain

from bylaw.bundle.archive import write_archive
from bylaw.bundle.signing import sign

RULES = 'package app\n\nallow if input.user == "{user}"\n'


def _bundle(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", "bundle", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def _signed(key: bytes, *, claims: dict[str, Any] | None = None, scope: str = "write", more: str = "") -> bytes:
    """An archive that lets mallory in, signed; ``more`` is a file that joins it after that."""
    files = {"app.rego": RULES.format(user="mallory").encode(), ".manifest": b'{"roots": ["app"]}'}
    text = sign(files, key=key, algorithm="ES256", scope=scope)
    if claims:
        payload = jwt.decode(json.loads(text)["signatures"][0], options={"verify_signature": False})
        token = jwt.encode({**payload, **claims}, key.decode(), algorithm="ES256")
        text = json.dumps({"signatures": [token]}).encode()
    if more:
        files[more] = b"package app\n\nx := 1\n"
    return write_archive({**files, ".signatures.json": text})


def _of_another_key(_key: bytes) -> bytes:
    other = ec.generate_private_key(ec.SECP256R1())
    return _signed(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


UNSOUND: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "unsigned": (lambda _key: write_archive({"app.rego": RULES.format(user="mallory").encode()}), "is not signed"),
    "another scope": (lambda key: _signed(key, scope="read"), "scope mismatch: wanted 'write', signed for 'read'"),
    "ended": (lambda key: _signed(key, claims={"exp": 1}), "the signature has ended (exp)"),
    "another key": (_of_another_key, "the signature does not hold for key default"),
    "an extra file": (lambda key: _signed(key, more="extra.rego"), "file extra.rego not included in bundle signature"),
    "another file": (lambda key: _signed(key, more="app.rego"), "app.rego: digest mismatch"),
}


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """A private and a public key."""
    key = ec.generate_private_key(ec.SECP256R1())
    private, public = tmp_path / "private.pem", tmp_path / "public.pem"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return private, public


def _built(folder: Path, user: str = "alice") -> Path:
    source = folder / "app"
    source.mkdir(exist_ok=True)
    (source / "app.rego").write_text(RULES.format(user=user))
    assert _bundle("build", source, "-o", folder / "app.tar.gz").returncode == 0
    return folder / "app.tar.gz"


def _sign(archive: Path, key: Path, scope: str = "write") -> None:
    done = _bundle("sign", archive, "--signing-key", key, "--signing-alg", "ES256", "--scope", scope)
    assert done.returncode == 0, done.stderr


def test_what_was_signed_is_verified(tmp_path: Path, keys: tuple[Path, Path]) -> None:
    archive = _built(tmp_path)
    _sign(archive, keys[0])
    how = ("--verification-key", keys[1], "--signing-alg", "ES256")

    assert _bundle("verify", archive, *how, "--scope", "write").returncode == 0
    done = _bundle("verify", archive, *how, "--scope", "read")
    assert (done.returncode, "scope mismatch" in done.stderr) == (2, True)


def test_a_key_that_cannot_be_read_leaves_the_archive_as_it_was(tmp_path: Path) -> None:
    archive = _built(tmp_path)
    before = archive.read_bytes()

    done = _bundle("sign", archive, "--signing-key", tmp_path / "nowhere.pem")

    assert (done.returncode, "nowhere.pem: No such file" in done.stderr) == (2, True)
    assert archive.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["app", "app.tar.gz"]


def test_a_service_that_demands_signatures_keeps_the_law_that_had_one(
    serve: Any, tmp_path: Path, keys: tuple[Path, Path]
) -> None:
    archive = _built(tmp_path)
    _sign(archive, keys[0])
    demands = ("--verification-key", str(keys[1]), "--signing-alg", "ES256", "--scope", "write")
    service = serve("--no-library", "--bundle", str(archive), *demands)
    assert is_allowed(service, "alice")

    def status() -> Any:
        return service.client.get("/v1/status").json()["result"]["bundles"]["app"]

    for sort, (unsound, message) in UNSOUND.items():
        archive.write_bytes(unsound(keys[0].read_bytes()))
        before = archive.read_bytes()
        service.process.send_signal(signal.SIGHUP)
        eventually(lambda message=message: message in status().get("message", ""))  # type: ignore[misc]
        assert status()["errors"] == [{"code": "bundle_invalid_signature"}], sort
        assert 'bylaw_bundle_failing{name="app"} 1.0' in service.client.get("/metrics").text
        assert message in service.said()
        assert not is_allowed(service, "mallory")
        assert is_allowed(service, "alice")
        assert archive.read_bytes() == before

    _built(tmp_path, "bob")
    _sign(archive, keys[0])
    service.process.send_signal(signal.SIGHUP)
    eventually(lambda: is_allowed(service, "bob"))
    assert "code" not in status()
    assert "result" not in service.client.post(ALLOW, json={"input": {"user": "alice"}}).json()


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--verification-key", "public.pem"), "verification_key needs bundles"),
        (("--scope", "write"), "scope needs verification_key"),
        (("--bundle", "app.tar.gz", "--verification-key", "nowhere.pem"), "nowhere.pem: No such file"),
        (("--bundle", "app.tar.gz", "--verification-key", "public.pem"), "the bundle is not signed"),
        (("--bundle", "app", "--verification-key", "public.pem"), "a folder cannot be signed"),
        (("--bundle", "app", "--fleet-signing-key", "nowhere.pem"), "fleet_signing_key: nowhere.pem: No such file"),
        (("--bundle", "app", "--fleet-signing-key", "app/app.rego"), "the signing key cannot sign by RS256"),
        (("--bundle", "app", "--fleet-signing-key", "public.pem"), "the signing key cannot sign by RS256"),
    ],
)
def test_what_cannot_be_verified_is_not_served(
    tmp_path: Path, keys: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...], message: str
) -> None:
    assert keys
    _built(tmp_path)
    monkeypatch.chdir(tmp_path)

    done = started_in_vain(tmp_path, *flags)

    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
