package global.quality.budget_burn_test

import data.global.quality.budget_burn

_ns := time.parse_rfc3339_ns("2026-01-11T00:00:00Z")

_history(bad) := [{"metric": "availability", "samples": [sample |
	some ago in numbers.range(0, 79)
	at := time.format([_ns - (((ago * 3) * 3600) * 1000000000), "UTC", "2006-01-02T15:04:05Z07:00"])
	sample := {"observed_at": at, "status": "pass", "value": {true: 0, false: 1}[ago in bad]}
]}]

_violation(bad, more) := found if {
	found := budget_burn.violation with input as {"product": {}, "quality": {"history": _history(bad)}}
		with data.global.parameters as {"error_budgets": {"availability": object.union(
			{"objective": 0.9, "window_days": 10, "gte": 1},
			more,
		)}}
		with time.now_ns as _ns
}

test_warned_where_it_burns if {
	[violation.msg | some violation in _violation({0, 2, 4}, {})] == [concat("", [
		"the error budget of availability burns 3.3333 times as fast as it may (global); ",
		"0.625 of it is left",
	])]
}

test_not_warned[note] if {
	some note, [bad, more] in {
		"all was well": [set(), {}],
		"it was long ago": [{40, 41, 42}, {}],
		"it is slow": [{0, 2}, {}],
		"the council bears more": [{0, 2, 4}, {"fast_burn_rate": 4}],
		"the council looks at fewer hours": [{6, 7, 8}, {"fast_burn_hours": 12}],
		"it is used up, which denies": [{0, 1, 2, 3, 4, 5, 6, 7}, {}],
	}
	_violation(bad, more) == set()
}
