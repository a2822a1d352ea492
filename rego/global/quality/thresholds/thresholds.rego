# METADATA
# title: What was measured keeps what was promised
# description: >-
#   For each threshold of the council (parameter `quality_thresholds`, which a domain may tighten), of the contract
#   (`quality`; a promise that names no number is the business of QLT-002) and of the product's service levels, there is a
#   measurement, and it keeps the threshold. What was measured of freshness, latency and availability keeps what is promised of them.
#   Only evidence counts that is fresh (at most the parameter `evidence_max_age_seconds` old), of this contract, version and
#   part, and of a producer who is trusted. A check that erred, was skipped or never ran proves nothing. Rows that may be
#   kept out of what is published break nothing. A product that is not live yet (its status is among the parameter
#   `statuses_before_measurement`) has nothing to measure and is judged only by the evidence that it brings.
# custom:
#   id: QLT-001
#   enforcement: deny
#   severity: high
#   controls: ["Data mesh: trustworthy", "BCBS 239 Principle 3"]
#   remediation: Run the checks, repair what they find, and hand in their results with the value and the time of measurement.
package global.quality.thresholds

import data.bylaw.lib.evidence
import data.bylaw.lib.quarantine
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
	not result in quarantine.kept_out
	value := _value(result, wanted)
	not _keeps(value, wanted)
	msg := sprintf("%v is %v and must be %v (%v)", [wanted.metric, value, _wording(wanted), wanted.source])
}

# Evidence that is worse than the usable kind may not hide behind it: a second check that erred still counts.
violation contains {"msg": msg, "path": object.get(result, "path", wanted.path)} if {
	some wanted in _wanted
	usable := _usable(wanted)
	count(usable) > 0
	some result in evidence.by_metric[wanted.metric]
	not result in usable
	not _is_of_another_part(result)
	not _is_only_a_verdict(result)
	msg := sprintf("%v must be %v (%v), and %v", [wanted.metric, _wording(wanted), wanted.source, _flaw(result, wanted)])
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
	"unit": object.get(promise, "unit", ""),
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

# What can only be measured of what is published already is asked for where somebody measures it.
_wanted contains {
	"metric": metric,
	"operator": operator,
	"threshold": threshold,
	"source": "promised as a service level",
	"path": sprintf("product.sla.%v", [metric]),
} if {
	some metric, operator in {
		"freshness_seconds": "lte",
		"latency_p95_ms": "lte",
		"availability": "gte",
		"consistency": "gte",
	}
	threshold := input.product.sla[metric]
	evidence.by_metric[metric]
}

_is_excused(wanted) if {
	input.product.status in _statuses_before
	count(object.get(evidence.by_metric, wanted.metric, set())) == 0
}

_usable(wanted) := {result |
	some result in evidence.by_metric[wanted.metric]
	not evidence.flaw(result)
	_has_value(result, wanted)
}

_has_value(result, wanted) if is_number(_value(result, wanted))

_value(result, wanted) := value if {
	value := evidence.measured(result, wanted.metric, object.get(wanted, "unit", ""))
}

# What passed of another part is no evidence of this one, and no flaw of it either.
_is_of_another_part(result) if {
	result.status == "pass"
	evidence.elsewhere(result)
}

# A check that passed and counted nothing says nothing against what another measured.
_is_only_a_verdict(result) if {
	result.status == "pass"
	not evidence.flaw(result)
	not _has_number(result)
}

_has_number(result) if is_number(result.value)

_why_not(wanted) := reason if {
	reasons := sort([_flaw(result, wanted) | some result in evidence.by_metric[wanted.metric]])
	reason := reasons[0]
} else := "it was never measured"

_flaw(result, wanted) := reason if {
	reason := evidence.flaw(result)
} else := sprintf("check %v counted, and nobody says of how many rows", [evidence.name(result)]) if {
	is_number(result.value)
	not _has_value(result, wanted)
} else := sprintf("check %v measured no number", [evidence.name(result)])

_keeps(value, wanted) if {
	is_number(wanted.threshold)
	_compares(wanted.operator, value, wanted.threshold)
}

_compares("gte", value, threshold) if value >= threshold

_compares("lte", value, threshold) if value <= threshold

_compares("gt", value, threshold) if value > threshold

_compares("lt", value, threshold) if value < threshold

_compares("equals", value, threshold) if value == threshold

_compares("not_equals", value, threshold) if value != threshold

_wording(wanted) := sprintf("%v %v", [object.get(_words, wanted.operator, wanted.operator), wanted.threshold])

_words := {"gte": "at least", "lte": "at most", "gt": "more than", "lt": "less than", "equals": "exactly", "not_equals": "anything but"}

default _council := {"completeness": {"gte": 0.95}}

_council := data.global.parameters.quality_thresholds

default _statuses_before := ["draft", "proposed", "development", "testing"]

_statuses_before := data.global.parameters.statuses_before_measurement
