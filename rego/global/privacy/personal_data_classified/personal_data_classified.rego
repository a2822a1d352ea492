# METADATA
# title: Personal data is classified
# description: >-
#   It is known of every field whether it holds personal data. A field whose name is among the parameter
#   `personal_field_names` (`email`, `full_name`, …) says so itself, one way or the other; a product that holds personal
#   data has one of the classes in `personal_data_classifications`. A name only ever adds a suspicion: it never makes a
#   field that is said to be personal less so.
# custom:
#   id: PRV-003
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 30(1)(c)", "GDPR Art. 5(2)"]
#   remediation: >-
#     Say `personal: true` or `personal: false` (or a classification) on the field, and classify the product as high as
#     its most sensitive field.
package global.privacy.personal_data_classified

import data.bylaw.lib.personal_data
import data.bylaw.lib.product

violation contains {"msg": msg, "path": field.path} if {
	some field in product.fields(_product)
	_looks_personal(field)
	not _says(field)
	msg := sprintf("field %v looks like personal data, and the contract does not say whether it is", [field.name])
}

violation contains {"msg": msg, "path": "product.classification"} if {
	names := {object.get(field, "name", "a field without a name") | some field in product.personal_fields(_product)}
	count(names) > 0
	not _classified_highly
	msg := sprintf("the product holds personal data (%v) and is %v; that takes %v", [
		concat(", ", names),
		_classification,
		concat(" or ", _classes),
	])
}

violation contains {
	"msg": "the contract does not show every field, so nobody can tell which are personal data",
	"path": "contract.schema",
} if {
	personal_data.reason(_product, {}) == "nobody can tell whether it carries personal data"
}

default _product := {}

_product := input.product if is_object(input.product)

_looks_personal(field) if {
	name := replace(replace(lower(field.name), "_", ""), "-", "")
	some known in _names
	name == replace(replace(lower(known), "_", ""), "-", "")
}

_says(field) if is_boolean(field.personal)

_says(field) if product.is_personal(field)

_says(field) if trim_space(field.classification) != ""

default _classification := "not classified"

_classification := _product.classification

_classified_highly if _product.classification in _classes

default _classes := ["confidential", "restricted"]

_classes := data.global.parameters.personal_data_classifications

default _names := [
	"email", "email_address", "full_name", "first_name", "last_name", "phone", "phone_number", "date_of_birth",
	"birth_date", "ssn", "social_security_number", "passport_number", "tax_id", "iban", "credit_card_number",
	"ip_address", "street", "street_address", "home_address",
]

_names := data.global.parameters.personal_field_names
