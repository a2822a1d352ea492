package bylaw.decisions.privacy_test

import data.bylaw.decisions.privacy

_product := {"product": {"domain": "customer", "name": "c360"}}

test_the_rules_of_both_layers_are_asked if {
	decision := privacy.decision
		with input as _product
		with data.global.privacy as {"a": {"violation": {"global"}}, "helper": {"x": 1}}
		with data.domains as {
			"customer": {"privacy": {"b": {"violation": {"domain"}}}},
			"order": {"privacy": {"c": {"violation": {"another's"}}}},
		}
	decision.kind == "privacy"
	[[entry.rule, entry.layer, entry.msg] | some entry in decision.violations] == [
		["domains.customer.privacy.b", "customer", "domain"],
		["global.privacy.a", "global", "global"],
	]
	decision.evaluated == ["domains.customer.privacy.b", "global.privacy.a"]
}

test_what_breaks_no_rule_is_allowed if {
	decision := privacy.decision with input as _product with data.global.privacy as {"a": {"violation": set()}}
	decision.allow == true
}

test_an_input_that_cannot_be_read_reaches_no_rule if {
	decision := privacy.decision
		with input as {"product": "customer"}
		with data.global.privacy as {"a": {"violation": {"global"}}}
	[entry.id | some entry in decision.violations] == ["BYL-003"]
	decision.evaluated == []
}
