package global.quality.error_budget_test

import data.global.quality.error_budget

_ns := time.parse_rfc3339_ns("2026-01-03T00:00:00Z")

_samples(bad) := [{"observed_at": at, "status": "pass", "value": {true: 0, false: 1}[hour in bad]} |
	some hour in numbers.range(0, 47)
	at := time.format([_ns - ((hour * 3600) * 1000000000), "UTC", "2006-01-02T15:04:05Z07:00"])
]

_violation(product, samples, asked) := found if {
	found := error_budget.violation with input as {
		"product": product,
		"quality": {"history": [{"metric": "availability", "samples": samples}]},
	}
		with data.global.parameters as {"error_budgets": {"availability": asked}}
		with time.now_ns as _ns
}

_asked := {"objective": 0.9, "window_days": 2, "gte": 1}

test_allowed_while_there_is_room if _violation({}, _samples({1, 2, 3, 4}), _asked) == set()

test_allowed_where_nobody_asks if {
	error_budget.violation == set() with input as {"product": {}} with data.global.parameters as {}
}

test_denied[note] if {
	some note, [samples, asked, msg] in {
		"used up": [
			_samples({1, 2, 3, 4, 5}),
			_asked,
			"the error budget of availability is used up: 5 of 48 samples in 2 days were bad, and 0.9 are to be good (global)",
		],
		"too little history": [
			array.slice(_samples(set()), 0, 5),
			_asked,
			"availability is asked for 0.9 of 2 days (global), and its history has 5 samples on 1 days: too few to tell",
		],
		"not to be understood": [
			_samples(set()),
			"always",
			"the error budget of availability (global) cannot be understood",
		],
	}
	[[violation.msg, violation.path] | some violation in _violation({}, samples, asked)] == [[msg, "quality.history"]]
}

test_a_product_that_is_not_live_yet_has_no_history if {
	_violation({"status": "draft"}, [], _asked) == set()
	count(_violation({"status": "active"}, [], _asked)) == 1
}

test_the_council_says_which_products_are_not_live_yet if {
	error_budget.violation == set() with input as {"product": {"status": "idea"}}
		with data.global.parameters as {
			"error_budgets": {"availability": _asked},
			"statuses_before_measurement": ["idea"],
		}
}
