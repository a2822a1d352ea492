package bylaw.lib.access_test

import data.bylaw.lib.access
import data.bylaw.lib.timestamps

_mesh := {
	"products": {"customer/c360": {
		"domain": "customer",
		"name": "c360",
		"owner": "team",
		"classification": "restricted",
		"tags": ["gold"],
		"secret": "not for rules",
	}},
	"bindings": {"tables": {"lake.customer.profiles": "customer/c360"}},
}

_request := {
	"subject": {"type": "user", "id": "alice", "properties": {"groups": ["analysts"], "roles": ["steward"]}},
	"action": {"name": "read", "properties": {"operation": "SelectFromColumns"}},
	"resource": {"type": "table", "id": "lake.customer.profiles", "properties": {"columns": ["email"]}},
}

test_a_request_is_read if {
	access.groups == {"analysts"} with input as _request
	access.roles == {"steward"} with input as _request
	access.columns == {"email"} with input as _request
	access.action == "read" with input as _request
	access.operation == "SelectFromColumns" with input as _request
}

test_lists_of_another_shape_are_empty if {
	odd := {"subject": {"properties": {"groups": "a", "roles": null}}, "resource": {"properties": {"columns": 1}}}
	access.groups == set() with input as odd
	access.roles == set() with input as odd
	access.columns == set() with input as odd
}

test_the_resource_is_what_the_registry_says if {
	access.resource == {
		"type": "table",
		"id": "lake.customer.profiles",
		"properties": {"columns": ["email"]},
		"domain": "customer",
		"product": "c360",
		"classification": "restricted",
	} with input as _request with data.mesh as _mesh
	access.product == {
		"domain": "customer",
		"name": "c360",
		"owner": "team",
		"classification": "restricted",
		"tags": ["gold"],
	} with input as _request with data.mesh as _mesh
}

test_a_resource_without_properties_has_none if {
	access.resource == {"type": "engine", "id": "trino", "properties": {}}
		with input.resource as {"type": "engine", "id": "trino"}
		with data.mesh as _mesh
}

_grant(subject) := {"subject": subject, "product": "customer/c360", "actions": ["read"]}

test_standing_grants_cover_the_subject[note] if {
	some note, grant in {
		"by id": _grant("alice"),
		"by type and id": _grant("user:alice"),
		"by group": _grant("group:analysts"),
		"until a day to come": object.union(_grant("alice"), {"expires": "2026-12-31T00:00:00Z"}),
	}
	access.standing_grants == {grant}
		with input as _request
		with data.mesh as object.union(_mesh, {"grants": [grant]})
		with time.now_ns as timestamps.instant("2026-06-01T00:00:00Z")
}

test_other_grants_do_not[note] if {
	some note, grant in {
		"of another": _grant("bob"),
		"of a role": _grant("group:steward"),
		"to write": object.union(_grant("alice"), {"actions": ["write"]}),
		"on another product": object.union(_grant("alice"), {"product": "customer/other"}),
		"that ended": object.union(_grant("alice"), {"expires": "2026-01-01T00:00:00Z"}),
		"whose end cannot be read": object.union(_grant("alice"), {"expires": "soon"}),
		"whose end is null": object.union(_grant("alice"), {"expires": null}),
	}
	access.standing_grants == set()
		with input as _request
		with data.mesh as object.union(_mesh, {"grants": [grant]})
		with time.now_ns as timestamps.instant("2026-06-01T00:00:00Z")
}

test_contradictions[note] if {
	some note, [properties, found] in {
		"none": [{}, set()],
		"agreeing": [{"domain": "Customer", "product": "c360", "classification": "RESTRICTED"}, set()],
		"the product by its key": [{"product": "customer/c360"}, set()],
		"another classification": [
			{"classification": "public"},
			{{
				"path": "/resource/properties/classification",
				"msg": "the request says classification \"public\", the registry says restricted",
			}},
		],
		"a domain that is no text": [
			{"domain": 7},
			{{
				"path": "/resource/properties/domain",
				"msg": "the request says domain 7, the registry says customer",
			}},
		],
		"names of another table": [
			{"catalog": "lake", "schema": "customer", "table": "other"},
			{{
				"path": "/resource/id",
				"msg": "the id is lake.customer.profiles, the properties name lake.customer.other",
			}},
		],
	}
	access.contradictions == found with input.resource as {
		"type": "table",
		"id": "lake.customer.profiles",
		"properties": properties,
	}
		with data.mesh as _mesh
}

test_a_claim_on_what_is_bound_to_nothing_contradicts_the_registry if {
	access.contradictions == {{
		"path": "/resource/properties/domain",
		"msg": "the request says domain \"order\", the registry says none",
	}} with input.resource as {"type": "table", "id": "lake.x.y", "properties": {"domain": "order"}}
		with data.mesh as _mesh
}
