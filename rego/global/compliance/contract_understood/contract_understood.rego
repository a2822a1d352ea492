# METADATA
# title: Everything a contract says was understood
# description: >-
#   Parts of a contract that became no fact (a key that its standard does not know, a service level in no known unit) are
#   pointed out: whoever wrote them may believe that they count. What a rule asks for and does not find violates that rule
#   anyway.
# custom:
#   id: CMP-007
#   enforcement: warn
#   severity: low
#   controls: ["Data mesh: self-describing"]
#   remediation: Correct the spelling, or say it where the standard has a place for it.
package global.compliance.contract_understood

violation contains {"msg": msg, "path": object.get(part, "path", "contract")} if {
	is_array(input.product.contract.unread)
	some part in input.product.contract.unread
	msg := sprintf("%v counts for nothing: %v", [
		object.get(part, "path", "a part of the contract"),
		object.get(part, "reason", "it was not understood"),
	])
}
