package bylaw.lib.thresholds_test

import data.bylaw.lib.thresholds

_now := "2026-01-02T00:00:00Z"

_measured := {"status": "pass", "value": 2, "observed_at": _now}

test_violations[note] if {
	some note, [results, messages] in {
		"kept": [[object.union(_measured, {"metric": "m"})], set()],
		"missed": [
			[object.union(_measured, {"check": "m", "status": "fail", "value": 3})],
			{"m is 3, the law says lte 2"},
		],
		"not measured": [[object.union(_measured, {"metric": "n"})], {"m was not measured"}],
		"stale": [
			[object.union(_measured, {"metric": "m", "check": "c", "observed_at": "2025-12-31T23:59:59Z"})],
			{concat("", [
				"m is unknown (check c measured at 2025-12-31T23:59:59Z, ",
				"and evidence counts for 86400 seconds), the law says lte 2",
			])},
		],
		"of another part": [
			[object.union(_measured, {"metric": "m", "partition": "p"})],
			{"m was not measured"},
		],
		"failed in a part": [
			[object.union(_measured, {"metric": "m", "check": "c", "status": "fail", "partition": "p"})],
			{"m is unknown (check c is about the part p, and the whole is asked about), the law says lte 2"},
		],
		"errored": [[{"metric": "m", "status": "error", "value": 1}], {"m is unknown (error), the law says lte 2"}],
		"of no status": [[{"metric": "m", "value": 1}], {"m is unknown (no status), the law says lte 2"}],
		"no list": ["x", {"m was not measured"}],
	}
	found := thresholds.violations("m", "lte", 2) with input as {"quality": {"results": results}}
		with time.now_ns as time.parse_rfc3339_ns(_now)
	{violation.msg | some violation in found} == messages
}
