"""``bylaw waiver``, and what building says of waivers."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from tests.end_to_end.waivers_law import (
    COUNCIL,
    CUSTOMER,
    Serve,
    ask,
    command,
    decision,
    flags_in,
    in_days,
    requested,
    wish,
)


@pytest.fixture
def flags(tmp_path: Path) -> tuple[str, ...]:
    return flags_in(tmp_path)


def test_the_command_requests_approves_shows_and_withdraws(
    serve: Serve, flags: tuple[str, ...], tmp_path: Path
) -> None:
    running = serve(*flags)

    def waiver(*words: str, token: str) -> subprocess.CompletedProcess[str]:
        return command("waiver", *words, "--server", running.url, token=token)

    wish = (
        "--rule",
        "PRV-001",
        "--domain",
        "customer",
        "--product",
        "c360",
        "--reason",
        "on leave",
        "--ends",
        in_days(60),
    )
    requested = waiver("request", *wish, "--format", "json", token="ann")
    identifier = json.loads(requested.stdout)["id"]
    own = waiver("approve", identifier, token="ann")
    approved = waiver("approve", identifier, token="dpo")
    again = waiver("approve", identifier, token="dpo")
    shown = waiver("show", identifier, token="bob")
    listed = waiver("list", "--format", "json", token="bob")
    nobody = waiver("list", token="")
    withdrawn = waiver("withdraw", identifier, token="dpo")

    line = f"{identifier} global PRV-001 customer/c360: "
    assert (own.returncode, own.stderr) == (1, "bylaw waiver: requester and approver are the same\n")
    assert (approved.returncode, approved.stdout.startswith(f"{line}approved, until ")) == (0, True)
    assert (again.returncode, again.stderr) == (1, f"bylaw waiver: waiver {identifier} is approved already\n")
    assert shown.stdout == approved.stdout
    assert shown.stdout.endswith("requested by ann, approved by dpo: on leave\n")
    assert [each["id"] for each in json.loads(listed.stdout)] == [identifier]
    assert (nobody.returncode, nobody.stderr) == (2, "bylaw waiver: a bearer token is needed\n")
    assert withdrawn.stdout.startswith(f"{line}withdrawn, until ")


def test_the_report_tells_states_uses_and_what_is_wrong(serve: Serve, flags: tuple[str, ...], tmp_path: Path) -> None:
    data = json.loads(CUSTOMER["data.json"])
    data["domains"]["customer"]["waivers"] = [
        {**wish(rule="CUS-9"), "id": "WVR-1", "requested_by": "bob", "approved_by": "cara", "starts": in_days(-1)}
    ]
    (tmp_path / "customer" / "data.json").write_text(json.dumps(data))
    running = serve(*flags)
    approved, waiting = requested(running, ends=in_days(10)), requested(running)
    ask(running, "dpo", f"/v1/waivers/{approved}/approve", {})
    decision(running)
    words = ("waiver", "report", *flags[:4], "--state", running.state)
    text, document = command(*words), command(*words, "--format", "json")

    report = {entry["id"]: entry for entry in json.loads(document.stdout)}
    assert (text.returncode, document.returncode) == (1, 1)
    assert {name: (entry["state"], entry["uses"]) for name, entry in report.items()} == {
        "WVR-1": ("without_effect", 0),
        approved: ("ending", 1),
        waiting: ("requested", 0),
    }
    assert report[approved]["last_used"] == running.records()[-1]["timestamp"]
    assert text.stdout.splitlines() == [
        (
            "WVR-1 customer CUS-9 customer/c360: without_effect, 60.0 days left, 0 uses; "
            "requested by bob, approved by cara"
        ),
        "  no rule in force is called CUS-9",
        f"{approved} global PRV-001 customer/c360: ending, 10.0 days left, 1 uses; requested by ann, approved by dpo",
        f"{waiting} global PRV-001 customer/c360: requested, 0 uses; requested by ann, approved by nobody",
    ]


def test_a_report_without_waivers_is_one(flags: tuple[str, ...], tmp_path: Path) -> None:
    done = command("waiver", "report", *flags[:4], "--state", tmp_path / "none")

    assert (done.returncode, done.stdout) == (0, "no waivers\n")


_UNASKED = {
    "nobody": ("http://127.0.0.1:9", "http://127.0.0.1:9/v1/waivers does not answer as a service of ours"),
    "a file": ("file:///etc", "--server: file:///etc is no http:// or https:// address"),
}


@pytest.mark.parametrize(("server", "message"), _UNASKED.values(), ids=_UNASKED)
def test_a_service_that_is_none_is_told(server: str, message: str) -> None:
    done = command("waiver", "list", "--server", server)

    assert done.returncode == 2
    assert done.stderr.startswith(f"bylaw waiver: {message}")


def test_building_warns_of_waivers_that_match_nothing(flags: tuple[str, ...], tmp_path: Path) -> None:
    data = json.loads(COUNCIL["data.json"])
    data["global"]["waivers"] = [
        {**wish(rule=rule), "id": name, "requested_by": "bob", "approved_by": "dpo", "starts": in_days(-1)}
        for name, rule in (("W-1", "PRV-9"), ("W-2", "PRV-001"), ("W-3", "CUS-1"), ("W-4", "RET-003"))
    ]
    (tmp_path / "global" / "data.json").write_text(json.dumps(data))
    words = ("bundle", "build", tmp_path / "global", "-o", tmp_path / "global.tar.gz")
    alone, beside = command(*words), command(*words, "--against", tmp_path / "customer")

    unknown = "warning: waiver W-1 of global: no rule in force is called PRV-9"
    held = "warning: waiver W-4 of global: no waiver covers RET-003: its owner says so"
    assert (alone.returncode, beside.returncode) == (0, 0)
    assert alone.stderr.splitlines() == [
        unknown,
        "warning: waiver W-3 of global: no rule in force is called CUS-1",
        held,
    ]
    assert beside.stderr.splitlines() == [
        unknown,
        "warning: waiver W-3 of global: the rule belongs to customer, not to global",
        held,
    ]
