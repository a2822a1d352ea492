# METADATA
# title: Data products
# description: Reads the normal form of a product once, nested fields included, so that rules speak of ports and fields.
package bylaw.lib.product

import data.bylaw.lib.taxonomy

_personal_words := {"personal", "pii", "sensitive_personal", "spi"}

# METADATA
# description: >
#   Every field of the contract, nested ones included, as the contract has it, with its `path` and the name of its
#   `schema` object, without what is nested below.
fields(product) := _input_fields if {
	product == input.product
} else := _fields(product)

# Many rules ask for the fields of the same product.
_input_fields := _fields(input.product)

_fields(product) := {field |
	is_array(product.contract.schema)
	some schema in product.contract.schema
	name := object.get(schema, "name", "?")
	some entry in _entries(schema)
	field := object.union(object.remove(entry.field, ["fields"]), {"path": entry.path, "schema": name})
}

# METADATA
# description: The fields that a port carries; a port that names no schema objects carries all.
port_fields(product, port) := {field |
	some field in fields(product)
	field.schema in port.schema
} if {
	is_array(port.schema)
} else := fields(product)

# METADATA
# description: The fields that hold personal data.
personal_fields(product) := {field | some field in fields(product); is_personal(field)}

# METADATA
# description: The fields of a port that hold personal data.
port_personal_fields(product, port) := {field | some field in port_fields(product, port); is_personal(field)}

# METADATA
# description: >-
#   Whether a field is said to hold personal data, by itself, its classification, a tag or a category. A category that
#   nobody knows says so as well.
is_personal(field) if field.personal == true

is_personal(field) if {
	some category in field.categories
	taxonomy.is_personal(category)
}

is_personal(field) if lower(field.classification) in _personal_words

is_personal(field) if {
	is_array(field.tags)
	some tag in field.tags
	lower(tag) in _personal_words
}

# METADATA
# description: How a port is encrypted, `{"at_rest", "in_transit"}` as far as it is said; its own word wins.
encryption(product, port) := object.union(_said(product), _said(port))

_said(thing) := {where: how |
	some where in ["at_rest", "in_transit"]
	how := thing.encryption[where]
	is_string(how)
	how != ""
}

# METADATA
# description: The output ports, each with its `path`.
ports(product) := {port |
	is_array(product.output_ports)
	some found in product.output_ports
	port := object.union({"path": sprintf("output_ports[%v]", [found.name])}, found)
}

# METADATA
# description: Words are compared in lower case; what is no text has no word.
word(value) := lower(trim_space(value)) if is_string(value)

# Most fields have none below them, and a walk goes through every member of every field.
_entries(schema) := {entry |
	is_array(schema.fields)
	some index, field in schema.fields
	is_object(field)
	entry := {"field": field, "path": _path(schema, ["fields", index], field)}
} | {entry |
	is_array(schema.fields)
	some index, above in schema.fields
	object.get(above, "fields", []) != []
	walk(above, [path, field])
	count(path) > 0
	_alternates(path)
	is_object(field)
	entry := {"field": field, "path": _path(schema, array.concat(["fields", index], path), field)}
}

# Field objects stand at fields[i], fields[i].fields[j], …; members that are merely named "fields" (in a default, say)
# do not alternate so.
_alternates(path) if {
	count(path) % 2 == 0
	count([1 | some index, step in path; index % 2 == 0; step != "fields"]) == 0
	count([1 | some index, step in path; index % 2 == 1; not is_number(step)]) == 0
}

_path(schema, path, field) := field.path if {
	is_string(field.path)
} else := _built_path(schema, path)

_built_path(schema, path) := sprintf("%v.%v", [
	object.get(schema, "path", sprintf("contract.schema[%v]", [schema.name])),
	concat(".", [name |
		some index, step in path
		is_number(step)
		name := object.get(schema, array.concat(array.slice(path, 0, index + 1), ["name"]), "?")
	]),
])
