package global.access.discoverable_test

import data.global.access.discoverable

_mesh := {
	"products": {
		"customer/customer-profile": {"domain": "customer", "name": "customer-profile", "classification": "confidential"},
		"finance/ledger": {"domain": "finance", "name": "ledger", "classification": "restricted"},
	},
	"bindings": {
		"tables": {
			"lake.customer.profiles": "customer/customer-profile",
			"vault.finance.ledger": "finance/ledger",
		},
		"schemas": {"depot.orders": "order"},
		"topics": {"bus.profiles": "customer/customer-profile"},
	},
}

_asks(action, type, id) := {
	"subject": {"type": "user", "id": "alice", "properties": {"groups": []}},
	"action": {"name": action},
	"resource": {"type": type, "id": id, "properties": {}},
}

test_granted[note] if {
	some row in [
		["list", "table", "lake.customer.profiles", "products that are not restricted can be found by everybody"],
		["describe", "table", "lake.customer.profiles", "products that are not restricted can be found by everybody"],
		["list", "catalog", "lake", "the way to a product can be found by everybody"],
		["list", "schema", "depot.orders", "the way to a product can be found by everybody"],
		["list", "schema", "lake.customer", "the way to a product can be found by everybody"],
		["request_access", "table", "vault.finance.ledger", "everybody may ask for access"],
	]
	note := concat(" ", array.slice(row, 0, 3))
	discoverable.grant == {{"msg": row[3]}} with input as _asks(row[0], row[1], row[2])
		with data.mesh as _mesh
		with data.global.parameters as {}
}

test_not_granted[note] if {
	some row in [
		["read", "table", "lake.customer.profiles"],
		["list", "table", "vault.finance.ledger"],
		["describe", "table", "vault.finance.ledger"],
		["list", "table", "lake.customer.scratch"],
		["describe", "schema", "lake.customer"],
		["list", "schema", "lake.custom"],
		["list", "catalog", "lak"],
		["list", "catalog", "bus"],
		["request_access", "table", "lake.customer.scratch"],
	]
	note := concat(" ", row)
	discoverable.grant == set() with input as _asks(row[0], row[1], row[2])
		with data.mesh as _mesh
		with data.global.parameters as {}
}

test_the_council_says_which_classes_are_found if {
	discoverable.grant == set() with input as _asks("list", "table", "lake.customer.profiles")
		with data.mesh as _mesh
		with data.global.parameters.classifications_open_to_roles as ["public"]
}
