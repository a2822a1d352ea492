# METADATA
# title: Trino's resources in the words of the access model
# description: >
#   Names things only: what Trino calls a table, a column or a function becomes type, id and properties. Whoever asks
#   for a resource without the names it needs gets undefined.
package bylaw.lib.trino

# METADATA
# description: One member of `resource`, `targetResource` or `filterResources`.
resource(wire) := named if {
	named := _table(wire.table, _procedure(wire))
} else := named if {
	named := _column(wire.column)
} else := named if {
	named := _schema(wire.schema)
} else := named if {
	named := _catalog(wire.catalog)
} else := named if {
	named := _function(wire.function)
} else := named if {
	named := _user(wire.user)
} else := named if {
	named := _system_session_property(wire.systemSessionProperty)
} else := named if {
	named := _catalog_session_property(wire.catalogSessionProperty)
}

# METADATA
# description: What an operation is about that names no resource.
engine := {"type": "engine", "id": "trino", "properties": {}}

# METADATA
# description: The same resource under the name of another type, as the owner of queries is a user on the wire.
query_of(user) := {
	"type": "query",
	"id": user.id,
	"properties": object.union(user.properties, {"owner": user.id}),
}

# METADATA
# description: A table resource that is asked about one of its columns.
with_column(table, column) := object.union(table, {"properties": object.union(
	object.remove(table.properties, ["columns"]),
	{"columns": [column]},
)})

_table(table, procedure) := {
	"type": "table",
	"id": concat(".", [table.catalogName, table.schemaName, table.tableName]),
	"properties": object.union_n([
		{"catalog": table.catalogName, "schema": table.schemaName, "table": table.tableName},
		object.filter(table, ["columns", "properties"]),
		procedure,
	]),
}

# A table procedure (OPTIMIZE) is named beside the table that it works on.
_procedure(wire) := {"procedure": wire.function.functionName}

_procedure(wire) := {} if not wire.function

_column(column) := {
	"type": "table",
	"id": concat(".", [column.catalogName, column.schemaName, column.tableName]),
	"properties": object.union(
		{
			"catalog": column.catalogName,
			"schema": column.schemaName,
			"table": column.tableName,
			"columns": [_text(column.columnName)],
		},
		{"column_type": type | some key, type in column; key == "columnType"},
	),
}

_schema(schema) := {
	"type": "schema",
	"id": concat(".", [schema.catalogName, schema.schemaName]),
	"properties": object.union(
		{"catalog": schema.catalogName, "schema": schema.schemaName},
		object.filter(schema, ["properties"]),
	),
}

_catalog(catalog) := {
	"type": "catalog",
	"id": _text(catalog.name),
	"properties": {"catalog": catalog.name},
}

_function(called) := {
	"type": "function",
	"id": concat(".", [called.catalogName, called.schemaName, called.functionName]),
	"properties": {"catalog": called.catalogName, "schema": called.schemaName, "function": called.functionName},
}

_user(user) := {
	"type": "user",
	"id": _text(user.user),
	"properties": object.filter(user, ["groups"]),
}

_system_session_property(property) := {
	"type": "session_property",
	"id": _text(property.name),
	"properties": {"property": property.name},
}

_catalog_session_property(property) := {
	"type": "session_property",
	"id": concat(".", [property.catalogName, property.propertyName]),
	"properties": {"catalog": property.catalogName, "property": property.propertyName},
}

_text(value) := value if is_string(value)
