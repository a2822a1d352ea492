"""OPA's REST API as OPA 1.20.2 answers it: status, headers that matter, and whole bodies but for what is random."""

from __future__ import annotations

import gzip
import json
import uuid
from typing import Any

import httpx
import pytest

RULES = """package app

allow if input.user == "alice"

echo := input

conflict := 1 if input.c

conflict := 2 if input.c

quotient := 1 / input.z

names["a-b"] := 1

said := null
"""

WARNING = {"code": "api_usage_warning", "message": "'input' key missing from the request"}
ANY = "any"


@pytest.fixture(scope="module")
def service(serve_for_module: Any) -> Any:
    return serve_for_module(modules={"app.rego": RULES})


def without_id(response: httpx.Response) -> Any:
    """The body without its decision id, which is checked to be a version 4 UUID."""
    body = response.json()
    assert uuid.UUID(body.pop("decision_id")).version == 4
    return body


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        pytest.param({"input": {"user": "alice"}}, {"result": True}, id="a value"),
        pytest.param({"input": {"user": "bob"}}, {}, id="undefined: no result, not false"),
        pytest.param({"input": None}, {"warning": WARNING}, id="an input of null is none"),
        pytest.param({}, {"warning": WARNING}, id="no input"),
        pytest.param(None, {"warning": WARNING}, id="a body of null"),
        pytest.param({"input": {"user": "alice"}, "trace": "x"}, {"result": True}, id="other members decide nothing"),
    ],
)
def test_a_document_is_asked_with_an_input(service: Any, body: Any, wanted: Any) -> None:
    response = service.client.post("/v1/data/app/allow", content=json.dumps(body))
    assert (response.status_code, response.headers["content-type"]) == (200, "application/json")
    assert without_id(response) == wanted


def test_an_empty_body_is_no_input(service: Any) -> None:
    assert without_id(service.client.post("/v1/data/app/allow")) == {"warning": WARNING}


def test_get_takes_the_input_as_a_parameter(service: Any) -> None:
    response = service.client.get("/v1/data/app/allow", params={"input": '{"user": "alice"}'})
    assert without_id(response) == {"result": True}


def test_get_without_an_input_warns_of_nothing(service: Any) -> None:
    assert without_id(service.client.get("/v1/data/app/allow")) == {}


def test_null_is_told_apart_from_undefined(service: Any) -> None:
    assert without_id(service.client.get("/v1/data/app/said")) == {"result": None}


def test_numbers_reach_the_policy_with_all_their_digits(service: Any) -> None:
    text = '{"input": {"price": 1.10, "id": 12345678901234567890123}}'
    response = service.client.post("/v1/data/app/echo", content=text)
    assert '"id":12345678901234567890123' in response.text


def test_a_body_may_be_yaml(service: Any) -> None:
    response = service.client.post(
        "/v1/data/app/allow", content="input: {user: alice}", headers={"content-type": "application/x-yaml"}
    )
    assert without_id(response) == {"result": True}


def test_a_body_may_be_compressed(service: Any) -> None:
    content = gzip.compress(b'{"input": {"user": "alice"}}')
    response = service.client.post("/v1/data/app/allow", content=content, headers={"content-encoding": "gzip"})
    assert without_id(response) == {"result": True}


def test_path_segments_are_unescaped(service: Any) -> None:
    assert without_id(service.client.get("/v1/data/app/names/a%2Db")) == {"result": 1}


def test_the_whole_of_data_can_be_asked_for(service: Any) -> None:
    assert without_id(service.client.get("/v1/data"))["result"]["app"]["names"] == {"a-b": 1}


def test_pretty_provenance_and_metrics_are_answered(service: Any) -> None:
    response = service.client.post("/v1/data/app/allow?pretty&provenance=true&metrics&explain=full", json={"input": {}})
    body = without_id(response)
    assert response.text.startswith('{\n  "decision_id"')
    assert set(body) == {"provenance", "metrics"}
    assert set(body["provenance"]) == {"version", "build_commit", "build_timestamp", "build_hostname", "bundles"}
    assert list(body["provenance"]["bundles"]) == ["app"]
    assert set(body["metrics"]) == {"timer_rego_query_eval_ns", "timer_server_handler_ns"}


def test_v0_answers_the_value_itself(service: Any) -> None:
    response = service.client.post("/v0/data/app/allow", json={"user": "alice"})
    assert (response.status_code, response.text) == (200, "true\n")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        pytest.param("app/allow", "document undefined: data.app.allow", id="a rule without a value"),
        pytest.param("app/nothing", "document missing: data.app.nothing", id="no such rule"),
    ],
)
def test_v0_answers_404_where_nothing_is_defined(service: Any, path: str, message: str) -> None:
    response = service.client.post(f"/v0/data/{path}", json={})
    assert (response.status_code, response.json()) == (404, {"code": "undefined_document", "message": message})


def test_the_default_decision_is_asked_at_the_root(service: Any) -> None:
    response = service.client.post("/", json={})
    wanted = {"code": "undefined_document", "message": "document missing: data.system.main"}
    assert (response.status_code, response.json()) == (404, wanted)


def test_an_error_of_the_policy_is_500_with_its_place(service: Any) -> None:
    response = service.client.post("/v1/data/app/conflict", json={"input": {"c": True}})
    body = response.json()
    (error,) = body.pop("errors")
    assert (response.status_code, body) == (
        500,
        {"code": "internal_error", "message": "error(s) occurred while evaluating query"},
    )
    assert (error["code"], error["location"]["file"], error["location"]["row"]) == (
        "eval_conflict_error",
        "app/app.rego",
        9,
    )


def test_a_builtin_error_is_undefined_unless_strictness_is_asked_for(service: Any) -> None:
    lenient = service.client.post("/v1/data/app/quotient", json={"input": {"z": 0}})
    strict = service.client.post("/v1/data/app/quotient?strict-builtin-errors", json={"input": {"z": 0}})
    assert (lenient.status_code, without_id(lenient)) == (200, {})
    assert (strict.status_code, strict.json()["errors"][0]["code"]) == (500, "eval_builtin_error")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("HEAD", "/v1/data/app"),
        ("DELETE", "/v1/data"),
        ("GET", "/v0/data/app"),
        ("PUT", "/v0/data/app"),
        ("PUT", "/v1/query"),
        ("POST", "/v1/policies"),
    ],
)
def test_a_method_that_a_path_does_not_take_is_405_with_an_empty_body(service: Any, method: str, path: str) -> None:
    response = service.client.request(method, path)
    assert (response.status_code, response.content) == (405, b"")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_what_a_bundle_owns_cannot_be_written(service: Any, method: str) -> None:
    response = service.client.request(method, "/v1/data/app/x", content="{}")
    wanted = {"code": "invalid_parameter", "message": 'path /app/x is owned by bundle "app"'}
    assert (response.status_code, response.json()) == (400, wanted)


@pytest.mark.parametrize(
    ("path", "status", "wanted"),
    [
        pytest.param("/v1/data/app/", 301, "/v1/data/app", id="a slash at the end"),
        pytest.param("/v1/data/app/?pretty", 301, "/v1/data/app?pretty", id="with parameters"),
        pytest.param("/v1/data//app/allow", 307, "/v1/data/app/allow", id="an empty segment"),
    ],
)
def test_a_path_with_empty_segments_is_redirected(service: Any, path: str, status: int, wanted: str) -> None:
    response = service.client.get(path)
    assert (response.status_code, response.headers["location"]) == (status, wanted)


def test_a_large_answer_is_compressed_for_who_takes_it(service: Any) -> None:
    body = {"input": "x" * 5000}
    taken = service.client.post("/v1/data/app/echo", json=body, headers={"accept-encoding": "gzip"})
    refused = service.client.post("/v1/data/app/echo", json=body, headers={"accept-encoding": "gzip;q=0"})
    assert (taken.headers.get("content-encoding"), taken.json()["result"]) == ("gzip", "x" * 5000)
    assert (refused.headers.get("content-encoding"), refused.json()["result"]) == (None, "x" * 5000)


def test_an_unknown_path_is_404(service: Any) -> None:
    response = service.client.get("/nope")
    assert (response.status_code, response.text) == (404, "404 page not found\n")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        pytest.param({"query": "x = 1"}, {"result": [{"x": 1}]}, id="bindings"),
        pytest.param({"query": "1 == 1"}, {"result": [{}]}, id="true without variables"),
        pytest.param({"query": "data.app.allow"}, {}, id="undefined"),
        pytest.param(
            {"query": "data.app.allow = x", "input": {"user": "alice"}}, {"result": [{"x": True}]}, id="with an input"
        ),
    ],
)
def test_a_query_is_answered_with_its_bindings(service: Any, query: Any, wanted: Any) -> None:
    response = service.client.post("/v1/query", json=query)
    assert (response.status_code, response.json()) == (200, wanted)


def test_a_query_may_stand_in_the_url(service: Any) -> None:
    assert service.client.get("/v1/query", params={"q": "x = 1"}).json() == {"result": [{"x": 1}]}


def test_a_query_that_does_not_parse_is_400(service: Any) -> None:
    response = service.client.get("/v1/query", params={"q": "x ="})
    assert (response.status_code, response.json()["code"]) == (400, "invalid_parameter")
    assert response.json()["errors"][0]["code"] == "rego_parse_error"


def test_a_missing_query_is_400(service: Any) -> None:
    wanted = {"code": "invalid_parameter", "message": "missing parameter 'q'"}
    assert service.client.get("/v1/query").json() == wanted


def test_the_modules_in_force_can_be_read(service: Any) -> None:
    (listed,) = service.client.get("/v1/policies").json()["result"]
    assert service.client.get("/v1/policies/app/app.rego").json() == {"result": listed}
    assert (listed["id"], listed["raw"]) == ("app/app.rego", RULES)
    assert listed["ast"]["package"] == {"path": [{"type": "var", "value": "data"}, {"type": "string", "value": "app"}]}
    assert [rule["head"]["name"] for rule in listed["ast"]["rules"]] == [
        "allow",
        "echo",
        "conflict",
        "conflict",
        "quotient",
        "names",
        "said",
    ]
    missing = service.client.get("/v1/policies/nope")
    assert (missing.status_code, missing.json()["code"]) == (404, "resource_not_found")


@pytest.mark.parametrize("path", ["/health", "/health?bundles", "/health?plugins", "/health?bundles=true&plugins"])
def test_a_service_that_can_decide_is_healthy(service: Any, path: str) -> None:
    response = service.client.get(path)
    assert (response.status_code, response.json()) == (200, {})


def test_health_by_an_undefined_rule_is_500(service: Any) -> None:
    wanted = {"error": "health check (data.system.health.live) was undefined"}
    response = service.client.get("/health/live")
    assert (response.status_code, response.json()) == (500, wanted)


def test_a_batch_is_one_decision_and_one_record_an_item(service: Any) -> None:
    before = len(service.records())
    response = service.client.post(
        "/v1/batch/data/app/allow", json={"inputs": {"a": {"user": "alice"}, "b": {"user": "bob"}}}
    )
    body = response.json()
    records = service.records()[before:]
    ids = [body["responses"][key].pop("decision_id") for key in ("a", "b")]
    assert response.status_code == 200
    assert body["responses"] == {"a": {"result": True}, "b": {}}
    assert sorted(str(record["decision_id"]) for record in records) == sorted(ids)
    assert {record["custom"]["batch_decision_id"] for record in records} == {body["batch_decision_id"]}  # type: ignore[index]


def test_a_batch_of_which_a_part_failed_is_207(service: Any) -> None:
    response = service.client.post("/v1/batch/data/app/conflict", json={"inputs": {"a": {"c": True}, "b": {}}})
    responses = response.json()["responses"]
    assert response.status_code == 207
    assert (responses["a"]["http_status_code"], responses["a"]["code"]) == ("500", "internal_error")
    assert responses["b"]["http_status_code"] == "200"


def test_a_batch_of_which_all_failed_is_500(service: Any) -> None:
    response = service.client.post("/v1/batch/data/app/conflict", json={"inputs": {"a": {"c": True}}})
    assert response.status_code == 500


def test_a_decision_is_on_the_log_when_it_is_answered(service: Any) -> None:
    headers = {"x-request-id": "r-1", "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    response = service.client.post("/v1/data/app/allow", json={"input": {"user": "alice"}}, headers=headers)
    record = service.records()[-1]
    assert record["decision_id"] == response.json()["decision_id"]
    assert {name: record[name] for name in ("path", "input", "result")} == {
        "path": "app/allow",
        "input": {"user": "alice"},
        "result": True,
    }
    assert record["custom"] == {
        "door": "opa",
        "x_request_id": "r-1",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }


def test_a_query_is_on_the_log_with_its_text(service: Any) -> None:
    service.client.post("/v1/query", json={"query": "x = 7"})
    record = service.records()[-1]
    assert (record["query"], record["result"]) == ("x = 7", [{"x": 7}])


def test_the_configuration_shows_no_secret(service: Any) -> None:
    shown = service.client.get("/v1/config").json()["result"]
    assert shown["default_decision"] == "/system/main"
    assert shown["default_authorization_decision"] == "/system/authz/allow"
    assert set(shown["labels"]) == {"id", "version"}
    assert (shown["settings"]["tokens_file"], shown["settings"]["tls_private_key_file"]) == (False, False)
