package global.compliance.care_rises_test

import data.global.compliance.care_rises

_facts(difference) := {"schema": {"differences": [object.union({"path": "p", "subject": "it"}, difference)]}}

test_told[note] if {
	some kind, directions in {
		"classification_changed": ["raised", "added"],
		"owner_changed": ["changed"],
		"protection_changed": ["added"],
		"encryption_changed": ["strengthened", "added"],
		"retention_changed": ["shortened", "lengthened", "added"],
		"service_level_changed": ["strengthened", "added"],
		"quality_changed": ["strengthened", "added"],
		"compatibility_changed": ["strengthened", "added"],
		"notice_changed": ["lengthened", "added"],
	}
	some direction in directions
	note := sprintf("%v %v", [kind, direction])
	care_rises.violation == {{"msg": "it was a and is now b", "path": "p"}} with input as _facts({
		"type": kind,
		"direction": direction,
		"from": "a",
		"to": "b",
	})
}

test_told_in_words_of_their_own[msg] if {
	some msg, difference in {
		"it holds personal data now": {"type": "personal_changed", "direction": "added"},
		"it is new and holds personal data": {"type": "field_added", "direction": "added", "personal": true},
		"it moved from a to b": {"type": "port_changed", "direction": "changed", "part": "location", "from": "a", "to": "b"},
	}
	care_rises.violation == {{"msg": msg, "path": "p"}} with input as _facts(difference)
}

test_silent[note] if {
	some note, difference in {
		"what falls is denied elsewhere": {"type": "classification_changed", "direction": "lowered"},
		"owner gone": {"type": "owner_changed", "direction": "removed"},
		"no longer personal": {"type": "personal_changed", "direction": "removed"},
		"a field as any": {"type": "field_added", "direction": "added"},
		"a field that is not about people": {"type": "field_added", "direction": "added", "personal": false},
		"a new port": {"type": "port_changed", "direction": "added"},
		"where it lies is said at last": {"type": "port_changed", "direction": "added", "part": "location", "to": "b"},
		"another format": {"type": "port_changed", "direction": "changed", "part": "format"},
		"narrower access": {"type": "access_changed", "direction": "narrowed"},
	}
	care_rises.violation == set() with input as _facts(difference)
}
