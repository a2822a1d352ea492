package global.schema.promises_kept_test

import data.global.schema.promises_kept

_facts(difference) := {"schema": {"differences": [object.union({"path": "p", "subject": "it"}, difference)]}}

_violation(msg) := {{"msg": msg, "path": "p", "details": {"consumers": []}}}

test_denied[note] if {
	some note, row in {
		"port gone": {
			"difference": {"type": "port_changed", "direction": "removed"},
			"msg": "it was there and is now nothing",
		},
		"another format": {
			"difference": {"type": "port_changed", "direction": "changed", "part": "format", "from": "delta", "to": "csv"},
			"msg": "the format of it was delta and is now csv",
		},
		"no format": {
			"difference": {"type": "port_changed", "direction": "removed", "part": "format", "from": "delta"},
			"msg": "the format of it was delta and is now nothing",
		},
		"another meaning": {
			"difference": {"type": "meaning_changed", "direction": "changed", "from": "celsius", "to": "fahrenheit"},
			"msg": "it was celsius and is now fahrenheit",
		},
		"another column": {
			"difference": {"type": "name_changed", "direction": "changed", "from": "mail", "to": "email"},
			"msg": "the physical name of it was mail and is now email",
		},
		"a reference less": {
			"difference": {"type": "reference_changed", "direction": "removed", "from": "orders.id"},
			"msg": "a reference of it was orders.id and is now nothing",
		},
		"weaker mode": {
			"difference": {"type": "compatibility_changed", "direction": "weakened", "from": "FULL", "to": "NONE"},
			"msg": "it was FULL and is now NONE",
		},
		"another mode": {
			"difference": {"type": "compatibility_changed", "direction": "changed", "from": "FORWARD", "to": "BACKWARD"},
			"msg": "it was FORWARD and is now BACKWARD",
		},
		"no mode": {
			"difference": {"type": "compatibility_changed", "direction": "removed", "from": "FULL"},
			"msg": "it was FULL and is now nothing",
		},
		"less notice": {
			"difference": {"type": "notice_changed", "direction": "shortened", "from": 90, "to": 30},
			"msg": "it was 90 and is now 30",
		},
		"no notice": {
			"difference": {"type": "notice_changed", "direction": "removed", "from": 90},
			"msg": "it was 90 and is now nothing",
		},
		"earlier end": {
			"difference": {"type": "end_changed", "direction": "shortened", "from": "2031-01-01", "to": "2030-01-01"},
			"msg": "it was 2031-01-01 and is now 2030-01-01",
		},
		"an end that is no date": {
			"difference": {"type": "end_changed", "direction": "changed", "from": "2031-01-01", "to": "soon"},
			"msg": "it was 2031-01-01 and is now soon",
		},
	}
	promises_kept.violation == _violation(row.msg) with input as _facts(row.difference) with data.mesh as {}
}

test_allowed[note] if {
	some note, difference in {
		"its format is said at last": {"type": "port_changed", "direction": "added", "part": "format", "to": "delta"},
		"a reference more": {"type": "reference_changed", "direction": "added", "to": "orders.id"},
		"new port": {"type": "port_changed", "direction": "added"},
		"moved": {"type": "port_changed", "direction": "changed", "part": "location", "from": "a", "to": "b"},
		"stricter mode": {"type": "compatibility_changed", "direction": "strengthened"},
		"more notice": {"type": "notice_changed", "direction": "lengthened"},
		"later end": {"type": "end_changed", "direction": "lengthened"},
		"an end is announced": {"type": "end_changed", "direction": "added"},
		"something else": {"type": "owner_changed", "direction": "removed"},
	}
	promises_kept.violation == set() with input as _facts(difference) with data.mesh as {}
}

test_consumers_are_named if {
	facts := object.union(_facts({"type": "notice_changed", "direction": "shortened", "from": 90, "to": 30}), {
		"product": {"domain": "d", "name": "p"},
		"lineage": {"products": [{"source": "d/p", "target": "e/q"}]},
	})
	promises_kept.violation == {{
		"msg": "it was 90 and is now 30; consumers: e/q",
		"path": "p",
		"details": {"consumers": ["e/q"]},
	}} with input as facts with data.mesh as {}
}
