# METADATA
# title: A derived column is classified as high as its sources
# description: >-
#   A field that is made of others (`derived_from`, or lineage of columns) is of at least the class of the highest of them,
#   its own or its product's, in the order of the parameter `classifications`, and personal where one of them is. What nobody
#   knows of a source does not pass. The parameter `derived_lower_by` names what lets a field be less than its source:
#   `masking`, as lineage says of the transformation, or `aggregation` by a product whose protections name k-anonymity (how
#   many persons that takes is PRV-010's to say).
# custom:
#   id: PRV-011
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 5(1)(f)", "GDPR Art. 25(1)", "ISO/IEC 27001:2022 A.5.12", "BCBS 239 Principle 2"]
#   remediation: >-
#     Classify the field, or its product, as high as the source and say that it is personal; or mask it on the way, where the
#     council lets that lower a class, and have lineage say so.
package global.privacy.derived_classification

import data.bylaw.column_lineage
import data.bylaw.lib.product

violation contains {"msg": msg, "path": field.path, "details": {"source": source.name}} if {
	some [field, source] in _pairs
	count(source.entries) == 0
	msg := sprintf("field %v is made of %v, and nobody knows what that is", [_name(field), source.name])
}

violation contains {"msg": msg, "path": field.path, "details": {"source": source.name}} if {
	some [field, source] in _pairs
	some entry in source.entries
	not _entry_rank(entry)
	msg := sprintf("field %v is made of %v, and nobody knows how that is classified", [_name(field), source.name])
}

violation contains {"msg": msg, "path": field.path, "details": {"source": source.name}} if {
	some [field, source] in _pairs
	some entry in source.entries
	_entry_rank(entry) > _own_rank(field)
	msg := sprintf("field %v is made of %v, which is %v, and is %v", [
		_name(field),
		source.name,
		_classes[_entry_rank(entry)],
		_own_class(field),
	])
}

violation contains {"msg": msg, "path": field.path, "details": {"source": source.name}} if {
	some [field, source] in _pairs
	some entry in source.entries
	product.is_personal(entry)
	not product.is_personal(field)
	msg := sprintf("field %v is made of %v, which is personal data, and is not said to be", [_name(field), source.name])
}

# What may be less than its source is not asked.
_pairs contains [field, source] if {
	column_lineage.is_stated
	some field in product.fields(_product)
	some source in column_lineage.sources(field)
	not _is_lowered(source)
}

_is_lowered(source) if {
	source.is_masked
	"masking" in _lower_by
}

_is_lowered(source) if {
	source.is_aggregated
	"aggregation" in _lower_by
	some protection in _product.protections
	regex.replace(lower(protection), `[^a-z]`, "") in {"kanonymity", "kanonymisation", "kanonymization"}
}

_entry_rank(entry) := array.concat(_ranks(entry), _ranks({"classification": entry.of_product}))[0]

# Where its class stands in the order; empty where it has none that is known.
_ranks(thing) := [index |
	some index, word in _classes
	lower(word) == lower(thing.classification)
]

# The field's own class, else its product's; none of either is below all.
_own_rank(field) := array.concat(_ranks(field), array.concat(_ranks(_product), [-1]))[0]

_own_class(field) := array.concat(
	[_classes[rank] | some rank in _ranks(field)],
	[object.get(_product, "classification", "not classified")],
)[0]

_name(field) := object.get(field, "name", "without a name")

default _product := {}

_product := input.product if is_object(input.product)

default _classes := ["public", "internal", "confidential", "restricted"]

_classes := data.global.parameters.classifications

default _lower_by := []

_lower_by := data.global.parameters.derived_lower_by
