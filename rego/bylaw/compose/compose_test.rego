package bylaw.compose_test

import data.bylaw.compose

_rule := "global.privacy.encrypted"

_said(layer, rule, value) := {"layer": layer, "rule": rule, "head": "violation", "value": value}

_decision(records) := compose.decision("privacy", records, set(), set())

_entry(changes) := object.union(
	{
		"rule": _rule,
		"id": _rule,
		"layer": "global",
		"enforcement": "deny",
		"severity": "medium",
		"msg": "m",
		"path": "",
		"remediation": "",
		"controls": [],
	},
	changes,
)

_empty := {
	"kind": "privacy",
	"decision": "allow",
	"allow": true,
	"violations": [],
	"warnings": [],
	"audits": [],
	"waived": [],
	"ignored": [],
	"obligations": {"row_filters": [], "column_masks": [], "protections": []},
	"evaluated": [_rule],
}

test_a_rule_without_violations_allows if _decision({_said("global", _rule, set())}) == _empty

test_a_violation_denies_by_default if {
	_decision({_said("global", _rule, {{"msg": "m", "path": "p", "details": {"a": 1}, "other": 2}})}) == object.union(
		_empty,
		{
			"decision": "deny",
			"allow": false,
			"violations": [_entry({"path": "p", "details": {"a": 1}})],
		},
	)
}

test_metadata_words_the_entry if {
	metadata := {
		"id": "PRV-001",
		"title": "t",
		"enforcement": "warn",
		"severity": "high",
		"controls": ["GDPR", 7],
		"remediation": "do",
	}
	_decision({_said("global", _rule, {{"msg": "m"}})}) == object.union(_empty, {"warnings": [_entry({
		"id": "PRV-001",
		"enforcement": "warn",
		"severity": "high",
		"controls": ["GDPR"],
		"remediation": "do",
	})]}) with data.global.metadata as {_rule: metadata}
}

test_every_shape_of_statement_counts[note] if {
	some note, [value, message] in {
		"a text": [{"said"}, "said"],
		"no msg": [{{"path": 1}}, "the rule is violated: {\"path\":1}"],
		"a msg that is a number": [{{"msg": 1}}, "the rule is violated: {\"msg\":1}"],
		"an empty msg": [{{"msg": ""}}, "the rule is violated: {\"msg\":\"\"}"],
		"an empty text": [{""}, "the rule is violated: \"\""],
		"null": [{null}, "the rule is violated: null"],
		"a boolean for a set": [true, "the rule is violated: true"],
		"an object for a set": [{"msg": "m"}, "m"],
		"a list for a set": [["m"], "the rule is violated: [\"m\"]"],
	}
	decision := _decision({_said("global", _rule, value)})
	decision.allow == false
	decision.violations == [_entry({"msg": message})]
}

# Enforcement: what the metadata says, what the council sets for it, what the domain raises it to, and what counts.
test_enforcement[note] if {
	some note, [owner, council, domain, counts] in {
		"as the metadata says": ["audit", {}, {}, "audit"],
		"in the seeds' words": ["advisory", {}, {}, "warn"],
		"a word that is none": ["maybe", {}, {}, "deny"],
		"a word that is no text": [7, {}, {}, "deny"],
		"lowered by the council": ["deny", {_rule: "warn"}, {}, "warn"],
		"a council's word that is none": ["warn", {_rule: "off"}, {}, "deny"],
		"raised by the domain": ["warn", {}, {_rule: "deny"}, "deny"],
		"not lowered by the domain": ["deny", {}, {_rule: "audit"}, "deny"],
		"not lowered by the domain under the council": ["audit", {_rule: "warn"}, {_rule: "audit"}, "warn"],
		"a domain's word that is none": ["audit", {}, {_rule: "off"}, "deny"],
	}
	decision := _decision({_said("global", _rule, {"m"})})
		with input.product as {"domain": "customer", "name": "x"}
		with data.global.metadata as {_rule: {"enforcement": owner}}
		with data.global.parameters.enforcement as council
		with data.domains.customer.parameters.enforcement as domain
	lists := {"deny": decision.violations, "warn": decision.warnings, "audit": decision.audits}
	lists == {kind: entries |
		some kind in ["deny", "warn", "audit"]
		entries := [_entry({"enforcement": counts}) | kind == counts]
	}
	allow := counts != "deny"
	decision.allow == allow
}

test_another_domain_raises_nothing if {
	decision := _decision({_said("global", _rule, {"m"})})
		with input.product as {"domain": "customer", "name": "x"}
		with data.global.metadata as {_rule: {"enforcement": "warn"}}
		with data.domains.order.parameters.enforcement as {_rule: "deny"}
	decision.allow == true
}

test_a_domains_rule_has_its_domains_metadata if {
	rule := "domains.customer.privacy.more"
	decision := _decision({_said("customer", rule, {"m"})})
		with input.product as {"domain": "customer", "name": "x"}
		with data.domains.customer.metadata as {rule: {"id": "CUS-1", "controls": "none"}}
	decision.violations == [_entry({"rule": rule, "id": "CUS-1", "layer": "customer"})]
}

test_deny_overrides_whatever_the_layer if {
	decision := _decision({
		_said("global", _rule, set()),
		_said("customer", "domains.customer.privacy.a", {"m"}),
	})
	decision.decision == "deny"
	decision.evaluated == ["domains.customer.privacy.a", _rule]
}

test_lists_are_sorted_by_rule_path_and_message if {
	decision := _decision({
		_said("global", "global.privacy.b", {{"msg": "1", "path": "b"}, {"msg": "2", "path": "a"}, {"msg": "1", "path": "a"}}),
		_said("global", "global.privacy.a", {{"msg": "3", "path": "c"}}),
	})
	[[entry.rule, entry.path, entry.msg] | some entry in decision.violations] == [
		["global.privacy.a", "c", "3"],
		["global.privacy.b", "a", "1"],
		["global.privacy.b", "a", "2"],
		["global.privacy.b", "b", "1"],
	]
}

_own(id, message, path) := {
	"rule": "bylaw.compose",
	"id": id,
	"layer": "bylaw",
	"enforcement": "deny",
	"severity": "high",
	"msg": message,
	"path": path,
	"remediation": "",
	"controls": [],
}

test_where_no_rule_is_loaded_nothing_passes if {
	_decision(set()) == object.union(_empty, {
		"decision": "deny",
		"allow": false,
		"evaluated": [],
		"violations": [_own("BYL-004", "no rule of the kind privacy is loaded, so nothing can pass", "")],
	})
}

test_problems_of_the_input_deny if {
	problem := {"id": "BYL-003", "path": "/product", "msg": "wanted"}
	decision := compose.decision("privacy", set(), {problem}, set())
	decision.violations == [_own("BYL-003", "wanted", "/product")]
	decision.allow == false
}

test_protections_are_sorted if {
	decision := compose.decision("privacy", {_said("global", _rule, set())}, set(), {"masking", "encryption"})
	decision.obligations.protections == ["encryption", "masking"]
}

_grant(value) := {"layer": "global", "rule": "global.access.a", "head": "grant", "value": value}

_request := {
	"subject": {"type": "user", "id": "alice"},
	"action": {"name": "read"},
	"resource": {"type": "table", "id": "t"},
}

test_access_needs_a_grant[note] if {
	some note, [records, violations] in {
		"a grant": [{_grant({{"msg": "g"}})}, []],
		"no rule at all": [set(), ["no rule grants read on table t to user alice"]],
		"no grant": [{_grant(set())}, ["no rule grants read on table t to user alice"]],
		"a grant that is no object": [{_grant({"g"})}, ["no rule grants read on table t to user alice"]],
		"grants that are no set": [{_grant([{"msg": "g"}])}, ["no rule grants read on table t to user alice"]],
		"a grant of a rule that is only recorded": [
			{object.union(_grant({{"msg": "g"}}), {"metadata": {"enforcement": "audit"}})},
			["no rule grants read on table t to user alice"],
		],
		"a grant and a violation": [{_grant({{"msg": "g"}}), _said("global", _rule, {"m"})}, ["m"]],
	}
	decision := compose.decision("access", records, set(), set()) with input as _request
	[entry.msg | some entry in decision.violations] == violations
	allow := count(violations) == 0
	decision.allow == allow
}

test_a_request_that_cannot_be_read_is_not_granted if {
	decision := compose.decision("access", set(), set(), set()) with input as {}
	decision.violations == [_own("BYL-001", "no rule grants what is asked", "")]
}

test_an_obligation_that_nobody_can_carry_out_denies if {
	records := {
		_grant({{"msg": "g"}}),
		{"layer": "global", "rule": "global.access.a", "head": "row_filter", "value": {{"expression": 1}}},
	}
	decision := compose.decision("access", records, set(), set()) with input as _request
	decision.violations == [object.union(
		_own("BYL-005", "a row_filter that cannot be carried out: {\"expression\":1}", ""),
		{"rule": "global.access.a"},
	)]
}

test_a_covered_violation_is_waived_and_stays_visible if {
	waiver := {
		"id": "W-1",
		"rule": _rule,
		"scope": {"domain": "customer"},
		"reason": "r",
		"requested_by": "a",
		"approved_by": "dpo",
		"starts": "2026-01-01T00:00:00Z",
		"ends": "2026-02-01T00:00:00Z",
	}
	_decision({_said("global", _rule, {"m"})}) == object.union(_empty, {"waived": [_entry({"waiver": {
		"id": "W-1",
		"reason": "r",
		"approved_by": "dpo",
		"ends": "2026-02-01T00:00:00Z",
	}})]}) with input.product as {"domain": "customer", "name": "x"}
		with data.global.waivers as [waiver]
		with data.global.parameters.waivers as {"approvers": ["dpo"]}
		with time.now_ns as time.parse_rfc3339_ns("2026-01-15T00:00:00Z")
}

test_records_name_their_rule if {
	compose.said("order", "domains.order", "privacy", "r", "violation", {"m"}) == {
		"layer": "order",
		"rule": "domains.order.privacy.r",
		"head": "violation",
		"value": {"m"},
	}
}
