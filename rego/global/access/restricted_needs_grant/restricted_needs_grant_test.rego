package global.access.restricted_needs_grant_test

import data.global.access.restricted_needs_grant

_mesh(product, grants) := {
	"products": {"customer/customer-profile": object.union({"domain": "customer", "name": "customer-profile"}, product)},
	"bindings": {"tables": {"lake.customer.profiles": "customer/customer-profile"}},
	"grants": grants,
}

_grant := {"subject": "alice", "product": "customer/customer-profile", "actions": ["read"], "expires": "2199-01-01T00:00:00Z"}

_asks(action, table) := {
	"subject": {"type": "user", "id": "alice", "properties": {"groups": ["data-analyst"]}},
	"action": {"name": action},
	"resource": {"type": "table", "id": table, "properties": {}},
}

_violation(what, action) := {{
	"msg": sprintf("lake.customer.profiles is %v: it takes a grant of %v to this subject that is in force", [what, action]),
	"path": "resource.id",
}}

test_allowed[note] if {
	some note, row in {
		"internal": {"product": {"classification": "internal"}, "grants": [], "action": "read"},
		"confidential": {"product": {"classification": "confidential"}, "grants": [], "action": "read"},
		"restricted, with a grant": {"product": {"classification": "restricted"}, "grants": [_grant], "action": "read"},
		"restricted, but only its schema": {"product": {"classification": "restricted"}, "grants": [], "action": "describe"},
	}
	restricted_needs_grant.violation == set() with input as _asks(row.action, "lake.customer.profiles")
		with data.mesh as _mesh(row.product, row.grants)
		with data.global.parameters as {}
}

test_allowed_where_no_product_is_concerned if {
	restricted_needs_grant.violation == set() with input as _asks("read", "system.jdbc.tables")
		with data.mesh as _mesh({"classification": "restricted"}, [])
}

test_denied[note] if {
	some note, row in {
		"restricted": {"product": {"classification": "restricted"}, "what": "restricted", "action": "read"},
		"unknown class": {"product": {"classification": "secret"}, "what": "secret", "action": "read"},
		"no class": {"product": {}, "what": "not classified, and so restricted", "action": "read"},
		"a grant of another action": {"product": {"classification": "restricted"}, "what": "restricted", "action": "write"},
	}
	grants := {true: [_grant], false: []}[row.action == "write"]
	restricted_needs_grant.violation == _violation(row.what, row.action) with input as _asks(row.action, "lake.customer.profiles")
		with data.mesh as _mesh(row.product, grants)
		with data.global.parameters as {}
}

test_denied_when_the_action_is_not_said if {
	restricted_needs_grant.violation == _violation("restricted", "every action") with input as object.remove(
		_asks("read", "lake.customer.profiles"),
		["action"],
	)
		with data.mesh as _mesh({"classification": "restricted"}, [])
}

_unbound(groups) := {
	"subject": {"type": "user", "id": "alice", "properties": {"groups": groups}},
	"action": {"name": "write"},
	"resource": {"type": "table", "id": "lake.customer.staging", "properties": {"catalog": "lake", "schema": "customer", "table": "staging"}},
}

_schema_mesh := {"products": {}, "bindings": {"schemas": {"lake.customer": "customer"}}, "grants": []}

test_allowed_for_the_domains_team_where_no_product_is_bound_yet if {
	restricted_needs_grant.violation == set() with input as _unbound(["customer-team"])
		with data.mesh as _schema_mesh
		with data.global.parameters as {}
}

test_denied_for_others_where_no_product_is_bound_yet[note] if {
	some note, groups in {"another team": ["order-team"], "no group": []}
	restricted_needs_grant.violation == {{
		"msg": "lake.customer.staging is not classified, and so restricted: it takes a grant of write to this subject that is in force",
		"path": "resource.id",
	}} with input as _unbound(groups)
		with data.mesh as _schema_mesh
		with data.global.parameters as {}
}

test_denied_for_the_domains_team_where_a_product_is_bound_already if {
	asks := object.union(_asks("read", "lake.customer.profiles"), {"subject": {"properties": {"groups": ["customer-team"]}}})
	restricted_needs_grant.violation == _violation("not classified, and so restricted", "read") with input as asks
		with data.mesh as _mesh({}, [])
		with data.global.parameters as {}
}

test_the_council_says_what_a_team_is_called if {
	restricted_needs_grant.violation == set() with input as _unbound(["customer-crew"])
		with data.mesh as _schema_mesh
		with data.global.parameters as {"team_group_suffix": "-crew"}
}

test_the_council_says_which_classes_are_open if {
	restricted_needs_grant.violation == _violation("internal", "read") with input as _asks("read", "lake.customer.profiles")
		with data.mesh as _mesh({"classification": "internal"}, [])
		with data.global.parameters as {"classifications_open_to_roles": ["public"]}
}
