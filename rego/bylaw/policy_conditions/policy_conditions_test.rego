package bylaw.policy_conditions_test

import data.bylaw.policy_conditions

_request := {
	"subject": {
		"type": "user",
		"id": "alice",
		"properties": {"groups": ["analysts"], "roles": ["steward"], "clearance": 3, "country": "DE"},
	},
	"action": {"name": "read"},
	"resource": {"type": "table", "id": "lake.customer.profiles", "properties": {"columns": ["email", "id"]}},
	"context": {"purpose": "marketing"},
}

_mesh := {
	"products": {"customer/c360": {
		"domain": "customer",
		"name": "c360",
		"classification": "restricted",
		"tags": ["gold"],
	}},
	"bindings": {"tables": {"lake.customer.profiles": "customer/c360"}},
}

test_values_of_a_field[note] if {
	some note, [field, values] in {
		"role": ["role", {"steward", "analysts"}],
		"roles": ["roles", {"steward", "analysts"}],
		"group": ["group", {"analysts"}],
		"action": ["action", {"read"}],
		"column": ["column", {"email", "id"}],
		"tag": ["tag", {"gold"}],
		"domain": ["domain", {"customer"}],
		"product": ["product", {"c360"}],
		"classification": ["classification", {"restricted"}],
		"user": ["user", {"alice"}],
		"subject": ["subject", {"alice"}],
		"resource": ["resource", {"lake.customer.profiles"}],
		"purpose": ["purpose", {"marketing"}],
		"a path to a text": ["subject.properties.country", {"DE"}],
		"a path to a list": ["subject.properties.roles", {"steward", ["steward"]}],
		"a path to nowhere": ["subject.properties.age", set()],
	}
	policy_conditions.values(field) == values with input as _request with data.mesh as _mesh
}

test_absent_fields_have_no_values[note] if {
	some note, field in ["role", "group", "action", "column", "tag", "domain", "user", "resource", "purpose", "x.y"]
	policy_conditions.values(field) == set() with input as {"subject": {}}
}

_condition(field, operator, value) := {"field": field, "operator": operator, "value": value}

test_conditions_that_hold[note] if {
	some note, condition in {
		"equals one of several": _condition("role", "equals", "steward"),
		"not_equals all of several": _condition("role", "not_equals", "intern"),
		"in": _condition("role", "in", ["steward", "intern"]),
		"not_in": _condition("role", "not_in", ["intern"]),
		"gt": _condition("subject.properties.clearance", "gt", 2),
		"gte": _condition("subject.properties.clearance", "gte", 3),
		"lt": _condition("subject.properties.clearance", "lt", 4),
		"lte": _condition("subject.properties.clearance", "lte", 3),
		"exists": {"field": "purpose", "operator": "exists"},
		"exists not": _condition("subject.properties.age", "exists", false),
		"contains a part": _condition("resource", "contains", "customer"),
		"contains a member": _condition("subject.properties.roles", "contains", "steward"),
		"starts_with": _condition("resource", "starts_with", "lake."),
		"matches": _condition("resource", "matches", "^lake\\.[a-z]+\\.profiles$"),
	}
	policy_conditions.all_hold({"action": "allow", "conditions": [condition]}) with input as _request
}

test_conditions_that_do_not[note] if {
	some note, condition in {
		"equals none": _condition("role", "equals", "intern"),
		"not_equals one": _condition("role", "not_equals", "steward"),
		"in none": _condition("role", "in", ["intern"]),
		"not_in one": _condition("role", "not_in", ["intern", "analysts"]),
		"gt the same": _condition("subject.properties.clearance", "gt", 3),
		"a text is not more than a number": _condition("resource", "gt", 3),
		"exists": {"field": "subject.properties.age", "operator": "exists"},
		"exists not": _condition("purpose", "exists", false),
		"a number contains no text": _condition("subject.properties.clearance", "contains", "3"),
		"starts_with": _condition("resource", "starts_with", "customer"),
		"matches": _condition("resource", "matches", "^customer"),
		"not_equals of an absent field": _condition("subject.properties.age", "not_equals", 7),
		"not_in of an absent field": _condition("subject.properties.age", "not_in", [7]),
		"equals of an absent field": _condition("subject.properties.age", "equals", 7),
	}
	not policy_conditions.all_hold({"action": "allow", "conditions": [condition]}) with input as _request
}

test_of_an_absent_field_a_negative_condition_denies[note] if {
	some note, operator in {"not_equals": "not_equals", "not_in": "not_in"}
	condition := _condition("subject.properties.age", operator, {"not_equals": 7, "not_in": [7]}[operator])
	policy_conditions.all_hold({"action": "deny", "conditions": [condition]}) with input as _request
}

test_all_conditions_must_hold if {
	holds := _condition("role", "equals", "steward")
	fails := _condition("role", "equals", "intern")
	not policy_conditions.all_hold({"action": "allow", "conditions": [holds, fails]}) with input as _request
	policy_conditions.all_hold({"action": "allow"}) with input as _request
}
