package bylaw.lib.scopes_test

import data.bylaw.lib.scopes

_mesh := {
	"products": {"customer/c360": {"domain": "customer", "name": "c360", "classification": "restricted", "tags": ["gold"]}},
	"bindings": {"tables": {"lake.customer.profiles": "customer/c360"}},
}

_request(properties, id) := {
	"subject": {"type": "user", "id": "alice", "properties": properties},
	"action": {"name": "read"},
	"resource": {"type": "table", "id": id},
}

test_of_a_request[note] if {
	some note, [scope, properties, id, applies, excludes] in {
		"none": [{}, {}, "x", true, false],
		"its domain": [{"domains": "Customer"}, {}, "lake.customer.profiles", true, false],
		"another domain": [{"domains": ["order"]}, {}, "lake.customer.profiles", false, true],
		"bound to nothing, so in no domain": [{"domains": ["order"]}, {}, "x", false, true],
		"its group": [{"roles": ["a", "b"]}, {"groups": ["b"]}, "x", true, false],
		"another role": [{"roles": ["a"]}, {"roles": ["b"]}, "x", false, true],
		"roles not known": [{"roles": ["a"]}, {}, "x", false, false],
		"its classification": [{"classification": "Restricted"}, {}, "lake.customer.profiles", true, false],
		"another": [{"classifications": ["public"]}, {}, "lake.customer.profiles", false, true],
		"classification not known": [{"classification": ["public"]}, {}, "x", false, false],
		"its tag": [{"tags": ["gold"]}, {}, "lake.customer.profiles", true, false],
		"another tag": [{"tags": ["silver"]}, {}, "lake.customer.profiles", false, true],
		"one of two not known": [{"roles": ["a"], "tags": ["gold"]}, {}, "lake.customer.profiles", false, false],
		"one of two outside": [{"roles": ["a"], "tags": ["silver"]}, {}, "lake.customer.profiles", false, true],
	}
	[_applies(scope), _excludes(scope)] == [applies, excludes] with input as _request(properties, id)
		with data.mesh as _mesh
}

test_of_a_product[note] if {
	some note, [scope, product, excludes] in {
		"its domain": [{"domains": ["customer"]}, {}, false],
		"another domain": [{"domains": ["order"]}, {}, true],
		"products have no role": [{"roles": ["a"]}, {}, false],
		"its tag": [{"tags": "gold"}, {"tags": ["gold"]}, false],
		"no tags": [{"tags": "gold"}, {}, true],
		"another classification": [{"classification": "public"}, {"classification": "Restricted"}, true],
		"unclassified": [{"classification": "public"}, {}, false],
	}
	_excludes(scope) == excludes with input as {"product": object.union({"domain": "customer", "name": "x"}, product)}
}

_applies(scope) if {
	scopes.applies(scope)
} else := false

_excludes(scope) if {
	scopes.excludes(scope)
} else := false
