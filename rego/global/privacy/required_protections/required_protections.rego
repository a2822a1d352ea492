# METADATA
# title: A class brings its protections
# description: >-
#   A product applies every protection that the parameter `required_protections` asks for at its classification. A
#   product without a classification, or with one that nobody agreed on, is protected as the parameter
#   `unknown_classification` says: as the most restricted one. What the parameter `category_protections` asks for a
#   category of data (`user.government_id: [masking]`) is applied where a field is of it, or of one below; encryption may
#   be the field's own.
# custom:
#   id: PRV-005
#   enforcement: deny
#   severity: high
#   controls: ["ISO/IEC 27001:2022 A.5.12", "GDPR Art. 25"]
#   remediation: Apply the protection and list it under `protections`, or have the owner lower the classification.
package global.privacy.required_protections

import data.bylaw.lib.personal_data
import data.bylaw.lib.product
import data.bylaw.lib.taxonomy

violation contains {
	"msg": sprintf("%v; the product does not apply %v", [_demand, concat(", ", missing)]),
	"path": "product.protections",
	"details": {"missing": missing},
} if {
	missing := [protection | some protection in sort(_required); not protection in _applied]
	count(missing) > 0
}

violation contains {
	"msg": sprintf("field %v is %v, which takes protections; the product does not apply %v", [
		object.get(field, "name", "without a name"),
		category,
		concat(", ", missing),
	]),
	"path": field.path,
	"details": {"missing": missing},
} if {
	some field in product.fields(_product)
	some category in personal_data.categories(field)
	missing := sort(_asked_of(category) - (_applied | _of_its_own(field)))
	count(missing) > 0
}

_asked_of(category) := {protection |
	some above, protections in _by_category
	taxonomy.is_below(category, above)
	some protection in protections
}

_of_its_own(field) := {"encryption"} if {
	is_string(field.encryption)
} else := set()

default _product := {}

_product := input.product if is_object(input.product)

_applied contains protection if {
	is_array(input.product.protections)
	some protection in input.product.protections
}

_class := input.product.classification if {
	_asked[input.product.classification]
} else := _unknown

_required := protections if {
	protections := _asked[_class]
} else := [protection | some class in _asked; some protection in class]

_demand := sprintf("%v data takes protections", [_class]) if {
	input.product.classification == _class
} else := sprintf("the classification is unknown, so protections are those of %v data", [_class])

default _asked := {
	"public": [],
	"internal": ["access_control"],
	"confidential": ["access_control", "audit_logging", "encryption"],
	"restricted": ["access_control", "audit_logging", "encryption", "masking"],
}

_asked := data.global.parameters.required_protections

default _unknown := "restricted"

_unknown := data.global.parameters.unknown_classification

default _by_category := {
	"user.authorization": ["encryption"],
	"user.biometric": ["encryption", "masking"],
	"user.financial.credit_card": ["tokenisation"],
	"user.government_id": ["masking"],
	"user.health_and_medical": ["encryption", "masking"],
}

_by_category := data.global.parameters.category_protections
