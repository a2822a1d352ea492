# METADATA
# title: Personal data is not kept longer by the way
# description: >-
#   The retention of a product that holds personal data, or of which nobody can tell, is not lengthened, and none is
#   dropped. What is cut below a statute is the business of RET-002; what is cut or lengthened otherwise is told as a
#   warning (CMP-023).
# custom:
#   id: RET-021
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 5(1)(e)"]
#   remediation: >-
#     Restore the period. Where a law or a purpose asks for the longer one, have the council agree: a waiver of this rule
#     says which.
package global.retention.longer_needs_reason

import data.bylaw.lib.changes
import data.bylaw.lib.personal_data

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some difference in changes.towards("retention_changed", {"lengthened"})
	reason := personal_data.reason(_product, {})
	msg := sprintf("the data was kept for %v days and is now kept for %v: %v", [
		changes.was(difference),
		changes.now(difference),
		reason,
	])
}

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some difference in changes.towards("retention_changed", {"removed"})
	msg := sprintf("the data was kept for %v days, and nobody says for how long now", [changes.was(difference)])
}

default _product := {}

_product := input.product if is_object(input.product)
