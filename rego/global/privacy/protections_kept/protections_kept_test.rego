package global.privacy.protections_kept_test

import data.global.privacy.protections_kept

_facts(difference) := {"schema": {"differences": [object.union({"path": "p", "subject": "port daily"}, difference)]}}

_cipher(direction, where) := {"type": "encryption_changed", "direction": direction, "where": where, "from": "AES-256", "to": "ROT13"}

test_denied[note] if {
	some direction in ["removed", "weakened", "changed"]
	some where, words in {"at_rest": "at rest", "in_transit": "on its way"}
	note := sprintf("%v, %v", [direction, where])
	protections_kept.violation == {{
		"msg": sprintf("port daily was encrypted %v with AES-256 and is now with ROT13", [words]),
		"path": "p",
	}} with input as _facts(_cipher(direction, where))
}

test_denied_where_it_is_not_said_where if {
	protections_kept.violation == {{
		"msg": "port daily was encrypted at rest with nothing and is now with nothing",
		"path": "p",
	}} with input as _facts({"type": "encryption_changed", "direction": "removed"})
}

test_denied_without_a_protection if {
	protections_kept.violation == {{
		"msg": "the product was protected by masking, and no longer is",
		"path": "p",
	}} with input as _facts({"type": "protection_changed", "direction": "removed", "from": "masking"})
}

test_denied_where_fewer_share_a_row[direction] if {
	some direction in ["removed", "weakened"]
	protections_kept.violation == {{
		"msg": "port daily was 11 and is now 5",
		"path": "p",
	}} with input as _facts({"type": "anonymity_changed", "direction": direction, "from": 11, "to": 5})
}

test_allowed[note] if {
	some note, difference in {
		"more share a row": {"type": "anonymity_changed", "direction": "strengthened", "from": 5, "to": 11},
		"stronger": _cipher("strengthened", "at_rest"),
		"encrypted at last": _cipher("added", "at_rest"),
		"one more protection": {"type": "protection_changed", "direction": "added", "to": "masking"},
	}
	protections_kept.violation == set() with input as _facts(difference)
}
