package global.retention.legal_hold_test

import data.global.retention.legal_hold

_holds := [{"product": "finance/ledger", "reason": "case 12 O 3/26"}]

_product := {"domain": "finance", "name": "ledger", "status": "active", "retention": {"days": 3650}}

test_allowed[note] if {
	some note, facts in {
		"as it is": {"product": _product},
		"kept for longer": {"product": _product, "previous": {"retention": {"days": 30}}},
		"another product, retired": {"product": object.union(_product, {"name": "rent", "status": "retired"})},
	}
	legal_hold.violation == set() with input as facts with data.mesh.legal_holds as _holds
}

test_a_product_under_a_hold_is_not_retired if {
	legal_hold.violation == {{
		"msg": "the product is under a legal hold (case 12 O 3/26) and cannot be retired",
		"path": "product.status",
	}} with input as {"product": object.union(_product, {"status": "Retired"})}
		with data.mesh.legal_holds as _holds
}

test_a_product_under_a_hold_is_not_kept_shorter[note] if {
	some note, retention in {"shorter": {"days": 30}, "unknown": {}}
	product := object.union(object.remove(_product, ["retention"]), {"retention": retention})
	legal_hold.violation == {{
		"msg": "the product is under a legal hold (case 12 O 3/26) and keeps its data for 3650 days; it cannot be less",
		"path": "product.retention.days",
	}} with input as {"product": product, "previous": _product}
		with data.mesh.legal_holds as _holds
}

test_a_hold_that_cannot_be_read_holds if {
	legal_hold.violation == {{
		"msg": "the product is under a legal hold (for a reason it does not say) and cannot be retired",
		"path": "product.status",
	}} with input as {"product": object.union(_product, {"status": "retired"})}
		with data.mesh.legal_holds as ["ledger"]
}

test_a_list_that_cannot_be_read_holds_everything if {
	legal_hold.violation == {{
		"msg": "the product is under a legal hold (the list of holds cannot be read) and cannot be retired",
		"path": "product.status",
	}} with input as {"product": object.union(_product, {"status": "retired"})}
		with data.mesh.legal_holds as "ledger"
}

test_without_holds_nothing_is_held if {
	legal_hold.violation == set() with input as {"product": object.union(_product, {"status": "retired"})}
		with data.mesh as {}
}
