# METADATA
# title: Personal data has an end
# description: >-
#   A product that holds personal data, or of which nobody can tell, says for how many days it is kept: for the product,
#   or for each personal field.
# custom:
#   id: PRV-004
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 5(1)(e)", "GDPR Art. 17"]
#   remediation: Set `retention` on the product, or `retention_days` on every personal field.
package global.privacy.retention_days_set

import data.bylaw.lib.personal_data
import data.bylaw.lib.product

violation contains {"msg": msg, "path": "product.retention.days"} if {
	why := personal_data.reason(_product, {})
	not _is_days(object.get(_product, ["retention", "days"], 0))
	not _every_personal_field_ends
	msg := sprintf("%v, and the product does not say when it ends", [replace(why, "it carries", "the product holds")])
}

default _product := {}

_product := input.product if is_object(input.product)

_every_personal_field_ends if {
	fields := product.personal_fields(_product)
	count(fields) > 0
	every field in fields {
		_is_days(field.retention_days)
	}
}

_is_days(days) if {
	is_number(days)
	days > 0
}
