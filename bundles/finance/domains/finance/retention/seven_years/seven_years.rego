# METADATA
# title: Financial data is kept for seven years
# description: >-
#   The finance domain's extension of the mesh's retention rules: every product of the domain is kept for at least the days
#   of the domain's parameter `minimum_retention_days`.
# custom:
#   id: FIN-RET-001
#   enforcement: deny
#   severity: critical
#   controls: ["SOX Section 802", "HGB § 257", "AO § 147"]
#   remediation: Set `retention` to at least 2555 days. Only controlling may shorten it.
package domains.finance.retention.seven_years

violation contains {"msg": msg, "path": "product.retention.days"} if {
	not _kept_long_enough
	msg := sprintf("financial data is kept for at least %v days; the product is kept for %v", [_minimum_days, _kept])
}

_kept_long_enough if {
	is_number(input.product.retention.days)
	input.product.retention.days >= _minimum_days
}

default _kept := "a time it does not say"

_kept := sprintf("%v", [input.product.retention.days])

default _minimum_days := 2555

_minimum_days := data.domains.finance.parameters.minimum_retention_days
