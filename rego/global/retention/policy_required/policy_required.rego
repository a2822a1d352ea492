# METADATA
# title: A product says how long its data is kept
# description: Every product names a retention period of whole days, personal or not.
# custom:
#   id: RET-001
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 5(1)(e)", "GDPR Art. 30(1)(f)"]
#   remediation: Set `retention` to the days after which the data is deleted; finance and legal know the statutory minimum.
package global.retention.policy_required

violation contains {
	"msg": "the product does not say for how many days its data is kept",
	"path": "product.retention.days",
} if {
	not _said
	not _for_ever
}

violation contains {
	"msg": "the product keeps its data for ever; personal data has an end, and so has every purpose",
	"path": "product.retention",
} if {
	not _said
	_for_ever
}

_for_ever if input.product.retention.unlimited == true

_said if {
	input.product.retention.days > 0
	is_number(input.product.retention.days)
	floor(input.product.retention.days) == input.product.retention.days
}
