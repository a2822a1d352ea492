# METADATA
# title: The Trino door
# description: >
#   Answers Trino's access-control plugin: its requests become access inputs, decisions become the plugin's answers.
#   Every rule here has a value whatever the input, because Trino reads an absent answer as "no filter" and "no mask".
#   An operation that is not in the table, or comes without what it is about, is denied.
package bylaw.trino

import data.bylaw.decisions.access as decided
import data.bylaw.lib.trino

# What each operation asks for: the action, and the key of the resource on the wire ("" where there is none).
_operations := {
	"AccessCatalog": ["list", "catalog"],
	"AddColumn": ["alter", "table"],
	"AlterColumn": ["alter", "table"],
	"CreateCatalog": ["create", "catalog"],
	"CreateFunction": ["create", "function"],
	"CreateMaterializedView": ["create", "table"],
	"CreateSchema": ["create", "schema"],
	"CreateTable": ["create", "table"],
	"CreateView": ["create", "table"],
	"CreateViewWithExecuteFunction": ["execute", "function"],
	"CreateViewWithSelectFromColumns": ["read", "table"],
	"DeleteFromTable": ["write", "table"],
	"DropCatalog": ["drop", "catalog"],
	"DropColumn": ["alter", "table"],
	"DropFunction": ["drop", "function"],
	"DropMaterializedView": ["drop", "table"],
	"DropSchema": ["drop", "schema"],
	"DropTable": ["drop", "table"],
	"DropView": ["drop", "table"],
	"ExecuteFunction": ["execute", "function"],
	"ExecuteProcedure": ["execute", "function"],
	"ExecuteQuery": ["execute", ""],
	"ExecuteTableProcedure": ["execute", "table"],
	"FilterCatalogs": ["list", "catalog"],
	"FilterColumns": ["list", "table"],
	"FilterFunctions": ["list", "function"],
	"FilterSchemas": ["list", "schema"],
	"FilterTables": ["list", "table"],
	"FilterViewQueryOwnedBy": ["administer", "user"],
	"GetColumnMask": ["read", "column"],
	"GetRowFilters": ["read", "table"],
	"ImpersonateUser": ["impersonate", "user"],
	"InsertIntoTable": ["write", "table"],
	"KillQueryOwnedBy": ["administer", "user"],
	"ReadSystemInformation": ["administer", ""],
	"RefreshMaterializedView": ["write", "table"],
	"RenameColumn": ["alter", "table"],
	"RenameMaterializedView": ["alter", "table"],
	"RenameSchema": ["alter", "schema"],
	"RenameTable": ["alter", "table"],
	"RenameView": ["alter", "table"],
	"SelectFromColumns": ["read", "table"],
	"SetCatalogSessionProperty": ["administer", "catalogSessionProperty"],
	"SetColumnComment": ["alter", "table"],
	"SetMaterializedViewComment": ["alter", "table"],
	"SetMaterializedViewProperties": ["alter", "table"],
	"SetSchemaAuthorization": ["alter", "schema"],
	"SetSystemSessionProperty": ["administer", "systemSessionProperty"],
	"SetTableAuthorization": ["alter", "table"],
	"SetTableComment": ["alter", "table"],
	"SetTableProperties": ["alter", "table"],
	"SetViewAuthorization": ["alter", "table"],
	"SetViewComment": ["alter", "table"],
	"ShowColumns": ["describe", "table"],
	"ShowCreateFunction": ["describe", "function"],
	"ShowCreateSchema": ["describe", "schema"],
	"ShowCreateTable": ["describe", "table"],
	"ShowFunctions": ["list", "schema"],
	"ShowSchemas": ["list", "catalog"],
	"ShowTables": ["list", "schema"],
	"TruncateTable": ["write", "table"],
	"UpdateTableColumns": ["write", "table"],
	"ViewQueryOwnedBy": ["administer", "user"],
	"WriteSystemInformation": ["administer", ""],
}

# Operations that name a second resource, what theirs becomes: without it half of the question is missing.
_renames := {"RenameMaterializedView", "RenameSchema", "RenameTable", "RenameView"}

# Operations on a query, whose resource is the user that owns it.
_on_queries := {"FilterViewQueryOwnedBy", "KillQueryOwnedBy", "ViewQueryOwnedBy"}

# METADATA
# description: Whether the operation is allowed on everything that it names.
# entrypoint: true
# scope: document
default allow := false

allow if {
	count(_asked) > 0
	count([1 | some resource in _asked; not _allows(resource)]) == 0
}

# METADATA
# description: >
#   Which of `filterResources` the subject may see, by index; of FilterColumns, which columns of the one table.
# entrypoint: true
# scope: document
batch contains index if {
	_operation != "FilterColumns"
	is_array(input.action.filterResources)
	some index, wire in input.action.filterResources
	_allows(_resource(wire))
}

batch contains index if {
	_operation == "FilterColumns"
	count(input.action.filterResources) == 1
	table := _resource(input.action.filterResources[0])
	is_array(table.properties.columns)
	some index, column in table.properties.columns
	_allows(trino.with_column(table, column))
}

# METADATA
# description: The filters on a table's rows. Who may not read the table gets one that no row passes.
# entrypoint: true
# scope: document
default row_filters := [{"expression": "false"}]

row_filters := [_view_expression(filter) | some filter in decision.obligations.row_filters] if {
	_operation == "GetRowFilters"
	decision := _decision(_resource(input.action.resource))
	decision.allow
}

# METADATA
# description: The mask of a column; null where it has none. Who may not read the column gets NULL in its place.
# entrypoint: true
# scope: document
default column_mask := {"expression": "NULL"}

column_mask := _mask(input.action.resource) if _operation == "GetColumnMask"

# METADATA
# description: The masks of those columns among `filterResources` that have one.
# entrypoint: true
# scope: document
batch_column_masks contains {"index": index, "viewExpression": mask} if {
	is_array(input.action.filterResources)
	some index, wire in input.action.filterResources
	mask := _answered_mask(wire)
	mask != null
}

# METADATA
# description: >
#   The ids of the waivers that the decisions behind an answer were made with. The answers themselves have no room for
#   them, so who records a decision asks for them beside it.
# scope: document
waivers contains entry.waiver.id if {
	some resource in _decided_on
	some entry in _decision(resource).waived
}

_decided_on contains resource if some resource in _asked

_decided_on contains resource if {
	_operation != "FilterColumns"
	is_array(input.action.filterResources)
	some wire in input.action.filterResources
	resource := _resource(wire)
}

_decided_on contains trino.with_column(table, column) if {
	_operation == "FilterColumns"
	count(input.action.filterResources) == 1
	table := _resource(input.action.filterResources[0])
	is_array(table.properties.columns)
	some column in table.properties.columns
}

_answered_mask(wire) := mask if {
	_operation == "GetColumnMask"
	mask := _mask(wire)
} else := {"expression": "NULL"}

_mask(wire) := mask if {
	resource := _resource(wire)
	decision := _decision(resource)
	decision.allow
	mask := _chosen_mask(decision, resource.properties.columns[0])
} else := {"expression": "NULL"}

_chosen_mask(decision, column) := _view_expression(mask) if {
	some mask in decision.obligations.column_masks
	mask.column == column
} else := null

_view_expression(obligation) := object.filter(obligation, ["expression", "identity"])

_operation := input.action.operation

# Everything that the operation is about. Empty, where a part of it cannot be told.
_asked contains resource if {
	_names_its_target
	_operation != "FilterColumns"
	resource := _resource(input.action.resource)
}

_asked contains target if {
	_resource(input.action.resource)
	target := _resource(input.action.targetResource)
}

_asked contains trino.engine if {
	_operations[_operation][1] == ""
	not input.action.resource
}

_asked contains trino.with_column(table, column) if {
	_operation == "FilterColumns"
	table := _resource(input.action.resource)
	is_array(table.properties.columns)
	some column in table.properties.columns
}

_names_its_target if not _operation in _renames

_names_its_target if _resource(input.action.targetResource)

# A resource as this operation understands it; undefined where it is of another kind than the operation is about.
_resource(wire) := trino.query_of(user) if {
	_operation in _on_queries
	is_object(wire.user)
	user := trino.resource(wire)
} else := object.union(named, {"properties": object.union(named.properties, _grantee)}) if {
	not _operation in _on_queries
	is_object(wire[_operations[_operation][1]])
	named := trino.resource(wire)
}

_grantee := {"grantee": grantee} if {
	grantee := input.action.grantee
} else := {}

_allows(resource) if _decision(resource).allow

# The input of one decision is small and made anew: with the whole request in each, a batch would cost its square.
_decision(resource) := decision if {
	access_input := {
		"subject": _subject,
		"action": {"name": _operations[_operation][0], "properties": {"operation": _operation}},
		"resource": resource,
		"context": _context,
	}
	decision := decided.decision with input as access_input
}

# Groups that are no list are left to be refused with the rest of the input.
_subject := {
	"type": "user",
	"id": input.context.identity.user,
	"properties": object.union_n([
		{"groups": [], "roles": []},
		object.filter(input.context.identity, ["groups"]),
		{"extra_credentials": credentials | credentials := input.context.identity.extraCredentials},
	]),
}

_context := object.union_n([
	{"door": "trino"},
	{"query_id": id | id := input.context.queryId},
	{"purpose": purpose | purpose := input.context.identity.extraCredentials.purpose},
	{"trino_version": version | version := input.context.softwareStack.trinoVersion},
	{"properties": properties | properties := input.context.properties},
])
