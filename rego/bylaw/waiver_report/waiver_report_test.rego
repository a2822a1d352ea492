package bylaw.waiver_report_test

import data.bylaw.waiver_report

_rules := {
	"global.privacy.a": {"id": "PRV-001", "layer": "global"},
	"global.retention.hold": {"id": "RET-003", "layer": "global"},
	"domains.customer.quality.q": {"id": "QLT-1", "layer": "customer"},
	"domains.order.quality.q": {"id": "QLT-1", "layer": "order"},
}

_facts := {"rules": _rules, "domains": ["customer", "order"]}

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

_mesh := {"products": {"customer/c360": {"domain": "customer", "name": "c360"}}}

_parameters := {"waivers": {"approvers": ["dpo"], "max_days": 90}}

_report(waiver) := report if {
	report := waiver_report.report
		with input as _facts
		with data.global.waivers as [waiver]
		with data.global.parameters as _parameters
		with data.global.metadata as {"global.retention.hold": {"waivable": false}}
		with data.mesh as _mesh
		with time.now_ns as _now
}

test_states[note] if {
	some note, [changes, state, notes, matches] in {
		"in force": [{}, "in_force", [], true],
		"ending": [{"ends": "2026-02-15T00:00:00Z"}, "ending", [], true],
		"ended": [{"ends": "2026-01-15T00:00:00Z"}, "ended", [], true],
		"to come": [{"starts": "2026-02-02T00:00:00Z"}, "future", [], true],
		"not approved": [{"approved_by": "ann"}, "without_effect", ["ann may not approve waivers of global"], true],
		"of a legal hold": [
			{"rule": "RET-003"},
			"without_effect",
			["no waiver covers RET-003: its owner says so"],
			true,
		],
		"of an unknown rule": [{"rule": "PRV-009"}, "without_effect", ["no rule in force is called PRV-009"], false],
		"of an unknown domain": [{"scope": {"domain": "sales"}}, "in_force", ["no domain is called sales"], false],
		"of an unknown product": [
			{"scope": {"domain": "Customer", "product": "c361"}},
			"in_force",
			["domain Customer has no product c361"],
			false,
		],
		"of another layer's rule": [
			{"rule": "QLT-1"},
			"without_effect",
			["the rule belongs to customer, not to global"],
			true,
		],
	}
	[[found.state, found.notes, found.matches] | some found in _report(object.union(object.remove(_waiver, ["scope"]), object.union(
		{"scope": _waiver.scope},
		changes,
	)))] == [[state, notes, matches]] with time.now_ns as _now
}

test_a_waiver_is_told_whole if {
	_report(_waiver) == [object.union(_waiver, {
		"layer": "global",
		"state": "in_force",
		"notes": [],
		"matches": true,
		"days_left": 28,
	})]
}

test_what_is_no_waiver_is_told_too if {
	_report("W-1") == [{
		"layer": "global",
		"id": "",
		"rule": "",
		"scope": {},
		"state": "without_effect",
		"notes": ["no rule in force is called "],
		"matches": false,
	}]
}

test_all_layers_are_told_whoever_is_concerned if {
	report := waiver_report.report
		with input as _facts
		with data.global.waivers as [_waiver]
		with data.domains as {
			"customer": {"waivers": [object.union(_waiver, {"rule": "QLT-1"})], "parameters": _parameters},
			"order": {"waivers": [object.union(_waiver, {"rule": "QLT-1"})], "parameters": _parameters},
		}
		with data.mesh as {"waivers": [_waiver]}
		with data.global.parameters as _parameters
		with time.now_ns as _now
	[[found.layer, found.state, found.notes] | some found in report] == [
		["customer", "in_force", []],
		["global", "in_force", []],
		["mesh", "in_force", []],
		["order", "in_force", ["rules of order are not asked about products of customer"]],
	]
}

test_a_waiver_may_touch_access[note] if {
	some note, [changes, touches] in {
		"by the path of a council's rule": [{"rule": "global.access.a"}, true],
		"by the path of a domain's": [{"rule": "domains.customer.access.a"}, true],
		"by the path of a policy": [{"rule": "global.policies.p"}, true],
		"by an id of the council's": [{"rule": "ACC-1"}, true],
		"by an id of a domain's": [{"rule": "CUS-1"}, true],
		"by a policy's id": [{"rule": "POL-1"}, true],
		"not by another kind's": [{"rule": "PRV-1"}, false],
		"not by another kind's path": [{"rule": "global.privacy.a"}, false],
		"not by an unknown id": [{"rule": "ACC-9"}, false],
		"not when it is over": [{"rule": "ACC-1", "ends": "2026-01-15T00:00:00Z"}, false],
		"when nobody knows its end": [{"rule": "ACC-1", "ends": "soon"}, true],
	}
	found := waiver_report.may_touch_access
		with data.domains as {"customer": {
			"waivers": [object.union(_waiver, changes)],
			"metadata": {"domains.customer.access.a": {"id": "CUS-1"}},
		}}
		with data.global.metadata as {"global.access.a": {"id": "ACC-1"}, "global.privacy.a": {"id": "PRV-1"}}
		with data.global.policies as [{"name": "p", "metadata": {"id": "POL-1"}}]
		with time.now_ns as _now
	found == touches
}

test_without_waivers_none_touches_access if waiver_report.may_touch_access == false
