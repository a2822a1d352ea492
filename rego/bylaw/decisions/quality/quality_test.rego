package bylaw.decisions.quality_test

import data.bylaw.decisions.quality

_product := {"product": {"domain": "customer", "name": "c360"}}

test_the_rules_of_both_layers_are_asked if {
	decision := quality.decision
		with input as _product
		with data.global.quality as {"a": {"violation": {"global"}}, "helper": {"x": 1}}
		with data.domains as {
			"customer": {"quality": {"b": {"violation": {"domain"}}}},
			"order": {"quality": {"c": {"violation": {"another's"}}}},
		}
	decision.kind == "quality"
	[[entry.rule, entry.layer, entry.msg] | some entry in decision.violations] == [
		["domains.customer.quality.b", "customer", "domain"],
		["global.quality.a", "global", "global"],
	]
	decision.evaluated == ["domains.customer.quality.b", "global.quality.a"]
}

test_what_breaks_no_rule_is_allowed if {
	decision := quality.decision with input as _product with data.global.quality as {"a": {"violation": set()}}
	decision.allow == true
}

test_an_input_that_cannot_be_read_reaches_no_rule if {
	decision := quality.decision
		with input as {"product": "customer"}
		with data.global.quality as {"a": {"violation": {"global"}}}
	[entry.id | some entry in decision.violations] == ["BYL-003"]
	decision.evaluated == []
}
