package global.access.trino_clients_test

import data.global.access.trino_clients

_asks(action, type, id) := {
	"subject": {"type": "user", "id": "alice", "properties": {"groups": []}},
	"action": {"name": action},
	"resource": {"type": type, "id": id, "properties": {}},
	"context": {"door": "trino"},
}

test_granted[note] if {
	some row in [
		["execute", "engine", "trino"],
		["execute", "function", "system.builtin.version"],
		["list", "catalog", "system"],
		["list", "schema", "system.jdbc"],
		["list", "schema", "lake.information_schema"],
		["read", "table", "system.jdbc.tables"],
		["read", "table", "system.metadata.catalogs"],
		["read", "table", "lake.information_schema.columns"],
		["describe", "table", "system.runtime.queries"],
	]
	note := concat(" ", row)
	count(trino_clients.grant) == 1 with input as _asks(row[0], row[1], row[2])
		with data.global.parameters as {}
}

test_not_granted[note] if {
	some row in [
		["administer", "engine", "trino"],
		["drop", "function", "system.builtin.version"],
		["execute", "procedure", "system.builtin.version"],
		["list", "schema", "system"],
		["drop", "schema", "system.jdbc"],
		["list", "function", "system.jdbc"],
		["read", "view", "system.jdbc.tables"],
		["execute", "function", "lake.customer.decrypt"],
		["list", "catalog", "lake"],
		["read", "catalog", "system"],
		["list", "schema", "lake.customer"],
		["list", "schema", "system.security"],
		["write", "table", "system.jdbc.tables"],
		["read", "table", "system.runtime.nodes"],
		["read", "table", "system.jdbc.tables.more"],
		["read", "table", "lake.customer.columns"],
		["read", "table", "lake.customer.information_schema.columns"],
	]
	note := concat(" ", row)
	trino_clients.grant == set() with input as _asks(row[0], row[1], row[2])
		with data.global.parameters as {}
}

test_not_granted_without_facts if trino_clients.grant == set() with input as {}

test_the_council_names_the_tables if {
	trino_clients.grant == {{"msg": "clients need this system table"}} with input as _asks("read", "table", "system.runtime.nodes")
		with data.global.parameters.trino_client_tables as ["system.runtime.nodes"]

	trino_clients.grant == set() with input as _asks("read", "table", "system.jdbc.tables")
		with data.global.parameters.trino_client_tables as ["system.runtime.nodes"]
}
