"""The service as the control plane of OPAs: what it hands out, to whom, and what it takes in."""

from __future__ import annotations

import gzip
import hashlib
import json
import signal
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.end_to_end.conftest import write_bundle
from tests.end_to_end.test_service_lifecycle import eventually

from bylaw.bundle.archive import read_archive
from bylaw.bundle.signing import SignatureVerifier, VerificationKey

RULES = {"app.rego": 'package app\n\nallow if input.user == "alice"\n'}
MASKED = {
    "app.rego": 'package app\n\nallow if input.user == "alice"\n',
    "mask.rego": 'package system.log\n\nmask contains "/input/password"\n',
}


def event(number: int, **more: Any) -> dict[str, Any]:
    return {
        "labels": {"id": "opa-1", "version": "1.20.2"},
        "decision_id": f"decision-{number}",
        "path": "app/allow",
        "input": {"user": "alice", "password": "hunter2", "exact": 1.10},
        "result": True,
        "timestamp": "2026-11-21T12:00:00.000000001Z",
        **more,
    }


def upload(service: Any, events: Any, **headers: str) -> httpx.Response:
    body = gzip.compress(json.dumps(events).encode())
    return service.client.post("/logs", content=body, headers={"Content-Encoding": "gzip", **headers})  # type: ignore[no-any-return]


def received(service: Any) -> list[dict[str, Any]]:
    return [record for record in service.records() if "received" in record.get("custom", {})]


def test_a_bundle_has_an_etag_and_is_the_one_in_force(serve: Any) -> None:
    service = serve(modules=RULES)
    got = service.client.get("/bundles/app")
    assert (got.status_code, got.headers["content-type"]) == (200, "application/vnd.openpolicyagent.bundles")
    assert got.headers["etag"] == f'"{hashlib.sha256(got.content).hexdigest()}"'
    manifest = json.loads(read_archive(got.content, name="app")[".manifest"])
    assert (
        manifest["revision"] == service.client.get("/v1/status").json()["result"]["bundles"]["app"]["active_revision"]
    )
    again = service.client.get("/bundles/app", headers={"If-None-Match": got.headers["etag"]})
    assert (again.status_code, again.headers["etag"], again.content) == (304, got.headers["etag"], b"")
    assert service.client.get("/bundles/nothing").status_code == 404


def test_whoever_waits_for_a_change_is_answered_with_it_at_once(serve: Any) -> None:
    service = serve("--max-concurrent-requests", "1", modules=RULES)
    etag = service.client.get("/bundles/app").headers["etag"]
    answers: list[httpx.Response] = []

    def wait() -> None:
        with httpx.Client(base_url=service.url, timeout=40) as client:
            headers = {"If-None-Match": etag, "Prefer": "modes=snapshot,delta;wait=30"}
            answers.append(client.get("/bundles/app", headers=headers))

    waiting = [threading.Thread(target=wait) for _ in range(3)]
    for thread in waiting:
        thread.start()
    time.sleep(1)
    # The three that wait do not count among the requests that the service is full of.
    assert service.client.post("/v1/data/app/allow", json={"input": {"user": "alice"}}).json()["result"] is True
    (service.state.parent / "rules" / "app.rego").write_text("package app\n\nallow := true\n")
    service.process.send_signal(signal.SIGHUP)
    for thread in waiting:
        thread.join(20)
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert (
        {answer.headers["etag"] for answer in answers} == {service.client.get("/bundles/app").headers["etag"]} != {etag}
    )


def test_a_wait_that_ends_without_a_change_is_304(serve: Any) -> None:
    service = serve(modules=RULES)
    etag = service.client.get("/bundles/app").headers["etag"]
    answer = service.client.get("/bundles/app", headers={"If-None-Match": etag, "Prefer": "wait=1"})
    assert (answer.status_code, answer.headers["content-type"]) == (304, "application/vnd.openpolicyagent.bundles")


def test_a_service_that_stops_lets_nobody_wait(serve: Any) -> None:
    service = serve(modules=RULES)
    etag = service.client.get("/bundles/app").headers["etag"]
    answers: list[int] = []

    def wait() -> None:
        with httpx.Client(base_url=service.url, timeout=40) as client:
            headers = {"If-None-Match": etag, "Prefer": "wait=60"}
            answers.append(client.get("/bundles/app", headers=headers).status_code)

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(1)
    started = time.monotonic()
    assert service.stop() == 0
    waiting.join()
    assert (answers, time.monotonic() - started < 8) == ([304], True)


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    file = tmp_path / "tokens.yaml"
    holders = {"fleet": "", "customer": ", domain: customer"}
    lines = [
        f"- {{id: {name}, sha256: {hashlib.sha256(f'{name}-token'.encode()).hexdigest()}{domain}}}"
        for name, domain in holders.items()
    ]
    file.write_text("\n".join(lines))
    return file


def test_a_credential_of_a_domain_gets_what_is_its_own_or_nobodys(serve: Any, tokens: Path) -> None:
    service = serve("--authentication", "token", "--tokens-file", str(tokens))

    def status(path: str, name: str) -> int:
        headers = {"Authorization": f"Bearer {name}-token"}
        return int(service.client.get(path, headers=headers).status_code)

    assert [status(f"/bundles/{name}", "customer") for name in ("library", "global", "mesh", "customer")] == [200] * 4
    assert [status(f"/bundles/{name}", "customer") for name in ("finance", "order", "nothing")] == [404] * 3
    assert [status(f"/discovery/{name}", "customer") for name in ("customer", "fleet", "finance")] == [200, 404, 404]
    assert [status(f"/discovery/{name}", "fleet") for name in ("customer", "fleet", "nothing")] == [200, 200, 404]
    assert status("/bundles/finance", "fleet") == 200
    assert service.client.get("/bundles/global").status_code == 401


def configuration(service: Any, name: str) -> dict[str, Any]:
    archive = service.client.get(f"/discovery/{name}").content
    return json.loads(read_archive(archive, name="discovery")["data.json"])  # type: ignore[no-any-return]


def test_discovery_names_the_bundles_of_the_mesh_or_of_a_domain(serve: Any) -> None:
    service = serve()
    whole = configuration(service, "fleet")
    assert set(whole["bundles"]) == {
        "library",
        "global",
        "mesh",
        "customer",
        "product",
        "order",
        "analytics",
        "finance",
    }
    assert set(configuration(service, "customer")["bundles"]) == {"library", "global", "mesh", "customer"}
    assert whole["bundles"]["global"]["resource"] == "bundles/global"
    assert "keys" not in whole


def test_what_came_unsigned_is_signed_for_the_fleet(serve: Any, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = ec.generate_private_key(ec.SECP256R1())
    key = tmp_path / "fleet.pem"
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    flags = ("--fleet-signing-key", str(key), "--fleet-signing-alg", "ES256", "--fleet-scope", "opas")
    service = serve(*flags, "--bundle", str(write_bundle(tmp_path / "app", RULES)))

    said = configuration(service, "fleet")
    public = said["keys"]["fleet"]
    assert "PRIVATE" not in json.dumps(said)
    verify = SignatureVerifier({"fleet": VerificationKey(public["key"].encode(), public["algorithm"])}, scope="opas")
    for path in ("/bundles/app", "/bundles/library", "/discovery/fleet/signed"):
        verify(read_archive(service.client.get(path).content, name=path))
    assert ".signatures.json" not in read_archive(service.client.get("/discovery/fleet").content, name="discovery")
    assert said["bundles"]["library"]["signing"] == {"keyid": "fleet", "scope": "opas"}


def test_an_upload_is_on_the_log_once_and_masked(serve: Any) -> None:
    service = serve(modules=MASKED)
    assert upload(service, [event(1), event(2)]).status_code == 200
    assert upload(service, [event(2), event(3), event(3)]).status_code == 200

    records = received(service)
    assert [record["decision_id"] for record in records] == ["decision-1", "decision-2", "decision-3"]
    assert all(record["input"] == {"user": "alice", "exact": 1.10} for record in records)
    assert {tuple(record["erased"]) for record in records} == {("/input/password",)}
    assert "hunter2" not in b"".join(path.read_bytes() for path in (service.state / "audit").iterdir()).decode()
    metrics = service.client.get("/metrics").text
    assert 'bylaw_fleet_events_total{outcome="stored"} 3.0' in metrics
    assert 'bylaw_fleet_events_total{outcome="duplicate"} 2.0' in metrics


def test_the_same_decision_of_another_instance_is_another_record(serve: Any) -> None:
    service = serve(modules=RULES)
    assert upload(service, [event(1), event(1, labels={"id": "opa-2"})]).status_code == 200
    assert len(received(service)) == 2


def test_numbers_stay_as_they_were_said(serve: Any) -> None:
    service = serve(modules=RULES)
    text = json.dumps([event(1, input={"n": "N"})]).replace('"N"', "1.10e400")
    assert service.client.post("/logs", content=text).status_code == 200
    assert b'"n":1.10e400' in b"".join(path.read_bytes() for path in (service.state / "audit").iterdir())


@pytest.mark.parametrize("index", ["kept", "gone", "broken"])
def test_what_was_stored_is_not_stored_again_after_a_kill(serve: Any, index: str) -> None:
    first = serve(modules=RULES)
    first.client.post("/v1/data/app/allow", json={"input": {}})
    assert upload(first, [event(number) for number in range(50)]).status_code == 200
    first.process.kill()
    first.process.wait()
    file = first.state / "received.sqlite"
    if index != "kept":
        for path in first.state.glob("received.sqlite*"):
            path.unlink()
    if index == "broken":
        file.write_bytes(b"no database" * 1000)

    second = serve(modules=RULES, state=first.state)
    assert upload(second, [event(number) for number in range(60)]).status_code == 200
    assert [record["decision_id"] for record in received(second)] == [f"decision-{number}" for number in range(60)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[", "no JSON"),
        (b"{}", "an upload is an array"),
        (b"[1]", "/0 is no object"),
        (json.dumps([event(1), {}]).encode(), "/1/decision_id"),
        (json.dumps([event(1, labels={"id": 7})]).encode(), "/0/labels/id"),
        (json.dumps([event(1, labels=[])]).encode(), "/0/labels"),
        (json.dumps([event(1, timestamp=None)]).encode(), "/0/timestamp"),
        (json.dumps([event(1, decision_id="x" * 300)]).encode(), "/0/decision_id"),
        (b"[" * 100_000, "no JSON"),
    ],
)
def test_what_is_no_upload_is_refused_and_nothing_of_it_is_stored(serve: Any, body: bytes, said: str) -> None:
    service = serve(modules=RULES)
    answer = service.client.post("/logs", content=body)
    assert (answer.status_code, said in answer.text) == (400, True), answer.text
    assert received(service) == []


def test_an_event_cannot_say_where_it_stands_or_who_sent_it(serve: Any) -> None:
    service = serve(modules=RULES)
    forged = event(1, chain={"seq": 0, "prev": "f" * 64}, custom={"received": {"from": "the council"}, "kept": 1})
    assert upload(service, [forged]).status_code == 200
    (record,) = received(service)
    assert record["chain"]["prev"] == "0" * 64
    assert (record["custom"]["received"]["from"], record["custom"]["kept"]) == ("", 1)
    assert upload(service, [forged]).status_code == 200
    assert len(received(service)) == 1


def test_an_upload_that_cannot_be_stored_is_not_acknowledged(serve: Any) -> None:
    # No file may grow beyond 20 kB: what a full disk does.
    service = serve(modules=RULES, before=("prlimit", "--fsize=20000"))
    answer = upload(service, [event(number, input="x" * 900) for number in range(100)])
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (503, "audit_unavailable")
    assert len(received(service)) < 100


def test_what_an_opa_says_of_itself_is_shown(serve: Any) -> None:
    service = serve(modules=RULES)
    revision = service.client.get("/v1/status").json()["result"]["bundles"]["app"]["active_revision"]
    for number, bundle in enumerate(
        [{"active_revision": revision}, {"active_revision": "older"}, {"code": "bundle_error", "message": "…"}]
    ):
        status = {"labels": {"id": f"opa-{number}"}, "bundles": {"app": {"name": "app", **bundle}}}
        assert service.client.post("/status", json=status).status_code == 200
    shown = service.client.get("/v1/fleet").json()["result"]["instances"]
    assert [(instance["id"], instance["bundles"]["app"].get("active_revision")) for instance in shown] == [
        ("opa-0", revision),
        ("opa-1", "older"),
        ("opa-2", None),
    ]
    metrics = service.client.get("/metrics").text
    for state in ("current", "behind", "failing"):
        assert f'bylaw_fleet_instances{{name="app",state="{state}"}} 1.0' in metrics
    for body in ("[", "[]", "{}", '{"labels": {"id": ""}}'):
        assert service.client.post("/status", content=body).status_code == 400


def test_one_service_follows_another(serve: Any) -> None:
    first = serve(modules=RULES)
    second = serve("--no-library", "--bundle", f"{first.url}/bundles/app", "--long-polling-seconds", "20")
    ask = {"json": {"input": {"user": "bob"}}}
    assert "result" not in second.client.post("/v1/data/app/allow", **ask).json()
    (first.state.parent / "rules" / "app.rego").write_text('package app\n\nallow if input.user == "bob"\n')
    eventually(lambda: second.client.post("/v1/data/app/allow", **ask).json().get("result") is True)
