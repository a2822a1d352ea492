package global.access.standing_grants_test

import data.global.access.standing_grants

_now := time.parse_rfc3339_ns("2025-06-02T12:00:00Z")

_mesh(expires) := {
	"products": {"customer/customer-profile": {"domain": "customer", "name": "customer-profile", "classification": "restricted"}},
	"bindings": {"tables": {"lake.customer.profiles": "customer/customer-profile"}},
	"grants": [{
		"subject": "group:data-analyst",
		"product": "customer/customer-profile",
		"actions": ["read"],
		"expires": expires,
	}],
}

_asks(groups, action, table) := {
	"subject": {"type": "user", "id": "alice", "properties": {"groups": groups}},
	"action": {"name": action},
	"resource": {"type": "table", "id": table, "properties": {}},
}

test_granted_until_it_expires if {
	standing_grants.grant == {{"msg": "group:data-analyst was granted read on customer/customer-profile"}} with input as _asks(
		["data-analyst"],
		"read",
		"lake.customer.profiles",
	)
		with data.mesh as _mesh("2025-06-02T12:00:01Z")
		with time.now_ns as _now
}

test_not_granted[note] if {
	some note, row in {
		"expired": {"asks": _asks(["data-analyst"], "read", "lake.customer.profiles"), "expires": "2025-06-02T12:00:00Z"},
		"expiry that is no time": {"asks": _asks(["data-analyst"], "read", "lake.customer.profiles"), "expires": "never"},
		"another group": {"asks": _asks(["ml-engineer"], "read", "lake.customer.profiles"), "expires": "2026-01-01T00:00:00Z"},
		"another action": {"asks": _asks(["data-analyst"], "write", "lake.customer.profiles"), "expires": "2026-01-01T00:00:00Z"},
		"another table": {"asks": _asks(["data-analyst"], "read", "lake.customer.secrets"), "expires": "2026-01-01T00:00:00Z"},
	}
	standing_grants.grant == set() with input as row.asks
		with data.mesh as _mesh(row.expires)
		with time.now_ns as _now
}
