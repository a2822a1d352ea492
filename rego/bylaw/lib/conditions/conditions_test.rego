package bylaw.lib.conditions_test

import data.bylaw.lib.conditions

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
	conditions.values(field) == values with input as _request with data.mesh as _mesh
}

test_absent_fields_have_no_values[note] if {
	some note, field in ["role", "group", "action", "column", "tag", "domain", "user", "resource", "purpose", "x.y"]
	conditions.values(field) == set() with input as {"subject": {}}
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
	conditions.all_hold([condition]) with input as _request
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
	not conditions.all_hold([condition]) with input as _request
}

_absent := "subject.properties.age"

# Neither known to hold nor known not to: an allow is not given by it, a denial not escaped.
test_not_known[note] if {
	some note, condition in {
		"equals": _condition(_absent, "equals", 7),
		"in": _condition(_absent, "in", [7]),
		"not_equals": _condition(_absent, "not_equals", 7),
		"not_in": _condition(_absent, "not_in", [7]),
		"gt": _condition(_absent, "gt", 7),
		"contains": _condition(_absent, "contains", "x"),
		"starts_with": _condition(_absent, "starts_with", "x"),
		"matches": _condition(_absent, "matches", "x"),
		"null": _condition("subject.properties.nothing", "not_equals", 7),
		"null among others": _condition("subject.properties.holed", "not_in", [7]),
		"a text to a number": _condition("resource", "gte", 3),
		"a number to a text": _condition("subject.properties.clearance", "starts_with", "3"),
	}
	asked := object.union(_request, {"subject": {"properties": {"nothing": null, "holed": [1, null]}}})
	not conditions.all_hold([condition]) with input as asked
	not conditions.any_refuted([condition]) with input as asked
	conditions.unknown([condition]) == [condition.field] with input as asked
}

test_known_not_to_hold[note] if {
	some note, condition in {
		"equals": _condition("role", "equals", "intern"),
		"in": _condition("role", "in", ["intern"]),
		"not_equals": _condition("role", "not_equals", "steward"),
		"not_in": _condition("role", "not_in", ["analysts"]),
		"gt": _condition("subject.properties.clearance", "gt", 3),
		"contains": _condition("resource", "contains", "order"),
		"contains a member": _condition("subject.properties.roles", "contains", "intern"),
		"starts_with": _condition("resource", "starts_with", "customer"),
		"matches": _condition("resource", "matches", "^customer"),
		"exists": {"field": _absent, "operator": "exists"},
		"exists not": _condition("purpose", "exists", false),
		"an empty list": _condition("subject.properties.empty", "equals", "x"),
		"no domain": _condition("domain", "equals", "order"),
		"no tag": _condition("tag", "equals", "gold"),
	}
	asked := object.union(_request, {"subject": {"properties": {"empty": []}}})
	conditions.any_refuted([condition]) with input as asked
	not conditions.all_hold([condition]) with input as asked
	conditions.unknown([condition]) == [] with input as asked
}

test_lists_that_are_there_and_empty_are_known[note] if {
	some note, [field, properties] in {
		"roles": ["role", {"roles": []}],
		"roles, by groups": ["role", {"groups": []}],
		"groups": ["group", {"groups": []}],
	}
	condition := _condition(field, "equals", "x")
	conditions.any_refuted([condition]) with input as {"subject": {"properties": properties}}
	not conditions.any_refuted([condition]) with input as {"subject": {"properties": {}}}
}

test_of_a_product[note] if {
	some note, condition in {
		"domain": _condition("domain", "equals", "order"),
		"product": _condition("product", "equals", "lines"),
		"classification": _condition("classification", "equals", "restricted"),
		"tag": _condition("tag", "in", ["gold"]),
		"a path": _condition("product.retention_days", "gte", 30),
	}
	product := {"domain": "order", "name": "lines", "classification": "Restricted", "tags": ["gold"], "retention_days": 30}
	conditions.all_hold([condition]) with input as {"product": product}
}

test_all_conditions_must_hold if {
	holds := _condition("role", "equals", "steward")
	fails := _condition("role", "equals", "intern")
	not conditions.all_hold([holds, fails]) with input as _request
	conditions.any_refuted([holds, fails]) with input as _request
	conditions.all_hold([]) with input as _request
	not conditions.any_refuted([]) with input as _request
}
