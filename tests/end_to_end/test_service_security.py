"""Who may ask: bearer tokens, JWTs, client certificates, the law's own authorisation, and where it may listen."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import json
import socket
import ssl
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

RULES = """package app

allow if input.user == "alice"
"""
AUTHZ = """package system.authz

default allow := {"allowed": false, "reason": "only the platform team asks here"}

allow := true if input.identity == "platform"

allow := true if input.path == ["health"]

allow := true if {
	input.method == "POST"
	input.path == ["v1", "data", "app", "allow"]
	input.body.input.user == "alice"
	input.headers["X-Team"] == ["blue"]
	input.params.pretty == ["true"]
}

allow := true if {
	input.client_certificates[0].Subject.CommonName == "ci"
	input.identity == "CN=ci,O=Example"
}
"""
ALLOW = "/v1/data/app/allow"
ALICE = {"input": {"user": "alice"}}
TOKEN = "9f1c7a1e-not-a-secret-of-anyone"
REJECTED = {"code": "unauthorized", "message": "request rejected by administrative policy"}


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("tokens") / "tokens.yaml"
    file.write_text(json.dumps([{"id": "other", "sha256": sha256("x")}, {"id": "platform", "sha256": sha256(TOKEN)}]))
    return file


class TestBearerTokens:
    @pytest.fixture(scope="class")
    @classmethod
    def diagnostic_port(cls) -> int:
        return free_port()

    @pytest.fixture(scope="class")
    @classmethod
    def service(cls, serve_for_module: Any, tokens: Path, diagnostic_port: int) -> Any:
        flags = ["--tokens-file", str(tokens), "--diagnostic-addr", f"127.0.0.1:{diagnostic_port}"]
        return serve_for_module("--authentication", "token", *flags, modules={"app.rego": RULES})

    def test_a_known_token_is_served_and_its_holder_recorded(self, service: Any) -> None:
        response = service.client.post(ALLOW, json=ALICE, headers=bearer(TOKEN))
        assert (response.status_code, response.json()["result"]) == (200, True)
        assert service.records()[-1]["custom"] == {"door": "opa", "identity": "platform"}

    @pytest.mark.parametrize(
        ("headers", "message"),
        [
            pytest.param({}, "a bearer token is needed", id="no token"),
            pytest.param({"authorization": "Basic abc"}, "a bearer token is needed", id="another scheme"),
            pytest.param(bearer("wrong"), "the bearer token is not accepted", id="an unknown token"),
            pytest.param(bearer(sha256(TOKEN)), "the bearer token is not accepted", id="the hash itself"),
            pytest.param(bearer(TOKEN + "x" * 20_000), "a bearer token is needed", id="a token without end"),
        ],
    )
    def test_anyone_else_is_refused_everywhere(self, service: Any, headers: dict[str, str], message: str) -> None:
        before = service.records()
        for path in (ALLOW, "/v1/query", "/v1/status", "/health", "/metrics", "/nope", "/docs", "/kubernetes/validate"):
            response = service.client.post(path, json=ALICE, headers=headers)
            assert (response.status_code, response.json()) == (401, {"code": "unauthorized", "message": message})
            assert response.headers["www-authenticate"] == "Bearer"
        assert service.records() == before
        assert TOKEN not in service.said()

    def test_a_body_is_not_read_for_who_is_refused(self, service: Any) -> None:
        with httpx.Client(base_url=service.url, timeout=10) as client:
            response = client.post(ALLOW, content=b"\x1f\x8b", headers={"content-encoding": "gzip"})
        assert response.status_code == 401

    @pytest.mark.usefixtures("service")
    def test_the_diagnostic_address_answers_health_and_metrics_only(self, diagnostic_port: int) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{diagnostic_port}") as client:
            statuses = [client.get(path).status_code for path in ("/health", "/metrics", "/v1/data", "/v1/config")]
        assert statuses == [200, 200, 404, 404]


@dataclass(frozen=True)
class Signer:
    """A key that signs tokens, known to the service or not."""

    key: Any
    key_id: str

    @classmethod
    def new(cls, key_id: str) -> Signer:
        return cls(ec.generate_private_key(ec.SECP256R1()), key_id)

    def jwk(self) -> dict[str, Any]:
        jwk = jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {**jwk, "kid": self.key_id, "alg": "ES256", "use": "sig"}

    def token(self, *, without: str = "", **claims: Any) -> str:
        now = datetime.datetime.now(datetime.UTC)
        usual = {"sub": "platform", "iss": "https://issuer", "aud": "bylaw", "exp": now + datetime.timedelta(minutes=5)}
        chosen = {name: value for name, value in {**usual, **claims}.items() if name != without}
        return jwt.encode(chosen, self.key, algorithm="ES256", headers={"kid": self.key_id})


KNOWN = Signer.new("known")
STRANGER = Signer.new("known")
PAST = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
FUTURE = datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)


class TestJsonWebTokens:
    @pytest.fixture(scope="class")
    @classmethod
    def service(cls, serve_for_module: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
        jwks = tmp_path_factory.mktemp("keys") / "jwks.json"
        jwks.write_text(json.dumps({"keys": [KNOWN.jwk(), Signer.new("other").jwk()]}))
        flags = ["--jwks-file", str(jwks), "--jwt-issuer", "https://issuer", "--jwt-audience", "bylaw"]
        return serve_for_module("--authentication", "token", *flags, modules={"app.rego": RULES})

    def test_a_token_signed_for_us_is_served_and_its_subject_recorded(self, service: Any) -> None:
        response = service.client.post(ALLOW, json=ALICE, headers=bearer(KNOWN.token()))
        assert (response.status_code, response.json()["result"]) == (200, True)
        assert service.records()[-1]["custom"] == {"door": "opa", "identity": "platform"}

    @pytest.mark.parametrize(
        "token",
        [
            pytest.param(STRANGER.token(), id="signed by another key of the same name"),
            pytest.param(Signer.new("unheard").token(), id="signed by a key that is not known"),
            pytest.param(KNOWN.token(exp=PAST), id="expired"),
            pytest.param(KNOWN.token(without="exp"), id="without an end"),
            pytest.param(KNOWN.token(nbf=FUTURE), id="not yet valid"),
            pytest.param(KNOWN.token(iss="https://other"), id="of another issuer"),
            pytest.param(KNOWN.token(aud="others"), id="made for others"),
            pytest.param(KNOWN.token(without="sub"), id="of nobody"),
            pytest.param(KNOWN.token(without="aud"), id="made for nobody"),
            pytest.param(jwt.encode({"sub": "platform"}, None, algorithm="none"), id="not signed"),
            pytest.param(
                jwt.encode({"sub": "platform"}, "k" * 64, algorithm="HS512", headers={"kid": "known"}),
                id="signed with a shared secret",
            ),
            pytest.param("a.b.c", id="no token at all"),
        ],
    )
    def test_any_other_token_is_refused(self, service: Any, token: str) -> None:
        response = service.client.post(ALLOW, json=ALICE, headers=bearer(token))
        wanted = {"code": "unauthorized", "message": "the bearer token is not accepted"}
        assert (response.status_code, response.json()) == (401, wanted)


@dataclass(frozen=True)
class Certificates:
    """An authority, a server's and two clients' certificates, in files."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "authority.pem"

    def flags(self) -> list[str]:
        return [
            "--tls-cert-file", str(self.folder / "server.pem"),
            "--tls-private-key-file", str(self.folder / "server.key"),
        ]  # fmt: skip

    def context(self, client: str = "") -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.authority)
        if client:
            context.load_cert_chain(self.folder / f"{client}.pem", self.folder / f"{client}.key")
        return context


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("certificates")
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = certificate("authority", authority_key, None, authority_key)
    write(folder, "authority", authority, authority_key)
    for name in ("server", "ci"):
        key = ec.generate_private_key(ec.SECP256R1())
        write(folder, name, certificate(name, key, authority, authority_key), key)
    own_key = ec.generate_private_key(ec.SECP256R1())
    write(folder, "stranger", certificate("ci", own_key, None, own_key), own_key)
    return Certificates(folder)


def certificate(name: str, key: Any, issuer: x509.Certificate | None, issuer_key: Any) -> x509.Certificate:
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    now = datetime.datetime.now(datetime.UTC)
    authority_key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(authority_key_id, critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def write(folder: Path, name: str, issued: x509.Certificate, key: Any) -> None:
    (folder / f"{name}.pem").write_bytes(issued.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


class TestTls:
    def test_the_service_speaks_https(self, serve: Any, certificates: Certificates) -> None:
        service = serve(*certificates.flags(), modules={"app.rego": RULES}, verify=certificates.context())
        assert service.url.startswith("https://127.0.0.1:")
        assert service.client.post(ALLOW, json=ALICE).json()["result"] is True

    def test_a_client_certificate_is_the_identity(self, serve: Any, certificates: Certificates) -> None:
        service = serve(
            *certificates.flags(), "--tls-ca-cert-file", str(certificates.authority), "--authentication", "tls",
            "--authorization", "basic",
            modules={"app.rego": RULES, "authz.rego": AUTHZ}, verify=certificates.context("ci"),
        )  # fmt: skip
        assert service.client.post(ALLOW, json=ALICE).json()["result"] is True
        assert service.records()[-1]["custom"] == {"door": "opa", "identity": "CN=ci,O=Example"}

    @pytest.mark.parametrize("client", ["", "stranger"])
    def test_no_other_client_gets_in(self, serve: Any, certificates: Certificates, client: str) -> None:
        service = serve(
            *certificates.flags(), "--tls-ca-cert-file", str(certificates.authority), "--authentication", "tls",
            modules={"app.rego": RULES}, verify=certificates.context(client),
        )  # fmt: skip
        with pytest.raises(httpx.TransportError):
            service.client.post(ALLOW, json=ALICE)
        assert service.records() == []


class TestAuthorization:
    @pytest.fixture(scope="class")
    @classmethod
    def service(cls, serve_for_module: Any) -> Any:
        flags = ["--authentication", "token", "--authorization", "basic"]
        return serve_for_module(*flags, modules={"app.rego": RULES, "authz.rego": AUTHZ})

    def test_whom_the_law_lets_ask_is_served(self, service: Any) -> None:
        response = service.client.get("/v1/data/app", headers=bearer("platform"))
        assert response.status_code == 200

    @pytest.mark.parametrize("headers", [{}, bearer("someone")])
    def test_others_are_refused_with_the_laws_reason(self, service: Any, headers: dict[str, str]) -> None:
        response = service.client.get("/v1/data/app", headers=headers)
        wanted = {"code": "unauthorized", "message": "only the platform team asks here"}
        assert (response.status_code, response.json()) == (401, wanted)

    def test_the_law_sees_method_path_body_headers_and_parameters(self, service: Any) -> None:
        asked = {"headers": {"x-team": "blue"}, "params": {"pretty": "true"}}
        assert service.client.post(ALLOW, json=ALICE, **asked).status_code == 200
        assert service.client.post(ALLOW, json={"input": {"user": "bob"}}, **asked).status_code == 401
        assert service.client.post(ALLOW, json=ALICE, params={"pretty": "true"}).status_code == 401
        assert service.client.get("/health").status_code == 200

    def test_a_body_that_cannot_be_read_is_not_let_through(self, service: Any) -> None:
        asked = {"headers": {"x-team": "blue"}, "params": {"pretty": "true"}}
        content = '{"input": {"user": "bob", "user": "alice"}}'
        assert service.client.post(ALLOW, content=content, **asked).status_code == 400

    @pytest.mark.parametrize(
        ("rules", "status", "body"),
        [
            pytest.param("allow := false", 401, REJECTED, id="false"),
            pytest.param('allow := "yes"', 401, REJECTED, id="a text"),
            pytest.param('allow := {"allowed": "true"}', 401, REJECTED, id="allowed by a text"),
            pytest.param("allow := true if false", 500, "authorization policy missing or undefined", id="undefined"),
            pytest.param("other := true", 500, "authorization policy missing or undefined", id="no rule"),
            pytest.param('allow := {"reason": "x"}', 500, "document missing or undefined", id="no verdict"),
            pytest.param(
                "allow := true if input.path\nallow := false if input.path",
                500,
                "error(s) occurred while evaluating query",
                id="a conflict",
            ),
        ],
    )
    def test_anything_but_a_clear_yes_is_a_no(self, serve: Any, rules: str, status: int, body: Any) -> None:
        modules = {"app.rego": RULES, "authz.rego": f"package system.authz\n\n{rules}\n"}
        service = serve("--authorization", "basic", modules=modules)
        response = service.client.post(ALLOW, json=ALICE)
        wanted = body if isinstance(body, dict) else {"code": "internal_error", "message": body}
        answered = {name: response.json()[name] for name in ("code", "message")}
        assert (response.status_code, answered) == (status, wanted)
        assert service.records() == []


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        pytest.param(["--addr", "0.0.0.0:0"], "reachable from other machines", id="every interface"),
        pytest.param(["--addr", ":0"], "reachable from other machines", id="no host, which is every interface"),
        pytest.param(["--addr", "[::]:0"], "reachable from other machines", id="every interface of IPv6"),
        pytest.param(["--addr", "example.org:0"], "reachable from other machines", id="a name"),
        pytest.param(["--authentication", "token"], "needs tokens_file", id="tokens that nobody checks"),
        pytest.param(["--authentication", "tls"], "needs tls_ca_cert_file", id="certificates of no authority"),
        pytest.param(["--tls-cert-file", "x"], "go together", id="a certificate without its key"),
        pytest.param(["--addr", "nowhere"], "is not HOST:PORT", id="no address"),
    ],
)
def test_an_unsafe_start_is_refused(tmp_path: Path, flags: list[str], code: str) -> None:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", "serve", "--state", str(tmp_path), *flags]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert code in done.stderr


def test_an_unsafe_start_can_be_insisted_on(serve: Any) -> None:
    service = serve("--addr", "0.0.0.0:0", "--unsafe-no-authentication", modules={"app.rego": RULES})
    port = service.url.rpartition(":")[2]
    assert httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200
