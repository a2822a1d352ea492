# METADATA
# title: Room for error is not used up fast
# description: >-
#   Lately (`fast_burn_hours` of the budget, a day unless said) a measure was bad several times as often (`fast_burn_rate`,
#   three unless said) as its error budget can bear for the whole window.
# custom:
#   id: QLT-007
#   enforcement: warn
#   severity: medium
#   controls: ["Data mesh: trustworthy"]
#   remediation: Look into what changed before the budget is used up.
package global.quality.budget_burn

import data.bylaw.lib.error_budgets

violation contains {"msg": msg, "path": "quality.history", "details": budget} if {
	some budget in error_budgets.budgets
	budget.state == "burning"
	msg := sprintf("the error budget of %v burns %v times as fast as it may (%v); %v of it is left", [
		budget.measure,
		budget.burn_rate,
		budget.layer,
		budget.remaining,
	])
}
