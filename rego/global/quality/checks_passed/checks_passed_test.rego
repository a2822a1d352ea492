package global.quality.checks_passed_test

import data.global.quality.checks_passed

_result := {"check": "schema_validation", "path": "quality.results[schema_validation]"}

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

test_a_product_that_is_not_live_yet_is_not_asked if {
	checks_passed.violation == set() with input as {"product": {"status": "draft", "contract": {"quality": [_promise]}}}
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
}

test_the_council_says_which_products_are_not_live_yet if {
	checks_passed.violation == set() with input as {"product": {"status": "idea", "contract": {"quality": [_promise]}}}
		with data.global.parameters as {"statuses_before_measurement": ["idea"]}
}
