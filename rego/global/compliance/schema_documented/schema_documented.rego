# METADATA
# title: A product explains itself
# description: >-
#   The product is described, its contract shows a schema, and every field, nested ones included, says what it means.
# custom:
#   id: CMP-003
#   enforcement: deny
#   severity: medium
#   controls: ["Data mesh: data as a product (self-describing)", "GDPR Art. 30"]
#   remediation: Write one sentence a consumer from another domain understands, at each place that is named.
package global.compliance.schema_documented

violation contains {
	"msg": "the product has no description: a consumer cannot tell what it is for",
	"path": "product.description",
} if {
	not _product_described
}

violation contains {
	"msg": "the contract shows no schema: a consumer cannot tell what the product holds",
	"path": "contract.schema",
} if {
	not _shows_a_schema
}

violation contains {"msg": msg, "path": object.get(thing, "path", "contract.schema")} if {
	is_array(input.product.contract.schema)
	some thing in input.product.contract.schema
	not _lists_fields(thing)
	msg := sprintf("%v lists no fields: a consumer cannot tell what it holds", [object.get(thing, "name", "an object")])
}

violation contains {"msg": msg, "path": object.get(field, "path", "contract.schema")} if {
	is_array(input.product.contract.schema)
	some thing in input.product.contract.schema
	walk(thing.fields, [position, field])
	_is_field(position)
	not _described(field)
	msg := sprintf("field %v has no description", [object.get(field, "name", "without a name")])
}

_product_described if _described(input.product)

_described(thing) if trim_space(thing.description) != ""

_shows_a_schema if count(input.product.contract.schema) > 0

_lists_fields(thing) if count(thing.fields) > 0

# Fields stand at <n>, <n>/fields/<n>, … below an object's list of fields; anything else a walk meets is a part of one.
_is_field(position) if {
	count(position) % 2 == 1
	every index, step in position {
		_expected_step(index, step)
	}
}

_expected_step(index, step) if {
	index % 2 == 0
	is_number(step)
}

_expected_step(index, step) if {
	index % 2 == 1
	step == "fields"
}
