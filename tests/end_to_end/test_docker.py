"""
The files in ``docker/`` are made of commands, settings and paths that exist. No container is built here: what the image
would run is run, and what it would copy is looked for.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bylaw.bundle.archive import write_archive
from bylaw_adapters import settings as table

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())
PROMETHEUS = yaml.safe_load((ROOT / "docker" / "prometheus.yaml").read_text())


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} +(.+)$", DOCKERFILE, re.MULTILINE)


def image_environment() -> dict[str, str]:
    pairs = " ".join(instructions("ENV")).split()
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs) if name.startswith("BYLAW_")}


def health_check() -> list[str]:
    (words,) = re.findall(r"CMD (\[.+\])", " ".join(instructions("HEALTHCHECK")))
    return [str(word) for word in json.loads(words)]


def test_what_is_copied_from_the_repository_is_there() -> None:
    sources = [words.split()[0] for words in instructions("COPY") if not words.startswith("--from")]
    assert sources == [".", "requirements.lock", "rego", "bundles"]
    assert all((ROOT / source).exists() for source in sources)


def test_what_is_copied_is_not_kept_out_of_the_context() -> None:
    kept_out = {line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"}
    assert kept_out & {"rego", "bundles", "requirements.lock", "engine", "adapters", "Makefile"} == set()


def test_it_is_built_by_a_command_of_the_makefile() -> None:
    targets = re.findall(r"^make (\w+)$", "\n".join(instructions("RUN")), re.MULTILINE)
    assert targets == ["build"]
    assert re.search(r"^build:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_every_stage_is_pinned_and_the_last_runs_as_nobody_in_particular() -> None:
    assert all(re.fullmatch(r"\w+:\d+\.\d+-\S+( AS \w+)?", words) for words in instructions("FROM"))
    assert instructions("USER") == ["65532:65532"]
    assert DOCKERFILE.rindex("USER ") > DOCKERFILE.rindex("FROM ")


def test_the_images_and_the_composed_environment_are_settings_that_go_together() -> None:
    environment = {**image_environment(), **COMPOSE["services"]["bylaw"]["environment"]}
    settings = table.resolve(flags={}, environment=environment)
    assert (settings.addr, settings.state_dir) == ("0.0.0.0:8181", Path("/var/lib/bylaw"))
    assert settings.diagnostic_addr == "127.0.0.1:8282"


def test_the_image_alone_listens_inside_the_container_only() -> None:
    settings = table.resolve(flags={}, environment=image_environment())
    assert settings.addr.startswith("127.0.0.1:")


def test_the_opas_of_the_composed_fleet_are_led_by_a_service_that_is_there() -> None:
    fleet = yaml.safe_load((ROOT / "docker" / "opa-fleet" / "compose.yaml").read_text())
    opa = yaml.safe_load((ROOT / "docker" / "opa-fleet" / "opa.yaml").read_text())
    service = fleet["services"]["bylaw"]
    port = table.resolve(flags={}, environment={**image_environment(), **service["environment"]}).addr.rpartition(":")[
        2
    ]
    assert opa["services"] == {"bylaw": {"url": f"http://bylaw:{port}"}}
    assert (ROOT / "docker" / "opa-fleet" / service["build"]["context"]).resolve() == ROOT
    domains = [word.rpartition("/")[2] for word in fleet["services"]["opa-customer"]["command"] if "discovery" in word]
    assert [(ROOT / "bundles" / domain).is_dir() for domain in domains] == [True]
    assert all(port.startswith("127.0.0.1:") for each in fleet["services"].values() for port in each["ports"])


def test_the_composed_service_is_published_on_this_machine_only_and_cannot_write_its_root() -> None:
    service = COMPOSE["services"]["bylaw"]
    assert all(port.startswith("127.0.0.1:") for each in COMPOSE["services"].values() for port in each["ports"])
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["volumes"] == ["state:/var/lib/bylaw"]


def test_prometheus_scrapes_the_service_where_it_answers() -> None:
    (scraped,) = PROMETHEUS["scrape_configs"]
    port = COMPOSE["services"]["bylaw"]["environment"]["BYLAW_ADDR"].rpartition(":")[2]
    assert (scraped["metrics_path"], scraped["static_configs"]) == ("/metrics", [{"targets": [f"bylaw:{port}"]}])


def test_the_entrypoint_is_a_command_of_ours() -> None:
    (words,) = instructions("ENTRYPOINT")
    program, *rest = json.loads(words)
    command = [str(Path(sys.executable).with_name(program)), *rest, "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout.startswith("usage: bylaw serve")) == (0, True)


@pytest.mark.parametrize("runs", [True, False])
def test_the_health_check_tells_a_service_that_runs_from_one_that_does_not(serve: Any, runs: bool) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if runs:
        serve("--diagnostic-addr", f"127.0.0.1:{port}", modules={"app.rego": "package app\n\nallow := true\n"})
    program, *words = (word.replace(":8282/", f":{port}/") for word in health_check())
    assert program == "python"
    done = subprocess.run([sys.executable, *words], capture_output=True, check=False, timeout=60)
    assert (done.returncode == 0) is runs


def test_the_service_writes_two_folders_of_its_state_and_nothing_else_there(serve: Any, tmp_path: Path) -> None:
    archive = tmp_path / "app.tar.gz"
    archive.write_bytes(write_archive({"app/rules.rego": b"package app\n\nallow := true\n"}))
    service = serve("--bundle", str(archive), state=tmp_path / "state")
    assert service.client.get("/health?plugins").status_code == 200
    assert sorted(path.name for path in (tmp_path / "state").iterdir()) == ["audit", "releases"]
