package bylaw.waivers_test

import data.bylaw.waivers

_entry := {"rule": "global.privacy.a", "id": "PRV-001", "layer": "global", "path": "p", "msg": "m"}

_waiver := {
	"id": "W-1",
	"rule": "PRV-001",
	"scope": {"domain": "customer", "product": "c360"},
	"reason": "a migration",
	"requested_by": "team",
	"approved_by": "dpo",
	"starts": "2026-01-01T00:00:00Z",
	"ends": "2026-03-01T00:00:00Z",
}

_now := time.parse_rfc3339_ns("2026-02-01T00:00:00Z")

_terms := {"approvers": ["dpo"], "max_days": 90}

_product := {"domain": "customer", "name": "c360"}

_judged(entry, waiver) := judged if {
	judged := waivers.judged({entry})
		with input.product as _product
		with data.global.waivers as [waiver]
		with data.global.parameters.waivers as _terms
		with time.now_ns as _now
}

_standing(ignored) := {"standing": {_entry}, "waived": set(), "ignored": ignored}

test_in_force[note] if {
	some note, changes in {
		"by id": {},
		"by path": {"rule": "global.privacy.a"},
		"for a whole domain": {"scope": {"domain": "Customer"}},
		"as long as allowed": {"ends": "2026-04-01T00:00:00Z"},
		"from this instant": {"starts": "2026-02-01T00:00:00Z"},
		"in another zone": {"ends": "2026-02-01T01:00:01+01:00"},
	}
	waiver := object.union(object.remove(_waiver, object.keys(changes)), changes)
	_judged(_entry, waiver) == {
		"standing": set(),
		"ignored": set(),
		"waived": {object.union(_entry, {"waiver": object.filter(waiver, ["id", "reason", "approved_by", "ends"])})},
	}
}

test_of_several_the_first_id_is_named if {
	judged := waivers.judged({_entry})
		with input.product as _product
		with data.global.waivers as [object.union(_waiver, {"id": "W-2"}), _waiver]
		with data.global.parameters.waivers as _terms
		with time.now_ns as _now
	{entry.waiver.id | some entry in judged.waived} == {"W-1"}
}

test_without_effect[note] if {
	some note, [changes, reason] in {
		"expired": [{"ends": "2026-02-01T00:00:00Z"}, "it ended on 2026-02-01T00:00:00Z"],
		"in the future": [{"starts": "2026-02-02T00:00:00Z"}, "it starts on 2026-02-02T00:00:00Z"],
		"too long": [{"ends": "2026-04-02T00:00:00Z"}, "it is longer than the 90 days that global allows"],
		"ending before it starts": [{"ends": "2025-12-01T00:00:00Z"}, "it ends before it starts"],
		"dated in words": [{"ends": "in spring"}, "starts and ends are no RFC 3339 instants"],
		"approved by its requester": [{"requested_by": " DPO"}, "requester and approver are the same"],
		"approved by one who may not": [{"approved_by": "boss"}, "boss may not approve waivers of global"],
		"without a reason": [{"reason": " "}, "reason is missing or no text"],
		"without an approver": [{"approved_by": null}, "approved_by is missing or no text"],
		"of no scope": [{"scope": "all"}, "its scope names no domain"],
		"of an empty scope": [{"scope": {}}, "its scope names no domain"],
	}
	_judged(_entry, object.union(object.remove(_waiver, object.keys(changes)), changes)) == _standing({{
		"id": "W-1",
		"layer": "global",
		"rule": "PRV-001",
		"reason": reason,
	}})
}

test_about_something_else[note] if {
	some note, changes in {
		"another rule": {"rule": "PRV-002"},
		"another domain": {"scope": {"domain": "order", "product": "c360"}},
		"another product": {"scope": {"domain": "customer", "product": "other"}},
	}
	_judged(_entry, object.union(_waiver, changes)) == _standing(set())
}

test_a_waiver_of_no_rule_is_said[note] if {
	some note, [waiver, described] in {
		"a text": ["W-1", {"id": "", "layer": "global", "rule": "", "reason": "it names no rule"}],
		"an object without a rule": [
			{"id": "W-9"},
			{"id": "W-9", "layer": "global", "rule": "", "reason": "it names no rule"},
		],
	}
	_judged(_entry, waiver) == _standing({described})
}

test_waivers_that_are_no_list_are_one_of_the_wrong_shape if {
	waivers.judged({_entry}) == _standing({{"id": "W-1", "layer": "global", "rule": "", "reason": "it names no rule"}})
		with data.global.waivers as {"id": "W-1"}
}

test_only_the_layer_that_owns_the_rule_waives if {
	waivers.judged({_entry}) == _standing({{
		"id": "W-1",
		"layer": "customer",
		"rule": "PRV-001",
		"reason": "the rule belongs to global, not to customer",
	}})
		with input.product as _product
		with data.domains.customer.waivers as [_waiver]
		with data.domains.customer.parameters.waivers as _terms
		with time.now_ns as _now
}

test_a_domain_waives_its_own_rule if {
	entry := object.union(_entry, {"layer": "customer"})
	judged := waivers.judged({entry})
		with input.product as _product
		with data.domains.customer.waivers as [_waiver]
		with data.domains.customer.parameters.waivers as _terms
		with time.now_ns as _now
	judged.standing == set()
}

test_the_registrys_waivers_count_for_the_layers_approvers[note] if {
	some note, [terms, standing] in {
		"approved": [_terms, set()],
		"not approved": [{"approvers": ["other"]}, {_entry}],
		"no terms": [{}, {_entry}],
		"approvers that are no list": [{"approvers": "dpo"}, {_entry}],
		"a limit that is no number": [{"approvers": ["dpo"], "max_days": "90"}, {_entry}],
		"terms that are a text": ["all", {_entry}],
	}
	judged := waivers.judged({_entry})
		with input.product as _product
		with data.mesh.waivers as [_waiver]
		with data.global.parameters.waivers as terms
		with time.now_ns as _now
	judged.standing == standing
}

test_the_librarys_own_violations_are_never_waived if {
	entry := object.union(_entry, {"layer": "bylaw", "id": "BYL-002", "rule": "bylaw.compose"})
	judged := waivers.judged({entry})
		with input.product as _product
		with data.mesh.waivers as [object.union(_waiver, {"rule": "BYL-002"})]
		with data.global.parameters.waivers as _terms
		with time.now_ns as _now
	judged == {"standing": {entry}, "waived": set(), "ignored": {{
		"id": "W-1",
		"layer": "mesh",
		"rule": "BYL-002",
		"reason": "no waiver covers rules of bylaw",
	}}}
}

_bucket(name, domain) := {
	"address": name,
	"mode": "managed",
	"type": "b",
	"name": name,
	"change": {"after": {"tags": {"Domain": domain, "DataProduct": "c360"}}},
}

# Of a plan of two domains, a waiver of one covers what stands at its own resource only.
test_in_a_plan_a_waiver_covers_its_own_resource[note] if {
	some note, [path, covered] in {
		"its own": ["resource_changes[a]", true],
		"another's": ["resource_changes[b]", false],
		"nobody's": ["resource_changes[c]", false],
		"the plan": ["", false],
	}
	judged := waivers.judged({object.union(_entry, {"path": path})})
		with input.plan as {"resource_changes": [_bucket("a", "customer"), _bucket("b", "order")]}
		with data.global.waivers as [_waiver]
		with data.global.parameters.waivers as _terms
		with time.now_ns as _now
	waived := count(judged.waived) == 1
	waived == covered
}

test_a_namespace_and_a_previous_release_are_in_the_scope_of_their_domain if {
	judged := waivers.judged({_entry})
		with input as {"product": _product, "previous": _product}
		with data.global.waivers as [_waiver]
		with data.global.parameters.waivers as _terms
		with time.now_ns as _now
	judged.standing == set()
}

test_nothing_concerned_is_covered_by_nothing if {
	judged := waivers.judged({_entry})
		with input as {}
		with data.global.waivers as [_waiver]
		with data.global.parameters.waivers as _terms
		with time.now_ns as _now
	judged.standing == {_entry}
}

test_a_waiver_is_warned_of_fourteen_days_before_its_end[note] if {
	some note, [ends, enforcement, messages] in {
		"in fifteen days": ["2026-02-16T00:00:00Z", "deny", set()],
		"in fourteen": [
			"2026-02-15T00:00:00Z",
			"deny",
			{"waiver W-1 ends on 2026-02-15T00:00:00Z; without it: m"},
		],
		"tomorrow, of a warning": [
			"2026-02-02T00:00:00Z",
			"warn",
			{"waiver W-1 ends on 2026-02-02T00:00:00Z; without it: m"},
		],
		"tomorrow, of what is only recorded": ["2026-02-02T00:00:00Z", "audit", set()],
	}
	entry := object.union(_entry, {"enforcement": enforcement, "details": {"a": 1}, "waiver": {"id": "W-1", "ends": ends}})
	warnings := waivers.ending({entry}) with time.now_ns as _now
	warnings == {object.union(_entry, {"enforcement": "warn", "msg": message}) | some message in messages}
}

test_a_rule_that_says_so_is_never_waived[note] if {
	some note, [metadata, waived] in {
		"never": [{"waivable": false}, set()],
		"by default": [{}, {"W-1"}],
		"expressly": [{"waivable": true}, {"W-1"}],
	}
	judged := waivers.judged({_entry})
		with input.product as _product
		with data.global.waivers as [_waiver]
		with data.global.parameters.waivers as _terms
		with data.global.metadata as {"global.privacy.a": metadata}
		with time.now_ns as _now
	{entry.waiver.id | some entry in judged.waived} == waived
}

test_a_domain_is_not_taken_for_another_layer[name] if {
	some name in ["global", "mesh", "bylaw"]
	judged := waivers.judged({_entry})
		with input.product as {"domain": name, "name": "c360"}
		with data.domains as {name: {"waivers": [object.union(_waiver, {"scope": {"domain": name}})]}}
		with data.global.parameters.waivers as _terms
		with time.now_ns as _now
	judged.standing == {_entry}
}
