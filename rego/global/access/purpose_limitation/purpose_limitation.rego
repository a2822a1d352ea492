# METADATA
# title: Personal data is used for what it was declared for
# description: >-
#   Who says what they want the data of a product for (`context.purpose`, a data use of the taxonomy) may have it for a
#   purpose that the registry has for the product, or one below it, and for no other; of a product whose purposes the
#   registry does not know, for none. Asked of data that is personal, or of which the registry does not say that it is
#   not. Whether a purpose must be said at all is the parameter `purpose_required`.
# custom:
#   id: ACC-008
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 5(1)(b)", "GDPR Art. 6(4)"]
#   remediation: >-
#     Ask for one of the product's purposes, or have its owner declare yours, where it is compatible with what the data
#     was collected for.
package global.access.purpose_limitation

import data.bylaw.lib.access
import data.bylaw.lib.registered
import data.bylaw.lib.taxonomy

violation contains {"msg": msg, "path": "context.purpose"} if {
	_asks_for_personal_data
	purpose := access.purpose
	not _is_declared(purpose)
	msg := sprintf("%v is for %v, not for %v", [access.resource.id, _purposes_text, purpose])
}

violation contains {"msg": msg, "path": "context.purpose"} if {
	_asks_for_personal_data
	not _says_what_for
	_is_required
	msg := sprintf("%v is for %v, and the request does not say what for", [access.resource.id, _purposes_text])
}

_asks_for_personal_data if {
	access.resource.product
	not access.action in {"list", "describe", "request_access"}
	not registered.is_impersonal(registered.asked)
}

# Whatever it says: a purpose that is false, or no text, is none that was declared.
_says_what_for if access.purpose != null

_is_declared(purpose) if {
	taxonomy.is_known("uses", purpose)
	some declared in _purposes
	taxonomy.is_known("uses", declared)
	taxonomy.is_below(purpose, declared)
}

_purposes contains purpose if {
	some purpose in registered.asked.purposes
}

_purposes_text := concat(", ", _purposes) if {
	count(_purposes) > 0
} else := "purposes that the registry does not know"

_is_required if _required != false

default _required := true

_required := data.global.parameters.purpose_required
