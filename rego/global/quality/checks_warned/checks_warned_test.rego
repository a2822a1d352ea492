package global.quality.checks_warned_test

import data.global.quality.checks_warned

_result := {"check": "c", "status": "warn", "path": "quality.results[0]"}

test_warned if {
	checks_warned.violation == {{"msg": "check c warned", "path": "quality.results[0]"}} with input as {"quality": {"results": [_result]}}
}

test_not_warned[status] if {
	some status in ["pass", "fail", "error", "skipped", "missing", "unknown"]
	checks_warned.violation == set() with input as {"quality": {"results": [object.union(_result, {"status": status})]}}
}

test_another_part_is_no_matter if {
	checks_warned.violation == set() with input as {"quality": {
		"partition": "monday",
		"results": [object.union(_result, {"partition": "tuesday"})],
	}}
}
