package bylaw.decisions.provisioning_test

import data.bylaw.decisions.provisioning

_pod := {"manifest": {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"name": "p", "labels": {"bylaw.io/domain": "order"}},
}}

_bucket(name, domain) := {
	"address": name,
	"mode": "managed",
	"type": "aws_s3_bucket",
	"name": name,
	"change": {"actions": ["create"], "after": {"tags": {"Domain": domain}}},
}

test_the_rules_of_both_layers_are_asked if {
	decision := provisioning.decision
		with input as _pod
		with data.global.provisioning as {"a": {"violation": {"global"}}}
		with data.domains.order.provisioning as {"b": {"violation": {"domain"}}}
	decision.kind == "provisioning"
	decision.evaluated == ["domains.order.provisioning.b", "global.provisioning.a"]
}

test_a_plan_of_several_domains_concerns_them_all if {
	decision := provisioning.decision
		with input as {"plan": {"resource_changes": [_bucket("a", "order"), _bucket("b", "finance")]}}
		with data.domains as {
			"order": {"provisioning": {"o": {"violation": {"order"}}}},
			"finance": {"provisioning": {"f": {"violation": {"finance"}}}},
			"customer": {"provisioning": {"c": {"violation": {"customer"}}}},
		}
	[entry.msg | some entry in decision.violations] == ["finance", "order"]
}

test_an_input_that_cannot_be_read_reaches_no_rule if {
	decision := provisioning.decision
		with input as {"manifest": []}
		with data.global.provisioning as {"a": {"violation": {"global"}}}
	[entry.path | some entry in decision.violations] == ["/manifest"]
}
