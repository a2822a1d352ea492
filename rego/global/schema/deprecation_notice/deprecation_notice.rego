# METADATA
# title: Consumers are warned before a schema breaks
# description: >-
#   The product promises to announce breaking changes at least the days of the parameter `minimum_deprecation_days` ahead.
# custom:
#   id: SCH-002
#   enforcement: warn
#   severity: low
#   controls: ["Data mesh: trustworthy"]
#   remediation: Set `deprecation_notice_days` in the contract's versioning section.
package global.schema.deprecation_notice

import data.bylaw.tightened

violation contains {"msg": msg, "path": "product.deprecation_notice_days"} if {
	not _promised
	msg := sprintf("breaking changes are to be announced %v days ahead; the product promises %v", [_minimum_days, _said])
}

_promised if {
	is_number(input.product.deprecation_notice_days)
	input.product.deprecation_notice_days >= _minimum_days
}

default _said := "nothing"

_said := sprintf("%v", [input.product.deprecation_notice_days])

default _councils_minimum_days := 30

_councils_minimum_days := data.global.parameters.minimum_deprecation_days

_minimum_days := tightened.highest("minimum_deprecation_days", _councils_minimum_days)
