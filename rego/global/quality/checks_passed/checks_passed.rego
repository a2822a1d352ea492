# METADATA
# title: Every check passed
# description: >-
#   Each quality check that is reported has passed; failed, errored, skipped and unreported ones violate alike. A promise
#   of the contract that names no number as its threshold is kept by a check that passed. Whether a measurement is good enough and fresh
#   is the business of QLT-001.
# custom:
#   id: QLT-002
#   enforcement: deny
#   severity: medium
#   controls: ["Data mesh: trustworthy"]
#   remediation: Repair the data or the check, and run it again.
package global.quality.checks_passed

violation contains {"msg": msg, "path": object.get(result, "path", "quality.results")} if {
	is_array(input.quality.results)
	some result in input.quality.results
	not result.status == "pass"
	msg := sprintf("check %v ended as %v", [
		object.get(result, "check", "without a name"),
		object.get(result, "status", "unknown"),
	])
}

violation contains {"msg": msg, "path": object.get(promise, "path", "contract.quality")} if {
	is_array(input.product.contract.quality)
	some promise in input.product.contract.quality
	not _has_threshold(promise)
	not _before_measurement
	not _checked(promise)
	msg := sprintf("the contract promises %v, and no check of it passed", [object.get(promise, "metric", "something without a name")])
}

_has_threshold(promise) if is_number(promise.threshold)

_checked(promise) if {
	is_array(input.quality.results)
	some result in input.quality.results
	result.metric == promise.metric
	result.status == "pass"
}

_before_measurement if input.product.status in _statuses_before

default _statuses_before := ["draft", "proposed", "development", "testing"]

_statuses_before := data.global.parameters.statuses_before_measurement
