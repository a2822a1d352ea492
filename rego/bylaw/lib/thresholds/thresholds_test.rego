package bylaw.lib.thresholds_test

import data.bylaw.lib.thresholds

test_violations[note] if {
	some note, [results, messages] in {
		"kept": [[{"metric": "m", "status": "pass", "value": 2}], set()],
		"missed": [[{"check": "m", "status": "fail", "value": 3}], {"m is 3, the law says lte 2"}],
		"not measured": [[{"metric": "n", "status": "pass", "value": 2}], {"m was not measured"}],
		"errored": [[{"metric": "m", "status": "error", "value": 1}], {"m is unknown (error), the law says lte 2"}],
		"of no status": [[{"metric": "m", "value": 1}], {"m is unknown (no status), the law says lte 2"}],
		"no list": ["x", {"m was not measured"}],
	}
	found := thresholds.violations("m", "lte", 2) with input as {"quality": {"results": results}}
	{violation.msg | some violation in found} == messages
}
