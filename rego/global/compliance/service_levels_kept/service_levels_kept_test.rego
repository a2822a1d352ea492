package global.compliance.service_levels_kept_test

import data.global.compliance.service_levels_kept

_facts(direction) := {
	"product": {"domain": "d", "name": "p"},
	"schema": {"differences": [{
		"type": "service_level_changed",
		"direction": direction,
		"path": "product.sla.availability",
		"subject": "service level availability",
		"from": 0.99,
		"to": 0.9,
	}]},
}

test_denied[direction] if {
	some direction in ["weakened", "removed", "changed"]
	service_levels_kept.violation == {{
		"msg": "service level availability was promised as 0.99 and is now 0.9",
		"path": "product.sla.availability",
		"details": {"consumers": []},
	}} with input as _facts(direction) with data.mesh as {}
}

test_consumers_are_named if {
	service_levels_kept.violation == {{
		"msg": "service level availability was promised as 0.99 and is now 0.9; consumers: e/q",
		"path": "product.sla.availability",
		"details": {"consumers": ["e/q"]},
	}} with input as _facts("weakened") with data.mesh as {"lineage": [{"source": "d/p", "target": "e/q"}]}
}

test_allowed[direction] if {
	some direction in ["strengthened", "added"]
	service_levels_kept.violation == set() with input as _facts(direction)
}
