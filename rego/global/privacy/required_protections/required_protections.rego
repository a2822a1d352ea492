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

violation contains {"msg": msg, "path": "product.protections"} if {
	some protection in _required
	not protection in _applied
	msg := sprintf("%v data takes %v, and the product does not apply it", [_class, protection])
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

default _asked := {
	"public": [],
	"internal": ["access_control"],
	"confidential": ["access_control", "audit_logging", "encryption"],
	"restricted": ["access_control", "audit_logging", "encryption", "masking"],
}

_asked := data.global.parameters.required_protections

default _unknown := "restricted"

_unknown := data.global.parameters.unknown_classification
