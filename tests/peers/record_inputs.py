"""
Writes ``recorded_inputs/``: questions of every kind, ordinary and odd, from one seed. Run it to record anew:

    .venv/bin/python tests/peers/record_inputs.py

An ordinary question is a document of the normal form with random but sensible facts; an odd one is an ordinary one that
was damaged: parts missing, wrong types, other alphabets, numbers beyond 64 bits, facts that contradict each other. The
questions are kept in the repository, so that a verdict which changes is seen as a change.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

SEED = 20_260_902
FOLDER = Path(__file__).parent / "recorded_inputs"
ORDINARY, ODD = 16, 18
CAREFUL_SHARE = 0.5
# Whoever asks puts the present in its place: evidence is fresh or it is none.
NOW = "{{now}}"

DOMAINS = ("customer", "product", "order", "analytics", "finance", "elsewhere")
PRODUCTS = {
    "customer": ("customer-profile", "customer-behavior", "customer-segments"),
    "product": ("product-catalog",),
    "order": ("order-transactions",),
    "analytics": ("customer-360",),
    "finance": ("general-ledger", "expense-claims"),
    "elsewhere": ("nothing",),
}
# Tables of the example mesh, bound to a product or to a domain or to nothing.
TABLES = (
    "lake.customer.profiles",
    "lake.customer.events",
    "lake.customer.segments",
    "lake.product.products",
    "lake.orders.transactions",
    "lake.analytics.customer_360",
    "lake.finance.general_ledger",
    "lake.finance.unbound",
    "lake.elsewhere.unbound",
    "system.jdbc.tables",
)
CLASSIFICATIONS = ("public", "internal", "confidential", "restricted")
ROLES = ("data-analyst", "ml-engineer", "marketing", "contractor", "platform", "external-user")
GROUPS = ("data-analyst", "customer-team", "order-team", "finance-team", "platform-team", "contractor")
ACTIONS = ("list", "describe", "read", "write", "create", "alter", "drop", "execute", "impersonate", "administer")
MODES = ("BACKWARD", "FORWARD", "FULL", "NONE", "BACKWARD_TRANSITIVE")
DIFFERENCES = (
    "field_added",
    "field_removed",
    "type_changed",
    "default_added",
    "default_removed",
    "required_added",
    "required_removed",
)
PROTECTIONS = ("access_control", "audit_logging", "encryption", "masking", "pseudonymisation")
METRICS = ("completeness", "accuracy", "uniqueness", "freshness_seconds", "validity")

WHOLE_INPUTS: tuple[Any, ...] = (
    None,
    {},
    [],
    "text",
    7,
    True,
    {"product": None},
    {"product": []},
    {"subject": "alice"},
)
DAMAGES: tuple[Any, ...] = (
    None,
    "",
    " ",
    0,
    -1,
    0.5,
    1e6,
    123456789012345678901234567890,
    True,
    False,
    [],
    {},
    [None],
    {"": ""},
    "Ünïcödé ✓ 漢字 \u202e\U0001f600",
    "<script>&\u2028",
    "INTERNAL",
    "2026-02-30T25:61:00Z",
    "99999999999999999999d",
)

Maker = Callable[[random.Random], Any]


def product(rng: random.Random) -> dict[str, Any]:
    """Half of them are what a careful team would publish; the others say whatever comes."""
    return _careful_product(rng) if rng.random() < CAREFUL_SHARE else _any_product(rng)


def _careful_product(rng: random.Random) -> dict[str, Any]:
    document = _any_product(rng, left_out=0)
    for field in document["contract"]["schema"][0]["fields"]:
        field |= {"description": f"The {field['name']}.", "personal": field["name"] == "email"}
        field.pop("retention_days", None)
    port = {"format": rng.choice(("delta", "iceberg")), "encryption": {"at_rest": "AES-256", "in_transit": "TLS"}}
    document["output_ports"][0] |= port
    promise = {"metric": "completeness", "operator": "gte", "threshold": 0.95, "path": "contract.quality[completeness]"}
    document["contract"]["quality"] = [promise]
    return document | {
        "classification": rng.choice(("confidential", "restricted")),
        "retention": {"days": rng.choice((365, 1095, 2557))},
        "sla": {"availability": 0.999, "completeness": 0.95, "freshness_seconds": 3600},
        "protections": list(PROTECTIONS),
        "status": rng.choice(("draft", "active")),
    }


def _any_product(rng: random.Random, *, left_out: int | None = None) -> dict[str, Any]:
    domain = rng.choice(DOMAINS)
    name = rng.choice(PRODUCTS[domain])
    document: dict[str, Any] = {
        "domain": domain,
        "name": name,
        "version": rng.choice(("1.0.0", "2.1.0", "0.9.0-rc.1")),
        "owner": f"{domain}-team@company.com",
        "status": rng.choice(("draft", "active", "deprecated")),
        "description": f"What {domain} knows, described for its readers.",
        "classification": rng.choice(CLASSIFICATIONS),
        "tags": rng.sample(("golden", "daily", "pii", "derived"), k=2),
        "retention": {"days": rng.choice((30, 365, 1095, 2555, 2556))},
        "sla": {"availability": rng.choice((0.9, 0.99, 0.999)), "completeness": 0.95, "freshness_seconds": 3600},
        "protections": rng.sample(PROTECTIONS, k=rng.randint(0, 3)),
        "access_policies": [{"role": rng.choice(ROLES), "permissions": ["read"]}],
        "compatibility": rng.choice(MODES),
        "deprecation_notice_days": rng.choice((0, 30, 90)),
        "output_ports": [_port(rng, name)],
        "contract": _contract(rng, name),
    }
    for part in rng.sample(sorted(document), k=rng.choice((0, 1, 3)) if left_out is None else left_out):
        del document[part]
    return document


def _port(rng: random.Random, name: str) -> dict[str, Any]:
    port: dict[str, Any] = {
        "name": "daily",
        "path": "output_ports[daily]",
        "type": rng.choice(("table", "files", "stream")),
        "format": rng.choice(("delta", "iceberg", "parquet", "json")),
        "location": f"s3://data-products/{name}/",
    }
    if rng.random() < 0.6:
        at_rest = rng.choice(("AES-256", "AES256", "none"))
        port["encryption"] = {"at_rest": at_rest, "in_transit": rng.choice(("TLS", "none"))}
    return port


def _contract(rng: random.Random, name: str) -> dict[str, Any]:
    path = f"contract.schema[{name}]"
    fields = [_field(rng, path, field) for field in ("id", "email", "amount", "country")]
    return {
        "standard": rng.choice(("odcs", "seed:domain", "bylaw")),
        "id": f"urn:{name}",
        "version": "1.0.0",
        "name": name,
        "status": "active",
        "path": "contract",
        "schema": [{"name": name, "path": path, "description": "One row a thing.", "fields": fields}],
        "quality": [_promise(rng, metric) for metric in rng.sample(METRICS, k=2)],
    }


def _promise(rng: random.Random, metric: str) -> dict[str, Any]:
    operator = rng.choice(("gte", "lte", "gt", "lt", "equals"))
    return {"metric": metric, "operator": operator, "threshold": 0.95, "path": f"contract.quality[{metric}]"}


def _field(rng: random.Random, parent: str, name: str) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": name,
        "path": f"{parent}.{name}",
        "type": rng.choice(("string", "integer", "decimal(10,2)")),
        "required": rng.random() < 0.5,
    }
    if rng.random() < 0.8:
        field["description"] = f"The {name}."
    if name == "email" and rng.random() < 0.8:
        field |= {"personal": True, "classification": rng.choice(("restricted", "confidential", "pii"))}
    if rng.random() < 0.2:
        field["encryption"] = "AES-256"
    if rng.random() < 0.2:
        field["retention_days"] = rng.choice((30, 5000))
    return field


def of_a_product(rng: random.Random) -> dict[str, Any]:
    document: dict[str, Any] = {"product": product(rng)}
    if rng.random() < 0.4:
        document["previous"] = product(rng)
    return document


def quality(rng: random.Random) -> dict[str, Any]:
    document = of_a_product(rng)
    results = _good_results() if rng.random() < CAREFUL_SHARE else _any_results(rng)
    facts: dict[str, Any] = {"results": [result | _origin(rng) for result in results]}
    if rng.random() < 0.3:
        facts["partition"] = rng.choice(("day=1", "day=2"))
    if rng.random() < 0.5:
        facts["results"].append(_failed_rows(rng))
    if rng.random() < 0.5:
        facts["history"] = [_series(rng, metric) for metric in rng.sample(METRICS, k=2)]
    return document | {"quality": facts}


def _origin(rng: random.Random) -> dict[str, Any]:
    """Whom a result is from and of what; mostly nothing that would keep it from counting."""
    said: dict[str, Any] = {}
    if rng.random() < 0.2:
        said["signed"] = rng.choice(("verified", "verified", "none", "stranger", "invalid"))
        said["producer"] = rng.choice(("orders-ci", "monitor"))
    if rng.random() < 0.2:
        said["contract_version"] = rng.choice(("1.0.0", "1.0.0", "0.9.0"))
    if rng.random() < 0.1:
        said["partition"] = rng.choice(("day=1", "day=2"))
    if rng.random() < 0.1:
        said["product"] = "nothing"
    return said


def _failed_rows(rng: random.Random) -> dict[str, Any]:
    failed = rng.choice((1, 2, 50))
    return _result("orders.status.invalidValues", "fail", failed, NOW) | {
        "dataset": "orders",
        "field": "status",
        "measure": rng.choice(("invalidValues", "duplicateValues", "nullValues")),
        "unit": "rows",
        "rows": rng.choice((200, 1000, 30)),
        "failed_rows": failed,
        "severity": rng.choice(("low", "critical")),
    }


def _series(rng: random.Random, metric: str) -> dict[str, Any]:
    samples = [
        {"observed_at": rng.choice((NOW, "2001-01-01T00:00:00Z")), "status": "pass", "value": rng.choice((0.5, 1))}
        for _ in range(rng.randint(0, 5))
    ]
    return {"metric": metric, "samples": samples} | _origin(rng)


def _good_results() -> list[dict[str, Any]]:
    return [_result(metric, "pass", 0.95 if metric != "freshness_seconds" else 60, NOW) for metric in METRICS]


def _any_results(rng: random.Random) -> list[dict[str, Any]]:
    return [
        _result(
            metric,
            rng.choice(("pass", "pass", "fail", "error", "skipped", "missing")),
            rng.choice((0.5, 0.95, 0.96, 1, 3600, 86_400)),
            rng.choice((NOW, NOW, "2001-01-01T00:00:00Z", "2999-12-31T23:59:59.5+02:00", "yesterday")),
        )
        for metric in rng.sample(METRICS, k=rng.randint(0, 4))
    ]


def _result(metric: str, status: str, value: float, observed_at: str) -> dict[str, Any]:
    return {
        "check": f"{metric}-check",
        "metric": metric,
        "status": status,
        "value": value,
        "observed_at": observed_at,
        "source": "great_expectations",
        "path": f"quality.results[{metric}]",
    }


def schema(rng: random.Random) -> dict[str, Any]:
    differences = []
    for name in rng.sample(("id", "email", "amount", "country", "note"), k=rng.randint(0, 3)):
        difference: dict[str, Any] = {
            "type": rng.choice(DIFFERENCES),
            "path": f"contract.schema[t].{name}",
            "field": name,
            "required": rng.random() < 0.5,
            "has_default": rng.random() < 0.5,
        }
        if difference["type"] == "type_changed":
            difference |= {"from": rng.choice(("int", "string")), "to": rng.choice(("long", "double", "string"))}
        differences.append(difference)
    facts = {
        "subject": "customer-value",
        "type": rng.choice(("AVRO", "JSON", "PROTOBUF")),
        "compatibility": rng.choice(MODES),
        "differences": differences,
    }
    return {"schema": facts} | (of_a_product(rng) if rng.random() < 0.7 else {})


def publication(rng: random.Random) -> dict[str, Any]:
    if rng.random() < CAREFUL_SHARE:
        return {"product": _careful_product(rng), "quality": {"results": _good_results()}}
    return schema(rng) | quality(rng)


def access(rng: random.Random) -> dict[str, Any]:
    table = rng.choice(TABLES)
    catalog, schema_, name = table.split(".")
    properties: dict[str, Any] = {"catalog": catalog, "schema": schema_, "table": name, "columns": ["id", "email"]}
    if rng.random() < 0.2:
        domain = rng.choice(DOMAINS)
        properties |= {"domain": domain, "product": rng.choice(PRODUCTS[domain])}
        properties |= {"classification": rng.choice(CLASSIFICATIONS)}
    groups = rng.sample(GROUPS, k=rng.randint(0, 3))
    if rng.random() < CAREFUL_SHARE:
        groups = [f"{schema_.removesuffix('s')}-team"]
    roles = rng.sample(ROLES, k=rng.randint(0, 2))
    subject = {"groups": groups, "roles": roles, "domain": rng.choice(DOMAINS)}
    return {
        "subject": {"type": "user", "id": rng.choice(("alice", "bob", "service-etl")), "properties": subject},
        "action": {"name": rng.choice((*ACTIONS, "read", "read")), "properties": {"operation": "SelectFromColumns"}},
        "resource": {"type": "table", "id": table, "properties": properties},
        "context": {"door": rng.choice(("authzen", "trino", "rest")), "purpose": rng.choice(("reporting", "fraud"))},
    }


def _trino(rng: random.Random, action: dict[str, Any]) -> dict[str, Any]:
    identity = {"user": rng.choice(("alice", "bob", "admin")), "groups": rng.sample(GROUPS, k=rng.randint(0, 2))}
    return {
        "context": {"identity": identity, "softwareStack": {"trinoVersion": "476"}, "properties": {}, "queryId": "q_1"},
        "action": action,
    }


def _table(rng: random.Random, **more: Any) -> dict[str, Any]:
    catalog, schema_, name = rng.choice(TABLES).split(".")
    return {"catalogName": catalog, "schemaName": schema_, "tableName": name} | more


def trino_allow(rng: random.Random) -> dict[str, Any]:
    table = {"table": _table(rng)}
    schema_ = {"schema": {"catalogName": "lake", "schemaName": rng.choice(DOMAINS)}}
    action = rng.choice(
        (
            {"operation": "ExecuteQuery"},
            {"operation": "AccessCatalog", "resource": {"catalog": {"name": rng.choice(("lake", "system"))}}},
            {"operation": "ShowSchemas", "resource": {"catalog": {"name": "lake"}}},
            {"operation": "ShowTables", "resource": schema_},
            {
                "operation": "SelectFromColumns",
                "resource": {"table": _table(rng, columns=rng.choice(([], ["id", "email"])))},
            },
            {"operation": "InsertIntoTable", "resource": table},
            {"operation": "UpdateTableColumns", "resource": {"table": _table(rng, columns=["email"])}},
            {
                "operation": "CreateTable",
                "resource": {"table": _table(rng, properties={"format": "PARQUET", "x": None})},
            },
            {"operation": "RenameTable", "resource": table, "targetResource": {"table": _table(rng)}},
            {"operation": "DropTable", "resource": table},
            {"operation": "SetTableAuthorization", "resource": table, "grantee": {"name": "bob", "type": "USER"}},
            {"operation": "ImpersonateUser", "resource": {"user": {"user": "bob"}}},
            {"operation": "KillQueryOwnedBy", "resource": {"user": {"user": "alice", "groups": ["analysts"]}}},
            {
                "operation": "ExecuteFunction",
                "resource": {"function": {"catalogName": "system", "schemaName": "builtin", "functionName": "version"}},
            },
            {"operation": "ExecuteTableProcedure", "resource": {**table, "function": {"functionName": "OPTIMIZE"}}},
            {
                "operation": "SetSystemSessionProperty",
                "resource": {"systemSessionProperty": {"name": "query_priority"}},
            },
            {"operation": "NobodyKnowsThis", "resource": table},
        )
    )
    return _trino(rng, copy.deepcopy(action))


def trino_batch(rng: random.Random) -> dict[str, Any]:
    tables = [{"table": _table(rng)} for _ in range(rng.randint(0, 5))]
    action = rng.choice(
        (
            {"operation": "FilterTables", "filterResources": tables},
            {
                "operation": "FilterCatalogs",
                "filterResources": [{"catalog": {"name": n}} for n in ("lake", "system", "x")],
            },
            {
                "operation": "FilterSchemas",
                "filterResources": [{"schema": {"catalogName": "lake", "schemaName": d}} for d in DOMAINS],
            },
            {
                "operation": "FilterColumns",
                "filterResources": [{"table": _table(rng, columns=["id", "email", "amount"])}],
            },
            {
                "operation": "FilterViewQueryOwnedBy",
                "filterResources": [{"user": {"user": u, "groups": []}} for u in ("alice", "bob")],
            },
        )
    )
    return _trino(rng, action)


def trino_row_filters(rng: random.Random) -> dict[str, Any]:
    return _trino(rng, {"operation": "GetRowFilters", "resource": {"table": _table(rng)}})


def _column(rng: random.Random) -> dict[str, Any]:
    return {"column": _table(rng, columnName=rng.choice(("id", "email", "amount")), columnType="varchar")}


def trino_column_mask(rng: random.Random) -> dict[str, Any]:
    return _trino(rng, {"operation": "GetColumnMask", "resource": _column(rng)})


def trino_batch_column_masks(rng: random.Random) -> dict[str, Any]:
    return _trino(
        rng, {"operation": "GetColumnMask", "filterResources": [_column(rng) for _ in range(rng.randint(0, 4))]}
    )


def manifest(rng: random.Random) -> dict[str, Any]:
    kind = rng.choice(("Deployment", "Namespace", "Service", "DataProduct", "PersistentVolumeClaim"))
    labels = {"mesh.company.com/domain": rng.choice(DOMAINS), "mesh.company.com/product": "customer-profile"}
    metadata: dict[str, Any] = {"name": f"a-{kind.lower()}", "namespace": "data-product-customer-profile"}
    if rng.random() < 0.7:
        metadata["labels"] = {key: value for key, value in labels.items() if rng.random() < 0.8}
    if rng.random() < 0.6:
        metadata["annotations"] = {"mesh.company.com/owner": "customer-team@company.com"}
    container = {
        "name": "api",
        "image": rng.choice(("registry/api:1.0", "registry/api:latest")),
        "resources": {"limits": {"cpu": "500m", "memory": "512Mi"}},
    }
    versions = {"Deployment": "apps/v1", "DataProduct": "mesh.company.com/v1"}
    document: dict[str, Any] = {"apiVersion": versions.get(kind, "v1"), "kind": kind, "metadata": metadata}
    if kind == "Deployment":
        document["spec"] = {
            "replicas": 3,
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        }
    if kind == "DataProduct":
        document["spec"] = {"owner": "customer-team@company.com", "classification": rng.choice(CLASSIFICATIONS)}
    return document


def plan(rng: random.Random) -> dict[str, Any]:
    changes, resources = [], []
    for number in range(rng.randint(1, 3)):
        address = f"aws_s3_bucket.bucket{number}"
        after: dict[str, Any] = {"bucket": f"bucket-{number}", "tags": {}}
        if rng.random() < 0.7:
            after["tags"]["DataClassification"] = rng.choice(("PII", "public", "pii"))
        if rng.random() < 0.6:
            after["tags"]["Domain"] = rng.choice(DOMAINS)
        if rng.random() < 0.5:
            after["tags"]["Owner"] = "team@company.com"
        if rng.random() < 0.4:
            sse = {"apply_server_side_encryption_by_default": [{"sse_algorithm": rng.choice(("AES256", "aws:kms"))}]}
            after["server_side_encryption_configuration"] = [{"rule": [sse]}]
        if rng.random() < 0.4:
            after["logging"] = [{"target_bucket": "audit", "target_prefix": "log/"}]
        actions = rng.choice((["create"], ["update"], ["no-op"], ["delete"], ["delete", "create"]))
        change = {
            "actions": actions,
            "before": None,
            "after": None if actions == ["delete"] else after,
            "after_unknown": {},
        }
        common = {"address": address, "type": "aws_s3_bucket", "name": f"bucket{number}", "mode": "managed"}
        changes.append({**common, "change": change})
        resources.append({**common, "values": after})
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "resource_changes": changes,
        "planned_values": {"root_module": {"resources": resources}},
    }


def provisioning(rng: random.Random) -> dict[str, Any]:
    if rng.random() < 0.5:
        return {"plan": plan(rng)}
    document: dict[str, Any] = {
        "manifest": manifest(rng),
        "subject": {"type": "user", "id": "deployer", "properties": {"groups": ["system:authenticated"]}},
        "action": {"name": rng.choice(("create", "alter", "drop")), "properties": {"operation": "CREATE"}},
        "context": {"door": "kubernetes", "dry_run": False, "namespace": "data-product-customer-profile"},
    }
    if rng.random() < 0.3:
        document["previous_manifest"] = manifest(rng)
    return document


def admission_review(rng: random.Random) -> dict[str, Any]:
    operation = rng.choice(("CREATE", "UPDATE", "DELETE", "CONNECT"))
    request: dict[str, Any] = {
        "uid": f"{rng.randrange(16**8):08x}-705f-11ee-b962-0242ac120002",
        "kind": {"group": "", "version": "v1", "kind": "Namespace"},
        "resource": {"group": "", "version": "v1", "resource": "namespaces"},
        "name": "a",
        "namespace": "data-product-customer-profile",
        "operation": operation,
        "userInfo": {"username": "deployer", "groups": ["system:authenticated"]},
        "dryRun": rng.random() < 0.2,
        "object": None if operation == "DELETE" else manifest(rng),
        "oldObject": manifest(rng) if operation in {"UPDATE", "DELETE"} else None,
    }
    version = rng.choice(("admission.k8s.io/v1", "admission.k8s.io/v1", "admission.k8s.io/v1beta1"))
    return {"apiVersion": version, "kind": "AdmissionReview", "request": request}


MAKERS: dict[str, Maker] = {
    "bylaw/decisions/access/decision": access,
    "bylaw/decisions/quality/decision": quality,
    "bylaw/decisions/privacy/decision": of_a_product,
    "bylaw/decisions/retention/decision": of_a_product,
    "bylaw/decisions/schema/decision": schema,
    "bylaw/decisions/compliance/decision": of_a_product,
    "bylaw/decisions/provisioning/decision": provisioning,
    "bylaw/decisions/publication/decision": publication,
    "bylaw/trino/allow": trino_allow,
    "bylaw/trino/batch": trino_batch,
    "bylaw/trino/row_filters": trino_row_filters,
    "bylaw/trino/column_mask": trino_column_mask,
    "bylaw/trino/batch_column_masks": trino_batch_column_masks,
    "bylaw/kubernetes/validate": admission_review,
}


def questions(entrypoint: str, make: Maker) -> Iterator[Any]:
    rng = random.Random(f"{SEED} {entrypoint}")
    for _ in range(ORDINARY):
        yield make(rng)
    for _ in range(ODD):
        yield damaged(rng, make(rng))
    yield from rng.sample(WHOLE_INPUTS, k=4)


def damaged(rng: random.Random, document: Any) -> Any:
    for _ in range(rng.randint(1, 3)):
        places = list(_places(document))
        if not places:
            return document
        holder, key = rng.choice(places)
        match rng.randrange(4):
            case 0 if isinstance(holder, dict):
                del holder[key]
            case 1:
                holder[key] = [holder[key], copy.deepcopy(holder[key])]
            case _:
                holder[key] = copy.deepcopy(rng.choice(DAMAGES))
    return document


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in entries:
        yield value, key
        yield from _places(child)


def record() -> None:
    FOLDER.mkdir(exist_ok=True)
    for entrypoint, make in MAKERS.items():
        name = entrypoint.removeprefix("bylaw/").removeprefix("decisions/").removesuffix("/decision").replace("/", "_")
        lines = [
            json.dumps({"id": f"{name}-{number:02}", "entrypoint": entrypoint, "input": question}, ensure_ascii=False)
            for number, question in enumerate(questions(entrypoint, make), start=1)
        ]
        (FOLDER / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
