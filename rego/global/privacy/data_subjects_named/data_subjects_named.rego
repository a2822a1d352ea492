# METADATA
# title: Personal data says whom it is about
# description: >-
#   A product that holds personal data names its data subjects (`customer`, `employee`, …), for the whole or on every
#   personal field. The record of processing activities needs them.
# custom:
#   id: PRV-008
#   enforcement: warn
#   severity: medium
#   controls: ["GDPR Art. 30(1)(c)"]
#   remediation: State `data_subjects` on the product, or on every personal field.
package global.privacy.data_subjects_named

import data.bylaw.lib.product

violation contains {"msg": msg, "path": "product.data_subjects"} if {
	not _names_some(_product)
	names := {object.get(field, "name", "a field without a name") |
		some field in product.personal_fields(_product)
		not _names_some(field)
	}
	count(names) > 0
	msg := sprintf("the product holds personal data (%v), and does not say whom it is about", [concat(", ", names)])
}

_names_some(thing) if count(thing.data_subjects) > 0

default _product := {}

_product := input.product if is_object(input.product)
