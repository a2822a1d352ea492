package bylaw.policies_test

import data.bylaw.decisions.access
import data.bylaw.decisions.privacy
import data.bylaw.decisions.quality
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
		"the higher priority decides": [
			["analyst", "intern"],
			[_policy("a", {}), _policy("b", {"priority": 1, "rules": [_rule("intern", "deny")]})],
			[],
			[_ungranted, "intern deny"],
		],
		"a lower deny is not asked": [
			["analyst", "intern"],
			[_policy("a", {"priority": 1}), _policy("b", {"rules": [_rule("intern", "deny")]})],
			[],
			[],
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
			["the policy is malformed: policy_type: access, quality or privacy is wanted"],
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
	}]
	decision.evaluated == ["global.policies.no-interns"]
}

_measured(results, rules) := [[entry.path, entry.msg] | some entry in decision.violations] if {
	decision := quality.decision
		with input as {"product": {"domain": "customer", "name": "x"}, "quality": {"results": results}}
		with data.global.policies as [{"name": "q", "policy_type": "quality", "rules": rules}]
}

_result(status, value) := {"check": "c", "metric": "completeness", "status": status, "value": value}

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
		"by the name of the check": [[{"check": "completeness", "status": "pass", "value": 1}], {"threshold": 1}, []],
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
		"the policy is malformed: rules: a list with at least one rule is wanted",
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
	[entry.rule | some entry in decision.violations] == ["global.policies.q"]
	decision.evaluated == ["domains.customer.policies.lax", "global.policies.q"]
}

test_without_policies_there_are_no_records if {
	policies.access == set() with input as {}
	policies.quality == set() with input as {}
	policies.privacy == set() with input as {}
	policies.protections == set() with input as {}
}
