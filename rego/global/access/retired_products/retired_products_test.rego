package global.access.retired_products_test

import data.global.access.retired_products

_mesh(status) := {
	"products": {"customer/customer-profile": {"domain": "customer", "name": "customer-profile", "status": status}},
	"bindings": {"tables": {"lake.customer.profiles": "customer/customer-profile"}},
}

_asks(action) := {
	"subject": {"type": "user", "id": "alice", "properties": {"groups": []}},
	"action": {"name": action},
	"resource": {"type": "table", "id": "lake.customer.profiles", "properties": {}},
}

test_denied[status] if {
	some status in ["retired", "archived"]
	retired_products.violation == {{
		"msg": sprintf("customer/customer-profile is %v", [status]),
		"path": "resource.id",
	}} with input as _asks("read")
		with data.mesh as _mesh(status)
		with data.global.parameters as {}
}

test_allowed[note] if {
	some note, row in {
		"active": {"action": "read", "status": "active"},
		"deprecated": {"action": "read", "status": "deprecated"},
		"looking at its schema": {"action": "describe", "status": "retired"},
		"cleaning up": {"action": "drop", "status": "retired"},
	}
	retired_products.violation == set() with input as _asks(row.action)
		with data.mesh as _mesh(row.status)
		with data.global.parameters as {}
}

test_the_council_says_which_statuses_are_closed if {
	retired_products.violation == {{
		"msg": "customer/customer-profile is deprecated",
		"path": "resource.id",
	}} with input as _asks("read")
		with data.mesh as _mesh("deprecated")
		with data.global.parameters as {"statuses_without_access": ["deprecated"]}
}
