# METADATA
# title: Thresholds
# description: What a quality report says of a metric that a policy sets a threshold for.
package bylaw.lib.thresholds

import data.bylaw.lib.conditions
import data.bylaw.lib.evidence
import data.bylaw.lib.quarantine

# METADATA
# description: >
#   Where measurements of a metric (a result's `metric`, or its `check`) miss a threshold, as statements. Without any, or
#   with one that proves nothing, it is missed; what was measured of another part, and rows that may be kept out of what is
#   published, count neither way.
violations(metric, operator, threshold) := {{"path": path, "msg": sprintf("%v was not measured", [metric])}} if {
	path := sprintf("quality.results[%v]", [metric])
	count(_results(metric)) == 0
} else := {violation |
	some result in _results(metric)
	not result in quarantine.kept_out
	not _passes(result, operator, threshold)
	violation := {
		"path": sprintf("quality.results[%v]", [metric]),
		"msg": sprintf("%v is %v, the law says %v %v", [metric, _measured(result), operator, threshold]),
		"details": {"metric": metric, "operator": operator, "threshold": threshold, "measured": _measured(result)},
	}
}

_results(metric) := {result |
	some result in evidence.results
	metric in {object.get(result, "metric", ""), object.get(result, "check", "")}
	not _is_of_another_part(result)
}

_is_of_another_part(result) if {
	result.status == "pass"
	evidence.elsewhere(result)
}

_passes(result, operator, threshold) if {
	_is_measurement(result)
	conditions.meets(result.value, operator, threshold)
}

_is_measurement(result) if {
	not evidence.flaw(result)
	is_number(result.value)
}

_measured(result) := result.value if {
	_is_measurement(result)
} else := sprintf("unknown (%v)", [evidence.flaw(result)]) if {
	evidence.ran(result)
	evidence.flaw(result)
} else := sprintf("unknown (%v)", [object.get(result, "status", "no status")])
