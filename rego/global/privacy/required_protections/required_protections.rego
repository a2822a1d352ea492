# METADATA
# title: A class brings its protections
# description: >-
#   A product applies every protection that the parameter `required_protections` asks for at its classification. A
#   product without a classification, or with one that nobody agreed on, is protected as the parameter
#   `unknown_classification` says: as the most restricted one.
# custom:
#   id: PRV-005
#   enforcement: deny
#   severity: high
#   controls: ["ISO/IEC 27001:2022 A.5.12", "GDPR Art. 25"]
#   remediation: Apply the protection and list it under `protections`, or have the owner lower the classification.
package global.privacy.required_protections

violation contains {
	"msg": sprintf("%v; the product does not apply %v", [_demand, concat(", ", missing)]),
	"path": "product.protections",
	"details": {"missing": missing},
} if {
	missing := [protection | some protection in sort(_required); not protection in _applied]
	count(missing) > 0
}

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
