package global.compliance.responsibility_kept_test

import data.global.compliance.responsibility_kept

_facts(differences) := {"schema": {"differences": differences}}

_owner(direction) := {"type": "owner_changed", "direction": direction, "path": "product.owner", "from": "ada"}

_gone(path, who) := {"type": "approver_changed", "direction": "removed", "path": path, "subject": "role r", "from": who}

_come(path, who) := {"type": "approver_changed", "direction": "added", "path": path, "subject": "role r", "to": who}

_unapproved(who) := {
	"msg": sprintf("access to role r had to be approved by %v, and no longer has", [who]),
	"path": "a",
}

test_denied_without_an_owner if {
	responsibility_kept.violation == {{
		"msg": "the product was owned by ada, and nobody owns it now",
		"path": "product.owner",
	}} with input as _facts([_owner("removed")])
}

test_denied_without_an_approver[note] if {
	some note, row in {
		"nobody instead": {"differences": [_gone("a", "ada")], "who": ["ada"]},
		"somebody elsewhere": {"differences": [_gone("a", "ada"), _come("b", "bob")], "who": ["ada"]},
		"one for two": {"differences": [_gone("a", "ada"), _gone("a", "max"), _come("a", "bob")], "who": ["ada", "max"]},
	}
	responsibility_kept.violation == {_unapproved(who) | some who in row.who} with input as _facts(row.differences)
}

test_allowed[note] if {
	some note, differences in {
		"another owner": [_owner("changed")],
		"an owner at last": [_owner("added")],
		"another approver": [_gone("a", "ada"), _come("a", "bob")],
		"one more": [_come("a", "bob")],
		"two for one": [_gone("a", "ada"), _come("a", "bob"), _come("a", "eve")],
	}
	responsibility_kept.violation == set() with input as _facts(differences)
}
