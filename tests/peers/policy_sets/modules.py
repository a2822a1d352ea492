"""
Go modules that carry policies: fetched by the go command at a pinned version and checked against a pinned sum.

Nothing of them is in this repository; they stay in Go's module cache.
"""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PolicyModule:
    """A module at one version; ``sum`` is what go.sum would hold of its files."""

    path: str
    version: str
    sum: str


CONFTEST = PolicyModule(
    "github.com/open-policy-agent/conftest", "v0.69.0", "h1:g4KhYsXJlRSu9Zgxa6JVwfMvXksQkqwjWiWnWSUcBGE="
)
GATEKEEPER = PolicyModule(
    "github.com/open-policy-agent/gatekeeper/v3", "v3.23.0", "h1:EsHlckoL94WFQu3Z59D12rdGuaDul0GSDBIFjuBGBCc="
)
KICS = PolicyModule("github.com/Checkmarx/kics/v2", "v2.1.3", "h1:X+53sjAq9suwzCmZwdGqpBkIgcL1vp5KYqNEbA0woAs=")
REGAL = PolicyModule("github.com/open-policy-agent/regal", "v0.39.0", "h1:Ltj0pAdE1XYNAmuvp8ZMFilB+s3p5b1tH5VUz60DDvo=")
TRIVY_CHECKS = PolicyModule(
    "github.com/aquasecurity/trivy-checks", "v1.10.0", "h1:Q0FWsYy/uwvr/icRSOzNu55yDZ1ME8hZlpglNs62ZfE="
)


@functools.cache
def fetched(module: PolicyModule) -> Path:
    """The module's folder, read only."""
    with tempfile.TemporaryDirectory() as outside_of_any_module:
        done = subprocess.run(
            [shutil.which("go") or "go", "mod", "download", "-json", f"{module.path}@{module.version}"],
            cwd=outside_of_any_module,
            capture_output=True,
            check=False,
        )
    answer = json.loads(done.stdout)
    assert "Error" not in answer, answer
    assert answer["Sum"] == module.sum, f"{module.path} is not what was pinned: {answer['Sum']}"
    return Path(answer["Dir"])
