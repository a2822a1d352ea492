//! One decision for each of many resources, within one evaluation.

use super::Workload;

/// Who may do what: the rules are asked once a resource.
const AUTHZ: &str = r#"package authz

default allow := false

allow if {
	some role in data.users[input.user].roles
	some grant in data.roles[role].grants
	grant.catalog == input.resource.table.catalogName
	grant.schema in {"*", input.resource.table.schemaName}
	not denied
}

denied if input.resource.table.schemaName in data.closed
"#;

const REPLACING: &str = r#"package batch

allowed contains i if {
	some i
	data.authz.allow with input as {"user": input.user, "resource": input.resources[i]}
}
"#;

/// As Trino's documentation writes batches: the input stays, one path of it changes.
const PATCHING: &str = r#"package trino

import rego.v1

default allow := false

allow if {
	some role in data.users[input.context.identity.user].roles
	some grant in data.roles[role].grants
	grant.catalog == input.action.resource.table.catalogName
	grant.schema in {"*", input.action.resource.table.schemaName}
	not denied
}

denied if input.action.resource.table.schemaName in data.closed

batch contains i if {
	some i
	raw_resource := input.action.filterResources[i]
	allow with input.action.resource as raw_resource
}

batch contains i if {
	some i
	input.action.operation == "FilterColumns"
	count(input.action.filterResources) == 1
	raw_resource := input.action.filterResources[0]
	count(raw_resource.table.columns) > 0
	new_resources := [object.union(raw_resource, {"table": {"column": column_name}}) |
		column_name := raw_resource.table.columns[_]
	]
	allow with input.action.resource as new_resources[i]
}
"#;

const DATA: &str = r#"{"users":{"alice":{"roles":["analyst","steward"]}},"roles":{"analyst":{"grants":[{"catalog":"lake","schema":"sales"},{"catalog":"lake","schema":"marketing"}]},"steward":{"grants":[{"catalog":"archive","schema":"*"}]}},"closed":["hr","legal"]}"#;

pub fn replacing(resources: usize) -> Workload {
    let input = format!(r#"{{"user":"alice","resources":[{}]}}"#, tables(resources));
    Workload {
        modules: vec![("authz.rego".into(), AUTHZ.into()), ("batch.rego".into(), REPLACING.into())],
        data: DATA.into(),
        inputs: vec![input.into_bytes()],
        path: &["batch", "allowed"],
    }
}

pub fn patching(resources: usize) -> Workload {
    let input = format!(
        r#"{{"context":{{"identity":{{"user":"alice","groups":["analysts"]}},"softwareStack":{{"trinoVersion":"476"}}}},"action":{{"operation":"FilterTables","filterResources":[{}]}}}}"#,
        tables(resources)
    );
    Workload {
        modules: vec![("trino.rego".into(), PATCHING.into())],
        data: DATA.into(),
        inputs: vec![input.into_bytes()],
        path: &["trino", "batch"],
    }
}

fn tables(count: usize) -> String {
    const CATALOGS: [&str; 3] = ["lake", "archive", "scratch"];
    const SCHEMAS: [&str; 5] = ["sales", "marketing", "hr", "legal", "public"];
    let table = |n: usize| {
        let (catalog, schema) = (CATALOGS[n % 3], SCHEMAS[n / 3 % 5]);
        format!(r#"{{"table":{{"catalogName":"{catalog}","schemaName":"{schema}","tableName":"table_{n}"}}}}"#)
    };
    (0..count).map(table).collect::<Vec<_>>().join(",")
}
