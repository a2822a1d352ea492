package bylaw.policy_forms_test

import data.bylaw.policy_forms

_access := {
	"name": "a",
	"policy_type": "access",
	"description": "d",
	"enforcement": "deny",
	"priority": 1,
	"enabled": true,
	"metadata": {"scope": {"domains": ["customer"], "classification": "restricted"}},
	"rules": [{
		"conditions": [{"field": "role", "operator": "equals", "value": "x"}],
		"action": "allow",
		"reason": "r",
	}],
}

_quality := {"name": "q", "type": "quality", "rules": [{"metric": "m", "threshold": 0.9}]}

_privacy := {
	"name": "p",
	"policy_type": "privacy",
	"rules": [{"classification": "restricted", "required_protections": ["masking"]}],
}

_retention := {
	"name": "r",
	"type": "retention",
	"rules": [{
		"name": "short",
		"conditions": [{"field": "product.retention_days", "operator": "lt", "value": 30}],
		"action": "deny",
	}],
}

_compliance := {"name": "c", "type": "compliance", "validator": "owners_are_known"}

test_well_formed[note] if {
	some note, policy in {
		"access": _access,
		"quality": _quality,
		"privacy": _privacy,
		"retention": _retention,
		"compliance": _compliance,
	}
	policy_forms.faults(policy) == set()
	policy_forms.type(policy) == note
}

test_faults_of_the_head[note] if {
	some note, [patch, fault] in {
		"no name": [[{"op": "remove", "path": "/name"}], "name: a text that is not empty is wanted"],
		"an empty name": [_put("/name", " "), "name: a text that is not empty is wanted"],
		"an unknown type": [_put("/policy_type", "x"), "policy_type: access, quality, privacy, retention or compliance is wanted"],
		"an unknown enforcement": [
			_put("/enforcement", "off"),
			"enforcement: deny, warn, audit, mandatory or advisory is wanted",
		],
		"a priority in words": [_put("/priority", "high"), "priority: a number is wanted"],
		"enabled in words": [_put("/enabled", "yes"), "enabled: true or false is wanted"],
		"a scope that is a text": [_put("/metadata/scope", "x"), "metadata.scope: an object of lists of texts is wanted"],
		"an unknown scope": [_put("/metadata/scope/x", ["y"]), "metadata.scope: an object of lists of texts is wanted"],
		"a scope of numbers": [_put("/metadata/scope/domains", [1]), "metadata.scope: an object of lists of texts is wanted"],
		"an unknown key": [_put("/enforcment", "warn"), "enforcment: no such key"],
		"a validator beside rules": [
			_put("/validator", "x"),
			"rules: a list with at least one rule, or a validator in its place, is wanted",
		],
		"a validator that is a path": [
			_put("/validator", "data.x"),
			"validator: the name of a package below validators of the policy's layer is wanted",
		],
		"no rules": [_put("/rules", []), "rules: a list with at least one rule, or a validator in its place, is wanted"],
		"rules that are a text": [_put("/rules", "x"), "rules: a list with at least one rule, or a validator in its place, is wanted"],
	}
	fault in policy_forms.faults(json.patch(_access, patch))
}

test_metadata_is_an_object if {
	"metadata: an object is wanted" in policy_forms.faults(object.union(object.remove(_access, ["metadata"]), {"metadata": 7}))
}

_put(path, value) := [{"op": "add", "path": path, "value": value}]

test_faults_of_rules[note] if {
	some note, [policy, rule, fault] in {
		"no object": [_access, "x", "rules[0]: an object is wanted"],
		"no action": [_access, {}, "rules[0]: action: allow or deny is wanted"],
		"a reason that is a number": [_access, {"action": "deny", "reason": 1}, "rules[0]: reason: a text is wanted"],
		"conditions that are an object": [
			_access,
			{"action": "deny", "conditions": {}},
			"rules[0]: conditions: a list is wanted",
		],
		"an unknown key": [_access, {"action": "deny", "condition": []}, "rules[0]: condition: no such key"],
		"a name that is a number": [_access, {"action": "deny", "name": 1}, "rules[0]: name: a text that is not empty is wanted"],
		"retention that allows": [_retention, {"action": "allow"}, "rules[0]: action: deny is wanted"],
		"no metric": [_quality, {"threshold": 1}, "rules[0]: metric: a text that is not empty is wanted"],
		"no threshold": [_quality, {"metric": "m"}, "rules[0]: threshold: a number is wanted"],
		"an unknown comparison": [
			_quality,
			{"metric": "m", "threshold": 1, "operator": "about"},
			"rules[0]: operator: gte, lte, gt, lt or equals is wanted",
		],
		"no classification": [
			_privacy,
			{"required_protections": []},
			"rules[0]: classification: a text that is not empty is wanted",
		],
		"protections that are a text": [
			_privacy,
			{"classification": "x", "required_protections": "y"},
			"rules[0]: required_protections: a list of texts is wanted",
		],
	}
	policy_forms.faults(object.union(policy, {"rules": [rule]})) == {fault}
}

test_faults_of_conditions[note] if {
	some note, condition in {
		"a text": "x",
		"no field": {"operator": "equals", "value": 1},
		"an unknown key": {"field": "a", "operator": "equals", "value": 1, "values": [1]},
		"no operator": {"field": "a", "value": 1},
		"an unknown operator": {"field": "a", "operator": "like", "value": 1},
		"no value": {"field": "a", "operator": "equals"},
		"in a text": {"field": "a", "operator": "in", "value": "x"},
		"more than a text": {"field": "a", "operator": "gte", "value": "x"},
		"exists in words": {"field": "a", "operator": "exists", "value": "yes"},
		"starts with a number": {"field": "a", "operator": "starts_with", "value": 1},
		"no pattern": {"field": "a", "operator": "matches", "value": "("},
	}
	policy := object.union(_access, {"rules": [{"action": "allow", "conditions": [condition]}]})
	policy_forms.faults(policy) == {"rules[0]: conditions[0]: a field, a known operator and a value that fits it are wanted"}
}

test_conditions_that_fit[note] if {
	some note, condition in {
		"exists": {"field": "a", "operator": "exists"},
		"not_in": {"field": "a", "operator": "not_in", "value": []},
		"lt": {"field": "a", "operator": "lt", "value": 1},
		"contains": {"field": "a", "operator": "contains", "value": 1},
		"starts_with": {"field": "a", "operator": "starts_with", "value": "x"},
		"matches": {"field": "a", "operator": "matches", "value": "^x"},
	}
	policy_forms.faults(object.union(_access, {"rules": [{"action": "allow", "conditions": [condition]}]})) == set()
}

test_a_policy_is_an_object if policy_forms.faults("x") == {"a policy is an object"}
