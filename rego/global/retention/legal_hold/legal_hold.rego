# METADATA
# title: Data under a legal hold is kept
# description: >-
#   A product that the registry has under a legal hold (`data.mesh.legal_holds`, by its key) is not retired and does not
#   keep its data for less long than its released version. A hold ends when the registry takes it out, not by a date. No
#   waiver covers this rule.
# custom:
#   id: RET-003
#   enforcement: deny
#   severity: critical
#   controls: ["GDPR Art. 17(3)(e)"]
#   remediation: Leave the product as it is until the legal team has lifted the hold.
#   waivable: false
package global.retention.legal_hold

violation contains {"msg": msg, "path": "product.status"} if {
	some hold in _holds
	not _is_kept
	msg := sprintf("the product is under a legal hold (%v) and cannot be %v", [_reason(hold), _status])
}

violation contains {"msg": msg, "path": "product.retention.days"} if {
	some hold in _holds
	before := input.previous.retention.days
	not _is_as_long_as(before)
	msg := sprintf("the product is under a legal hold (%v) and keeps its data for %v days; it cannot be less", [
		_reason(hold),
		before,
	])
}

# A hold that cannot be read is one: retention fails towards keeping.
_holds contains hold if {
	some hold in data.mesh.legal_holds
	_is_of_the_product(hold)
}

_holds contains {"reason": "the list of holds cannot be read"} if not is_array(data.mesh.legal_holds)

_is_of_the_product(hold) if hold.product == sprintf("%v/%v", [input.product.domain, input.product.name])

_is_of_the_product(hold) if not _names_a_product(hold)

_names_a_product(hold) if is_string(hold.product)

_is_kept if not _status in ["retired", "archived", "deleted"]

default _status := "unknown"

_status := lower(input.product.status)

_is_as_long_as(before) if input.product.retention.days >= before

_reason(hold) := hold.reason if {
	is_string(hold.reason)
} else := "for a reason it does not say"
