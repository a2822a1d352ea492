package bylaw.decisions.schema_test

import data.bylaw.decisions.schema

_facts := {"schema": {"subject": "customer-value", "differences": []}, "product": {"domain": "customer", "name": "c360"}}

test_the_rules_of_both_layers_are_asked if {
	decision := schema.decision
		with input as _facts
		with data.global.schema as {"a": {"violation": {"global"}}}
		with data.domains.customer.schema as {"b": {"violation": {"domain"}}}
	decision.kind == "schema"
	decision.evaluated == ["domains.customer.schema.b", "global.schema.a"]
	[entry.msg | some entry in decision.violations] == ["domain", "global"]
}

test_without_facts_nothing_is_decided_but_a_denial if {
	decision := schema.decision with input as {} with data.global.schema as {"a": {"violation": set()}}
	[entry.path | some entry in decision.violations] == ["/schema", "/schema/differences"]
	decision.evaluated == []
}
