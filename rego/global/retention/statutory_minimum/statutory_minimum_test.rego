package global.retention.statutory_minimum_test

import data.global.retention.statutory_minimum

_statutes := [
	{"name": "commercial law", "tags": ["accounting"], "days": 2190},
	{"name": "tax law", "domains": ["billing"], "days": 3650},
]

_violation(msg) := {"msg": msg, "path": "product.retention.days"}

test_allowed[note] if {
	some note, product in {
		"exactly the minimum": {"tags": ["accounting"], "retention": {"days": 2190}},
		"longer": {"domain": "billing", "retention": {"days": 4000}},
		"for ever": {"domain": "billing", "retention": {"unlimited": true}},
		"no statute covers it": {"domain": "order", "tags": ["orders"], "retention": {"days": 1}},
	}
	statutory_minimum.violation == set() with input as {"product": product}
		with data.global.parameters.statutory_retention as _statutes
}

test_denied_when_kept_too_short if {
	statutory_minimum.violation == {_violation("commercial law demands 2190 days; the product is kept for 2189")} with input as {"product": {
		"tags": ["daily", "accounting"],
		"retention": {"days": 2189},
	}}
		with data.global.parameters.statutory_retention as _statutes
}

test_denied_where_days_are_said_beside_for_ever if {
	statutory_minimum.violation == {_violation("tax law demands 3650 days; the product is kept for 30")} with input as {"product": {
		"domain": "billing",
		"retention": {"unlimited": true, "days": 30},
	}}
		with data.global.parameters.statutory_retention as _statutes
}

test_denied_when_retention_is_absent if {
	statutory_minimum.violation == {_violation("tax law demands 3650 days; the product is kept for a time it does not say")} with input as {"product": {"domain": "billing"}}
		with data.global.parameters.statutory_retention as _statutes
}

test_denied_for_text if {
	statutory_minimum.violation == {_violation("tax law demands 3650 days; the product is kept for forever")} with input as {"product": {
		"domain": "billing",
		"retention": {"days": "forever"},
	}}
		with data.global.parameters.statutory_retention as _statutes
}

test_denied_for_a_statute_without_days if {
	statutory_minimum.violation == {_violation("a statute without a name demands an unknown number of days; the product is kept for 9999")} with input as {"product": {
		"tags": ["accounting"],
		"retention": {"days": 9999},
	}}
		with data.global.parameters.statutory_retention as [{"tags": ["accounting"]}]
}

test_denied_without_parameters if {
	statutory_minimum.violation == {_violation("commercial law demands 2190 days; the product is kept for 30")} with input as {"product": {
		"tags": ["accounting"],
		"retention": {"days": 30},
	}}
		with data.global.parameters as {}
}
