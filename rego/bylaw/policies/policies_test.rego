package bylaw.policies_test

import data.bylaw.decisions.access
import data.bylaw.decisions.compliance
import data.bylaw.decisions.privacy
import data.bylaw.decisions.publication
import data.bylaw.decisions.quality
import data.bylaw.decisions.retention
import data.bylaw.policies

_mesh := {
	"products": {"customer/c360": {
		"domain": "customer",
		"name": "c360",
		"classification": "restricted",
		"tags": ["gold"],
	}},
	"bindings": {"tables": {"lake.customer.profiles": "customer/c360"}},
}

_request(roles, resource) := {
	"subject": {"type": "user", "id": "alice", "properties": {"roles": roles}},
	"action": {"name": "read"},
	"resource": {"type": "table", "id": resource},
}

_rule(role, action) := {
	"conditions": [{"field": "role", "operator": "equals", "value": role}],
	"action": action,
	"reason": sprintf("%v %v", [role, action]),
}

_policy(name, changes) := object.union({"name": name, "policy_type": "access", "rules": [_rule("analyst", "allow")]}, changes)

_messages(roles, global_policies, domain_policies) := [entry.msg | some entry in decision.violations] if {
	decision := access.decision
		with input as _request(roles, "lake.customer.profiles")
		with data.mesh as _mesh
		with data.global.policies as global_policies
		with data.domains.customer.policies as domain_policies
}

_ungranted := "no rule grants read on table lake.customer.profiles to user alice"

test_access[note] if {
	some note, [roles, global_policies, domain_policies, messages] in {
		"a match allows": [["analyst"], [_policy("a", {})], [], []],
		"a domain's match allows": [["analyst"], [], [_policy("a", {})], []],
		"no match denies": [["intern"], [_policy("a", {})], [], [_ungranted]],
		"advisory, an allow allows nothing": [["analyst"], [_policy("a", {"enforcement": "warn"})], [], [_ungranted]],
		"no priority silences a deny": [
			["analyst", "intern"],
			[_policy("a", {"priority": 1000}), _policy("b", {"priority": -1, "rules": [_rule("intern", "deny")]})],
			[],
			["intern deny"],
		],
		"what has the higher priority is said first": [
			["analyst", "intern"],
			[
				_policy("a", {"priority": -1, "rules": [_rule("intern", "deny")]}),
				_policy("b", {"rules": [_rule("analyst", "deny")]}),
				_policy("c", {"priority": 2.5, "rules": [object.union(_rule("intern", "deny"), {"reason": "foremost"})]}),
			],
			[],
			["foremost", _ungranted, "analyst deny", "intern deny"],
		],
		"of equals the deny counts": [
			["analyst", "intern"],
			[_policy("a", {}), _policy("b", {"rules": [_rule("intern", "deny")]})],
			[],
			["intern deny"],
		],
		"the first rule that matches decides": [
			["analyst", "intern"],
			[_policy("a", {"rules": [_rule("intern", "deny"), _rule("analyst", "allow")]})],
			[],
			[_ungranted, "intern deny"],
		],
		"no domain's priority outranks a global deny": [
			["analyst", "intern"],
			[_policy("b", {"rules": [_rule("intern", "deny")]})],
			[_policy("a", {"priority": 1000})],
			["intern deny"],
		],
		"switched off": [["analyst"], [_policy("a", {"enabled": false})], [], [_ungranted]],
		"recorded only, an allow allows nothing": [["analyst"], [_policy("a", {"enforcement": "audit"})], [], [_ungranted]],
		"advisory, a deny outranks nothing": [
			["analyst", "intern"],
			[
				_policy("a", {}),
				_policy("b", {"priority": 9, "enforcement": "advisory", "rules": [_rule("intern", "deny")]}),
			],
			[],
			[],
		],
		"malformed": [
			["analyst"],
			[_policy("a", {}), _policy("b", {"rules": [{"action": "perhaps"}]})],
			[],
			["the policy is malformed: rules[0]: action: allow or deny is wanted"],
		],
		"of no known type": [
			["analyst"],
			[_policy("a", {}), {"name": "b", "type": "x", "rules": [{}]}],
			[],
			["the policy is malformed: policy_type: access, quality, privacy, retention or compliance is wanted"],
		],
		"no object": [["analyst"], [_policy("a", {}), "x"], [], ["the policy is malformed: a policy is an object"]],
		"no list": [["analyst"], [_policy("a", {})], {}, ["policies: a list is wanted"]],
		"no global list": [["analyst"], "x", [_policy("a", {})], ["policies: a list is wanted"]],
	}
	_messages(roles, global_policies, domain_policies) == messages
}

test_scope[note] if {
	some note, [scope, applies] in {
		"none": [{}, true],
		"its domain": [{"domains": ["Customer"]}, true],
		"another domain": [{"domains": ["order"]}, false],
		"its role": [{"roles": ["analyst"]}, true],
		"another role": [{"roles": "steward"}, false],
		"its tag": [{"tags": ["silver", "gold"]}, true],
		"another tag": [{"tags": ["silver"]}, false],
		"its classification": [{"classification": ["Restricted"]}, true],
		"another classification": [{"classifications": ["public"]}, false],
		"one of two": [{"domains": ["customer"], "tags": ["silver"]}, false],
	}
	messages := _messages(["analyst"], [_policy("a", {"metadata": {"scope": scope}})], [])
	messages == {true: [], false: [_ungranted]}[applies]
}

test_a_domains_policies_are_not_asked_about_anothers_products if {
	decision := access.decision
		with input as _request(["analyst"], "lake.other.t")
		with data.mesh as _mesh
		with data.domains.customer.policies as [_policy("a", {})]
	decision.allow == false
	decision.evaluated == []
}

test_a_policy_is_a_rule_with_its_own_metadata if {
	policy := _policy("no-interns", {
		"enforcement": "warn",
		"metadata": {"id": "ACC-9", "severity": "low", "controls": ["X"], "remediation": "ask"},
		"rules": [object.remove(_rule("intern", "deny"), ["reason"])],
	})
	decision := access.decision
		with input as _request(["intern"], "lake.customer.profiles")
		with data.mesh as _mesh
		with data.global.policies as [policy]
	decision.warnings == [{
		"rule": "global.policies.no-interns",
		"id": "ACC-9",
		"layer": "global",
		"enforcement": "warn",
		"severity": "low",
		"msg": "no-interns: denied",
		"path": "",
		"remediation": "ask",
		"controls": ["X"],
		"policy": {"name": "no-interns", "rule": "rules[0]"},
	}]
	decision.evaluated == ["global.policies.no-interns"]
}

_measured(results, rules) := [[entry.path, entry.msg] | some entry in decision.violations] if {
	decision := quality.decision
		with input as {"product": {"domain": "customer", "name": "x"}, "quality": {"results": results}}
		with data.global.policies as [{"name": "q", "policy_type": "quality", "rules": rules}]
		with time.now_ns as time.parse_rfc3339_ns(_observed_at)
}

_observed_at := "2026-01-02T00:00:00Z"

_result(status, value) := {
	"check": "c",
	"metric": "completeness",
	"status": status,
	"value": value,
	"observed_at": _observed_at,
}

_at := "quality.results[completeness]"

test_quality[note] if {
	some note, [results, rule, violations] in {
		"enough": [[_result("pass", 0.95)], {"threshold": 0.95}, []],
		"too little": [
			[_result("pass", 0.94)],
			{"threshold": 0.95},
			[[_at, "completeness is 0.94, the law says gte 0.95"]],
		],
		"little enough": [[_result("fail", 3)], {"operator": "lte", "threshold": 3}, []],
		"more": [[_result("pass", 3)], {"operator": "gt", "threshold": 2}, []],
		"less": [
			[_result("pass", 3)],
			{"operator": "lt", "threshold": 3},
			[[_at, "completeness is 3, the law says lt 3"]],
		],
		"the same": [[_result("pass", 3)], {"operator": "equals", "threshold": 3}, []],
		"every measurement counts": [
			[_result("pass", 1), _result("pass", 0)],
			{"threshold": 1},
			[[_at, "completeness is 0, the law says gte 1"]],
		],
		"by the name of the check": [
			[{"check": "completeness", "status": "pass", "value": 1, "observed_at": _observed_at}],
			{"threshold": 1},
			[],
		],
		"not measured": [[], {"threshold": 1}, [[_at, "completeness was not measured"]]],
		"skipped": [
			[_result("skipped", 1)],
			{"threshold": 1},
			[[_at, "completeness is unknown (skipped), the law says gte 1"]],
		],
		"a text for a value": [
			[_result("pass", "1")],
			{"threshold": 1},
			[[_at, "completeness is unknown (pass), the law says gte 1"]],
		],
	}
	_measured(results, [object.union({"metric": "completeness"}, rule)]) == violations
}

test_without_a_report_nothing_was_measured if {
	decision := quality.decision
		with input as {"product": {"domain": "customer", "name": "x"}}
		with data.global.policies as [{"name": "q", "policy_type": "quality", "rules": [{"metric": "m", "threshold": 1}]}]
	[entry.msg | some entry in decision.violations] == ["m was not measured"]
}

test_malformed_policies_of_a_product_deny[note] if {
	some note, type in ["quality", "privacy"]
	policy := {"name": "q", "policy_type": type, "rules": []}
	decision := {"quality": quality.decision, "privacy": privacy.decision}[type]
		with input as {"product": {"domain": "customer", "name": "x"}}
		with data.global.policies as [policy]
	[entry.msg | some entry in decision.violations] == [
		"the policy is malformed: rules: a list with at least one rule, or a validator in its place, is wanted",
	]
}

_of(product) := object.union({"domain": "customer", "name": "x"}, product)

_protect(scope) := {
	"name": "p",
	"policy_type": "privacy",
	"metadata": {"scope": scope},
	"rules": [
		{"classification": "restricted", "required_protections": ["masking", "encryption"]},
		{"classification": "secret", "required_protections": ["vault"]},
	],
}

test_privacy[note] if {
	some note, [product, scope, violations, protections] in {
		"protected": [
			{"classification": "Restricted", "protections": ["encryption", "masking"]},
			{},
			[],
			["encryption", "masking"],
		],
		"partly": [
			{"classification": "restricted", "protections": ["masking"]},
			{},
			[["product.protections", "protections are missing: encryption"]],
			["encryption", "masking"],
		],
		"not at all": [
			{"classification": "restricted"},
			{},
			[["product.protections", "protections are missing: encryption, masking"]],
			["encryption", "masking"],
		],
		"nothing required": [{"classification": "public"}, {}, [], []],
		"a word of the policy's own": [{"classification": "secret", "protections": ["vault"]}, {}, [], ["vault"]],
		"unclassified": [
			{},
			{},
			[["product.classification", "what the product must be protected by is unknown, because its classification is"]],
			[],
		],
		"of an unknown class": [
			{"classification": "odd"},
			{},
			[["product.classification", "what the product must be protected by is unknown, because its classification is"]],
			[],
		],
		"out of scope": [{"classification": "restricted"}, {"domains": ["order"]}, [], []],
		"roles are not asked of products": [
			{"classification": "restricted"},
			{"roles": ["x"]},
			[["product.protections", "protections are missing: encryption, masking"]],
			["encryption", "masking"],
		],
		"in scope by tag": [
			{"classification": "restricted", "tags": ["gold"]},
			{"tags": ["gold"]},
			[["product.protections", "protections are missing: encryption, masking"]],
			["encryption", "masking"],
		],
		"unclassified, so in any scope of classifications": [
			{},
			{"classification": ["restricted"]},
			[["product.classification", "what the product must be protected by is unknown, because its classification is"]],
			[],
		],
	}
	decision := privacy.decision
		with input as {"product": _of(product)}
		with data.global.policies as [_protect(scope)]
	[[entry.path, entry.msg] | some entry in decision.violations] == violations
	decision.obligations.protections == protections
}

test_layers_add_up_so_a_domain_can_only_be_stricter if {
	rule := {"metric": "completeness", "threshold": 0.9}
	decision := quality.decision
		with input as {"product": _of({}), "quality": {"results": [_result("pass", 0.8)]}}
		with data.global.policies as [{"name": "q", "policy_type": "quality", "rules": [rule]}]
		with data.domains.customer.policies as [{
			"name": "lax",
			"policy_type": "quality",
			"rules": [object.union(rule, {"threshold": 0.1})],
		}]
		with time.now_ns as time.parse_rfc3339_ns(_observed_at)
	[entry.rule | some entry in decision.violations] == ["global.policies.q"]
	decision.evaluated == ["domains.customer.policies.lax", "global.policies.q"]
}

test_without_policies_there_are_no_records if {
	policies.access == set() with input as {}
	policies.quality == set() with input as {}
	policies.privacy == set() with input as {}
	policies.protections == set() with input as {}
}

_unknown_request := {
	"subject": {"type": "user", "id": "alice"},
	"action": {"name": "read"},
	"resource": {"type": "table", "id": "lake.customer.profiles"},
}

test_unknown_is_not_a_pass_in_access[note] if {
	some note, [policy, said] in {
		"a condition that denies": [
			_policy("a", {"rules": [{
				"conditions": [{"field": "purpose", "operator": "equals", "value": "marketing"}],
				"action": "deny",
			}]}),
			[["a: denied", {"unknown": ["purpose"]}]],
		],
		"a scope of roles that denies": [
			_policy("a", {"metadata": {"scope": {"roles": ["intern"]}}, "rules": [{"action": "deny"}]}),
			[["a: denied", null]],
		],
		"a condition that allows": [
			_policy("a", {"rules": [{
				"conditions": [{"field": "purpose", "operator": "not_equals", "value": "marketing"}],
				"action": "allow",
			}]}),
			[[_ungranted, null]],
		],
		"a scope of roles that allows": [
			_policy("a", {"metadata": {"scope": {"roles": ["intern"]}}, "rules": [{"action": "allow"}]}),
			[[_ungranted, null]],
		],
	}
	open := _policy("open", {"rules": [{"action": "allow"}]})
	decision := access.decision
		with input as _unknown_request
		with data.mesh as _mesh
		with data.global.policies as array.concat([policy], [open | said[0][0] != _ungranted])
	[[entry.msg, object.get(entry, "details", null)] | some entry in decision.violations] == said
}

_kept(days) := {"product": {"domain": "customer", "name": "x", "retention": {"days": days}}}

_too_short := {
	"name": "kept-long-enough",
	"type": "retention",
	"rules": [{
		"name": "short",
		"conditions": [{"field": "product.retention.days", "operator": "lt", "value": 30}],
		"action": "deny",
		"reason": "kept for less than 30 days",
	}],
}

test_retention[note] if {
	some note, [asked, messages] in {
		"long enough": [_kept(30), []],
		"too short": [_kept(29), ["kept for less than 30 days"]],
		"not said": [{"product": {"domain": "customer", "name": "x"}}, ["kept for less than 30 days"]],
	}
	decision := retention.decision with input as asked with data.global.policies as [_too_short]
	[entry.msg | some entry in decision.violations] == messages
	decision.evaluated == ["global.policies.kept-long-enough"]
}

test_a_violation_says_which_rule_of_which_file[note] if {
	some note, [places, source] in {
		"the rule's line": [{"kept-long-enough": {"file": "global/policies/k.yaml", "line": 1, "rules": [4]}}, "global/policies/k.yaml:4"],
		"the policy's line": [{"kept-long-enough": {"file": "global/policies/k.yaml", "line": 1}}, "global/policies/k.yaml:1"],
	}
	decision := retention.decision
		with input as _kept(1)
		with data.global.policies as [_too_short]
		with data.global.policy_places as places
	entry := decision.violations[0]
	entry.policy == {"name": "kept-long-enough", "rule": "short", "source": source}
	entry.path == "product.retention.days"
}

test_a_domains_policy_says_it_too if {
	decision := retention.decision
		with input as _kept(1)
		with data.domains.customer.policies as [object.union(_too_short, {"priority": 3})]
		with data.domains.customer.policy_places as {"kept-long-enough": {"file": "k.yaml", "line": 2, "rules": [9]}}
	decision.violations[0].policy == {"name": "kept-long-enough", "rule": "short", "priority": 3, "source": "k.yaml:9"}
}

test_compliance[note] if {
	some note, [product, messages] in {
		"with a steward": [{"contract": {"steward": "ann"}}, []],
		"without": [{}, ["a steward is named"]],
	}
	policy := {
		"name": "stewarded",
		"type": "compliance",
		"rules": [{
			"conditions": [{"field": "product.contract.steward", "operator": "exists", "value": false}],
			"action": "deny",
			"reason": "a steward is named",
		}],
	}
	decision := compliance.decision with input as {"product": _of(product)} with data.global.policies as [policy]
	[entry.msg | some entry in decision.violations] == messages
}

test_publication_asks_policies_of_retention_and_compliance if {
	named := object.union(_too_short, {"name": "c", "type": "compliance"})
	decision := publication.decision with input as _kept(1) with data.global.policies as [_too_short, named]
	{entry.rule | some entry in decision.violations} == {"global.policies.kept-long-enough", "global.policies.c"}
}

_validated(type) := {"name": "v", "type": type, "validator": "sound"}

test_a_validator_of_access[note] if {
	some note, [validators, messages] in {
		"passed": [{"sound": {"passes": true}}, []],
		"not passed": [{"sound": {"passes": false}}, [_ungranted, "the validator sound has not passed it"]],
		"with something else": [{"sound": {"passes": "yes"}}, [_ungranted, "the validator sound has not passed it"]],
		"undefined": [{"sound": {}}, [_ungranted, "the validator sound has not passed it"]],
		"not there": [{}, [_ungranted, "the validator sound has not passed it"]],
	}
	decision := access.decision
		with input as _request(["analyst"], "lake.customer.profiles")
		with data.mesh as _mesh
		with data.domains.customer.policies as [_validated("access")]
		with data.domains.customer.validators as validators
	[entry.msg | some entry in decision.violations] == messages
}

test_a_validator_of_a_product[note] if {
	some note, [validators, messages] in {
		"passed": [{"sound": {"passes": true}}, []],
		"not passed": [{"sound": {}}, ["the validator sound has not passed it"]],
	}
	decision := quality.decision
		with input as {"product": _of({})}
		with data.global.policies as [_validated("quality")]
		with data.global.validators as validators
		with data.domains.customer.validators.sound as {"passes": true}
	[entry.msg | some entry in decision.violations] == messages
}

test_a_validator_out_of_scope_is_not_asked if {
	policy := object.union(_validated("compliance"), {"metadata": {"scope": {"domains": ["order"]}}})
	decision := compliance.decision with input as {"product": _of({})} with data.global.policies as [policy]
	decision.allow
}

test_switched_off_a_product_policy_says_nothing if {
	decision := retention.decision
		with input as _kept(1)
		with data.global.policies as [object.union(_too_short, {"enabled": false}), object.union(_too_short, {"name": "b"})]
	decision.evaluated == ["global.policies.b"]
}

test_what_is_malformed_in_any_layer_is_told if {
	found := policies.malformed
		with data.global.policies as [_too_short]
		with data.domains.customer.policies as [_too_short, object.union(_too_short, {"priority": "x"})]
		with data.domains.order.policies as "x"
	found == {[["domains", "customer"], 1, "priority: a number is wanted"]}
}
