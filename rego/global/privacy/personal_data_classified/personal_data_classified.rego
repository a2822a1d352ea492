# METADATA
# title: Personal data is classified
# description: >-
#   The contract shows every field, and a product that holds personal data (as a classification, a tag or a semantic type
#   says) has one of the classes in `personal_data_classifications`. What merely looks like personal data is another
#   rule's business (PRV-012).
# custom:
#   id: PRV-003
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 30(1)(c)", "GDPR Art. 5(2)"]
#   remediation: Classify the product as high as its most sensitive field, and show the fields of everything it hands out.
package global.privacy.personal_data_classified

import data.bylaw.lib.personal_data
import data.bylaw.lib.product

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

default _classification := "not classified"

_classification := _product.classification

_classified_highly if _product.classification in _classes

default _classes := ["confidential", "restricted"]

_classes := data.global.parameters.personal_data_classifications
