package bylaw.waiver_requests_test

import data.bylaw.waiver_requests

_facts := {
	"rules": {
		"global.privacy.a": {"id": "PRV-001", "layer": "global"},
		"global.retention.hold": {"id": "RET-003", "layer": "global"},
		"domains.customer.quality.q": {"id": "QLT-1", "layer": "customer"},
		"domains.order.quality.q": {"id": "QLT-1", "layer": "order"},
	},
	"domains": ["customer", "order"],
}

_waiver := {
	"id": "W-1",
	"rule": "PRV-001",
	"scope": {"domain": "customer", "product": "c360"},
	"reason": "a migration",
	"requested_by": "ann",
	"starts": "2026-02-01T00:00:00Z",
	"ends": "2026-03-01T00:00:00Z",
}

_now := time.parse_rfc3339_ns("2026-02-01T00:00:00Z")

_decision(action, by, changes, parameters) := decision if {
	waiver := object.union(object.remove(_waiver, object.keys(changes)), changes)
	decision := waiver_requests.decision
		with input as object.union(_facts, {"action": action, "by": by, "waiver": waiver})
		with data.global.parameters.waivers as parameters
		with data.global.metadata as {"global.retention.hold": {"waivable": false}}
		with data.domains as {
			"customer": {"parameters": {"waivers": {"approvers": ["cara", "ann"]}}},
			"order": {"parameters": {"waivers": {"approvers": ["otto"]}}},
		}
		with time.now_ns as _now
}

_council := {"approvers": ["dpo", "ann"], "max_days": 60}

test_allowed[note] if {
	some note, [action, by, changes, layer] in {
		"a request": ["request", "ann", {}, "global"],
		"a request for a domain's rule": ["request", "ann", {"rule": "QLT-1"}, "customer"],
		"of two rules, the one of the scope": [
			"request",
			"ann",
			{"rule": "QLT-1", "scope": {"domain": "order"}},
			"order",
		],
		"by path": ["request", "ann", {"rule": "global.privacy.a"}, "global"],
		"an approval": ["approve", "dpo", {}, "global"],
		"an approval by the domain": ["approve", "cara", {"rule": "QLT-1"}, "customer"],
		"a withdrawal by the requester": ["withdraw", "ann", {}, "global"],
		"a withdrawal by an approver": ["withdraw", "dpo", {"requested_by": "bob"}, "global"],
		"a withdrawal of what has ended": ["withdraw", "dpo", {"ends": "2026-01-01T00:00:00Z"}, "global"],
	}
	decision := _decision(action, by, changes, _council)
	[decision.allow, decision.layer, decision.reasons] == [true, layer, []]
}

test_refused[note] if {
	some note, [action, by, changes, reason] in {
		"an approval by the requester, though an approver": [
			"approve", "ann", {},
			"requester and approver are the same",
		],
		"an approval by the requester in other letters": ["approve", " ANN", {}, "requester and approver are the same"],
		"an approval by nobody in particular": ["approve", "bob", {}, "bob may not approve waivers of global"],
		"an approval for the council by a domain": ["approve", "cara", {}, "cara may not approve waivers of global"],
		"an approval by another domain": [
			"approve", "otto", {"rule": "QLT-1"},
			"otto may not approve waivers of customer",
		],
		"a request by nobody": ["request", "", {}, "nobody knows who asks"],
		"an unknown rule": [
			"request", "ann", {"rule": "PRV-9"},
			"no rule in force of the mesh or of the domain is called PRV-9",
		],
		"another domain's rule": [
			"request", "ann", {"rule": "domains.order.quality.q"},
			"no rule in force of the mesh or of the domain is called domains.order.quality.q",
		],
		"the want of a grant": [
			"request", "ann", {"rule": "BYL-001"},
			"no rule in force of the mesh or of the domain is called BYL-001",
		],
		"a legal hold": ["request", "ann", {"rule": "RET-003"}, "no waiver covers RET-003: its owner says so"],
		"an unknown domain": ["request", "ann", {"scope": {"domain": "sales"}}, "no domain is called sales"],
		"too long": [
			"request", "ann", {"ends": "2026-05-01T00:00:00Z"},
			"it is longer than the 60 days that global allows",
		],
		"over already": [
			"request", "ann", {"starts": "2026-01-01T00:00:00Z", "ends": "2026-01-02T00:00:00Z"},
			"it ended on 2026-01-02T00:00:00Z",
		],
		"over when it is approved": [
			"approve", "dpo", {"starts": "2026-01-01T00:00:00Z", "ends": "2026-01-02T00:00:00Z"},
			"it ended on 2026-01-02T00:00:00Z",
		],
		"no reason": ["request", "ann", {"reason": " "}, "reason is missing or no text"],
		"no time": ["request", "ann", {"ends": "soon"}, "starts and ends are no RFC 3339 instants"],
		"a withdrawal by another": [
			"withdraw", "bob", {},
			"bob may not withdraw it: that is for who requested it and for the approvers of global",
		],
		"something else": ["extend", "dpo", {}, "request, approve or withdraw is wanted"],
	}
	decision := _decision(action, by, changes, _council)
	decision.allow == false
	decision.reasons == [reason]
}

test_what_was_asked_of_a_rule_that_is_gone_can_be_withdrawn[note] if {
	some note, [by, layer, allowed] in {
		"by its requester": ["ann", "global", true],
		"by an approver": ["dpo", "global", true],
		"by the domain's approver": ["cara", "customer", true],
		"not by another": ["bob", "global", false],
		"not by another layer's approver": ["cara", "global", false],
		"not by an approver of nobody knows what": ["dpo", null, false],
	}
	decision := waiver_requests.decision
		with input as object.union(_facts, {
			"action": "withdraw",
			"by": by,
			"layer": layer,
			"waiver": object.union(_waiver, {"rule": "PRV-9"}),
		})
		with data.global.parameters.waivers as _council
		with data.domains as {"customer": {"parameters": {"waivers": {"approvers": ["cara"]}}}}
		with time.now_ns as _now
	decision.allow == allowed
}

test_a_request_that_nobody_else_may_approve_is_refused if {
	_decision("request", "ann", {}, {"approvers": ["ann"]}) == {
		"allow": false,
		"layer": "global",
		"rule": "global.privacy.a",
		"reasons": ["nobody but ann may approve waivers of global"],
	}
}
