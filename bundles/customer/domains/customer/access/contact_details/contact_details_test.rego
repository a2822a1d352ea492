package domains.customer.access.contact_details_test

import data.domains.customer.access.contact_details

_mesh := {
	"products": {
		"customer/customer-profile": {"domain": "customer", "name": "customer-profile", "classification": "confidential"},
		"customer/customer-segments": {"domain": "customer", "name": "customer-segments", "classification": "internal"},
	},
	"bindings": {"tables": {
		"lake.customer.profiles": "customer/customer-profile",
		"lake.customer.segments": "customer/customer-segments",
	}},
}

_asks(groups, action, table) := {
	"subject": {"type": "user", "id": "alice", "properties": {"groups": groups}},
	"action": {"name": action},
	"resource": {"type": "table", "id": table, "properties": {}},
}

_masks := {
	{"column": "email", "expression": "regexp_replace(email, '^[^@]+', '*****')", "strength": 50},
	{"column": "full_name", "expression": "NULL", "strength": 90},
}

test_masked_for_others[note] if {
	some note, groups in {"analysts": ["data-analyst"], "no group": []}
	contact_details.column_mask == _masks with input as _asks(groups, "read", "lake.customer.profiles")
		with data.mesh as _mesh
}

test_shown_to_those_who_contact_customers[group] if {
	some group in ["customer-team", "customer-service"]
	contact_details.column_mask == set() with input as _asks([group], "read", "lake.customer.profiles")
		with data.mesh as _mesh
}

test_other_tables_are_left_alone if {
	contact_details.column_mask == set() with input as _asks([], "read", "lake.customer.segments")
		with data.mesh as _mesh
}

test_other_actions_are_left_alone if {
	contact_details.column_mask == set() with input as _asks([], "write", "lake.customer.profiles")
		with data.mesh as _mesh
}
