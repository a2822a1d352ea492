# METADATA
# title: Every client may ask Trino what it needs to work
# description: >-
#   Drivers and BI tools read system tables before a person has typed a query. They may execute queries, list the system
#   catalogue, and read the tables of the parameter `trino_client_tables`. What those tables show is judged item by item.
# custom:
#   id: ACC-001
#   enforcement: deny
#   severity: low
#   controls: []
#   remediation: Ask the platform team for the system table that a client lacks.
package global.access.trino_clients

import data.bylaw.lib.access

grant contains {"msg": "every client may run queries; what they touch is judged by itself"} if {
	access.action == "execute"
	access.resource.type == "engine"
}

grant contains {"msg": "Trino's built-in functions are open to everybody"} if {
	access.action == "execute"
	access.resource.type == "function"
	startswith(access.resource.id, "system.builtin.")
}

grant contains {"msg": "the system catalogue can be listed by everybody"} if {
	access.action == "list"
	access.resource.id == "system"
	access.resource.type == "catalog"
}

grant contains {"msg": "system schemas can be listed by everybody"} if {
	access.action == "list"
	access.resource.type == "schema"
	some table in _client_tables
	[catalog, schema, _] := split(table, ".")
	_is_schema(catalog, schema)
}

grant contains {"msg": "clients need this system table"} if {
	access.action in {"list", "describe", "read"}
	access.resource.type == "table"
	some table in _client_tables
	glob.match(table, ["."], access.resource.id)
}

_is_schema(catalog, schema) if glob.match(concat(".", [catalog, schema]), ["."], access.resource.id)

# The facts of what Trino's clients read come from Lakekeeper's OPA bridge, which found them out the hard way.
default _client_tables := [
	"system.jdbc.*",
	"system.metadata.analyze_properties",
	"system.metadata.catalogs",
	"system.metadata.column_properties",
	"system.metadata.materialized_views",
	"system.metadata.schema_properties",
	"system.metadata.table_comments",
	"system.metadata.table_properties",
	"system.runtime.queries",
	"*.information_schema.columns",
	"*.information_schema.schemata",
	"*.information_schema.tables",
	"*.information_schema.views",
]

_client_tables := data.global.parameters.trino_client_tables
