package bylaw.lib.trino_test

import data.bylaw.lib.trino

_table := {"catalogName": "lake", "schemaName": "customer", "tableName": "profiles"}

_names := {"catalog": "lake", "schema": "customer", "table": "profiles"}

test_resources_are_named[note] if {
	some note, [wire, named] in {
		"table": [{"table": _table}, {"type": "table", "id": "lake.customer.profiles", "properties": _names}],
		"table with columns": [
			{"table": object.union(_table, {"columns": ["id"]})},
			{
				"type": "table",
				"id": "lake.customer.profiles",
				"properties": object.union(_names, {"columns": ["id"]}),
			},
		],
		"table procedure": [
			{"table": _table, "function": {"functionName": "OPTIMIZE"}},
			{
				"type": "table",
				"id": "lake.customer.profiles",
				"properties": object.union(_names, {"procedure": "OPTIMIZE"}),
			},
		],
		"column": [
			{"column": object.union(_table, {"columnName": "email", "columnType": "varchar"})},
			{
				"type": "table",
				"id": "lake.customer.profiles",
				"properties": object.union(_names, {"columns": ["email"], "column_type": "varchar"}),
			},
		],
		"schema": [
			{"schema": {"catalogName": "lake", "schemaName": "customer", "properties": {}}},
			{
				"type": "schema",
				"id": "lake.customer",
				"properties": {"catalog": "lake", "schema": "customer", "properties": {}},
			},
		],
		"catalog": [{"catalog": {"name": "lake"}}, {"type": "catalog", "id": "lake", "properties": {"catalog": "lake"}}],
		"function": [
			{"function": {"catalogName": "lake", "schemaName": "f", "functionName": "g"}},
			{
				"type": "function",
				"id": "lake.f.g",
				"properties": {"catalog": "lake", "schema": "f", "function": "g"},
			},
		],
		"user": [
			{"user": {"user": "bob", "groups": ["g"]}},
			{"type": "user", "id": "bob", "properties": {"groups": ["g"]}},
		],
		"system session property": [
			{"systemSessionProperty": {"name": "p"}},
			{"type": "session_property", "id": "p", "properties": {"property": "p"}},
		],
		"catalog session property": [
			{"catalogSessionProperty": {"catalogName": "lake", "propertyName": "p"}},
			{"type": "session_property", "id": "lake.p", "properties": {"catalog": "lake", "property": "p"}},
		],
	}
	trino.resource(wire) == named
}

test_what_lacks_a_name_is_no_resource[note] if {
	some note, wire in {
		"nothing": {},
		"a table without a schema": {"table": {"catalogName": "lake", "tableName": "t"}},
		"a number for a name": {"catalog": {"name": 7}},
		"a table that is a text": {"table": "lake.customer.profiles"},
		"no object": "table",
	}
	not trino.resource(wire)
}

test_a_query_goes_by_its_owner if {
	owner := {"type": "user", "id": "bob", "properties": {"groups": ["g"]}}
	trino.query_of(owner) == {"type": "query", "id": "bob", "properties": {"groups": ["g"], "owner": "bob"}}
}

test_a_table_is_asked_about_one_column if {
	table := {"type": "table", "id": "t", "properties": {"columns": ["a", "b"], "table": "t"}}
	trino.with_column(table, "b") == {"type": "table", "id": "t", "properties": {"columns": ["b"], "table": "t"}}
}
