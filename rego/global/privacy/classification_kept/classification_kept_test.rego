package global.privacy.classification_kept_test

import data.global.privacy.classification_kept

_facts(difference) := {"schema": {"differences": [object.union({"path": "p", "subject": "field f"}, difference)]}}

_class(direction, from, to) := {"type": "classification_changed", "direction": direction, "from": from, "to": to}

test_denied[msg] if {
	some msg, difference in {
		"field f was classified restricted and is now public": _class("lowered", "restricted", "public"),
		"field f was classified confidential and is now internal": _class("lowered", "confidential", "internal"),
		"field f was classified gold and is now public": _class("changed", "gold", "public"),
		"field f was classified public and is now gold": _class("changed", "public", "gold"),
		"field f was classified internal and is now not classified": {
			"type": "classification_changed",
			"direction": "removed",
			"from": "internal",
		},
		"field f was personal data, and is no longer said to be": {"type": "personal_changed", "direction": "removed"},
		"field f was of the category user.contact, and is no longer said to be": {
			"type": "category_changed",
			"direction": "removed",
			"from": "user.contact",
		},
	}
	classification_kept.violation == {{"msg": msg, "path": "p"}} with input as _facts(difference)
		with data.global.parameters as {}
}

test_allowed[note] if {
	some note, difference in {
		"raised": _class("raised", "public", "internal"),
		"classified at last": {"type": "classification_changed", "direction": "added", "to": "public"},
		"another spelling": _class("changed", "Public", "public"),
		"personal now": {"type": "personal_changed", "direction": "added"},
		"another category": {"type": "category_changed", "direction": "added", "to": "user"},
	}
	classification_kept.violation == set() with input as _facts(difference) with data.global.parameters as {}
}

test_the_council_has_an_order_of_its_own if {
	order := ["open", "secret", "public"]
	classification_kept.violation == set() with input as _facts(_class("changed", "open", "secret"))
		with data.global.parameters.classifications as order
	classification_kept.violation == {{
		"msg": "field f was classified public and is now open",
		"path": "p",
	}} with input as _facts(_class("raised", "public", "open"))
		with data.global.parameters.classifications as order
}
