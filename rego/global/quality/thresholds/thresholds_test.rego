package global.quality.thresholds_test

import data.global.quality.thresholds

_now := time.parse_rfc3339_ns("2025-06-02T12:00:00Z")

_completeness := {
	"check": "profile_completeness", "metric": "completeness", "status": "pass", "value": 0.97,
	"observed_at": "2025-06-02T06:00:00Z", "source": "great-expectations", "path": "quality.results[profile_completeness]",
}

_facts(result) := {"product": {"status": "active"}, "quality": {"results": [result]}}

_council := {"completeness": {"gte": 0.95}}

_violation(what, path) := {{"msg": what, "path": path}}

_never := _violation(
	"completeness must be at least 0.95 (asked for by the council), and it was never measured",
	"quality.results[completeness]",
)

test_allowed_when_the_measurement_keeps_the_threshold[note] if {
	some note, more in {
		"above": {"value": 0.97},
		"exactly at": {"value": 0.95},
		"measured a day ago": {"observed_at": "2025-06-01T12:00:00Z"},
		"a clock that is ahead": {"observed_at": "2025-06-02T12:05:00Z"},
		"failed a stricter bound of its own": {"status": "fail"},
	}
	thresholds.violation == set() with input as _facts(object.union(_completeness, more))
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
}

test_denied_when_never_measured[note] if {
	some note, facts in {
		"nothing at all": {},
		"no evidence": {"product": {"status": "active"}},
		"no results": {"product": {"status": "active"}, "quality": {"results": []}},
		"another metric": _facts(object.union(_completeness, {"metric": "accuracy"})),
		"a status nobody knows": {"product": {"status": "shiny"}},
	}
	thresholds.violation == _never with input as facts
		with data.global.parameters as {}
		with time.now_ns as _now
}

test_denied_when_the_measurement_breaks_the_threshold if {
	thresholds.violation == _violation(
		"completeness is 0.94 and must be at least 0.95 (asked for by the council)",
		"quality.results[profile_completeness]",
	) with input as _facts(object.union(_completeness, {"value": 0.94}))
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
}

test_denied_when_the_evidence_proves_nothing[note] if {
	some note, row in {
		"errored": {"more": {"status": "error"}, "why": "check profile_completeness ended as error"},
		"skipped": {"more": {"status": "skipped"}, "why": "check profile_completeness ended as skipped"},
		"missing": {"more": {"status": "missing"}, "why": "check profile_completeness ended as missing"},
		"a status nobody knows": {"more": {"status": "fine"}, "why": "check profile_completeness ended as fine"},
		"no number": {"more": {"value": "97 %"}, "why": "check profile_completeness measured no number"},
		"no time": {"more": {"observed_at": "yesterday"}, "why": "check profile_completeness does not say when it measured"},
		"stale": {
			"more": {"observed_at": "2025-06-01T11:59:59Z"},
			"why": "check profile_completeness measured at 2025-06-01T11:59:59Z, and evidence counts for 86400 seconds",
		},
		"from the future": {
			"more": {"observed_at": "2025-06-02T12:06:00Z"},
			"why": "check profile_completeness says that it measured at 2025-06-02T12:06:00Z, which lies ahead",
		},
	}
	thresholds.violation == _violation(
		sprintf("completeness must be at least 0.95 (asked for by the council), and %v", [row.why]),
		"quality.results[completeness]",
	) with input as _facts(object.union(_completeness, row.more))
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
}

test_denied_when_a_fact_of_the_result_is_absent[key] if {
	some key, why in {
		"status": "check profile_completeness ended as unknown",
		"value": "check profile_completeness measured no number",
		"observed_at": "check profile_completeness does not say when it measured",
	}
	thresholds.violation == _violation(
		sprintf("completeness must be at least 0.95 (asked for by the council), and %v", [why]),
		"quality.results[completeness]",
	) with input as _facts(object.remove(_completeness, [key]))
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
}

test_a_good_check_does_not_hide_one_that_erred if {
	erred := object.union(_completeness, {"check": "raw", "status": "error", "path": "quality.results[raw]"})
	thresholds.violation == _violation(
		"completeness must be at least 0.95 (asked for by the council), and check raw ended as error",
		"quality.results[raw]",
	) with input as {"quality": {"results": [_completeness, erred]}}
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
}

test_promises_are_kept if {
	product := {
		"sla": {"accuracy": 0.98, "availability": 0.999},
		"contract": {"quality": [{"metric": "null_keys", "operator": "lte", "threshold": 0, "path": "contract.quality[0]"}]},
	}
	accuracy := object.union(_completeness, {"check": "a", "metric": "accuracy", "value": 0.9, "path": "quality.results[a]"})
	thresholds.violation == {
		{
			"msg": "null_keys must be at most 0 (promised by the contract), and it was never measured",
			"path": "contract.quality[0]",
		},
		{
			"msg": "accuracy is 0.9 and must be at least 0.98 (promised as a service level)",
			"path": "quality.results[a]",
		},
	} with input as {"product": product, "quality": {"results": [_completeness, accuracy]}}
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
}

test_compared_by_operator[note] if {
	some row in [
		{"operator": "gte", "value": 1, "kept": true}, {"operator": "gte", "value": 0.9, "kept": false},
		{"operator": "lte", "value": 1, "kept": true}, {"operator": "lte", "value": 1.1, "kept": false},
		{"operator": "gt", "value": 1.1, "kept": true}, {"operator": "gt", "value": 1, "kept": false},
		{"operator": "lt", "value": 0.9, "kept": true}, {"operator": "lt", "value": 1, "kept": false},
		{"operator": "not_equals", "value": 2, "kept": true}, {"operator": "not_equals", "value": 1, "kept": false},
		{"operator": "equals", "value": 1, "kept": true}, {"operator": "equals", "value": 2, "kept": false},
		{"operator": "about", "value": 1, "kept": false},
	]
	note := sprintf("%v %v", [row.operator, row.value])
	promise := {"metric": "ratio", "operator": row.operator, "threshold": 1, "path": "contract.quality[0]"}
	measured := object.union(_completeness, {"metric": "ratio", "value": row.value})
	found := thresholds.violation with input as {
		"product": {"contract": {"quality": [promise]}},
		"quality": {"results": [measured]},
	}
		with data.global.parameters.quality_thresholds as {}
		with time.now_ns as _now
	count(found) == 0 == row.kept
}

test_a_product_that_is_not_live_yet_is_not_measured[status] if {
	some status in ["draft", "proposed", "development", "testing"]
	thresholds.violation == set() with input as {"product": {"status": status}}
		with data.global.parameters as {}
}

test_a_product_that_is_not_live_yet_is_judged_by_what_it_brings if {
	thresholds.violation == _violation(
		"completeness is 0.5 and must be at least 0.95 (asked for by the council)",
		"quality.results[profile_completeness]",
	) with input as {"product": {"status": "draft"}, "quality": {"results": [object.union(_completeness, {"value": 0.5})]}}
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
}

test_a_domain_asks_for_more_than_the_council if {
	violations := thresholds.violation with input as {
		"product": {"domain": "customer"},
		"quality": {"results": [{
			"check": "nulls",
			"metric": "completeness",
			"status": "pass",
			"value": 0.96,
			"observed_at": "2026-01-01T00:00:00Z",
		}]},
	}
		with data.domains as {"customer": {"parameters": {
			"quality_thresholds": {"completeness": {"gte": 0.97}},
			"evidence_max_age_seconds": 7200,
		}}}
		with data.global.parameters as {"directions": {
			"quality_thresholds": "bounds",
			"evidence_max_age_seconds": "lower",
		}}
		with time.now_ns as time.parse_rfc3339_ns("2026-01-01T01:00:00Z")
	violations == {{
		"msg": "completeness is 0.96 and must be at least 0.97 (asked for by the domain customer)",
		"path": "quality.results[completeness]",
	}}
}

test_a_domain_lets_evidence_age_faster if {
	violations := thresholds.violation with input as {
		"product": {"domain": "customer"},
		"quality": {"results": [{
			"check": "nulls",
			"metric": "completeness",
			"status": "pass",
			"value": 0.96,
			"observed_at": "2026-01-01T00:00:00Z",
		}]},
	}
		with data.domains as {"customer": {"parameters": {"evidence_max_age_seconds": 60}}}
		with data.global.parameters as {"directions": {"evidence_max_age_seconds": "lower"}}
		with time.now_ns as time.parse_rfc3339_ns("2026-01-01T01:00:00Z")
	count(violations) == 1
}

test_the_council_says_how_old_evidence_may_be if {
	facts := _facts(object.union(_completeness, {"observed_at": "2025-06-02T11:00:00Z"}))

	thresholds.violation == set() with input as facts
		with data.global.parameters as {"quality_thresholds": _council, "evidence_max_age_seconds": 3600}
		with time.now_ns as _now
	count(thresholds.violation) == 1 with input as facts
		with data.global.parameters as {"quality_thresholds": _council, "evidence_max_age_seconds": 3599}
		with time.now_ns as _now
}

test_a_product_that_is_not_live_yet_is_judged_by_the_evidence_that_it_brings if {
	parameters := {"quality_thresholds": _council, "statuses_before_measurement": ["idea"]}
	product := {"product": {"status": "idea"}}

	thresholds.violation == set() with input as product with data.global.parameters as parameters
	count(thresholds.violation) == 1 with input as object.union(_facts(object.union(_completeness, {"value": 0.5})), product)
		with data.global.parameters as parameters
		with time.now_ns as _now
}

test_a_promise_is_compared_in_its_own_unit[note] if {
	some note, [unit, more, kept] in {
		"rows as percent": ["percent", {"value": 4, "unit": "rows", "rows": 200}, true],
		"too many rows as percent": ["percent", {"value": 6, "unit": "rows", "rows": 200}, false],
		"a share as percent": ["percent", {"value": 0.02, "unit": "share"}, true],
		"a share of nobody knows how many rows": ["rows", {"value": 0.02, "unit": "share"}, false],
		"a share of rows": ["rows", {"value": 0.01, "unit": "share", "rows": 200}, true],
	}
	promise := {"metric": "o.f.nullValues", "operator": "lte", "threshold": 2, "unit": unit, "path": "contract.quality[0]"}
	measured := object.union(object.union(_completeness, {"metric": "o.f.nullValues"}), more)
	found := thresholds.violation with input as {
		"product": {"contract": {"quality": [promise]}},
		"quality": {"results": [measured]},
	}
		with data.global.parameters.quality_thresholds as {}
		with time.now_ns as _now
	count(found) == 0 == kept
}

test_a_share_of_nobody_knows_how_many_rows_is_told if {
	promise := {"metric": "o.f.nullValues", "operator": "lte", "threshold": 2, "path": "contract.quality[0]"}
	measured := object.union(_completeness, {"check": "c", "metric": "o.f.nullValues", "value": 0.02, "unit": "share"})
	thresholds.violation == _violation(
		concat("", [
			"o.f.nullValues must be at most 2 (promised by the contract), and check c counted, ",
			"and nobody says of how many rows",
		]),
		"contract.quality[0]",
	) with input as {"product": {"contract": {"quality": [promise]}}, "quality": {"results": [measured]}}
		with data.global.parameters.quality_thresholds as {}
		with time.now_ns as _now
}

test_evidence_of_a_part_is_none_of_the_whole if {
	part := object.union(_completeness, {"partition": "monday"})
	thresholds.violation == _violation(
		concat("", [
			"completeness must be at least 0.95 (asked for by the council), and check profile_completeness ",
			"is about the part monday, and the whole is asked about",
		]),
		"quality.results[completeness]",
	) with input as _facts(part)
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
	thresholds.violation == set() with input as {"quality": {"results": [
		part,
		object.union(_completeness, {"path": "quality.results[1]"}),
	]}}
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
}

test_a_failed_part_does_not_hide_behind_the_whole if {
	part := object.union(_completeness, {"check": "c", "status": "fail", "partition": "monday", "path": "quality.results[1]"})
	thresholds.violation == _violation(
		concat("", [
			"completeness must be at least 0.95 (asked for by the council), and check c is about the part monday, ",
			"and the whole is asked about",
		]),
		"quality.results[1]",
	) with input as {"quality": {"results": [_completeness, part]}}
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
}

test_freshness_and_availability_keep_their_promise_where_they_are_measured if {
	product := {"status": "active", "sla": {"freshness_seconds": 3600, "availability": 0.99}}
	thresholds.violation == set() with input as {"product": product}
		with data.global.parameters.quality_thresholds as {}
	late := object.union(_completeness, {"metric": "freshness_seconds", "value": 7200, "path": "quality.results[0]"})
	down := object.union(_completeness, {"metric": "availability", "value": 0, "path": "quality.results[1]"})
	thresholds.violation == _violation(
		"freshness_seconds is 7200 and must be at most 3600 (promised as a service level)",
		"quality.results[0]",
	) | _violation(
		"availability is 0 and must be at least 0.99 (promised as a service level)",
		"quality.results[1]",
	) with input as {"product": product, "quality": {"results": [late, down]}}
		with data.global.parameters.quality_thresholds as {}
		with time.now_ns as _now
}

test_rows_that_may_be_kept_out_break_no_promise if {
	promise := {"metric": "o.f.invalidValues", "operator": "equals", "threshold": 0, "path": "contract.quality[0]"}
	failed := object.union(_completeness, {
		"metric": "o.f.invalidValues", "measure": "invalidValues", "dataset": "o",
		"status": "fail", "value": 2, "unit": "rows", "failed_rows": 2, "rows": 200,
	})
	facts := {"product": {"contract": {"quality": [promise]}}, "quality": {"results": [failed]}}
	parameters := {"quality_thresholds": {}, "quarantine_dimensions": ["validity"], "quarantine_max_share": 0.01}
	thresholds.violation == set() with input as facts with data.global.parameters as parameters with time.now_ns as _now
	count(thresholds.violation) == 1 with input as facts
		with data.global.parameters as object.remove(parameters, ["quarantine_dimensions"])
		with time.now_ns as _now
}

test_a_check_that_counted_nothing_is_no_measurement_and_no_objection if {
	verdict := object.remove(object.union(_completeness, {"check": "c"}), ["value"])
	thresholds.violation == _violation(
		"completeness must be at least 0.95 (asked for by the council), and check c measured no number",
		"quality.results[completeness]",
	) with input as {"quality": {"results": [verdict]}}
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
	thresholds.violation == set() with input as {"quality": {"results": [verdict, _completeness]}}
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
}

test_each_service_level_that_is_a_share_is_asked_for if {
	product := {"sla": {"completeness": 0.9, "accuracy": 0.9, "quality": 0.9, "uniqueness": 0.9}}
	found := thresholds.violation with input as {"product": product}
		with data.global.parameters.quality_thresholds as {}
	{violation.path | some violation in found} == {
		"product.sla.completeness", "product.sla.accuracy",
		"product.sla.quality", "product.sla.uniqueness",
	}
}

test_each_service_level_of_what_is_published_is_held_where_it_is_measured if {
	product := {"sla": {"freshness_seconds": 1, "latency_p95_ms": 1, "availability": 1, "consistency": 1}}
	missed := {"freshness_seconds": 2, "latency_p95_ms": 2, "availability": 0.5, "consistency": 0.5}
	results := [object.union(_completeness, {"metric": metric, "value": value, "path": metric}) |
		some metric, value in missed
	]
	found := thresholds.violation with input as {"product": product, "quality": {"results": results}}
		with data.global.parameters.quality_thresholds as {}
		with time.now_ns as _now
	{violation.path | some violation in found} == object.keys(missed)
}

test_evidence_that_proves_nothing_excuses_no_product if {
	erred := object.union(_completeness, {"status": "error"})
	thresholds.violation == _violation(
		"completeness must be at least 0.95 (asked for by the council), and check profile_completeness ended as error",
		"quality.results[completeness]",
	) with input as {"product": {"status": "draft"}, "quality": {"results": [erred]}}
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
}

test_a_verdict_that_does_not_count_objects[note] if {
	some note, more in {
		"it failed": {"status": "fail"},
		"it is stale": {"observed_at": "2025-05-01T00:00:00Z"},
	}
	verdict := object.union(object.remove(object.union(_completeness, {"check": "c", "path": "p"}), ["value"]), more)
	found := thresholds.violation with input as {"quality": {"results": [verdict, _completeness]}}
		with data.global.parameters.quality_thresholds as _council
		with time.now_ns as _now
	[violation.path | some violation in found] == ["p"]
}
