# METADATA
# title: Words about personal data are of the taxonomy
# description: >-
#   Every data category, purpose and data subject that a product states is a key of the Fides taxonomy, or one that the
#   council or the product's domain has added to it (parameter `taxonomy`). A word that nobody knows says nothing, so
#   neither does it protect. A field that is said not to be personal, and whose category is, contradicts itself.
# custom:
#   id: PRV-006
#   enforcement: deny
#   severity: medium
#   controls: ["GDPR Art. 30(1)(b)", "GDPR Art. 30(1)(c)"]
#   remediation: >-
#     Use a key of the taxonomy (docs/privacy.md), or have the council or the domain add the word to it, below a key that
#     is there or in a namespace.
package global.privacy.categories_known

import data.bylaw.lib.product
import data.bylaw.lib.taxonomy

violation contains {"msg": msg, "path": field.path} if {
	some field in _fields
	some [member, kind] in [["categories", "categories"], ["data_subjects", "subjects"]]
	some key in field[member]
	msg := sprintf("field %v: %v", [object.get(field, "name", "without a name"), _doubt(kind, key)])
}

violation contains {"msg": _doubt(kind, key), "path": sprintf("product.%v", [member])} if {
	some member, kind in {"purposes": "uses", "data_subjects": "subjects"}
	some key in _product[member]
}

violation contains {"msg": msg, "path": field.path} if {
	some field in _fields
	field.personal == false
	some category in field.categories
	taxonomy.is_known("categories", category)
	taxonomy.is_personal(category)
	msg := sprintf("field %v is said not to be personal, and its category %v is", [
		object.get(field, "name", "without a name"),
		category,
	])
}

_nouns := {"categories": "category of data", "uses": "purpose", "subjects": "data subject"}

_doubt(kind, key) := sprintf("%v is a %v that nobody knows", [key, _nouns[kind]]) if not taxonomy.is_known(kind, key)

_doubt(kind, key) := sprintf("%v is out of use as a %v: it is %v now", [key, _nouns[kind], now]) if {
	now := taxonomy.known[kind][key].replaced_by
}

default _product := {}

_product := input.product if is_object(input.product)

# Most fields state neither.
_fields := {field |
	some field in product.fields(_product)
	count(object.filter(field, ["categories", "data_subjects"])) > 0
}
