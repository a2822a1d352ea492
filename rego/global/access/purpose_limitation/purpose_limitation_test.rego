package global.access.purpose_limitation_test

import data.global.access.purpose_limitation

_mesh(product) := {
	"products": {"customer/profiles": object.union({"domain": "customer", "name": "profiles"}, product)},
	"bindings": {"tables": {"lake.customer.profiles": "customer/profiles"}, "schemas": {"lake.customer": "customer"}},
}

_declared := {"purposes": ["analytics", "marketing.communications.email"]}

_asks(action, context, table) := {
	"subject": {"type": "user", "id": "alice", "properties": {"groups": []}},
	"action": {"name": action},
	"resource": {"type": "table", "id": table, "properties": {"catalog": "lake", "schema": "customer"}},
	"context": context,
}

_reads(context) := _asks("read", context, "lake.customer.profiles")

_for(purpose) := {"purpose": purpose}

_violation(msg) := {{"msg": msg, "path": "context.purpose"}}

_not_for(purpose) := _violation(sprintf("lake.customer.profiles is for analytics, marketing.communications.email, not for %v", [purpose]))

_unsaid := _violation(concat(" ", [
	"lake.customer.profiles is for analytics, marketing.communications.email,",
	"and the request does not say what for",
]))

test_allowed_for_a_declared_purpose[purpose] if {
	some purpose in ["analytics", "analytics.reporting", "marketing.communications.email"]
	purpose_limitation.violation == set() with input as _reads(_for(purpose))
		with data.mesh as _mesh(_declared)
		with data.global.parameters as {}
}

test_denied_for_another[note] if {
	some note, purpose in {
		"one above": "marketing.communications",
		"one beside": "marketing.advertising",
		"a word that nobody knows, below one": "analytics.everything",
		"no purpose at all": "fun",
		"an empty one": "",
		"a number": 7,
		"false": false,
	}
	purpose_limitation.violation == _not_for(purpose) with input as _reads(_for(purpose))
		with data.mesh as _mesh(_declared)
		with data.global.parameters as {"purpose_required": false}
}

test_denied_where_no_purpose_is_said[note] if {
	some note, context in {"no context": {}, "null": _for(null)}
	purpose_limitation.violation == _unsaid with input as _reads(context)
		with data.mesh as _mesh(_declared)
		with data.global.parameters as {}
}

test_denied_without_a_purpose_if_it_is_required_in_other_words if {
	purpose_limitation.violation == _unsaid with input as _reads({})
		with data.mesh as _mesh(_declared)
		with data.global.parameters as {"purpose_required": "no"}
}

test_a_purpose_need_not_be_said_where_the_council_does_not_ask if {
	purpose_limitation.violation == set() with input as _reads({})
		with data.mesh as _mesh(_declared)
		with data.global.parameters as {"purpose_required": false}
}

test_denied_where_the_registry_knows_no_purposes[note] if {
	some note, product in {"none": {}, "an empty list": {"purposes": []}}
	purpose_limitation.violation == _violation("lake.customer.profiles is for purposes that the registry does not know, not for analytics") with input as _reads(_for("analytics"))
		with data.mesh as _mesh(product)
		with data.global.parameters as {}
}

test_denied_where_the_registry_declares_what_nobody_knows if {
	purpose_limitation.violation == _violation("lake.customer.profiles is for fun, not for fun") with input as _reads(_for("fun"))
		with data.mesh as _mesh({"purposes": ["fun"]})
		with data.global.parameters as {}
}

test_allowed_where_the_data_is_not_personal[note] if {
	some note, product in {
		"as the entry says": {"personal": false},
		"as every column says": {"columns": [{"name": "id", "personal": false}, {"name": "x", "categories": ["system"]}]},
	}
	purpose_limitation.violation == set() with input as _reads(_for("fun"))
		with data.mesh as _mesh(product)
		with data.global.parameters as {}
}

test_no_purpose_need_be_said_where_the_data_is_not_personal if {
	purpose_limitation.violation == set() with input as _reads({})
		with data.mesh as _mesh({"personal": false})
		with data.global.parameters as {}
}

test_denied_where_a_column_may_be_personal[note] if {
	some note, product in {
		"one is": {"columns": [{"name": "id", "personal": false}, {"name": "x", "categories": ["user.name"]}]},
		"of one it is not known": {"columns": [{"name": "id", "personal": false}, {"name": "x"}]},
		"a column says other than the entry": {"personal": false, "columns": [{"name": "x", "personal": true}]},
		"the entry says other than its columns": {"personal": true, "columns": [{"name": "x", "personal": false}]},
	}
	count(purpose_limitation.violation) == 1 with input as _reads(_for("analytics"))
		with data.mesh as _mesh(product)
		with data.global.parameters as {}
}

test_what_touches_no_data_needs_no_purpose[action] if {
	some action in ["list", "describe", "request_access"]
	purpose_limitation.violation == set() with input as _asks(action, _for("fun"), "lake.customer.profiles")
		with data.mesh as _mesh(_declared)
		with data.global.parameters as {}
}

test_other_actions_do[action] if {
	some action in ["read", "write", "execute"]
	purpose_limitation.violation == _not_for("fun") with input as _asks(action, _for("fun"), "lake.customer.profiles")
		with data.mesh as _mesh(_declared)
		with data.global.parameters as {}
}

test_what_is_bound_to_no_product_is_not_asked_about if {
	purpose_limitation.violation == set() with input as _asks("read", _for("fun"), "lake.customer.other")
		with data.mesh as _mesh(_declared)
		with data.global.parameters as {}
}
