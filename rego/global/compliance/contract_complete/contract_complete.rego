# METADATA
# title: A contract says what its standard requires
# description: >-
#   What the standard of the contract requires and the document does not say (`id`, `version`, the name of an object) is
#   pointed out: other tools refuse the document, and releases of it cannot be told apart.
# custom:
#   id: CMP-008
#   enforcement: warn
#   severity: low
#   controls: ["Data mesh: self-describing", "Data mesh: interoperability"]
#   remediation: Add the key that the message names.
package global.compliance.contract_complete

violation contains {"msg": msg, "path": object.get(part, "path", "contract")} if {
	is_array(input.product.contract.lacks)
	some part in input.product.contract.lacks
	msg := sprintf("%v is missing: %v", [
		object.get(part, "path", "a part of the contract"),
		object.get(part, "reason", "the standard requires it"),
	])
}
