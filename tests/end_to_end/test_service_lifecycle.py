"""The service over time: reloading, loops, lost disks, clients that leave, and an end in order."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

RULES = """package app

allow if input.user == "alice"
"""
CHANGED = """package app

allow if input.user == "bob"
"""
BROKEN = """package app

allow if {
"""
LOOP = """package app

allow if input.user == "alice"

loop if {
	some a in numbers.range(1, 100000)
	some b in numbers.range(1, 100000)
	a * b == -1
}
"""

ALLOW = "/v1/data/app/allow"


def is_allowed(service: Any, user: str) -> bool:
    return "result" in service.client.post(ALLOW, json={"input": {"user": user}}).json()


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until, "it never came to hold"
        time.sleep(0.02)


def rules_of(service: Any) -> Path:
    return service.state.parent / "rules" / "app.rego"  # type: ignore[no-any-return]


def test_sighup_puts_the_changed_law_in_force(serve: Any) -> None:
    service = serve(modules={"app.rego": RULES})
    before = service.client.get("/v1/status").json()["result"]["bundles"]["app"]["active_revision"]
    rules_of(service).write_text(CHANGED)
    service.process.send_signal(signal.SIGHUP)
    eventually(lambda: is_allowed(service, "bob"))
    after = service.client.get("/v1/status").json()["result"]["bundles"]["app"]["active_revision"]
    assert not is_allowed(service, "alice")
    assert before != after


def test_a_broken_bundle_leaves_the_law_in_force_and_is_seen(serve: Any) -> None:
    service = serve(modules={"app.rego": RULES})
    rules_of(service).write_text(BROKEN)
    service.process.send_signal(signal.SIGHUP)

    def status() -> Any:
        return service.client.get("/v1/status").json()["result"]

    eventually(lambda: "code" in status()["bundles"]["app"])
    bundle = status()["bundles"]["app"]
    assert is_allowed(service, "alice")
    assert (bundle["code"], bundle["errors"]) == ("bundle_error", [{"code": "rego_parse_error"}])
    assert "app.rego:" in bundle["message"]
    assert status()["plugins"]["bundle"] == {"state": "WARN"}
    assert 'bylaw_bundle_failing{name="app"} 1.0' in service.client.get("/metrics").text
    assert "the law was not reloaded, the one in force stays: rego_parse_error" in service.said()

    rules_of(service).write_text(CHANGED)
    service.process.send_signal(signal.SIGHUP)
    eventually(lambda: is_allowed(service, "bob"))
    assert "code" not in status()["bundles"]["app"]
    assert 'bylaw_bundle_failing{name="app"} 0.0' in service.client.get("/metrics").text


def test_a_broken_bundle_at_the_start_is_exit_2(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "app.rego").write_text(BROKEN)
    done = started_in_vain(tmp_path, "--bundle", str(tmp_path / "rules"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "app.rego:" in done.stderr


def test_a_policy_that_loops_is_stopped_at_the_deadline(serve: Any) -> None:
    service = serve("--evaluation-timeout-seconds", "0.5", modules={"app.rego": LOOP})
    response = service.client.post("/v1/data/app/loop", json={"input": {}})
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert response.json()["errors"][0]["code"] == "eval_cancel_error"
    assert is_allowed(service, "alice")
    failed = [record for record in service.records() if record["path"] == "app/loop"]
    assert [record["error"]["code"] for record in failed] == ["eval_cancel_error"]


def test_others_are_served_while_a_policy_loops(serve: Any) -> None:
    service = serve("--evaluation-timeout-seconds", "4", modules={"app.rego": LOOP})
    with httpx.Client(base_url=service.url, timeout=30) as client:
        looping = threading.Thread(target=lambda: client.post("/v1/data/app/loop", json={"input": {}}))
        looping.start()
        assert is_allowed(service, "alice")
        assert looping.is_alive()
        looping.join()


def test_a_decision_whose_client_has_gone_is_on_the_log(serve: Any) -> None:
    service = serve("--evaluation-timeout-seconds", "0.5", modules={"app.rego": LOOP})
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(b"POST /v1/data/app/loop HTTP/1.1\r\nhost: x\r\ncontent-length: 13\r\n\r\n" + b'{"input": {}}')
    eventually(lambda: len(service.records()) == 1)
    assert service.records()[0]["path"] == "app/loop"
    assert is_allowed(service, "alice")


def test_one_request_more_than_are_served_at_once_is_503(serve: Any) -> None:
    service = serve("--evaluation-timeout-seconds", "4", "--max-concurrent-requests", "1", modules={"app.rego": LOOP})
    with httpx.Client(base_url=service.url, timeout=30) as client:
        looping = threading.Thread(target=loop_until_served, args=(client,))
        looping.start()
        eventually(lambda: service.client.post(ALLOW, json={}).status_code == 503)
        refused = service.client.post(ALLOW, json={})
        probed = [service.client.get(path).status_code for path in ("/health", "/metrics")]
        assert looping.is_alive()
        looping.join()
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert refused.json()["errors"][0]["code"] == "service_busy"
    assert probed == [200, 200]
    assert is_allowed(service, "alice")


def loop_until_served(client: httpx.Client) -> None:
    # The one place may be taken by the question whether it is taken.
    while client.post("/v1/data/app/loop", json={"input": {}}).status_code == 503:
        time.sleep(0.01)


def test_sigterm_lets_open_requests_finish_and_ends_with_0(serve: Any) -> None:
    service = serve("--evaluation-timeout-seconds", "3", modules={"app.rego": LOOP})
    answers: list[httpx.Response] = []
    with httpx.Client(base_url=service.url, timeout=30) as client:
        asking = threading.Thread(target=lambda: answers.append(client.post("/v1/data/app/loop", json={"input": {}})))
        asking.start()
        time.sleep(1)  # so that the request is being served when the signal comes
        assert service.stop() == 0
        asking.join()
    assert [answer.json()["errors"][0]["code"] for answer in answers] == ["eval_cancel_error"]
    assert [record["path"] for record in service.records()] == ["app/loop"]


def test_health_says_503_while_the_service_waits_to_stop(serve: Any) -> None:
    service = serve("--shutdown-wait-seconds", "2", modules={"app.rego": RULES})
    service.process.send_signal(signal.SIGTERM)
    eventually(lambda: service.client.get("/health").status_code == 503)
    assert is_allowed(service, "alice")
    assert service.process.wait(20) == 0


def test_a_state_directory_that_cannot_be_written_is_exit_2(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "app.rego").write_text(RULES)
    (tmp_path / "state").write_text("a file where the folder should be")
    done = started_in_vain(tmp_path, "--bundle", str(tmp_path / "rules"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "state" in done.stderr


def test_a_decision_that_cannot_be_recorded_is_not_given(serve: Any) -> None:
    # No file may grow beyond 20 kB: what a full disk does to a log.
    service = serve(modules={"app.rego": RULES}, before=("prlimit", "--fsize=20000"))
    statuses = [service.client.post(ALLOW, json={"input": {"user": "alice", "text": "x" * 900}}) for _ in range(40)]
    given = [response.json()["decision_id"] for response in statuses if response.status_code == 200]
    refused = [response for response in statuses if response.status_code != 200]
    assert given
    assert refused
    assert {(response.status_code, response.json()["errors"][0]["code"]) for response in refused} == {
        (503, "audit_unavailable")
    }
    assert all("result" not in response.json() for response in refused)
    assert [record["decision_id"] for record in service.records()] == given
    assert service.client.get("/health?plugins").status_code == 500


def started_in_vain(folder: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    import sys

    command = [sys.executable, "-m", "bylaw_adapters.cli.main", "serve", "--addr", "127.0.0.1:0", "--no-library"]
    return subprocess.run(
        [*command, "--state", str(folder / "state"), *flags], capture_output=True, text=True, timeout=60, check=False
    )
