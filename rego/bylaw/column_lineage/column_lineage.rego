# METADATA
# title: What columns are made of
# description: >-
#   The sources of a product's fields: those that its contract states (`derived_from`), and those that lineage events do
#   (`input.lineage.columns`). What a source is, its own contract says, or that of another document of the same run
#   (`input.lineage.sources`), or the registry (`data.mesh.products[…].columns`, `data.mesh.bindings`). A column of a known
#   product that nobody describes is of the product's class. Outside `bylaw.lib`, because it looks into other products.
package bylaw.column_lineage

import data.bylaw.lib.product

# METADATA
# description: >-
#   The sources of a field, as `{"name", "is_masked", "is_aggregated", "entries"}`, where an entry has as far as it is known
#   `classification`, `personal`, `categories` and `tags` of the column, and `of_product`, its product's class; without
#   entries nobody knows what the source is. What a value only depends on (a filter, a join) is no source.
sources(field) := {source |
	some reference in field.derived_from
	source := {"name": reference, "is_masked": false, "is_aggregated": false, "entries": _entries(_spellings(reference))}
} | {source |
	some edge in input.lineage.columns
	object.get(edge, "direct", true) != false
	_is_target(field, edge)
	name := sprintf("%v.%v", [edge.source_dataset, edge.source_field])
	source := {
		"name": name,
		"is_masked": object.get(edge, "masking", false) == true,
		"is_aggregated": object.get(edge, "transformation", "") == "AGGREGATION",
		"entries": _entries([name, edge.source_dataset]),
	}
}

# METADATA
# description: Whether anything is stated about what the product's fields are made of.
# scope: document
is_stated if {
	some field in product.fields(input.product)
	count(field.derived_from) > 0
}

is_stated if count(input.lineage.columns) > 0

# A field's path in its own contract, or a field of another product or dataset, else that product or dataset as a whole:
# `domain/product/object.field`, `product/object.field` of the same domain, `namespace/table.field`.
_spellings(reference) := array.concat(
	[reference, concat("/", [object.get(input.product, "domain", ""), reference])],
	array.concat(
		[parts[count(parts) - 1] | parts := split(reference, "/"); count(parts) > 1],
		[whole | parts := split(reference, "/"); count(parts) == 3; whole := concat("/", array.slice(parts, 0, 2))],
	),
)

# What the first spelling that somebody knows is.
_entries(spellings) := [found | some each in spellings; found := _known[each]][0] if {
	some spelling in spellings
	_known[spelling]
} else := set()

_is_target(field, edge) if {
	edge.target_dataset in _datasets[field.schema]
	edge.target_field == _name_below(field)
}

# What an object of this contract is called elsewhere.
_datasets[name] contains dataset if {
	some thing in input.product.contract.schema
	name := thing.name
	some dataset in [name, object.get(thing, "physical_name", name)]
}

_datasets[name] contains dataset if {
	some thing in input.product.contract.schema
	name := thing.name
	some dataset in _bound[_own]
}

_bound[key] contains dataset if {
	some list in ["tables", "topics"]
	some dataset, key in data.mesh.bindings[list]
}

_own := concat("/", [object.get(input.product, "domain", ""), object.get(input.product, "name", "")])

# The dotted name that a field has within its object.
_name_below(field) := trim_prefix(trim_prefix(field.path, sprintf("contract.schema[%v]", [field.schema])), ".")

# Of this contract.
_known[name] contains entry if {
	some field in product.fields(input.product)
	entry := _entry(field, {"of_product": word | word := input.product.classification})
	below := concat(".", [field.schema, _name_below(field)])
	some name in ({field.path, below, concat("/", [_own, below])} | {concat(".", [dataset, _name_below(field)]) |
		some dataset in _datasets[field.schema]
	})
}

# Of documents of the same run.
_known[name] contains _of_run(source) if {
	some source in input.lineage.sources
	name := concat("/", [source.product, concat(".", [source.object, source.name])])
}

_known[name] contains _of_run(source) if {
	some source in input.lineage.sources
	name := concat(".", [source.dataset, source.name])
}

_known[name] contains {"of_product": source.product_classification} if {
	some source in input.lineage.sources
	some name in array.concat([key | key := source.product], [dataset | dataset := source.dataset])
}

_known[name] contains {"of_product": source.product_classification} if {
	some source in input.lineage.sources
	some name in _bound[source.product]
}

_of_run(source) := _entry(source, {"of_product": word | word := source.product_classification})

# Of the registry.
_known[name] contains entry if {
	some key, registered in data.mesh.products
	is_array(registered.columns)
	some column in registered.columns
	entry := _entry(column, {"of_product": word | word := registered.classification})
	some name in ({concat("/", [key, concat(".", [object.get(column, "object", ""), column.name])])} | {concat(".", [dataset, column.name]) |
		some dataset in object.get(_bound, key, set())
	})
}

_known[name] contains {"of_product": registered.classification} if {
	some key, registered in data.mesh.products
	some name in ({key} | object.get(_bound, key, set()))
}

_entry(column, of_product) := object.union(of_product, object.filter(column, ["classification", "personal", "categories", "tags"]))
