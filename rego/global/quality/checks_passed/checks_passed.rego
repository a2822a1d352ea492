# METADATA
# title: Every check passed
# description: >-
#   Each quality check that is reported has passed; failed, errored, skipped and unreported ones violate alike. A check that
#   warned is the business of QLT-004, and rows that may be kept out of what is published are kept out instead. A promise of
#   the contract that names no number as its threshold is kept by a check that passed, and counts: fresh, of this contract,
#   version and part, of a producer who is trusted. Whether a measurement is good enough is the business of QLT-001.
# custom:
#   id: QLT-002
#   enforcement: deny
#   severity: medium
#   controls: ["Data mesh: trustworthy"]
#   remediation: Repair the data or the check, and run it again.
package global.quality.checks_passed

import data.bylaw.lib.evidence
import data.bylaw.lib.quarantine

violation contains {"msg": msg, "path": object.get(result, "path", "quality.results")} if {
	some result in evidence.results
	not object.get(result, "status", "unknown") in {"pass", "warn"}
	not evidence.beside(result)
	not result in quarantine.kept_out
	msg := sprintf("check %v ended as %v%v", [evidence.name(result), object.get(result, "status", "unknown"), _where(result)])
}

violation contains {"msg": msg, "path": object.get(promise, "path", "contract.quality")} if {
	is_array(input.product.contract.quality)
	some promise in input.product.contract.quality
	not _has_threshold(promise)
	not _before_measurement
	not _checked(promise)
	msg := sprintf("the contract promises %v, and %v", [object.get(promise, "metric", "something without a name"), _why_not(promise)])
}

_where(result) := sprintf(" on the part %v", [result.partition]) if {
	object.get(result, "partition", "") != ""
} else := ""

_has_threshold(promise) if is_number(promise.threshold)

_checked(promise) if {
	some result in evidence.by_metric[promise.metric]
	result.status == "pass"
	not result.type == "metric"
	not evidence.flaw(result)
}

# That a check failed is said of the check.
_why_not(promise) := reason if {
	reasons := sort([flaw |
		some result in evidence.by_metric[promise.metric]
		flaw := evidence.flaw(result)
	])
	reason := reasons[0]
} else := "no check of it passed"

_before_measurement if input.product.status in _statuses_before

default _statuses_before := ["draft", "proposed", "development", "testing"]

_statuses_before := data.global.parameters.statuses_before_measurement
