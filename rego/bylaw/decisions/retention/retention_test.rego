package bylaw.decisions.retention_test

import data.bylaw.decisions.retention

_product := {"product": {"domain": "customer", "name": "c360"}}

test_the_rules_of_both_layers_are_asked if {
	decision := retention.decision
		with input as _product
		with data.global.retention as {"a": {"violation": {"global"}}, "helper": {"x": 1}}
		with data.domains as {
			"customer": {"retention": {"b": {"violation": {"domain"}}}},
			"order": {"retention": {"c": {"violation": {"another's"}}}},
		}
	decision.kind == "retention"
	[[entry.rule, entry.layer, entry.msg] | some entry in decision.violations] == [
		["domains.customer.retention.b", "customer", "domain"],
		["global.retention.a", "global", "global"],
	]
	decision.evaluated == ["domains.customer.retention.b", "global.retention.a"]
}

test_what_breaks_no_rule_is_allowed if {
	decision := retention.decision with input as _product with data.global.retention as {"a": {"violation": set()}}
	decision.allow == true
}

test_an_input_that_cannot_be_read_reaches_no_rule if {
	decision := retention.decision
		with input as {"product": "customer"}
		with data.global.retention as {"a": {"violation": {"global"}}}
	[entry.id | some entry in decision.violations] == ["BYL-003"]
	decision.evaluated == []
}
