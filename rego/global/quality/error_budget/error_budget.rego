# METADATA
# title: There is room for error left
# description: >-
#   For each budget of the parameter `error_budgets`, and of the concerned domains', the history of the measure shows that its
#   objective was kept over the window. Too little history shows nothing, and a budget that cannot be understood has no room.
#   A product that is not live yet has no history.
# custom:
#   id: QLT-006
#   enforcement: deny
#   severity: high
#   controls: ["Data mesh: trustworthy"]
#   remediation: Publish nothing new until the measure has recovered; hand in its history over the whole window.
package global.quality.error_budget

import data.bylaw.lib.error_budgets

violation contains {"msg": msg, "path": "quality.history", "details": budget} if {
	some budget in error_budgets.budgets
	not _before_measurement
	msg := _fault(budget)
}

_fault(budget) := sprintf("the error budget of %v (%v) cannot be understood", [budget.measure, budget.layer]) if {
	budget.state == "malformed"
} else := sprintf("%v is asked for %v of %v days (%v), and its history has %v samples on %v days: too few to tell", [
	budget.measure,
	budget.objective,
	budget.window_days,
	budget.layer,
	budget.samples,
	budget.days,
]) if {
	budget.state == "unknown"
} else := sprintf("the error budget of %v is used up: %v of %v samples in %v days were bad, and %v are to be good (%v)", [
	budget.measure,
	budget.bad,
	budget.samples,
	budget.window_days,
	budget.objective,
	budget.layer,
]) if {
	budget.state == "exhausted"
}

_before_measurement if input.product.status in _statuses_before

default _statuses_before := ["draft", "proposed", "development", "testing"]

_statuses_before := data.global.parameters.statuses_before_measurement
