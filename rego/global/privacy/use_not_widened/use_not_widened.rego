# METADATA
# title: Access and use are not widened by the way
# description: >-
#   A product that is not public gives no role more than its released version did. One that holds personal data, or of
#   which nobody can tell, is used for no new purpose, goes to no new recipient or place and lies in no new region, and what
#   makes that lawful stays.
# custom:
#   id: PRV-023
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 5(1)(b)", "GDPR Art. 6", "GDPR Art. 44", "ISO/IEC 27001:2022 A.5.15"]
#   remediation: >-
#     Take it back, or have those who answer for the data agree: a waiver of this rule says who did, and why.
package global.privacy.use_not_widened

import data.bylaw.lib.changes
import data.bylaw.lib.personal_data

violation contains {"msg": msg, "path": changes.path(difference)} if {
	not _is_public
	some difference in changes.towards("access_changed", {"widened"})
	msg := sprintf("%v may now %v", [changes.subject(difference), _doing(difference)])
}

violation contains {"msg": msg, "path": changes.path(difference)} if {
	personal_data.reason(_product, {})
	some kind in ["purpose_changed", "region_changed", "recipient_changed", "transfer_changed"]
	some difference in changes.towards(kind, {"widened"})
	msg := sprintf("%v is new: %v", [changes.subject(difference), personal_data.reason(_product, {})])
}

violation contains {"msg": msg, "path": changes.path(difference)} if {
	personal_data.reason(_product, {})
	some kind in ["lawful_basis_changed", "transfer_changed"]
	some difference in changes.towards(kind, {"changed", "removed"})
	msg := sprintf("%v was by %v and is now by %v: %v", [
		changes.subject(difference),
		changes.was(difference),
		changes.now(difference),
		personal_data.reason(_product, {}),
	])
}

default _product := {}

_product := input.product if is_object(input.product)

# Public before and after: what only now is called public was not open to everybody.
_is_public if {
	input.product.classification == "public"
	input.previous.classification == "public"
}

_doing(difference) := "do what it says nothing about" if {
	object.get(difference, "to", []) == []
} else := changes.now(difference)
