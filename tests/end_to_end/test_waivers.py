"""Waivers that are requested of a running service, approved by another, used, reported and withdrawn."""

from __future__ import annotations

import contextlib
import json
import signal
import threading
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from tests.end_to_end.conftest import Running
from tests.end_to_end.waivers_law import (
    COUNCIL,
    CUSTOMER,
    PRODUCT,
    Serve,
    ask,
    command,
    decision,
    eventually,
    flags_in,
    in_days,
    metric,
    requested,
    wish,
    written,
)


@pytest.fixture
def flags(tmp_path: Path) -> tuple[str, ...]:
    return flags_in(tmp_path)


def test_an_approved_waiver_is_in_force_at_once_and_a_withdrawn_one_no_more(
    serve: Serve, flags: tuple[str, ...]
) -> None:
    running = serve(*flags)
    before = decision(running)
    identifier = requested(running)
    pending = decision(running)
    approved = ask(running, "dpo", f"/v1/waivers/{identifier}/approve", {})
    waived = decision(running)
    withdrawn = ask(running, "ann", f"/v1/waivers/{identifier}/withdraw", {})
    after = decision(running)

    assert [entry["id"] for entry in before["violations"]] == ["PRV-001"]
    assert (pending["allow"], pending["ignored"]) == (False, [])
    assert (approved.status_code, approved.json()["result"]["stage"]) == (200, "approved")
    assert waived["allow"] is True
    assert [entry["waiver"]["id"] for entry in waived["waived"]] == [identifier]
    assert waived["waived"][0]["waiver"]["approved_by"] == "dpo"
    assert withdrawn.json()["result"]["withdrawn_by"] == "ann"
    assert after["violations"] == before["violations"]
    assert "registry/waivers" in waived["revisions"]
    assert after["revisions"] == before["revisions"]


def test_a_domain_approves_for_its_own_rules(serve: Serve, flags: tuple[str, ...]) -> None:
    running = serve(*flags)
    identifier = requested(running, rule="CUS-1")
    refused = ask(running, "dpo", f"/v1/waivers/{identifier}/approve", {})
    approved = ask(running, "cara", f"/v1/waivers/{identifier}/approve", {})

    assert (refused.status_code, refused.json()["message"]) == (403, "dpo may not approve waivers of customer")
    assert approved.json()["result"]["layer"] == "customer"
    assert decision(running, "quality")["waived"][0]["waiver"]["id"] == identifier


def test_a_waiver_survives_the_end_of_the_process_and_reloads(
    serve: Serve, flags: tuple[str, ...], tmp_path: Path
) -> None:
    state = tmp_path / "state"
    running = serve(*flags, state=state)
    identifier = requested(running)
    requested(running, reason="another one, that nobody approved")
    assert ask(running, "dpo", f"/v1/waivers/{identifier}/approve", {}).status_code == 200
    running.process.kill()
    running.process.wait()

    again = serve(*flags, state=state)
    first = decision(again)
    again.process.send_signal(signal.SIGHUP)
    (tmp_path / "customer" / "more.rego").write_text("package domains.customer.quality.more\n\nx := 1\n")
    eventually(lambda: decision(again)["revisions"]["customer"] != first["revisions"]["customer"])

    assert [entry["waiver"]["id"] for entry in first["waived"]] == [identifier]
    assert [entry["waiver"]["id"] for entry in decision(again)["waived"]] == [identifier]
    listed = ask(again, "bob", "/v1/waivers").json()["result"]
    assert [waiver["stage"] for waiver in listed] == ["approved", "requested"]


def test_requests_approvals_refusals_and_uses_are_on_the_audit_log(serve: Serve, flags: tuple[str, ...]) -> None:
    running = serve(*flags)
    identifier = requested(running)
    ask(running, "ann", f"/v1/waivers/{identifier}/approve", {})
    ask(running, "dpo", f"/v1/waivers/{identifier}/approve", {})
    decision(running)

    records: list[Any] = running.records()
    about = [
        (record["input"]["action"], record["input"]["by"], record["result"]["allow"], record["custom"]["identity"])
        for record in records
        if record["path"] == "bylaw/waiver_requests/decision"
    ]
    assert about == [
        ("request", "ann", True, "ann"),
        ("approve", "ann", False, "ann"),
        ("approve", "dpo", True, "dpo"),
    ]
    assert records[-1]["result"]["waived"][0]["waiver"]["id"] == identifier


def test_uses_days_left_and_states_are_counted(serve: Serve, flags: tuple[str, ...]) -> None:
    running = serve(*flags)
    identifier = requested(running, ends=in_days(10))
    requested(running)
    ask(running, "dpo", f"/v1/waivers/{identifier}/approve", {})
    decisions = [decision(running) for _ in range(3)]

    report = {entry["id"]: entry for entry in ask(running, "bob", "/v1/waivers/report").json()["result"]}
    assert metric(running, f'bylaw_waiver_uses_total{{waiver="{identifier}"}}') == 3
    assert metric(running, 'bylaw_waivers{state="ending"}') == 1
    assert metric(running, 'bylaw_waivers{state="requested"}') == 1
    left = metric(running, f'bylaw_waiver_days_left{{layer="global",rule="PRV-001",waiver="{identifier}"}}')
    assert left is not None
    assert 9.9 < left <= 10
    assert (report[identifier]["state"], report[identifier]["uses"]) == ("ending", 3)
    assert [entry["msg"].split(" ends on ")[0] for entry in decisions[0]["warnings"]] == [f"waiver {identifier}"]


_REFUSED = {
    "nobody known": ("", wish(), 401, "a bearer token is needed"),
    "an unknown rule": (
        "ann",
        wish(rule="PRV-9"),
        403,
        "no rule in force of the mesh or of the domain is called PRV-9",
    ),
    "an access grant": (
        "ann",
        wish(rule="BYL-001"),
        403,
        "no rule in force of the mesh or of the domain is called BYL-001",
    ),
    "a legal hold": ("ann", wish(rule="RET-003"), 403, "no waiver covers RET-003: its owner says so"),
    "too long": ("ann", wish(ends=in_days(400)), 403, "it is longer than the 365 days that global allows"),
    "over already": (
        "ann",
        wish(starts="2026-01-01T00:00:00Z", ends="2026-01-02T00:00:00Z"),
        403,
        "it ended on 2026-01-02T00:00:00Z",
    ),
    "an unknown domain": ("ann", wish(scope={"domain": "sales"}), 403, "no domain is called sales"),
    "no scope": (
        "ann",
        wish(scope={}),
        400,
        "scope: wanted an object that names a domain, and a product or none",
    ),
    "a scope of more": (
        "ann",
        wish(scope={"domain": "customer", "column": "c"}),
        400,
        "scope: wanted an object that names a domain, and a product or none",
    ),
    "a name of one's own": (
        "ann",
        wish(requested_by="bob"),
        400,
        "the body: wanted an object of rule, scope, reason and ends, and starts or none",
    ),
    "a novel": ("ann", wish(reason="x" * 2001), 400, "reason: wanted a text of at most 2000 characters"),
    "no object": ("ann", [], 400, "the body: wanted an object of rule, scope, reason and ends, and starts or none"),
}


@pytest.fixture(scope="module")
def shared(serve_for_module: Serve, tmp_path_factory: pytest.TempPathFactory) -> Running:
    return serve_for_module(*flags_in(tmp_path_factory.mktemp("shared")))


@pytest.mark.parametrize(("who", "wish", "status", "message"), _REFUSED.values(), ids=_REFUSED)
def test_a_request_is_refused(shared: Running, who: str, wish: Any, status: int, message: str) -> None:
    before = ask(shared, "bob", "/v1/waivers").json()
    answer = ask(shared, who, "/v1/waivers", wish)

    assert (answer.status_code, answer.json()["message"]) == (status, message)
    assert ask(shared, "bob", "/v1/waivers").json() == before


_NOT_DONE = {
    "approved by its requester": ("ann", "approve", 403, "requester and approver are the same"),
    "approved for the council by a domain": ("cara", "approve", 403, "cara may not approve waivers of global"),
    "approved by anybody": ("bob", "approve", 403, "bob may not approve waivers of global"),
    "withdrawn by anybody": (
        "bob",
        "withdraw",
        403,
        "bob may not withdraw it: that is for who requested it and for the approvers of global",
    ),
    "extended": ("dpo", "extend", 404, None),
}


@pytest.mark.parametrize(("who", "action", "status", "message"), _NOT_DONE.values(), ids=_NOT_DONE)
def test_a_request_is_not(shared: Running, who: str, action: str, status: int, message: str | None) -> None:
    identifier = requested(shared)
    answer = ask(shared, who, f"/v1/waivers/{identifier}/{action}", {})

    assert answer.status_code == status
    assert message is None or answer.json()["message"] == message
    assert ask(shared, "bob", f"/v1/waivers/{identifier}").json()["result"]["stage"] == "requested"


def test_what_is_settled_stays_settled(shared: Running) -> None:
    identifier = requested(shared)
    ask(shared, "dpo", f"/v1/waivers/{identifier}/withdraw", {})
    answers = [ask(shared, "dpo", f"/v1/waivers/{identifier}/{action}", {}) for action in ("approve", "withdraw")]
    unknown = ask(shared, "dpo", "/v1/waivers/W-0/approve", {})

    message = f"waiver {identifier} is withdrawn already"
    assert [(answer.status_code, answer.json()["message"]) for answer in answers] == [(409, message)] * 2
    assert (unknown.status_code, unknown.json()["message"]) == (404, "no waiver 'W-0' was requested here")


def test_a_method_that_is_none_is_told(shared: Running) -> None:
    assert ask(shared, "ann", "/v1/waivers", method="DELETE").status_code == 405
    assert ask(shared, "ann", "/v1/waivers/W-1/approve", method="GET").status_code == 405
    assert ask(shared, "ann", "/v1/waivers/W-1/approve/twice", {}).status_code == 404


def test_nobody_requests_by_a_name_that_was_not_checked(serve: Serve, flags: tuple[str, ...]) -> None:
    running = serve(*flags[:4])
    answer = ask(running, "ann", "/v1/waivers", wish())

    assert (answer.status_code, answer.json()["message"]) == (
        401,
        "waivers take callers whose identity is checked: tokens, JWTs or client certificates",
    )


def test_a_legal_hold_and_the_want_of_a_grant_stand_whatever_a_bundle_waives(
    serve: Serve, flags: tuple[str, ...], tmp_path: Path
) -> None:
    data = json.loads(COUNCIL["data.json"])
    data["global"]["waivers"] = [
        {
            **wish(rule=rule, scope={"domain": "customer"}),
            "id": f"W-{rule}",
            "requested_by": "bob",
            "approved_by": "dpo",
            "starts": in_days(-1),
        }
        for rule in ("RET-003", "BYL-001")
    ]
    (tmp_path / "global" / "data.json").write_text(json.dumps(data))
    running = serve(*flags)
    retired = decision(running, "retention", {"product": {**PRODUCT["product"], "status": "retired"}})
    properties = {"catalog": "c", "schema": "s", "table": "t", "domain": "customer"}
    asked = {
        "subject": {"type": "user", "id": "u", "properties": {"groups": [], "roles": []}},
        "action": {"name": "read", "properties": {}},
        "resource": {"type": "table", "id": "c.s.t", "properties": properties},
        "context": {},
    }
    read = decision(running, "access", asked)

    assert [entry["id"] for entry in retired["violations"]] == ["RET-003"]
    assert [entry["reason"] for entry in retired["ignored"]] == ["no waiver covers RET-003: its owner says so"]
    assert "BYL-001" in [entry["id"] for entry in read["violations"]]
    assert (retired["waived"], read["waived"]) == ([], [])


def test_waivers_that_match_nothing_are_warned_of_at_load_and_reported(
    serve: Serve, flags: tuple[str, ...], tmp_path: Path
) -> None:
    data = json.loads(CUSTOMER["data.json"])
    data["domains"]["customer"]["waivers"] = [
        {
            **wish(rule=rule, scope=scope),
            "id": name,
            "requested_by": "bob",
            "approved_by": "cara",
            "starts": in_days(-1),
        }
        for name, rule, scope in (("W-1", "CUS-9", {"domain": "customer"}), ("W-2", "CUS-1", {"domain": "sales"}))
    ]
    (tmp_path / "customer" / "data.json").write_text(json.dumps(data))
    running = serve(*flags)

    report = ask(running, "bob", "/v1/waivers/report").json()["result"]
    assert [(entry["id"], entry["matches"], entry["notes"]) for entry in report] == [
        ("W-1", False, ["no rule in force is called CUS-9"]),
        ("W-2", False, ["no domain is called sales"]),
    ]
    assert "WARNING bylaw.waivers: waiver W-1 of customer: no rule in force is called CUS-9" in running.said()
    assert "WARNING bylaw.waivers: waiver W-2 of customer: no domain is called sales" in running.said()
    assert metric(running, 'bylaw_waiver_idle{layer="customer",waiver="W-1"}') == 1


def test_what_cannot_be_kept_is_not_done(serve: Serve, flags: tuple[str, ...]) -> None:
    running = serve(*flags)
    identifier = requested(running)
    (running.state / "waivers.json.part").mkdir()
    answer = ask(running, "dpo", f"/v1/waivers/{identifier}/approve", {})
    (running.state / "waivers.json.part").rmdir()

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (503, "waivers_unavailable")
    assert answer.json()["message"].endswith("waivers.json cannot be written: Is a directory")
    assert decision(running)["allow"] is False
    assert ask(running, "dpo", f"/v1/waivers/{identifier}/approve", {}).status_code == 200


@pytest.mark.parametrize("text", ['{"version": 1, "waivers": [{}]}', "{", '{"version": 2}', '{"version": 1}'])
def test_a_file_that_cannot_be_read_is_never_taken_for_nothing(
    serve: Serve, flags: tuple[str, ...], tmp_path: Path, text: str
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "waivers.json").write_text(text)

    with pytest.raises(AssertionError, match=r"waivers\.json"):
        serve(*flags, state=tmp_path / "state")


_ACCESS = {
    "open.rego": 'package global.access.open\n\ngrant contains {"msg": "all"}\n',
    "paused.rego": (
        "# METADATA\n# title: Paused\n# custom:\n#   id: ACC-9\n"
        'package global.access.paused\n\nviolation contains {"msg": "paused"} if input.resource.type == "table"\n'
    ),
}
_BINDINGS = json.dumps({"mesh": {"bindings": {"schemas": {"lake.customer": "customer"}}}})


def _trino(running: Running) -> Any:
    table = {"catalogName": "lake", "schemaName": "customer", "tableName": "t", "columns": ["a"]}
    action = {"operation": "SelectFromColumns", "resource": {"table": table}}
    context = {"identity": {"user": "uma", "groups": []}, "softwareStack": {"trinoVersion": "476"}}
    answer = ask(running, "bob", "/v1/data/bylaw/trino/allow", {"input": {"context": context, "action": action}})
    return answer.json()["result"]


def test_a_waiver_that_opens_a_table_is_in_the_record_of_an_answer_that_cannot_name_it(
    serve: Serve, flags: tuple[str, ...], tmp_path: Path
) -> None:
    written(tmp_path / "global", _ACCESS)
    mesh = written(tmp_path / "mesh", {".manifest": '{"roots": ["mesh"]}', "data.json": _BINDINGS})
    running = serve(*flags, "--bundle", str(mesh))
    before = _trino(running)
    identifier = requested(running, rule="ACC-9", scope={"domain": "customer"})
    ask(running, "dpo", f"/v1/waivers/{identifier}/approve", {})
    after = _trino(running)

    records: list[Any] = [record for record in running.records() if record["path"] == "bylaw/trino/allow"]
    assert (before, after) == (False, True)
    assert [record["custom"].get("waivers") for record in records] == [None, [identifier]]
    assert metric(running, f'bylaw_waiver_uses_total{{waiver="{identifier}"}}') == 1
    report = command("waiver", "report", *flags[:4], "--state", running.state, "--format", "json")
    assert [entry["uses"] for entry in json.loads(report.stdout)] == [1]


def test_what_was_answered_survives_a_kill_in_the_middle(serve: Serve, flags: tuple[str, ...], tmp_path: Path) -> None:
    state = tmp_path / "state"
    running = serve(*flags, state=state)
    answered: dict[str, str] = {}

    def work() -> None:
        with httpx.Client(base_url=running.url, timeout=30) as client, contextlib.suppress(httpx.HTTPError):
            while True:
                made = client.post("/v1/waivers", json=wish(), headers={"authorization": "Bearer bob"}).json()
                identifier = made["result"]["id"]
                answered[identifier] = "requested"
                headers = {"authorization": "Bearer dpo"}
                if client.post(f"/v1/waivers/{identifier}/approve", json={}, headers=headers).status_code == 200:
                    answered[identifier] = "approved"

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    eventually(lambda: len(answered) > 12)
    running.process.kill()
    for worker in workers:
        worker.join()

    again = serve(*flags, state=state)
    kept = {waiver["id"]: waiver["stage"] for waiver in ask(again, "bob", "/v1/waivers").json()["result"]}
    recorded = {
        record["input"]["waiver"]["id"]
        for record in cast("list[Any]", again.records())
        if record["path"] == "bylaw/waiver_requests/decision"
    }
    # What was being done when it was killed may have been done; nothing that was answered is less than that.
    assert {name: kept.get(name) for name, stage in answered.items() if stage == "approved"} == {
        name: "approved" for name, stage in answered.items() if stage == "approved"
    }
    assert answered.keys() <= kept.keys() <= recorded


def test_approvals_and_reloads_that_race_lose_no_waiver_and_no_bundle(
    serve: Serve, flags: tuple[str, ...], tmp_path: Path
) -> None:
    running = serve(*flags)
    for number in range(8):
        rule = f"package domains.customer.quality.more\n\nx := {number}\n"
        (tmp_path / "customer" / "more.rego").write_text(rule)
        running.process.send_signal(signal.SIGHUP)
        identifier = requested(running, scope={"domain": "customer", "product": f"p{number}"})
        assert ask(running, "dpo", f"/v1/waivers/{identifier}/approve", {}).status_code == 200
        product = {"product": {**PRODUCT["product"], "name": f"p{number}"}}
        assert decision(running, product=product)["allow"] is True
    eventually(lambda: ask(running, "bob", "/v1/data/domains/customer/quality/more/x").json().get("result") == 7)

    for number in range(8):
        product = {"product": {**PRODUCT["product"], "name": f"p{number}"}}
        assert decision(running, product=product)["allow"] is True


def test_the_law_says_who_may_ask_at_all(serve: Serve, flags: tuple[str, ...], tmp_path: Path) -> None:
    rule = (
        'package system.authz\n\ndefault allow := {"allowed": false, "reason": "waivers are for ann and dpo"}\n\n'
        'allow := true if input.path[1] != "waivers"\n\nallow := true if input.identity in {"ann", "dpo"}\n'
    )
    law = written(tmp_path / "authz", {".manifest": '{"roots": ["system/authz"]}', "authz.rego": rule})
    running = serve(*flags, "--bundle", str(law), "--authorization", "basic")
    refused = ask(running, "bob", "/v1/waivers", wish())

    assert (refused.status_code, refused.json()["message"]) == (401, "waivers are for ann and dpo")
    assert ask(running, "bob", "/v1/waivers").status_code == 401
    assert requested(running).startswith("W-")
