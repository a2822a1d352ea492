"""
Two unmodified OPAs that know nothing but where the control plane is: they pull the signed bundles, answer as the
service does, follow a release and a rollback, and their decisions arrive in the audit log, none lost and none twice,
while the control plane is restarted in the middle.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.peers.conftest import REPOSITORY, Server, StartServer, _free_port, _stop, _wait_until_ready

pytestmark = pytest.mark.peers

WITHIN_SECONDS = 40.0

RULES = """package domains.order.access.readers

grant contains {{"msg": "may read"}} if input.subject.id == "{user}"
"""
TABLE = {"type": "table", "id": "lake.orders.transactions", "properties": {"columns": ["id"]}}


class ControlPlane:
    """``bylaw serve`` on a port of its own, that can be killed and started again over the same state."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.program, self.folder, self.port = program, folder, _free_port()
        self.state = folder / "state"
        self.archives = folder / "archives"
        self.archives.mkdir()
        self.key = folder / "fleet.pem"
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        for name in ("global", "mesh"):
            self.run("bundle", "build", REPOSITORY / "bundles" / name, "-o", self.archives / f"{name}.tar.gz")
        self.release("alice", "r1")
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, *words: str | Path) -> None:
        subprocess.run([self.program, *map(str, words)], check=True, capture_output=True)

    def release(self, user: str, revision: str) -> None:
        """The order domain lets one user read."""
        source = self.folder / "order"
        rules = source / "domains" / "order" / "access"
        rules.mkdir(parents=True, exist_ok=True)
        (source / ".manifest").write_text(json.dumps({"roots": ["domains/order"]}))
        (rules / "readers.rego").write_text(RULES.format(user=user))
        self.run("bundle", "build", source, "--revision", revision, "-o", self.archives / "order.tar.gz")

    def start(self) -> Server:
        log = self.folder / f"control-{time.monotonic_ns()}.log"
        words = ["serve", "--state", self.state, "--addr", f"127.0.0.1:{self.port}", "--fleet-signing-key", self.key]
        for name in ("global", "mesh", "order"):
            words += ["--bundle", self.archives / f"{name}.tar.gz"]
        with log.open("wb") as output:
            self._process = subprocess.Popen([self.program, *map(str, words)], stdout=output, stderr=output)
        server = Server("bylaw", self.port, log)
        _wait_until_ready(server, self._process)
        return server

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        if self._process is not None:
            _stop(self._process)

    def received(self) -> list[str]:
        """The decisions of OPAs on the audit log, by id."""
        listed = subprocess.run(
            [self.program, "audit", "list", "--state", self.state, "--format", "json"], check=True, capture_output=True
        )
        events = [json.loads(line) for line in listed.stdout.splitlines()]
        return [event["decision_id"] for event in events if "received" in event.get("custom", {})]


@pytest.fixture
def control_plane(bylaw_program: Path, tmp_path: Path) -> Iterator[ControlPlane]:
    plane = ControlPlane(bylaw_program, tmp_path)
    yield plane
    plane.stop()


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + WITHIN_SECONDS
    while not holds():
        assert time.monotonic() < until, "it never came to hold"
        time.sleep(0.1)


def decision(server: Server, user: str) -> dict[str, Any]:
    asked = {
        "subject": {"type": "user", "id": user, "properties": {"groups": []}},
        "action": {"name": "read"},
        "resource": TABLE,
    }
    answer = server.ask("POST", "/v1/data/bylaw/decisions/access/decision", json.dumps({"input": asked}).encode())
    return json.loads(answer.body)  # type: ignore[no-any-return]


def allows(server: Server, user: str) -> bool:
    return decision(server, user).get("result", {}).get("decision") == "allow"


def test_two_opas_are_led_by_discovery_alone(
    control_plane: ControlPlane, start_opa: StartServer, tmp_path: Path
) -> None:
    plane = control_plane.start()
    boot = {"services": {"plane": {"url": f"http://127.0.0.1:{plane.port}"}}}
    opas = []
    for number, resource in enumerate(("discovery/fleet", "discovery/order")):
        file = tmp_path / f"opa-{number}.json"
        discovery = {"resource": resource, "polling": {"min_delay_seconds": 1, "max_delay_seconds": 2}}
        file.write_text(json.dumps({**boot, "discovery": discovery}))
        opas.append(start_opa(arguments=["--config-file", str(file), "--set", "decision_logs.console=false"]))
    asked: list[str] = []

    def ask_all(users: tuple[str, ...] = ("alice", "bob", "carol")) -> None:
        for opa in opas:
            asked.extend(decision(opa, user)["decision_id"] for user in users)

    # They pull, verify and answer as the service does. Until all bundles are there, an OPA has half a law: that is what
    # its health tells.
    for opa in opas:
        eventually(lambda opa=opa: opa.ask("GET", "/health?bundles").status == 200)  # type: ignore[misc]
        eventually(lambda opa=opa: allows(opa, "alice"))  # type: ignore[misc]
    for user in ("alice", "bob"):
        ours = decision(plane, user)["result"]
        assert [decision(opa, user)["result"] for opa in opas] == [ours, ours]
    assert all(json.loads(opa.ask("GET", "/v1/data/global/metadata").body)["result"] for opa in opas)

    # A release is followed within seconds.
    control_plane.release("bob", "r2")
    for server in (plane, *opas):
        eventually(lambda server=server: allows(server, "bob") and not allows(server, "alice"))  # type: ignore[misc]
    ask_all()

    # The control plane dies while they decide; they go on, keep their records, and send them once it is back.
    control_plane.kill()
    for _ in range(5):
        ask_all()
    assert all(allows(opa, "bob") for opa in opas)
    plane = control_plane.start()
    ask_all()
    eventually(lambda: set(asked) <= set(control_plane.received()))
    arrived = control_plane.received()
    assert len(arrived) == len(set(arrived))

    # A rollback is followed within seconds.
    control_plane.run("bundle", "rollback", "order", "r1", "--state", control_plane.state)
    for server in (plane, *opas):
        eventually(lambda server=server: allows(server, "alice") and not allows(server, "bob"))  # type: ignore[misc]

    def is_told() -> bool:
        instances = json.loads(plane.ask("GET", "/v1/fleet").body)["result"]["instances"]
        current = [instance["bundles"].get("order", {}).get("active_revision") == "r1" for instance in instances]
        return len(current) == 2 and all(current)

    eventually(is_told)
    verified = subprocess.run(
        [sys.executable, "-m", "bylaw_adapters.cli.main", "audit", "verify", "--state", control_plane.state],
        check=False,
        capture_output=True,
        text=True,
    )
    assert verified.returncode == 0, verified.stdout
