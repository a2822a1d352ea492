package global.retention.longer_needs_reason_test

import data.global.retention.longer_needs_reason

_facts(direction, product) := {
	"product": product,
	"schema": {"differences": [{
		"type": "retention_changed",
		"direction": direction,
		"path": "product.retention.days",
		"from": 30,
		"to": 60,
	}]},
}

_product(personal) := {"contract": {"schema": [{
	"name": "t",
	"fields": [{"name": "f", "path": "contract.schema[t].f", "personal": personal}],
}]}}

test_denied_for_longer[reason] if {
	some reason, product in {
		"it carries personal data (f)": _product(true),
		"nobody can tell whether it carries personal data": {},
	}
	longer_needs_reason.violation == {{
		"msg": sprintf("the data was kept for 30 days and is now kept for 60: %v", [reason]),
		"path": "product.retention.days",
	}} with input as _facts("lengthened", product)
}

test_denied_without_any[note] if {
	some note, product in {"personal": _product(true), "not personal": _product(false)}
	longer_needs_reason.violation == {{
		"msg": "the data was kept for 30 days, and nobody says for how long now",
		"path": "product.retention.days",
	}} with input as _facts("removed", product)
}

test_allowed[note] if {
	some note, facts in {
		"longer, not about people": _facts("lengthened", _product(false)),
		"shorter": _facts("shortened", _product(true)),
		"said at last": _facts("added", _product(true)),
	}
	longer_needs_reason.violation == set() with input as facts
}
