"""A law with two layers, and what the tests of waivers ask a service that has it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.end_to_end.conftest import Running

Serve = Callable[..., Running]

COUNCIL = {
    ".manifest": '{"roots": ["global"], "metadata": {"bylaw": {"name": "global"}}}',
    "documented.rego": (
        "# METADATA\n# title: Documented\n# custom:\n#   id: PRV-001\n#   enforcement: deny\n"
        'package global.privacy.documented\n\nviolation contains {"msg": "no owner"} if not input.product.owner\n'
    ),
    "hold.rego": (
        "# METADATA\n# title: Held\n# custom:\n#   id: RET-003\n#   waivable: false\n"
        'package global.retention.hold\n\nviolation contains {"msg": "held"} if input.product.status == "retired"\n'
    ),
    "data.json": json.dumps({"global": {"parameters": {"waivers": {"approvers": ["dpo", "ann"], "max_days": 365}}}}),
}
CUSTOMER = {
    ".manifest": '{"roots": ["domains/customer"]}',
    "fresh.rego": (
        "# METADATA\n# title: Fresh\n# custom:\n#   id: CUS-1\n"
        'package domains.customer.quality.fresh\n\nviolation contains {"msg": "stale"} if not input.product.fresh\n'
    ),
    "data.json": json.dumps({"domains": {"customer": {"parameters": {"waivers": {"approvers": ["cara"]}}}}}),
}
PEOPLE = ("ann", "bob", "cara", "dpo")
PRODUCT = {"product": {"domain": "customer", "name": "c360", "version": "1.0.0", "output_ports": []}}


def in_days(days: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + days * 86400))


def wish(**changes: Any) -> dict[str, Any]:
    return {
        "rule": "PRV-001",
        "scope": {"domain": "customer", "product": "c360"},
        "reason": "the owner is on leave",
        "ends": in_days(60),
        **changes,
    }


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def ask(running: Running, who: str, path: str, body: Any = None, method: str = "") -> httpx.Response:
    headers = {"authorization": f"Bearer {who}"} if who else {}
    method = method or ("GET" if body is None else "POST")
    return running.client.request(method, path, json=body, headers=headers)


def requested(running: Running, **changes: Any) -> str:
    answer = ask(running, "ann", "/v1/waivers", wish(**changes))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["result"]["id"])


def decision(running: Running, kind: str = "privacy", product: Any = None) -> dict[str, Any]:
    answer = ask(running, "bob", f"/v1/decisions/{kind}", {"input": product or PRODUCT})
    assert answer.status_code == 200, answer.text
    return {**answer.json()["result"], "revisions": answer.json()["revisions"]}


def metric(running: Running, line: str) -> float | None:
    text = ask(running, "bob", "/metrics").text
    found = [each for each in text.splitlines() if each.startswith(f"{line} ")]
    return float(found[0].rpartition(" ")[2]) if found else None


def flags_in(tmp_path: Path) -> tuple[str, ...]:
    """What a service of this law is started with; who is called X has the token X."""
    tokens = [{"id": name, "sha256": hashlib.sha256(name.encode()).hexdigest()} for name in PEOPLE]
    (tmp_path / "tokens.yaml").write_text(json.dumps(tokens))
    bundles = [written(tmp_path / "global", COUNCIL), written(tmp_path / "customer", CUSTOMER)]
    sources = [word for bundle in bundles for word in ("--bundle", str(bundle))]
    return (*sources, "--authentication", "token", "--tokens-file", str(tmp_path / "tokens.yaml"))


def eventually(is_so: Callable[[], bool]) -> None:
    for _ in range(100):
        if is_so():
            return
        time.sleep(0.1)
    pytest.fail("it never was so")


def command(*words: str | Path, token: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bylaw_adapters.cli.main", *map(str, words)]
    environment = {**os.environ, "BYLAW_TOKEN": token}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment, cwd=cwd)
