"""
The package opa-python-client, unmodified, against a real OPA and against our service: each test runs on both.

It reads health, configuration, policies and data, asks for decisions one by one, in bulk and by query, through its
blocking and its asynchronous client. What it would write belongs to bundles here, and is refused as OPA refuses to
write what a bundle owns.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from opa_client import AsyncOpaClient, OpaClient
from opa_client.errors import (
    ConnectionsError,
    DeleteDataError,
    DeletePolicyError,
    PatchDataError,
    PolicyNotFoundError,
    RegoParseError,
)

if TYPE_CHECKING:
    from tests.peers.conftest import Server, StartServer

pytestmark = pytest.mark.peers

POLICY = """package library.loans

default allow := false

allow if input.member in data.library.members

reasons contains "not a member" if not allow
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    (folder / "library").mkdir()
    (folder / ".manifest").write_text(json.dumps({"revision": "r1", "roots": ["library"], "rego_version": 1}))
    (folder / "library" / "loans.rego").write_text(POLICY)
    (folder / "library" / "data.json").write_text(json.dumps({"members": ["ada", "bo"]}))
    return folder


@pytest.fixture(scope="module", params=["opa", "bylaw"])
def server(request: pytest.FixtureRequest, bundle: Path) -> Server:
    if request.param == "opa":
        start: StartServer = request.getfixturevalue("start_opa")
        return start([bundle])
    start = request.getfixturevalue("start_bylaw")
    return start([bundle], ["--no-library"])


@pytest.fixture
def client(server: Server) -> Iterator[OpaClient]:
    with OpaClient(host="127.0.0.1", port=server.port, timeout=10) as client:
        yield client


def test_the_connection_and_the_health_are_good(client: OpaClient) -> None:
    assert client.check_connection() is True
    assert client.check_health() is True
    assert client.check_health({"bundles": True, "plugins": True}) is True
    assert client.wait_for_ready(timeout=5) is True


def test_configuration_and_metrics_are_read(client: OpaClient) -> None:
    assert "labels" in client.get_config()["result"]
    assert "http_request_duration_seconds" in client.get_metrics()


def test_a_rule_is_asked_by_package_and_name(client: OpaClient) -> None:
    assert client.query_rule({"member": "ada"}, "library.loans", "allow")["result"] is True
    assert client.query_rule({"member": "eve"}, "library.loans", "allow")["result"] is False


def test_a_package_is_asked_as_a_whole(client: OpaClient) -> None:
    assert client.query_rule({"member": "eve"}, "library/loans")["result"] == {
        "allow": False,
        "reasons": ["not a member"],
    }


def test_an_undefined_rule_has_no_result(client: OpaClient) -> None:
    assert "result" not in client.query_rule({}, "library.loans", "absent")


def test_metrics_come_with_the_answer_when_asked_for(client: OpaClient) -> None:
    answer = client.query_rule({"member": "ada"}, "library.loans", "allow", {"metrics": True})
    assert (answer["result"], bool(answer["metrics"])) == (True, True)


def test_many_inputs_are_decided_in_one_request(client: OpaClient) -> None:
    inputs = {"first": {"member": "ada"}, "second": {"member": "eve"}}
    assert client.bulk_query_rule(inputs, "library.loans", "allow") == {"first": True, "second": False}
    assert client.bulk_query_rule(list(inputs.values()), "library.loans", "allow") == [True, False]


def test_a_query_of_ones_own_is_answered(client: OpaClient) -> None:
    answer = client.ad_hoc_query("some member in data.library.members; n := count(data.library.members)")
    assert sorted(row["member"] for row in answer["result"]) == ["ada", "bo"]
    assert [row["n"] for row in answer["result"]] == [2, 2]


def test_a_query_sees_the_input(client: OpaClient) -> None:
    assert client.ad_hoc_query("x := data.library.loans.allow", {"member": "bo"})["result"] == [{"x": True}]


def test_policies_are_listed_with_their_package_and_rules(client: OpaClient, server: Server) -> None:
    (policy_id,) = client.get_policies_list()
    assert policy_id.endswith("library/loans.rego")
    (info,) = client.get_policies_info().values()
    path = f"http://127.0.0.1:{server.port}/v1/data/library/loans"
    assert (info["path"], sorted(info["rules"])) == (path, [f"{path}/allow", f"{path}/reasons"])


def test_the_text_of_a_policy_is_read(client: OpaClient, tmp_path: Path) -> None:
    (policy_id,) = client.get_policies_list()
    assert client.get_policy(quote(policy_id, safe=""))["result"]["raw"].strip() == POLICY.strip()
    assert client.policy_to_file(quote(policy_id, safe=""), str(tmp_path), "read.rego") is True
    assert (tmp_path / "read.rego").read_text().strip() == POLICY.strip()


def test_a_policy_that_is_not_there_is_said_to_be_missing(client: OpaClient) -> None:
    with pytest.raises(PolicyNotFoundError, match="resource_not_found"):
        client.get_policy("absent")


def test_data_is_read(client: OpaClient) -> None:
    assert client.get_data("library/members")["result"] == ["ada", "bo"]


def test_data_that_is_not_there_is_said_to_be_missing(client: OpaClient) -> None:
    with pytest.raises(PolicyNotFoundError):
        client.get_data("library/absent")


def test_what_a_bundle_owns_is_not_written(client: OpaClient) -> None:
    with pytest.raises(RegoParseError, match="invalid_parameter"):
        client.update_or_create_data({"members": ["eve"]}, "library")
    with pytest.raises(PatchDataError, match="invalid_parameter"):
        client.patch_data("library/members", [{"op": "add", "path": "/-", "value": "eve"}])
    with pytest.raises(DeleteDataError, match="invalid_parameter"):
        client.delete_data("library/members")
    with pytest.raises(RegoParseError, match="invalid_parameter"):
        client.update_policy_from_string("package library.loans\n\nallow if true\n", "library/more.rego")
    assert client.query_rule({"member": "eve"}, "library.loans", "allow")["result"] is False


def test_a_policy_that_is_not_there_is_not_deleted(client: OpaClient) -> None:
    with pytest.raises(DeletePolicyError, match="resource_not_found"):
        client.delete_policy("absent")


def test_nobody_there_is_an_error_not_a_decision() -> None:
    with OpaClient(host="127.0.0.1", port=1, retries=0, timeout=1) as client:
        assert client.check_health() is False
        with pytest.raises(ConnectionsError):
            client.check_connection()


def test_the_asynchronous_client_gets_the_same_answers(server: Server) -> None:
    async def ask() -> list[object]:
        async with AsyncOpaClient(host="127.0.0.1", port=server.port, timeout=10) as client:
            asked = [client.query_rule({"member": who}, "library.loans", "allow") for who in ("ada", "eve")]
            decided = [answer["result"] for answer in await asyncio.gather(*asked)]
            return [*decided, await client.check_health(), (await client.get_data("library/members"))["result"]]

    assert asyncio.run(ask()) == [True, False, True, ["ada", "bo"]]
