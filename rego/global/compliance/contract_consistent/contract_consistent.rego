# METADATA
# title: A contract does not contradict itself
# description: >-
#   What a document says twice and differently (two classifications for one field, `pii: false` under the tag `pii`, data
#   that is kept for ever and for a year) is no fact: nobody knows which of the two its author meant, and protections
#   that follow from one would be wrong by the other. So is what two documents of one run say of one product or contract.
# custom:
#   id: CMP-009
#   enforcement: deny
#   severity: high
#   controls: ["Data mesh: trustworthy", "ISO/IEC 27001:2022 A.5.12"]
#   remediation: Say it once; where two are right for two parts, say each of its own part.
package global.compliance.contract_consistent

violation contains {"msg": msg, "path": object.get(part, "path", "contract")} if {
	is_array(input.product.contract.contradictions)
	some part in input.product.contract.contradictions
	msg := sprintf("%v is contradicted: %v", [
		object.get(part, "path", "a part of the contract"),
		object.get(part, "reason", "it is said twice, and differently"),
	])
}

violation contains {"msg": msg, "path": object.get(part, "path", "product")} if {
	is_array(input.product.contradictions)
	some part in input.product.contradictions
	msg := sprintf("another document contradicts this one: %v", [object.get(part, "reason", "it says otherwise")])
}
