package global.quality.checks_passed_test

import data.global.quality.checks_passed

_now := "2026-01-02T00:00:00Z"

_ns := time.parse_rfc3339_ns(_now)

_result := {"check": "schema_validation", "path": "quality.results[schema_validation]", "observed_at": _now}

_facts(more) := {"quality": {"results": [object.union(_result, more)]}}

_ended(status) := {{
	"msg": sprintf("check schema_validation ended as %v", [status]),
	"path": "quality.results[schema_validation]",
}}

_promise := {"metric": "schema_validity", "path": "contract.quality[0]"}

test_allowed_when_passed if checks_passed.violation == set() with input as _facts({"status": "pass"})

test_denied[status] if {
	some status in ["fail", "error", "skipped", "missing", "unknown", "PASS"]
	checks_passed.violation == _ended(status) with input as _facts({"status": status})
}

test_denied_without_a_status if checks_passed.violation == _ended("unknown") with input as _facts({})

test_a_promise_without_a_threshold_is_kept_by_a_check_that_passed if {
	checks_passed.violation == set() with input as object.union(
		{"product": {"contract": {"quality": [_promise]}}},
		_facts({"status": "pass", "metric": "schema_validity"}),
	)
		with time.now_ns as _ns
}

test_denied_when_nobody_checked_a_promise[note] if {
	some note, more in {
		"no evidence": {},
		"another metric": _facts({"status": "pass", "metric": "completeness"}),
		"no metric": _facts({"status": "pass"}),
	}
	checks_passed.violation == {{
		"msg": "the contract promises schema_validity, and no check of it passed",
		"path": "contract.quality[0]",
	}} with input as object.union({"product": {"status": "active", "contract": {"quality": [_promise]}}}, more)
		with time.now_ns as _ns
}

test_a_promise_with_a_threshold_is_left_to_the_other_rule if {
	checks_passed.violation == set() with input as {"product": {"contract": {"quality": [object.union(_promise, {"threshold": 0})]}}}
}

test_denied_when_nobody_checked_a_promise_whose_threshold_is_no_number if {
	checks_passed.violation == {{
		"msg": "the contract promises schema_validity, and no check of it passed",
		"path": "contract.quality[0]",
	}} with input as {"product": {"contract": {"quality": [object.union(_promise, {"threshold": "application/json"})]}}}
}

test_a_product_that_is_not_live_yet_is_not_asked[status] if {
	some status in ["draft", "proposed", "development", "testing"]
	checks_passed.violation == set() with input as {"product": {"status": status, "contract": {"quality": [_promise]}}}
		with data.global.parameters as {}
}

test_a_check_that_failed_keeps_no_promise if {
	checks_passed.violation == _ended("fail") | {{
		"msg": "the contract promises schema_validity, and no check of it passed",
		"path": "contract.quality[0]",
	}} with input as object.union(
		{"product": {"contract": {"quality": [_promise]}}},
		_facts({"status": "fail", "metric": "schema_validity"}),
	)
		with time.now_ns as _ns
}

test_the_council_says_which_products_are_not_live_yet if {
	checks_passed.violation == set() with input as {"product": {"status": "idea", "contract": {"quality": [_promise]}}}
		with data.global.parameters as {"statuses_before_measurement": ["idea"]}
}

test_denied_when_what_passed_proves_nothing[note] if {
	some note, [more, why] in {
		"stale": [
			{"observed_at": "2025-12-31T00:00:00Z"},
			"check schema_validation measured at 2025-12-31T00:00:00Z, and evidence counts for 86400 seconds",
		],
		"of a part": [
			{"partition": "monday"},
			"check schema_validation is about the part monday, and the whole is asked about",
		],
		"a measurement": [{"type": "metric"}, "no check of it passed"],
		"of a stranger": [{"signed": "stranger"}, "check schema_validation is signed by a stranger"],
		"it warned": [{"status": "warn"}, "no check of it passed"],
	}
	result := object.union({"status": "pass", "metric": "schema_validity"}, more)
	checks_passed.violation == {{
		"msg": sprintf("the contract promises schema_validity, and %v", [why]),
		"path": "contract.quality[0]",
	}} with input as object.union({"product": {"contract": {"quality": [_promise]}}}, _facts(result))
		with time.now_ns as _ns
}

test_the_part_that_is_asked_about_is_what_counts if {
	result := {"status": "pass", "metric": "schema_validity", "partition": "monday"}
	facts := object.union({"product": {"contract": {"quality": [_promise]}}}, _facts(result))
	checks_passed.violation == set() with input as object.union(facts, {"quality": {"partition": "monday"}})
		with time.now_ns as _ns
}

test_a_failed_part_denies_the_whole_and_not_another_part if {
	failed := _facts({"status": "fail", "partition": "monday"})
	checks_passed.violation == {{
		"msg": "check schema_validation ended as fail on the part monday",
		"path": "quality.results[schema_validation]",
	}} with input as failed
		with time.now_ns as _ns
	checks_passed.violation == set() with input as object.union(failed, {"quality": {"partition": "tuesday"}})
		with time.now_ns as _ns
}

test_a_warning_is_not_its_business if checks_passed.violation == set() with input as _facts({"status": "warn"})

test_rows_that_may_be_kept_out_break_nothing if {
	failed := _facts({
		"status": "fail", "dataset": "orders", "measure": "invalidValues",
		"failed_rows": 2, "rows": 200,
	})
	parameters := {"quarantine_dimensions": ["validity"], "quarantine_max_share": 0.01}
	checks_passed.violation == set() with input as failed
		with data.global.parameters as parameters
		with time.now_ns as _ns
	checks_passed.violation == _ended("fail") with input as failed
		with data.global.parameters as object.union(parameters, {"quarantine_max_share": 0.009})
		with time.now_ns as _ns
}
