package bylaw.lib.error_budgets_test

import data.bylaw.lib.error_budgets

_ns := time.parse_rfc3339_ns("2026-01-11T00:00:00Z")

# A sample every twelve hours of ten days, of which those `bad` half-days ago were bad.
_samples(bad) := [sample |
	some ago in numbers.range(0, 19)
	at := time.format([_ns - ((((ago * 12) * 3600) + 1) * 1000000000), "UTC", "2006-01-02T15:04:05Z07:00"])
	value := {true: 0, false: 1}[ago in bad]
	sample := {"observed_at": at, "status": "pass", "value": value}
]

_asked := {"availability": {"objective": 0.9, "window_days": 10, "gte": 1}}

_budgets(history, council) := found if {
	found := error_budgets.budgets with input as {
		"product": {"domain": "sales", "name": "orders", "sla": {"availability": 0.5}},
		"quality": {"history": history},
	}
		with data.global.parameters.error_budgets as council
		with time.now_ns as _ns
}

_series(bad) := [{"metric": "availability", "samples": _samples(bad)}]

_head := {"measure": "availability", "layer": "global", "objective": 0.9, "window_days": 10}

test_what_is_left[note] if {
	some note, [bad, more] in {
		"all of it": [set(), {"state": "within", "bad": 0, "consumed": 0, "remaining": 1, "burn_rate": 0}],
		"half of it": [{15}, {"state": "within", "bad": 1, "consumed": 0.5, "remaining": 0.5, "burn_rate": 0}],
		"half of it, and it burns": [{1}, {"state": "burning", "bad": 1, "consumed": 0.5, "remaining": 0.5, "burn_rate": 5}],
		"nothing": [{15, 16}, {"state": "exhausted", "bad": 2, "consumed": 1, "remaining": 0, "burn_rate": 0}],
		"less than nothing": [{0, 1, 2}, {"state": "exhausted", "bad": 3, "consumed": 1.5, "remaining": 0, "burn_rate": 10}],
	}
	_budgets(_series(bad), _asked) == {object.union_n([_head, {"samples": 20}, more])}
}

test_too_little_history_tells_nothing[note] if {
	some note, [history, more] in {
		"none": [[], {"samples": 0, "days": 0}],
		"no list": ["x", {"samples": 0, "days": 0}],
		"of another measure": [[{"metric": "quality", "samples": _samples(set())}], {"samples": 0, "days": 0}],
		"of a few days": [[{"metric": "availability", "samples": array.slice(_samples(set()), 0, 14)}], {"samples": 14, "days": 7}],
		"of a few samples": [[{"metric": "availability", "samples": array.slice(_samples(set()), 0, 9)}], {"samples": 9, "days": 5}],
		"of strangers": [
			[object.union(series, {"signed": "stranger"}) | some series in _series(set())],
			{"samples": 0, "days": 0},
		],
		"of another contract": [
			[object.union(series, {"contract_id": "x"}) | some series in _series(set())],
			{"samples": 0, "days": 0},
		],
		"of a part": [
			[object.union(series, {"partition": "p"}) | some series in _series(set())],
			{"samples": 0, "days": 0},
		],
		"before the window": [
			[{"metric": "availability", "samples": [object.union(sample, {"observed_at": "2025-12-31T23:59:59Z"}) |
				some sample in _samples(set())
			]}],
			{"samples": 0, "days": 0},
		],
		"in the future": [
			[{"metric": "availability", "samples": [object.union(sample, {"observed_at": "2026-01-12T00:00:00Z"}) |
				some sample in _samples(set())
			]}],
			{"samples": 0, "days": 0},
		],
		"at no time": [
			[{"metric": "availability", "samples": [object.remove(sample, ["observed_at"]) |
				some sample in _samples(set())
			]}],
			{"samples": 0, "days": 0},
		],
	}
	_budgets(history, _asked) == {object.union_n([_head, {"state": "unknown"}, more])}
}

test_a_sample_that_measured_nothing_is_bad[note] if {
	some note, broken in {
		"it erred": {"status": "error"},
		"nobody knows": {"status": "unknown"},
		"no number": {"value": "1"},
	}
	samples := [object.union(sample, broken) | some sample in _samples(set())]
	some budget in _budgets([{"metric": "availability", "samples": samples}], _asked)
	budget.state == "exhausted"
	budget.bad == 20
}

test_without_a_threshold_the_promise_says_what_is_good if {
	budgets := _budgets(_series({15}), {"availability": {"objective": 0.9, "window_days": 10}})
	budgets == {object.union(_head, {
		"state": "within", "samples": 20, "bad": 1,
		"consumed": 0.5, "remaining": 0.5, "burn_rate": 0,
	})}
}

test_seconds_are_promised_at_most if {
	samples := [object.union(sample, {"value": 3600}) | some sample in _samples(set())]
	found := error_budgets.budgets with input as {
		"product": {"sla": {"freshness_seconds": 3599}},
		"quality": {"history": [{"metric": "freshness_seconds", "samples": samples}]},
	}
		with data.global.parameters.error_budgets as {"freshness_seconds": {"objective": 0.9, "window_days": 10}}
		with time.now_ns as _ns
	[budget.bad | some budget in found] == [20]
}

test_without_a_promise_the_checks_verdict_says_it if {
	samples := [{"observed_at": sample.observed_at, "status": {0: "fail", 1: "pass"}[sample.value]} |
		some sample in _samples({15})
	]
	budgets := _budgets([{"metric": "schema", "samples": samples}], {"schema": {"objective": 0.9, "window_days": 10}})
	[budget.bad | some budget in budgets] == [1]
}

test_an_objective_of_one_leaves_no_room if {
	asked := {"availability": {"objective": 1, "window_days": 10, "gte": 1}}
	[budget.state | some budget in _budgets(_series(set()), asked)] == ["within"]
	[budget.state | some budget in _budgets(_series({15}), asked)] == ["exhausted"]
}

test_malformed[note] if {
	some note, said in {
		"a number": 0.9,
		"no objective": {"window_days": 10},
		"an objective of nothing": {"objective": 0, "window_days": 10},
		"an objective above one": {"objective": 99, "window_days": 10},
		"an objective in words": {"objective": "high", "window_days": 10},
		"no window": {"objective": 0.9},
		"a window of nothing": {"objective": 0.9, "window_days": 0},
		"a slip of the pen": {"objective": 0.9, "window_days": 10, "lt_": 3},
		"a threshold in words": {"objective": 0.9, "window_days": 10, "gte": "1"},
		"an objective just above one": {"objective": 1.5, "window_days": 10},
	}
	_budgets(_series(set()), {"availability": said}) == {{"measure": "availability", "layer": "global", "state": "malformed"}}
}

test_a_domains_budget_is_counted_beside_the_councils if {
	found := error_budgets.budgets with input as {
		"product": {"domain": "sales", "name": "orders"},
		"quality": {"history": _series({15})},
	}
		with data.global.parameters.error_budgets as _asked
		with data.domains.sales.parameters.error_budgets as {"availability": {"objective": 0.95, "window_days": 10, "gte": 1}}
		with data.domains.other.parameters.error_budgets as {"availability": {"objective": 1, "window_days": 10}}
		with time.now_ns as _ns
	{[budget.layer, budget.state] | some budget in found} == {["global", "within"], ["sales", "exhausted"]}
}

test_what_a_good_sample_is[note] if {
	some [operator, threshold, good] in [
		["gte", 1, true], ["gte", 2, false],
		["lte", 1, true], ["lte", 0, false],
		["gt", 0, true], ["gt", 1, false],
		["lt", 2, true], ["lt", 1, false],
		["equals", 1, true], ["equals", 2, false],
	]
	note := sprintf("%v %v", [operator, threshold])
	asked := {"objective": 0.9, "window_days": 10, operator: threshold}
	some budget in _budgets(_series(set()), {"availability": asked})
	budget.bad == {true: 0, false: 20}[good]
}

test_how_much_history_is_enough[note] if {
	some note, [samples, more, state] in {
		"ten samples": [10, {"window_days": 5}, "within"],
		"nine": [9, {"window_days": 4}, "unknown"],
		"as many as are asked for": [4, {"window_days": 2, "min_samples": 4}, "within"],
		"fewer than are asked for": [12, {"window_days": 6, "min_samples": 13}, "unknown"],
		"four days of five": [16, {"window_days": 10}, "within"],
		"fewer": [14, {"window_days": 10}, "unknown"],
		"fewer, where that is enough": [14, {"window_days": 10, "min_coverage": 0.7}, "within"],
	}
	asked := object.union({"objective": 0.9, "gte": 1}, more)
	history := [{"metric": "availability", "samples": array.slice(_samples(set()), 0, samples)}]
	[budget.state | some budget in _budgets(history, {"availability": asked})] == [state]
}

test_what_burns[note] if {
	some note, [bad, more, state] in {
		"three times as fast": [{0}, {"objective": 0.75, "fast_burn_rate": 2}, "burning"],
		"a little slower": [{0}, {"objective": 0.75, "fast_burn_rate": 2.1}, "within"],
		"as fast as is borne": [{1}, {"objective": 0.75}, "within"],
		"in the last hours": [{0}, {"objective": 0.75, "fast_burn_hours": 6}, "burning"],
		"before that": [{1}, {"objective": 0.75, "fast_burn_hours": 6}, "within"],
	}
	asked := object.union({"window_days": 10, "gte": 1}, more)
	[budget.state | some budget in _budgets(_series(bad), {"availability": asked})] == [state]
}

test_a_promise_is_not_kept_by_what_measured_nothing[note] if {
	some note, broken in {
		"it erred": {"status": "error"},
		"no number": {"value": "1"},
	}
	samples := [object.union(sample, broken) | some sample in _samples(set())]
	asked := {"availability": {"objective": 0.9, "window_days": 10}}
	[budget.bad | some budget in _budgets([{"metric": "availability", "samples": samples}], asked)] == [20]
}

test_milliseconds_are_promised_at_most if {
	found := error_budgets.budgets with input as {
		"product": {"sla": {"latency_p95_ms": 1}},
		"quality": {"history": [{"metric": "latency_p95_ms", "samples": _samples({3})}]},
	}
		with data.global.parameters.error_budgets as {"latency_p95_ms": {"objective": 0.9, "window_days": 10}}
		with time.now_ns as _ns
	[budget.bad | some budget in found] == [0]
}
