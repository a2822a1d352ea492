package bylaw.decisions.compliance_test

import data.bylaw.decisions.compliance

_product := {"product": {"domain": "customer", "name": "c360"}}

test_the_rules_of_both_layers_are_asked if {
	decision := compliance.decision
		with input as _product
		with data.global.compliance as {"a": {"violation": {"global"}}, "helper": {"x": 1}}
		with data.domains as {
			"customer": {"compliance": {"b": {"violation": {"domain"}}}},
			"order": {"compliance": {"c": {"violation": {"another's"}}}},
		}
	decision.kind == "compliance"
	[[entry.rule, entry.layer, entry.msg] | some entry in decision.violations] == [
		["domains.customer.compliance.b", "customer", "domain"],
		["global.compliance.a", "global", "global"],
	]
	decision.evaluated == ["domains.customer.compliance.b", "global.compliance.a"]
}

test_what_breaks_no_rule_is_allowed if {
	decision := compliance.decision with input as _product with data.global.compliance as {"a": {"violation": set()}}
	decision.allow == true
}

test_an_input_that_cannot_be_read_reaches_no_rule if {
	decision := compliance.decision
		with input as {"product": "customer"}
		with data.global.compliance as {"a": {"violation": {"global"}}}
	[entry.id | some entry in decision.violations] == ["BYL-003"]
	decision.evaluated == []
}
