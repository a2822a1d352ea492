# METADATA
# title: A product says how confidential it is
# description: >-
#   The classification is one of the words the federation agreed on (parameter `classifications`), so that protections
#   and access can follow from it.
# custom:
#   id: CMP-002
#   enforcement: deny
#   severity: high
#   controls: ["ISO/IEC 27001:2022 A.5.12", "GDPR Art. 5(1)(f)"]
#   remediation: Set `classification` to the highest class of any field in the product; ask the owner where in doubt.
package global.compliance.classification_present

violation contains {"msg": msg, "path": "product.classification"} if {
	not input.product.classification
	msg := sprintf("the product is not classified; it must be one of %v", [concat(", ", _classifications)])
}

violation contains {"msg": msg, "path": "product.classification"} if {
	classification := input.product.classification
	not classification in _classifications
	msg := sprintf(
		"classification %v is none that the mesh knows; it must be one of %v",
		[classification, concat(", ", _classifications)],
	)
}

default _classifications := ["public", "internal", "confidential", "restricted"]

_classifications := data.global.parameters.classifications
