package global.privacy.use_not_widened_test

import data.global.privacy.use_not_widened

_product(personal, classification) := {"classification": classification, "contract": {"schema": [{
	"name": "t",
	"fields": [{"name": "f", "path": "contract.schema[t].f", "personal": personal}],
}]}}

_facts(difference, product, was) := {
	"product": product,
	"previous": {"classification": was},
	"schema": {"differences": [object.union({"path": "p", "subject": "it"}, difference)]},
}

_role(to) := {"type": "access_changed", "direction": "widened", "to": to}

_widened(kind) := {"type": kind, "direction": "widened", "to": "x"}

_basis(direction) := {"type": "lawful_basis_changed", "direction": direction, "from": "consent", "to": "contract"}

test_denied_where_a_role_may_do_more[note] if {
	some note, row in {
		"a permission": {"to": "write", "msg": "it may now write", "now": "internal", "was": "internal"},
		"several": {"to": ["read", "write"], "msg": "it may now read, write", "now": "internal", "was": "internal"},
		"none named": {"to": [], "msg": "it may now do what it says nothing about", "now": "internal", "was": "internal"},
		"only now public": {"to": "read", "msg": "it may now read", "now": "public", "was": "internal"},
		"no longer public": {"to": "read", "msg": "it may now read", "now": "internal", "was": "public"},
	}
	use_not_widened.violation == {{"msg": row.msg, "path": "p"}} with input as _facts(_role(row.to), _product(false, row.now), row.was)
}

test_denied_where_personal_data_is_used_otherwise[kind] if {
	some kind in ["purpose_changed", "region_changed", "recipient_changed", "transfer_changed"]
	use_not_widened.violation == {{
		"msg": "it is new: it carries personal data (f)",
		"path": "p",
	}} with input as _facts(_widened(kind), _product(true, "internal"), "internal")
	use_not_widened.violation == {{
		"msg": "it is new: nobody can tell whether it carries personal data",
		"path": "p",
	}} with input as _facts(_widened(kind), {"classification": "internal"}, "internal")
}

test_denied_for_another_lawful_basis[direction] if {
	some direction in ["changed", "removed"]
	use_not_widened.violation == {{
		"msg": "it was by consent and is now by contract: it carries personal data (f)",
		"path": "p",
	}} with input as _facts(_basis(direction), _product(true, "internal"), "internal")
}

test_denied_for_another_mechanism_of_a_transfer if {
	use_not_widened.violation == {{
		"msg": "it was by consent and is now by nothing: it carries personal data (f)",
		"path": "p",
	}} with input as _facts(
		{"type": "transfer_changed", "direction": "changed", "from": "consent", "to": "nothing"},
		_product(true, "internal"),
		"internal",
	)
}

test_allowed[note] if {
	some note, facts in {
		"public before and after": _facts(_role("read"), _product(false, "public"), "public"),
		"a role may do less": _facts({"type": "access_changed", "direction": "narrowed"}, _product(true, "internal"), "internal"),
		"another purpose, not about people": _facts(_widened("purpose_changed"), _product(false, "internal"), "internal"),
		"a purpose less": _facts({"type": "purpose_changed", "direction": "narrowed"}, _product(true, "internal"), "internal"),
		"a basis at last": _facts(_basis("added"), _product(true, "internal"), "internal"),
		"a basis that needs none": _facts(_basis("changed"), _product(false, "internal"), "internal"),
		"something else": _facts(_widened("owner_changed"), _product(true, "internal"), "internal"),
	}
	use_not_widened.violation == set() with input as facts
}
