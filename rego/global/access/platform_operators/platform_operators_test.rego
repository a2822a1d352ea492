package global.access.platform_operators_test

import data.global.access.platform_operators

_asks(groups, action, type) := {
	"subject": {"type": "user", "id": "olga", "properties": {"groups": groups}},
	"action": {"name": action},
	"resource": {"type": type, "id": "x", "properties": {}},
}

test_granted[type] if {
	some type in ["engine", "query", "session_property"]
	platform_operators.grant == {{"msg": "group platform operates the engine"}} with input as _asks(["platform"], "administer", type)
		with data.global.parameters.platform_groups as ["platform"]
}

test_not_granted[note] if {
	some note, row in {
		"another group": {"asks": _asks(["analysts"], "administer", "engine"), "groups": ["platform"]},
		"no group": {"asks": _asks([], "administer", "engine"), "groups": ["platform"]},
		"another action on the engine": {"asks": _asks(["platform"], "drop", "engine"), "groups": ["platform"]},
		"data": {"asks": _asks(["platform"], "read", "table"), "groups": ["platform"]},
		"a table": {"asks": _asks(["platform"], "administer", "table"), "groups": ["platform"]},
		"no groups named": {"asks": _asks(["platform"], "administer", "engine"), "groups": []},
	}
	platform_operators.grant == set() with input as row.asks
		with data.global.parameters.platform_groups as row.groups
}

test_not_granted_without_parameters if {
	platform_operators.grant == set() with input as _asks(["platform"], "administer", "engine")
		with data.global.parameters as {}
}
