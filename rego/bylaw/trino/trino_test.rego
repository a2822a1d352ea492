package bylaw.trino_test

import data.bylaw.trino

_mesh := {
	"products": {
		"customer/c360": {"domain": "customer", "name": "c360", "classification": "restricted"},
		"order/orders": {"domain": "order", "name": "orders"},
	},
	"bindings": {"schemas": {"lake.customer": "customer/c360", "lake.order": "order/orders"}},
}

_request(action) := {
	"context": {
		"identity": {"user": "alice", "groups": ["analysts"]},
		"queryId": "q1",
		"softwareStack": {"trinoVersion": "483"},
		"properties": {"cluster": "a"},
	},
	"action": action,
}

_table(schema, members) := {"table": object.union(
	{"catalogName": "lake", "schemaName": schema, "tableName": "t"},
	members,
)}

_column(name) := {"column": {
	"catalogName": "lake",
	"schemaName": "customer",
	"tableName": "t",
	"columnName": name,
	"columnType": "varchar",
}}

_everything := {"a": {"grant": {{"msg": "everything"}}}}

_resources := {
	"table": _table("customer", {}),
	"schema": {"schema": {"catalogName": "lake", "schemaName": "customer"}},
	"catalog": {"catalog": {"name": "lake"}},
	"function": {"function": {"catalogName": "lake", "schemaName": "f", "functionName": "g"}},
	"user": {"user": {"user": "bob"}},
	"system property": {"systemSessionProperty": {"name": "p"}},
	"catalog property": {"catalogSessionProperty": {"catalogName": "lake", "propertyName": "p"}},
	"none": null,
}

# Every operation that Trino sends to the policy address, by what it is about.
_operations := {
	"none": {"ExecuteQuery", "ReadSystemInformation", "WriteSystemInformation"},
	"user": {"ImpersonateUser", "ViewQueryOwnedBy", "KillQueryOwnedBy", "FilterViewQueryOwnedBy"},
	"system property": {"SetSystemSessionProperty"},
	"catalog property": {"SetCatalogSessionProperty"},
	"catalog": {"AccessCatalog", "CreateCatalog", "DropCatalog", "ShowSchemas", "FilterCatalogs"},
	"schema": {
		"CreateSchema",
		"DropSchema",
		"SetSchemaAuthorization",
		"ShowCreateSchema",
		"ShowTables",
		"ShowFunctions",
		"FilterSchemas",
	},
	"table": {
		"AddColumn",
		"AlterColumn",
		"CreateMaterializedView",
		"CreateTable",
		"CreateView",
		"CreateViewWithSelectFromColumns",
		"DeleteFromTable",
		"DropColumn",
		"DropMaterializedView",
		"DropTable",
		"DropView",
		"ExecuteTableProcedure",
		"FilterTables",
		"InsertIntoTable",
		"RefreshMaterializedView",
		"RenameColumn",
		"SelectFromColumns",
		"SetColumnComment",
		"SetMaterializedViewComment",
		"SetMaterializedViewProperties",
		"SetTableAuthorization",
		"SetTableComment",
		"SetTableProperties",
		"SetViewAuthorization",
		"SetViewComment",
		"ShowColumns",
		"ShowCreateTable",
		"TruncateTable",
		"UpdateTableColumns",
	},
	"function": {
		"CreateFunction",
		"CreateViewWithExecuteFunction",
		"DropFunction",
		"ExecuteFunction",
		"ExecuteProcedure",
		"FilterFunctions",
		"ShowCreateFunction",
	},
}

test_every_operation_on_tables_is_allowed_on_them_and_on_nothing_else[operation] if {
	some operation in _operations.table
	_allowed_on(operation) == {"table"}
}

test_every_other_operation_is_allowed_on_what_it_is_about_and_on_nothing_else[operation] if {
	some about, operations in object.remove(_operations, ["table"])
	some operation in operations
	_allowed_on(operation) == {about}
}

test_the_table_of_operations_is_whole if {
	elsewhere := {
		"FilterColumns",
		"GetColumnMask",
		"GetRowFilters",
		"RenameMaterializedView",
		"RenameSchema",
		"RenameTable",
		"RenameView",
	}
	object.keys(trino._operations) == elsewhere | {operation | some operations in _operations; some operation in operations}
	count(trino._operations) == 64
}

_allowed_on(operation) := {about |
	some about, resource in _resources
	action := object.union({"operation": operation}, {"resource": resource | resource != null})
	trino.allow with input as _request(action) with data.global.access as _everything
}

test_an_operation_that_nobody_knows_is_denied[note] if {
	some note, action in {
		"a new one": {"operation": "DropEverything", "resource": _resources.table},
		"none": {"resource": _resources.table},
		"one in small letters": {"operation": "executequery"},
	}
	trino.allow == false with input as _request(action) with data.global.access as _everything
}

_asked(action) := asked if {
	some asked in trino._asked with input as _request(action)
}

test_resources_say_all_that_trino_says[note] if {
	some note, [action, resource] in {
		"a grantee": [
			{
				"operation": "SetTableAuthorization",
				"resource": _table("order", {}),
				"grantee": {"name": "bob", "type": "USER"},
			},
			{
				"type": "table",
				"id": "lake.order.t",
				"properties": {
					"catalog": "lake",
					"schema": "order",
					"table": "t",
					"grantee": {"name": "bob", "type": "USER"},
				},
			},
		],
		"the owner of queries": [
			{"operation": "KillQueryOwnedBy", "resource": {"user": {"user": "bob", "groups": ["g"]}}},
			{"type": "query", "id": "bob", "properties": {"owner": "bob", "groups": ["g"]}},
		],
		"the user to be": [
			{"operation": "ImpersonateUser", "resource": {"user": {"user": "bob"}}},
			{"type": "user", "id": "bob", "properties": {}},
		],
		"the engine": [{"operation": "ExecuteQuery"}, {"type": "engine", "id": "trino", "properties": {}}],
		"columns": [
			{"operation": "SelectFromColumns", "resource": _table("order", {"columns": ["a", "b"]})},
			{
				"type": "table",
				"id": "lake.order.t",
				"properties": {"catalog": "lake", "schema": "order", "table": "t", "columns": ["a", "b"]},
			},
		],
	}
	_asked(action) == resource
}

# A rename is judged at both ends: here only the customer's domain grants.
test_both_ends_of_a_rename_must_be_allowed[note] if {
	some note, [ends, allowed] in {
		"both its own": [{"resource": _table("customer", {}), "targetResource": _table("customer", {})}, true],
		"into another's": [{"resource": _table("customer", {}), "targetResource": _table("order", {})}, false],
		"out of another's": [{"resource": _table("order", {}), "targetResource": _table("customer", {})}, false],
		"into nothing": [{"resource": _table("customer", {})}, false],
		"from nothing": [{"targetResource": _table("customer", {})}, false],
		"into another kind": [{"resource": _table("customer", {}), "targetResource": _resources.schema}, false],
	}
	some operation in ["RenameTable", "RenameView", "RenameMaterializedView"]
	outcome := trino.allow
		with input as _request(object.union({"operation": operation}, ends))
		with data.mesh as _mesh
		with data.domains.customer.access as _everything
	outcome == allowed
}

test_batches_are_answered_by_index[note] if {
	some note, [action, indices] in {
		"tables of one's own": [
			{
				"operation": "FilterTables",
				"filterResources": [_table("customer", {}), _table("order", {}), _table("customer", {"tableName": "u"})],
			},
			{0, 2},
		],
		"columns of the one table": [
			{"operation": "FilterColumns", "filterResources": [_table("customer", {"columns": ["a", "b"]})]},
			{0, 1},
		],
		"columns of another's table": [
			{"operation": "FilterColumns", "filterResources": [_table("order", {"columns": ["a", "b"]})]},
			set(),
		],
		"columns of two tables": [
			{
				"operation": "FilterColumns",
				"filterResources": [_table("customer", {"columns": ["a"]}), _table("customer", {"columns": ["a"]})],
			},
			set(),
		],
		"nothing": [{"operation": "FilterTables", "filterResources": []}, set()],
		"no list": [{"operation": "FilterTables", "filterResources": "all"}, set()],
		"an unknown operation": [{"operation": "FilterX", "filterResources": [_table("customer", {})]}, set()],
	}
	outcome := trino.batch
		with input as _request(action)
		with data.mesh as _mesh
		with data.domains.customer.access as _everything
	outcome == indices
}

test_columns_are_judged_one_at_a_time[note] if {
	some note, [columns, allowed] in {"some": ["a", true], "none": [null, false]}
	resource := _table("customer", {"columns": [column | column := columns; column != null]})
	outcome := trino.allow
		with input as _request({"operation": "FilterColumns", "resource": resource})
		with data.mesh as _mesh
		with data.domains.customer.access as _everything
	outcome == allowed
}

_filtered := {"a": {
	"grant": {{"msg": "everything"}},
	"row_filter": {{"expression": "x = 1"}, {"expression": "y = 2", "identity": "admin"}},
	"column_mask": {{"column": "email", "expression": "'x'", "strength": 1}},
}}

test_row_filters[note] if {
	some note, [action, rules, filters] in {
		"of who may read": [
			{"operation": "GetRowFilters", "resource": _resources.table},
			_filtered,
			[{"expression": "x = 1"}, {"expression": "y = 2", "identity": "admin"}],
		],
		"of who may read all": [{"operation": "GetRowFilters", "resource": _resources.table}, _everything, []],
		"of who may not read": [
			{"operation": "GetRowFilters", "resource": _resources.table},
			{},
			[{"expression": "false"}],
		],
		"of nothing": [{"operation": "GetRowFilters"}, _filtered, [{"expression": "false"}]],
		"of another operation": [
			{"operation": "SelectFromColumns", "resource": _resources.table},
			_filtered,
			[{"expression": "false"}],
		],
	}
	outcome := trino.row_filters with input as _request(action) with data.global.access as rules
	outcome == filters
}

test_column_masks[note] if {
	some note, [action, rules, mask] in {
		"of a masked column": [
			{"operation": "GetColumnMask", "resource": _column("email")},
			_filtered,
			{"expression": "'x'"},
		],
		"of another column": [{"operation": "GetColumnMask", "resource": _column("id")}, _filtered, null],
		"of who may not read": [{"operation": "GetColumnMask", "resource": _column("id")}, {}, {"expression": "NULL"}],
		"of a table": [{"operation": "GetColumnMask", "resource": _resources.table}, _filtered, {"expression": "NULL"}],
		"of another operation": [{"operation": "X", "resource": _column("id")}, _filtered, {"expression": "NULL"}],
	}
	outcome := trino.column_mask with input as _request(action) with data.global.access as rules
	outcome == mask
}

test_masks_of_many_columns[note] if {
	some note, [action, masks] in {
		"the masked ones": [
			{"operation": "GetColumnMask", "filterResources": [_column("id"), _column("email"), {"x": 1}]},
			{
				{"index": 1, "viewExpression": {"expression": "'x'"}},
				{"index": 2, "viewExpression": {"expression": "NULL"}},
			},
		],
		"none": [{"operation": "GetColumnMask", "filterResources": []}, set()],
		"of another operation": [
			{"operation": "X", "filterResources": [_column("id")]},
			{{"index": 0, "viewExpression": {"expression": "NULL"}}},
		],
		"no list": [{"operation": "GetColumnMask", "filterResources": {}}, set()],
	}
	outcome := trino.batch_column_masks with input as _request(action) with data.global.access as _filtered
	outcome == masks
}

test_every_answer_is_defined_whatever_comes[note] if {
	some note, given in {"nothing": {}, "a text": "x", "null": null, "a list": []}
	trino.allow == false with input as given
	trino.batch == set() with input as given
	trino.row_filters == [{"expression": "false"}] with input as given
	trino.column_mask == {"expression": "NULL"} with input as given
	trino.batch_column_masks == set() with input as given
}

test_groups_that_are_no_list_are_denied if {
	request := object.union(
		_request({"operation": "ExecuteQuery"}),
		{"context": {"identity": {"user": "alice", "groups": "analysts"}}},
	)
	trino.allow == false with input as request with data.global.access as _everything
}

test_the_subject_and_the_context_are_passed_on if {
	request := json.patch(_request({"operation": "ExecuteQuery"}), [{
		"op": "add",
		"path": "/context/identity/extraCredentials",
		"value": {"k": "v"},
	}])
	trino._subject == {
		"type": "user",
		"id": "alice",
		"properties": {"groups": ["analysts"], "roles": [], "extra_credentials": {"k": "v"}},
	} with input as request
	trino._context == {
		"door": "trino",
		"query_id": "q1",
		"trino_version": "483",
		"properties": {"cluster": "a"},
	} with input as request
}

_refusing := {
	"open": {"grant": {{"msg": "everything"}}},
	"retired": {"violation": {{"msg": "retired", "path": "resource.id"}}},
}

_waiver := {
	"id": "W-1",
	"rule": "global.access.retired",
	"scope": {"domain": "customer"},
	"reason": "the audit of March",
	"requested_by": "ann",
	"approved_by": "dpo",
	"starts": "2026-01-01T00:00:00Z",
	"ends": "2026-03-01T00:00:00Z",
}

test_the_waivers_behind_an_answer_can_be_asked_for[note] if {
	some note, [action, ids] in {
		"a table": [{"operation": "SelectFromColumns", "resource": _table("customer", {"columns": ["a"]})}, {"W-1"}],
		"another domain's": [{"operation": "SelectFromColumns", "resource": _table("order", {"columns": ["a"]})}, set()],
		"tables": [{"operation": "FilterTables", "filterResources": [_table("customer", {})]}, {"W-1"}],
		"columns": [
			{"operation": "FilterColumns", "filterResources": [_table("customer", {"columns": ["a"]})]},
			{"W-1"},
		],
		"filters": [{"operation": "GetRowFilters", "resource": _table("customer", {})}, {"W-1"}],
		"nothing": [{"operation": "FilterTables", "filterResources": []}, set()],
	}
	found := trino.waivers
		with input as _request(action)
		with data.mesh as _mesh
		with data.global.access as _refusing
		with data.global.waivers as [_waiver]
		with data.global.parameters.waivers as {"approvers": ["dpo"]}
		with time.now_ns as time.parse_rfc3339_ns("2026-02-01T00:00:00Z")
	found == ids
}
