# METADATA
# title: Masking plans
# description: >
#   What the law in force (the rule ACC-009, where the council has picked it) makes of the columns of a product's
#   contract, before anybody asks for them: of each object each column with its mask, and the entry that the registry
#   needs for it. Decides nothing.
package bylaw.masking_plan

import data.bylaw.lib.masks
import data.bylaw.lib.personal_data
import data.bylaw.lib.product

# METADATA
# description: Whether the law masks by class and category at all.
# scope: document
default is_in_force := false

is_in_force if data.global.access.masked_by_classification.settings

# METADATA
# description: >
#   One entry a column, `{"object", "column", "type", "mask", "expression", "strength", "why"}`, with the mask `keep` and
#   no expression where it is shown as it is; empty where the law does not mask.
# entrypoint: true
# scope: document
columns := [object.union(column, _strongest(plans)) |
	is_in_force
	some [thing, field] in _fields
	column := {"object": _name(thing), "column": field.name, "type": _type(field)}
	plans := [_plan(object.union(object.filter(input.product, ["classification"]), entry)) |
		some entry in _entries(thing, field)
	]
]

# METADATA
# description: >
#   What the registry is to know of the columns (`data.mesh.products[…].columns`). Masks are of columns, so one with
#   fields below is what all of them are: it has an entry for each of their classes.
# entrypoint: true
# scope: document
registered := [entry |
	some [thing, field] in _fields
	some entry in _entries(thing, field)
]

_fields := [[thing, field] |
	is_array(input.product.contract.schema)
	some thing in input.product.contract.schema
	is_array(thing.fields)
	some field in thing.fields
	is_string(field.name)
]

_entries(thing, field) := [entry |
	some label in sort(_labels(field))
	entry := object.union_n([
		{"object": _name(thing), "name": field.name, "type": _type(field)},
		label,
		_categories(field),
		_personal(field),
	])
]

_name(thing) := object.get(thing, "name", "")

_plan(column) := masks.planned(data.global.access.masked_by_classification.settings, column, column.type)

_plan(column) := {"mask": "keep", "strength": 0} if {
	not masks.planned(data.global.access.masked_by_classification.settings, column, column.type)
}

_strongest(plans) := sort([[0 - plan.strength, plan] | some plan in plans])[0][1]

_labels(field) := {object.filter(field, ["classification"])} | {object.filter(each, ["classification"]) |
	some each in _with_below(field)
	each.classification
}

_categories(field) := {"categories": sort(found)} if {
	found := {category | some each in _with_below(field); some category in personal_data.categories(each)}
	count(found) > 0
} else := {}

_type(field) := object.get(field, "physical_type", object.get(field, "type", "unknown"))

_with_below(field) := {field} | {below |
	field.fields
	walk(field.fields, [path, below])
	count(path) % 2 == 1
	is_object(below)
}

_personal(field) := {"personal": true} if {
	some each in _with_below(field)
	product.is_personal(each)
} else := {"personal": false} if {
	count([1 | some each in _with_below(field); not each.personal == false]) == 0
} else := {}
