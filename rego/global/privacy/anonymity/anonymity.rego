# METADATA
# title: What is called anonymous is
# description: >-
#   A product that names k-anonymity among its protections (which PRV-005 asks for where a class or category takes it) says
#   of every port how many persons share each row (`k_anonymity`; the port's own word wins), and that is at least what the
#   parameter `k_anonymity` asks for at the product's class. The more may read it, the more persons must share a row: 20
#   where everybody may, 3 where hardly anybody. A class that is not known takes the most.
# custom:
#   id: PRV-010
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Recital 26", "GDPR Art. 25(1)", "HIPAA § 164.514(b)(1)"]
#   remediation: >-
#     Generalise or suppress until every row is shared by so many, and state the smallest number as `k_anonymity`; or do
#     not call it a protection.
package global.privacy.anonymity

import data.bylaw.lib.personal_data
import data.bylaw.tightened

violation contains {"msg": msg, "path": path} if {
	_is_called_anonymous
	some holder in personal_data.holders(_product)
	_k(holder.port) < _least
	path := {true: "product.k_anonymity", false: holder.path}[holder.port == {}]
	msg := sprintf("%v: %v, and %v data takes at least %v", [holder.label, _state(holder.port), _class, _least])
}

_is_called_anonymous if {
	some protection in _product.protections
	regex.replace(lower(protection), `[^a-z]`, "") in {"kanonymity", "kanonymisation", "kanonymization"}
}

_k(port) := port.k_anonymity if {
	is_number(port.k_anonymity)
} else := _product.k_anonymity if {
	is_number(_product.k_anonymity)
} else := 0

_state(port) := "nobody says how many persons share a row" if {
	_k(port) == 0
} else := sprintf("%v persons share a row", [_k(port)])

# The council's threshold and the domains' add up: the highest holds.
_least := max({_of_class(_councils)} | {bound.threshold |
	some bound in tightened.bounds("k_anonymity")
	bound.operator in {"gte", "gt"}
	bound.metric == _class
})

_of_class(thresholds) := thresholds[_class] if {
	is_number(thresholds[_class])
} else := max({20} | {threshold | some threshold in thresholds; is_number(threshold)})

default _class := "unclassified"

_class := lower(_product.classification) if is_string(_product.classification)

default _product := {}

_product := input.product if is_object(input.product)

default _councils := {"public": 20, "internal": 11, "confidential": 5, "restricted": 3}

_councils := data.global.parameters.k_anonymity
