# METADATA
# title: What was measured keeps what was promised
# description: >-
#   For each threshold of the council (parameter `quality_thresholds`, which a domain may tighten), of the contract
#   (`quality`; a promise that names no number is the business of QLT-002) and of the product's service levels, there is a
#   measurement, and it keeps the threshold. Only fresh evidence counts: at most the parameter `evidence_max_age_seconds`
#   old. A check that failed, erred, was skipped or never ran proves nothing. A product that is not live yet (its status is
#   among the parameter `statuses_before_measurement`) has nothing to measure and is judged only by the evidence that it
#   brings.
# custom:
#   id: QLT-001
#   enforcement: deny
#   severity: high
#   controls: ["Data mesh: trustworthy", "BCBS 239 Principle 3"]
#   remediation: Run the checks, repair what they find, and hand in their results with the value and the time of measurement.
package global.quality.thresholds

import data.bylaw.lib.timestamps
import data.bylaw.tightened

violation contains {"msg": msg, "path": wanted.path} if {
	some wanted in _wanted
	not _is_excused(wanted)
	count(_usable(wanted)) == 0
	msg := sprintf("%v must be %v (%v), and %v", [wanted.metric, _wording(wanted), wanted.source, _why_not(wanted)])
}

violation contains {"msg": msg, "path": object.get(result, "path", wanted.path)} if {
	some wanted in _wanted
	some result in _usable(wanted)
	not _keeps(result.value, wanted)
	msg := sprintf("%v is %v and must be %v (%v)", [wanted.metric, result.value, _wording(wanted), wanted.source])
}

# Evidence that is worse than the usable kind may not hide behind it: a second check that erred still counts.
violation contains {"msg": msg, "path": object.get(result, "path", wanted.path)} if {
	some wanted in _wanted
	count(_usable(wanted)) > 0
	some result in _results
	result.metric == wanted.metric
	not result in _usable(wanted)
	msg := sprintf("%v must be %v (%v), and %v", [wanted.metric, _wording(wanted), wanted.source, _flaw(result)])
}

_wanted contains {
	"metric": metric,
	"operator": operator,
	"threshold": threshold,
	"source": "asked for by the council",
	"path": sprintf("quality.results[%v]", [metric]),
} if {
	some metric, bounds in _council
	some operator, threshold in bounds
}

_wanted contains {
	"metric": bound.metric,
	"operator": bound.operator,
	"threshold": bound.threshold,
	"source": sprintf("asked for by the domain %v", [bound.domain]),
	"path": sprintf("quality.results[%v]", [bound.metric]),
} if {
	some bound in tightened.bounds("quality_thresholds")
}

_wanted contains {
	"metric": promise.metric,
	"operator": object.get(promise, "operator", "gte"),
	"threshold": promise.threshold,
	"source": "promised by the contract",
	"path": object.get(promise, "path", sprintf("quality.results[%v]", [promise.metric])),
} if {
	is_array(input.product.contract.quality)
	some promise in input.product.contract.quality
	is_number(promise.threshold)
}

_wanted contains {
	"metric": metric,
	"operator": "gte",
	"threshold": threshold,
	"source": "promised as a service level",
	"path": sprintf("product.sla.%v", [metric]),
} if {
	some metric in ["completeness", "accuracy", "quality", "uniqueness"]
	threshold := input.product.sla[metric]
}

_results contains result if {
	is_array(input.quality.results)
	some result in input.quality.results
}

_is_excused(wanted) if {
	input.product.status in _statuses_before
	count([result | some result in _results; result.metric == wanted.metric]) == 0
}

_usable(wanted) := {result |
	some result in _results
	result.metric == wanted.metric
	result.status in {"pass", "fail"}
	is_number(result.value)
	_is_fresh(result)
}

# Five minutes ahead are forgiven to clocks that disagree; more is a time that cannot be true.
_is_fresh(result) if {
	age := timestamps.age_in_seconds(result.observed_at)
	age >= -300
	age <= _max_age
}

_why_not(wanted) := reason if {
	reasons := sort([_flaw(result) | some result in _results; result.metric == wanted.metric])
	reason := reasons[0]
} else := "it was never measured"

_flaw(result) := sprintf("check %v ended as %v", [_name(result), object.get(result, "status", "unknown")]) if {
	not _ran(result)
} else := sprintf("check %v measured no number", [_name(result)]) if {
	not _measured(result)
} else := sprintf("check %v does not say when it measured", [_name(result)]) if {
	not _dated(result)
} else := sprintf("check %v measured at %v, and evidence counts for %v seconds", [
	_name(result),
	result.observed_at,
	_max_age,
])

_ran(result) if result.status in {"pass", "fail"}

_measured(result) if is_number(result.value)

_dated(result) if timestamps.instant(result.observed_at)

_name(result) := object.get(result, "check", "without a name")

_keeps(value, wanted) if {
	is_number(wanted.threshold)
	_compares(wanted.operator, value, wanted.threshold)
}

_compares("gte", value, threshold) if value >= threshold

_compares("lte", value, threshold) if value <= threshold

_compares("gt", value, threshold) if value > threshold

_compares("lt", value, threshold) if value < threshold

_compares("equals", value, threshold) if value == threshold

_wording(wanted) := sprintf("%v %v", [object.get(_words, wanted.operator, wanted.operator), wanted.threshold])

_words := {"gte": "at least", "lte": "at most", "gt": "more than", "lt": "less than", "equals": "exactly"}

default _council := {"completeness": {"gte": 0.95}}

_council := data.global.parameters.quality_thresholds

# A day: the slowest rhythm in which the mesh's pipelines measure themselves.
default _councils_max_age := 86400

_councils_max_age := data.global.parameters.evidence_max_age_seconds

_max_age := tightened.lowest("evidence_max_age_seconds", _councils_max_age)

default _statuses_before := ["draft", "proposed", "development", "testing"]

_statuses_before := data.global.parameters.statuses_before_measurement
