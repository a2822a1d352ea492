package global.quality.checks_kept_test

import data.global.quality.checks_kept

_facts(direction) := {
	"product": {"domain": "d", "name": "p"},
	"schema": {"differences": [{
		"type": "quality_changed",
		"direction": direction,
		"path": "contract.schema[t].quality[0]",
		"subject": "the check of t.rowCount",
		"from": "gte 5",
		"to": "gte 1",
	}]},
}

test_denied[direction] if {
	some direction in ["removed", "weakened", "changed"]
	checks_kept.violation == {{
		"msg": "the check of t.rowCount was gte 5 and is now gte 1",
		"path": "contract.schema[t].quality[0]",
		"details": {"consumers": []},
	}} with input as _facts(direction) with data.mesh as {}
}

test_consumers_are_named if {
	checks_kept.violation == {{
		"msg": "the check of t.rowCount was gte 5 and is now gte 1; consumers: e/q",
		"path": "contract.schema[t].quality[0]",
		"details": {"consumers": ["e/q"]},
	}} with input as _facts("weakened") with data.mesh as {"lineage": [{"source": "d/p", "target": "e/q"}]}
}

test_allowed[direction] if {
	some direction in ["strengthened", "added"]
	checks_kept.violation == set() with input as _facts(direction)
}
