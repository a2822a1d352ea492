"""The doors of Bylaw itself, on the example mesh: decisions, AuthZEN, Trino, Kubernetes, and what is shown."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from typing import Any

import pytest

from bylaw.decision import DECISION_KINDS
from bylaw_adapters.cli.examples import EXAMPLES, Example, is_part, printed

ALICE = {"type": "user", "id": "alice", "properties": {"groups": ["analytics-team"]}}
NOBODY = {"type": "user", "id": "nobody", "properties": {"groups": []}}
READ = {"name": "read"}
PROFILES = {"type": "table", "id": "lake.customer.profiles"}

PROFILE_COLUMNS = {"customer_id": "varchar", "email": "varchar(80)", "full_name": "varchar", "segment": "varchar"}

EMPTY_LAW = {"app.rego": "package app\n\nallow := true\n"}
FAILING_LAW = {
    "trino.rego": """package bylaw.trino

allow := true if input.action

allow := false if input.action

row_filters := {"a": 1}
""",
    "kubernetes.rego": """package bylaw.kubernetes

validate := {"response": {"uid": "another", "allowed": true}}
""",
    "decisions.rego": "package bylaw.decisions.access\n\nother := 1\n",
    "authzen.rego": 'package bylaw.authzen\n\nevaluation := {"decision": "yes"}\n',
}


@pytest.fixture(scope="module")
def mesh(serve_for_module: Any) -> Any:
    return serve_for_module()


@pytest.fixture(scope="module")
def without_law(serve_for_module: Any) -> Any:
    return serve_for_module(modules=EMPTY_LAW)


@pytest.fixture(scope="module")
def failing(serve_for_module: Any) -> Any:
    return serve_for_module(modules=FAILING_LAW)


def review(**changes: Any) -> dict[str, Any]:
    request = {
        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "operation": "CREATE",
        "userInfo": {"username": "alice", "groups": []},
        "object": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "job"}, "spec": {"containers": []}},
        "dryRun": False,
    }
    return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request, **changes}


class TestExamples:
    @pytest.mark.parametrize("example", EXAMPLES, ids=[example.path for example in EXAMPLES])
    def test_an_example_has_the_answer_that_is_printed_with_it(self, mesh: Any, example: Example) -> None:
        response = mesh.client.post(example.path, json=example.body)
        assert response.status_code == 200
        assert is_part(example.expected, response.json()), response.text

    def test_the_printed_commands_are_the_examples(self) -> None:
        commands = [line for line in printed("http://host:1").splitlines() if line.startswith("curl ")]
        asked = []
        for words in map(shlex.split, commands):
            assert words[:2] + words[3:4] == ["curl", "-s", "-d"]
            asked.append((words[2].removeprefix("http://host:1"), json.loads(words[4])))
        assert asked == [(example.path, example.body) for example in EXAMPLES]


class TestDecisions:
    def test_a_decision_names_the_bundles_it_was_made_of(self, mesh: Any) -> None:
        body = {"input": {"subject": ALICE, "action": READ, "resource": PROFILES}}
        answer = mesh.client.post("/v1/decisions/access", json=body).json()
        assert set(answer) == {"decision_id", "result", "revisions"}
        assert set(answer["revisions"]) >= {"library", "global", "mesh", "customer", "finance"}
        record = mesh.records()[-1]
        assert record["decision_id"] == answer["decision_id"]
        assert record["bundles"] == {name: {"revision": text} for name, text in answer["revisions"].items()}
        assert (record["path"], record["custom"]) == ("bylaw/decisions/access/decision", {"door": "decisions"})

    @pytest.mark.parametrize("kind", DECISION_KINDS)
    @pytest.mark.parametrize("facts", [{}, [], "text", {"product": []}, {"subject": 1}, {"manifest": None}])
    def test_facts_of_the_wrong_shape_are_never_allowed(self, mesh: Any, kind: str, facts: Any) -> None:
        response = mesh.client.post(f"/v1/decisions/{kind}", json={"input": facts})
        assert response.status_code == 200
        assert (response.json()["result"]["decision"], response.json()["result"]["allow"]) == ("deny", False)

    @pytest.mark.parametrize("content", ["", "{}", '{"input": null}', "null"])
    def test_no_facts_are_400(self, mesh: Any, content: str) -> None:
        response = mesh.client.post("/v1/decisions/access", content=content)
        assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "wrong_shape")

    def test_an_unknown_kind_is_404(self, mesh: Any) -> None:
        response = mesh.client.post("/v1/decisions/taste", json={"input": {}})
        assert (response.status_code, response.json()["code"]) == (404, "resource_not_found")

    @pytest.mark.parametrize("path", ["/v1/decisions/access", "/v1/data/bylaw/decisions/access/decision"])
    def test_an_undefined_decision_is_500(self, without_law: Any, failing: Any, path: str) -> None:
        for service in (without_law, failing):
            response = service.client.post(path, json={"input": {}})
            assert (response.status_code, response.json()["errors"][0]["code"]) == (500, "undefined_decision")


class TestAuthZen:
    def test_an_evaluation_carries_the_decision_as_its_context(self, mesh: Any) -> None:
        body = {"subject": ALICE, "action": READ, "resource": PROFILES}
        response = mesh.client.post("/access/v1/evaluation", json=body, headers={"x-request-id": "r-7"})
        answer = response.json()
        assert (response.status_code, response.headers["x-request-id"]) == (200, "r-7")
        assert (set(answer), answer["decision"]) == ({"decision", "context"}, True)
        assert answer["context"]["decision_id"] == mesh.records()[-1]["decision_id"]

    def test_a_denial_is_200(self, mesh: Any) -> None:
        body = {"subject": NOBODY, "action": READ, "resource": PROFILES}
        response = mesh.client.post("/access/v1/evaluation", json=body)
        assert (response.status_code, response.json()["decision"]) == (200, False)

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            pytest.param({"action": READ, "resource": PROFILES}, "/subject", id="no subject"),
            pytest.param(
                {"subject": {"type": "user"}, "action": READ, "resource": PROFILES}, "/subject/id", id="no id"
            ),
            pytest.param(
                {"subject": ALICE, "action": {"name": 1}, "resource": PROFILES}, "/action/name", id="a number"
            ),
            pytest.param({"subject": ALICE, "action": READ, "resource": []}, "/resource", id="a list"),
            pytest.param(
                {"subject": ALICE, "action": READ, "resource": PROFILES, "context": 1}, "/context", id="context"
            ),
        ],
    )
    def test_a_request_of_the_wrong_shape_is_400_and_says_where(self, mesh: Any, body: Any, pointer: str) -> None:
        response = mesh.client.post("/access/v1/evaluation", json=body)
        assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "wrong_shape")
        assert f"'{pointer}'" in response.json()["message"]

    @pytest.mark.parametrize(
        ("semantic", "wanted"),
        [
            pytest.param(None, [True, False, True], id="all, by default"),
            pytest.param("execute_all", [True, False, True], id="all"),
            pytest.param("deny_on_first_deny", [True, False], id="until the first denial"),
            pytest.param("permit_on_first_permit", [True], id="until the first permit"),
        ],
    )
    def test_a_batch_takes_defaults_and_ends_as_it_was_asked_to(self, mesh: Any, semantic: Any, wanted: Any) -> None:
        body = {"subject": ALICE, "action": READ, "resource": PROFILES, "evaluations": [{}, {"subject": NOBODY}, {}]}
        options = {"options": {"evaluations_semantic": semantic}} if semantic else {}
        answers = mesh.client.post("/access/v1/evaluations", json={**body, **options}).json()["evaluations"]
        assert [answer["decision"] for answer in answers] == wanted

    def test_an_item_that_cannot_be_decided_is_a_denial_that_says_so(self, mesh: Any) -> None:
        body = {"subject": ALICE, "action": READ, "resource": PROFILES, "evaluations": [{"subject": {}}, {}]}
        response = mesh.client.post("/access/v1/evaluations", json=body)
        first, second = response.json()["evaluations"]
        assert (response.status_code, first["decision"], second["decision"]) == (200, False, True)
        assert first["context"]["error"]["code"] == "wrong_shape"

    def test_a_batch_without_items_is_one_evaluation(self, mesh: Any) -> None:
        body = {"subject": ALICE, "action": READ, "resource": PROFILES}
        assert mesh.client.post("/access/v1/evaluations", json=body).json()["decision"] is True

    def test_a_law_without_a_clear_answer_is_500(self, failing: Any, without_law: Any) -> None:
        for service in (failing, without_law):
            body = {"subject": ALICE, "action": READ, "resource": PROFILES}
            response = service.client.post("/access/v1/evaluation", json=body)
            assert (response.status_code, response.json()["errors"][0]["code"]) == (500, "undefined_decision")

    def test_the_metadata_name_the_endpoints(self, mesh: Any) -> None:
        assert mesh.client.get("/.well-known/authzen-configuration").json() == {
            "policy_decision_point": mesh.url,
            "access_evaluation_endpoint": f"{mesh.url}/access/v1/evaluation",
            "access_evaluations_endpoint": f"{mesh.url}/access/v1/evaluations",
        }


class TestTrino:
    def ask(self, service: Any, rule: str, **action: Any) -> Any:
        context = {"identity": {"user": "alice", "groups": ["analytics-team"]}, "queryId": "q"}
        return service.client.post(
            f"/v1/data/bylaw/trino/{rule}", json={"input": {"context": context, "action": action}}
        )

    def test_allow_and_batch_are_answered(self, mesh: Any) -> None:
        tables = [
            {"table": {"catalogName": "lake", "schemaName": schema, "tableName": name}}
            for schema, name in (("customer", "profiles"), ("finance", "general_ledger"))
        ]
        columns = {"table": {**tables[0]["table"], "columns": ["customer_id"]}}
        allow = self.ask(mesh, "allow", operation="SelectFromColumns", resource=columns)
        batch = self.ask(mesh, "batch", operation="FilterTables", filterResources=tables)
        assert (allow.status_code, allow.json()["result"]) == (200, True)
        assert (batch.status_code, 0 in batch.json()["result"]) == (200, True)
        assert mesh.records()[-1]["custom"]["door"] == "trino"

    def masks(self, service: Any, who: dict[str, Any], table: str, columns: dict[str, str]) -> dict[str, str]:
        """The mask of each column that has one, as Trino asks for all of a table at once."""
        catalog, schema, name = table.split(".")
        place = {"catalogName": catalog, "schemaName": schema, "tableName": name}
        asked = [{"column": {**place, "columnName": column, "columnType": type_}} for column, type_ in columns.items()]
        action = {"operation": "GetColumnMask", "filterResources": asked}
        body = {"input": {"context": {"identity": who, "queryId": "q"}, "action": action}}
        answer = service.client.post("/v1/data/bylaw/trino/batch_column_masks", json=body)
        assert answer.status_code == 200, answer.text
        return {list(columns)[mask["index"]]: mask["viewExpression"]["expression"] for mask in answer.json()["result"]}

    def test_columns_are_masked_by_class_and_category(self, mesh: Any) -> None:
        analyst = {"user": "alice", "groups": ["analytics-team"]}
        service_desk = {"user": "sam", "groups": ["customer-service"]}

        assert self.masks(mesh, analyst, "lake.customer.profiles", PROFILE_COLUMNS) == {
            "email": "regexp_replace(email, '^[^@]+', '*****')",  # the domain's own mask is stronger
            "full_name": "NULL",
        }
        assert self.masks(mesh, service_desk, "lake.customer.profiles", PROFILE_COLUMNS) == {}

    def test_a_grant_that_unmasks_and_the_own_team_see_restricted_columns(self, mesh: Any) -> None:
        columns = {"customer_id": "varchar", "order_summary": "row(a varchar)", "nobody_described_it": "bigint"}
        booking = {"booking_id": "varchar", "amount": "decimal(18,2)"}

        assert self.masks(mesh, {"user": "dana", "groups": []}, "lake.analytics.customer_360", columns) == {}
        assert (
            self.masks(mesh, {"user": "fay", "groups": ["finance-team"]}, "lake.finance.general_ledger", booking) == {}
        )

    @pytest.mark.parametrize(
        ("purpose", "allowed"),
        [("analytics.reporting", True), ("marketing.advertising", False), ("fun", False), (None, True)],
    )
    def test_a_purpose_is_an_extra_credential(self, mesh: Any, purpose: str | None, *, allowed: bool) -> None:
        credentials = {} if purpose is None else {"extraCredentials": {"purpose": purpose}}
        who = {"user": "alice", "groups": ["analytics-team"], **credentials}

        masks = self.masks(mesh, who, "lake.customer.profiles", {"segment": "varchar"})

        assert masks == ({} if allowed else {"segment": "NULL"})

    @pytest.mark.parametrize("rule", ["allow", "batch", "row_filters", "column_mask", "batch_column_masks", "other"])
    def test_what_cannot_be_decided_is_500_and_never_an_empty_answer(self, without_law: Any, rule: str) -> None:
        response = self.ask(without_law, rule, operation="SelectFromColumns")
        assert (response.status_code, response.json()["errors"][0]["code"]) == (500, "undefined_decision")

    @pytest.mark.parametrize(
        ("rule", "code"), [("allow", "eval_conflict_error"), ("row_filters", "undefined_decision")]
    )
    def test_an_error_and_an_unreadable_answer_are_500(self, failing: Any, rule: str, code: str) -> None:
        response = self.ask(failing, rule, operation="SelectFromColumns")
        assert (response.status_code, response.json()["errors"][0]["code"]) == (500, code)


class TestKubernetes:
    @pytest.mark.parametrize("version", ["admission.k8s.io/v1", "admission.k8s.io/v1beta1"])
    def test_a_review_is_answered_in_its_own_version_and_with_its_uid(self, mesh: Any, version: str) -> None:
        asked = review(apiVersion=version)
        answer = mesh.client.post("/kubernetes/validate?timeout=10s", json=asked).json()
        assert (answer["apiVersion"], answer["kind"]) == (version, "AdmissionReview")
        assert answer["response"]["uid"] == asked["request"]["uid"]
        assert isinstance(answer["response"]["allowed"], bool)
        assert mesh.records()[-1]["custom"] == {"door": "kubernetes", "uid": asked["request"]["uid"]}

    @pytest.mark.parametrize(
        "body",
        [
            pytest.param({}, id="empty"),
            pytest.param([], id="a list"),
            pytest.param(review(kind="Pod"), id="another kind"),
            pytest.param(review(apiVersion="admission.k8s.io/v2"), id="another version"),
            pytest.param(review(request=None), id="no request"),
            pytest.param(review(request={"uid": ""}), id="no uid"),
        ],
    )
    def test_what_is_no_review_is_400(self, mesh: Any, body: Any) -> None:
        assert mesh.client.post("/kubernetes/validate", json=body).status_code == 400

    def test_broken_json_is_400(self, mesh: Any) -> None:
        assert mesh.client.post("/kubernetes/validate", content="{").status_code == 400

    def test_what_cannot_be_decided_is_a_well_formed_denial(self, without_law: Any, failing: Any) -> None:
        for service in (without_law, failing):
            response = service.client.post("/kubernetes/validate", json=review())
            answer = response.json()
            message = answer["response"]["status"].pop("message")
            assert (response.status_code, answer) == (
                200,
                {
                    "apiVersion": "admission.k8s.io/v1",
                    "kind": "AdmissionReview",
                    "response": {
                        "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
                        "allowed": False,
                        "status": {"status": "Failure", "code": 500, "reason": "InternalError"},
                    },
                },
            )
            assert message.startswith("the request could not be decided: undefined_decision: ")

    def test_a_key_that_stands_twice_is_a_denial(self, mesh: Any) -> None:
        text = json.dumps(review()).replace('"dryRun": false', '"dryRun": false, "dryRun": true')
        answer = mesh.client.post("/kubernetes/validate", content=text).json()
        assert (answer["response"]["allowed"], answer["response"]["status"]["code"]) == (False, 500)

    def test_the_callers_deadline_bounds_the_evaluation(self, serve: Any) -> None:
        loop = "package bylaw.kubernetes\n\nvalidate if {\n\tsome a in numbers.range(1, 100000)\n"
        loop += "\tsome b in numbers.range(1, 100000)\n\ta * b == -1\n}\n"
        service = serve(modules={"loop.rego": loop})
        answer = service.client.post("/kubernetes/validate?timeout=1s", json=review(), timeout=8).json()
        assert "eval_cancel_error" in answer["response"]["status"]["message"]


class TestShown:
    def test_the_openapi_page_describes_every_path(self, mesh: Any) -> None:
        paths = mesh.client.get("/openapi.json").json()["paths"]
        assert set(paths) == {
            "/.well-known/authzen-configuration",
            "/access/v1/evaluation",
            "/access/v1/evaluations",
            "/health",
            "/kubernetes/validate",
            "/metrics",
            "/v0/data/{path}",
            "/v1/batch/data/{path}",
            "/v1/config",
            "/v1/data/bylaw/trino/allow",
            "/v1/data/bylaw/trino/batch",
            "/v1/data/bylaw/trino/batch_column_masks",
            "/v1/data/bylaw/trino/column_mask",
            "/v1/data/bylaw/trino/row_filters",
            "/v1/data/{path}",
            "/v1/decisions/{kind}",
            "/v1/policies",
            "/bundles/{name}",
            "/discovery/{name}",
            "/logs",
            "/status",
            "/v1/fleet",
            "/v1/waivers",
            "/v1/waivers/report",
            "/v1/waivers/{id}",
            "/v1/waivers/{id}/approve",
            "/v1/waivers/{id}/withdraw",
            "/v1/policies/{id}",
            "/v1/query",
            "/v1/status",
        }
        assert mesh.client.get("/docs").headers["content-type"] == "text/html; charset=utf-8"

    def test_metrics_count_requests_and_decisions(self, serve: Any) -> None:
        service = serve(modules=FAILING_LAW)
        service.client.post("/v1/data/bylaw/trino/row_filters", json={"input": {}})
        service.client.post("/v1/data/bylaw/trino/allow", json={"input": {"action": 1}})
        service.client.request("TRACE", "/coffee")
        response = service.client.get("/metrics")
        lines = set(response.text.splitlines())
        assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert lines >= {
            'http_request_duration_seconds_count{code="500",handler="v1/data",method="post"} 2.0',
            'http_request_duration_seconds_count{code="404",handler="catchall",method="other"} 1.0',
            'bylaw_decisions_total{decision="answered",door="trino",kind="access"} 1.0',
            'bylaw_decisions_total{decision="undecided",door="trino",kind="access"} 1.0',
            'bylaw_undecided_total{code="eval_conflict_error",door="trino"} 1.0',
            "bylaw_evaluation_duration_seconds_count 1.0",
            "bylaw_audit_duration_seconds_count 1.0",
            'bylaw_bundle_loads_total{outcome="activated"} 1.0',
        }

    def test_status_names_each_bundle_with_its_revision(self, mesh: Any) -> None:
        bundles = mesh.client.get("/v1/status").json()["result"]["bundles"]
        assert set(bundles) == {"library", "global", "mesh", "customer", "product", "order", "analytics", "finance"}
        assert all(re.fullmatch(r"\S+", bundle["active_revision"]) for bundle in bundles.values())

    def test_settings_can_be_printed_without_serving(self, tmp_path: Any) -> None:
        import sys

        command = [
            sys.executable,
            "-m",
            "bylaw_adapters.cli.main",
            "serve",
            "--print-settings",
            "--state",
            str(tmp_path),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        assert json.loads(done.stdout)["state_dir"] == str(tmp_path)
