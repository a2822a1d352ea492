package bylaw.decisions.access_test

import data.bylaw.decisions.access

_request := {
	"subject": {"type": "user", "id": "alice"},
	"action": {"name": "read"},
	"resource": {"type": "table", "id": "lake.customer.profiles"},
}

_mesh := {"products": {}, "bindings": {"tables": {"lake.customer.profiles": "customer/c360"}}}

test_both_layers_grant_deny_and_oblige if {
	decision := access.decision
		with input as _request
		with data.mesh as _mesh
		with data.global.access as {"a": {
			"violation": set(),
			"row_filter": {{"expression": "x = 1"}},
			"column_mask": {{"column": "email", "expression": "NULL", "strength": 2}},
		}}
		with data.domains as {
			"customer": {"access": {"b": {
				"grant": {{"msg": "granted"}},
				"violation": {"denied"},
				"row_filter": {{"expression": "y = 2"}},
				"column_mask": {{"column": "email", "expression": "'x'", "strength": 1}},
			}}},
			"order": {"access": {"c": {"violation": {"another's"}}}},
		}
	decision == {
		"kind": "access",
		"decision": "deny",
		"allow": false,
		"violations": [{
			"rule": "domains.customer.access.b",
			"id": "domains.customer.access.b",
			"layer": "customer",
			"enforcement": "deny",
			"severity": "medium",
			"msg": "denied",
			"path": "",
			"remediation": "",
			"controls": [],
		}],
		"warnings": [],
		"audits": [],
		"waived": [],
		"ignored": [],
		"obligations": {
			"row_filters": [
				{"expression": "x = 1", "layer": "global", "rule": "global.access.a"},
				{"expression": "y = 2", "layer": "customer", "rule": "domains.customer.access.b"},
			],
			"column_masks": [{
				"column": "email",
				"expression": "NULL",
				"strength": 2,
				"layer": "global",
				"rule": "global.access.a",
			}],
			"protections": [],
		},
		"evaluated": ["domains.customer.access.b", "global.access.a"],
	}
}

test_a_global_grant_allows if {
	decision := access.decision
		with input as _request
		with data.mesh as _mesh
		with data.global.access as {"a": {"grant": {{"msg": "granted"}}}}
	decision.allow == true
}

test_a_domain_grants_nothing_on_what_is_not_its_own if {
	decision := access.decision
		with input as object.union(_request, {"resource": {"id": "lake.other.t"}})
		with data.mesh as _mesh
		with data.domains as {"customer": {"access": {"b": {"grant": {{"msg": "granted"}}}}}}
	[entry.id | some entry in decision.violations] == ["BYL-001"]
}

test_a_request_that_contradicts_the_registry_is_denied_though_granted if {
	decision := access.decision
		with input as object.union(_request, {"resource": {"properties": {"domain": "order"}}})
		with data.mesh as _mesh
		with data.global.access as {"a": {"grant": {{"msg": "granted"}}}}
	[entry.id | some entry in decision.violations] == ["BYL-002"]
}

test_a_request_that_cannot_be_read_reaches_no_rule if {
	decision := access.decision
		with input as object.union(_request, {"subject": {"properties": {"groups": "admins"}}})
		with data.global.access as {"a": {"grant": {{"msg": "granted"}}}}
	[entry.id | some entry in decision.violations] == ["BYL-001", "BYL-003"]
	decision.evaluated == []
}
