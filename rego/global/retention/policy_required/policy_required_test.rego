package global.retention.policy_required_test

import data.global.retention.policy_required

_unsaid := {{
	"msg": "the product does not say for how many days its data is kept",
	"path": "product.retention.days",
}}

test_allowed[days] if {
	some days in [1, 1095, 2555]
	policy_required.violation == set() with input as {"product": {"retention": {"days": days}}}
}

test_denied_for_ever if {
	policy_required.violation == {{
		"msg": "the product keeps its data for ever; personal data has an end, and so has every purpose",
		"path": "product.retention",
	}} with input as {"product": {"retention": {"unlimited": true}}}
}

test_denied[note] if {
	some note, facts in {
		"no product": {},
		"no retention": {"product": {"name": "customer-profile"}},
		"no days": {"product": {"retention": {}}},
		"zero days": {"product": {"retention": {"days": 0}}},
		"a negative number": {"product": {"retention": {"days": -1}}},
		"half a day": {"product": {"retention": {"days": 0.5}}},
		"text": {"product": {"retention": {"days": "2555"}}},
	}
	policy_required.violation == _unsaid with input as facts
}
