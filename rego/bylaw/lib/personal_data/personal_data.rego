# METADATA
# title: Where personal data is
# description: >-
#   Which parts of a product hold personal data, or may: a part is free of it only where the contract shows every field
#   that it carries, and none of them is personal.
package bylaw.lib.personal_data

import data.bylaw.lib.category_words
import data.bylaw.lib.product

# METADATA
# description: >-
#   What holds the data of a product, as `{"label", "path", "port"}`: its output ports, or the product itself where it
#   names none.
holders(described) := {holder |
	some port in described.output_ports
	name := object.get(port, "name", "without a name")
	holder := {
		"label": sprintf("port %v", [name]),
		"path": object.get(port, "path", sprintf("output_ports[%v]", [name])),
		"port": port,
	}
} if {
	is_array(described.output_ports)
	count(described.output_ports) > 0
} else := {{"label": "the product", "path": "product.encryption", "port": {}}}

# METADATA
# description: >-
#   Why a port (or, with `{}`, the whole product) is to be protected as personal data is; undefined where it is known to
#   carry none.
reason(described, port) := sprintf("it carries personal data (%v)", [concat(", ", names)]) if {
	found := product.port_personal_fields(described, port)
	count(found) > 0
	names := {object.get(field, "name", "a field without a name") | some field in found}
} else := "nobody can tell whether it carries personal data" if {
	not _is_shown(described, port)
}

# METADATA
# description: >-
#   The categories of a field, as a set: those that it states, else those that its semantic type, format, classification
#   or tags mean.
categories(field) := {category | some category in field.categories} if {
	is_array(field.categories)
	count(field.categories) > 0
} else := {category |
	some word in array.concat(_texts(object.get(field, "tags", [])), [
		object.get(field, "semantic_type", ""),
		object.get(field, "format", ""),
		object.get(field, "classification", ""),
	])
	category := category_words.category(word)
}

_texts(value) := value if {
	is_array(value)
} else := []

# METADATA
# description: >-
#   The categories that a field is likely of, as a set: those that its name (or what that reads as), a synonym, its
#   semantic type or format mean, or a pattern that its sample values match. A suspicion, and no more.
likely_categories(field) := {category |
	some word in array.concat(
		[object.get(field, "reads_as", object.get(field, "name", "")), object.get(field, "semantic_type", ""), object.get(field, "format", "")],
		array.concat(_texts(object.get(field, "synonyms", [])), _texts(object.get(field, "samples_look_like", []))),
	)
	category := category_words.category(word)
}

# The contract shows the fields of everything that the port carries.
_is_shown(described, port) if {
	is_array(described.contract.schema)
	names := [thing.name | some thing in described.contract.schema]
	count(names) == count(described.contract.schema)

	shown := {thing.name | some thing in described.contract.schema; count(thing.fields) > 0}
	carried := {name | some name in object.get(port, "schema", names)}
	count(carried) > 0
	count(carried - shown) == 0
}
