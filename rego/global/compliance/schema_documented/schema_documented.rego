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

import data.bylaw.lib.product

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

violation contains {"msg": msg, "path": path} if {
	is_array(input.product.contract.schema)
	some thing in input.product.contract.schema
	not _lists_fields(thing)
	name := object.get(thing, "name", "an object without a name")
	path := object.get(thing, "path", sprintf("contract.schema[%v]", [name]))
	msg := sprintf("%v lists no fields: a consumer cannot tell what it holds", [name])
}

violation contains {"msg": msg, "path": field.path} if {
	some field in product.fields(input.product)
	not _described(field)
	msg := sprintf("field %v has no description", [object.get(field, "name", "without a name")])
}

_product_described if _described(input.product)

_described(thing) if trim_space(thing.description) != ""

_shows_a_schema if count(input.product.contract.schema) > 0

_lists_fields(thing) if count(thing.fields) > 0
