# METADATA
# title: Well-formed YAML policies
# description: >
#   What is wrong with a YAML policy. Bundles are checked against `schemas/policy.json` when they are built; a policy
#   that came another way must not be skipped for its shape either, so the interpreter asks again.
package bylaw.policy_forms

# METADATA
# description: The types that are interpreted.
types := {"access", "quality", "privacy", "retention", "compliance"}

# METADATA
# description: Operators of quality rules.
comparisons := {"gte", "lte", "gt", "lt", "equals"}

_scopes := {"domains", "roles", "tags", "classification", "classifications"}

_head := {
	"name": "a text that is not empty",
	"policy_type": "access, quality, privacy, retention or compliance",
	"enforcement": "deny, warn, audit, mandatory or advisory",
	"priority": "a number",
	"enabled": "true or false",
	"metadata": "an object",
	"metadata.scope": "an object of lists of texts",
	"rules": "a list with at least one rule, or a validator in its place,",
	"validator": "the name of a package below validators of the policy's layer",
}

_keys := {
	"name",
	"type",
	"policy_type",
	"description",
	"enforcement",
	"priority",
	"enabled",
	"metadata",
	"rules",
	"validator",
}

_rule_keys := {
	"access": {"name", "action", "reason", "conditions"},
	"quality": {"name", "metric", "operator", "threshold"},
	"privacy": {"name", "classification", "required_protections"},
	"retention": {"name", "action", "reason", "conditions"},
	"compliance": {"name", "action", "reason", "conditions"},
}

_rule_members := {
	"access": {"name": _name, "action": "allow or deny", "reason": "a text", "conditions": "a list"},
	"retention": {"name": _name, "action": "deny", "reason": "a text", "conditions": "a list"},
	"compliance": {"name": _name, "action": "deny", "reason": "a text", "conditions": "a list"},
	"quality": {
		"name": _name,
		"metric": "a text that is not empty",
		"operator": "gte, lte, gt, lt or equals",
		"threshold": "a number",
	},
	"privacy": {
		"name": _name,
		"classification": "a text that is not empty",
		"required_protections": "a list of texts",
	},
}

_name := "a text that is not empty"

# METADATA
# description: The type of a policy, under either of its names; undefined where it is none of ours.
type(policy) := found if {
	found := object.get(policy, "policy_type", object.get(policy, "type", ""))
	found in types
}

# METADATA
# description: Everything that is wrong with a policy, in words; empty for a well-formed one.
faults(policy) := set() if {
	_is_sound(policy)
} else := {"a policy is an object"} if {
	not is_object(policy)
} else := union({_head_faults(policy), _rules_faults(policy)})

# Policies are sound as a rule, and are asked for every request: this tells so in a few steps. What it does not
# recognise is looked at member by member.
_is_sound(policy) if {
	[
		type_name(policy.name),
		type_name(object.get(policy, "priority", 0)),
		type_name(object.get(policy, "enabled", true)),
		type_name(object.get(policy, "metadata", {})),
	] == ["string", "number", "boolean", "object"]
	trim_space(policy.name) != ""
	object.keys(policy) - _keys == set()
	count(object.filter(policy, ["type", "policy_type"])) == 1
	object.get(policy, "enforcement", "deny") in {"deny", "warn", "audit", "mandatory", "advisory"}
	scope := object.get(policy, ["metadata", "scope"], {})
	is_object(scope)
	count([1 | some key, value in scope; _is_scope(key, value)]) == count(scope)
	_is_soundly_ruled(policy)
}

_is_soundly_ruled(policy) if {
	type_asked := object.get(policy, "policy_type", object.get(policy, "type", ""))
	is_array(policy.rules)
	count(policy.rules) > 0
	not policy.validator
	count([1 | some rule in policy.rules; _is_sound_rule(type_asked, rule)]) == count(policy.rules)
}

_is_soundly_ruled(policy) if {
	type(policy)
	_is_validator(policy.validator)
	not "rules" in object.keys(policy)
}

_actions := {"access": {"allow", "deny"}, "retention": {"deny"}, "compliance": {"deny"}}

_is_sound_rule(type_asked, rule) if {
	rule.action in _actions[type_asked]
	_has_known_keys(type_asked, rule)
	is_string(object.get(rule, "reason", ""))
	wanted := object.get(rule, "conditions", [])
	is_array(wanted)
	count([1 | some condition in wanted; _is_condition(condition)]) == count(wanted)
}

_is_sound_rule("quality", rule) if {
	_has_known_keys("quality", rule)
	_is_text(rule.metric)
	is_number(rule.threshold)
	object.get(rule, "operator", "gte") in comparisons
}

_is_sound_rule("privacy", rule) if {
	_has_known_keys("privacy", rule)
	_is_text(rule.classification)
	_are_texts(rule.required_protections)
}

_has_known_keys(type_asked, rule) if {
	object.keys(rule) - _rule_keys[type_asked] == set()
	_is_text(object.get(rule, "name", "-"))
}

_head_faults(policy) := {fault |
	some member, wanted in _head
	not _head_is_right(member, policy)
	fault := sprintf("%v: %v is wanted", [member, wanted])
} | {fault |
	some key in (object.keys(policy) - _keys)
	fault := sprintf("%v: no such key", [key])
}

_head_is_right("name", policy) if _is_text(policy.name)

_head_is_right("policy_type", policy) if {
	type(policy)
	count(object.filter(policy, ["type", "policy_type"])) == 1
}

_head_is_right("enforcement", policy) if {
	object.get(policy, "enforcement", "deny") in {"deny", "warn", "audit", "mandatory", "advisory"}
}

_head_is_right("priority", policy) if is_number(object.get(policy, "priority", 0))

_head_is_right("enabled", policy) if is_boolean(object.get(policy, "enabled", true))

_head_is_right("metadata", policy) if is_object(object.get(policy, "metadata", {}))

_head_is_right("metadata.scope", policy) if {
	scope := object.get(policy, ["metadata", "scope"], {})
	is_object(scope)
	count([1 | some key, value in scope; not _is_scope(key, value)]) == 0
}

_head_is_right("rules", policy) if {
	is_array(policy.rules)
	count(policy.rules) > 0
	not "validator" in object.keys(policy)
}

_head_is_right("rules", policy) if {
	"validator" in object.keys(policy)
	not "rules" in object.keys(policy)
}

_head_is_right("validator", policy) if not "validator" in object.keys(policy)

_head_is_right("validator", policy) if _is_validator(policy.validator)

# At most 64 characters, as everywhere that a name becomes part of a path.
_is_validator(name) if {
	is_string(name)
	regex.match(`^[a-z_][a-z0-9_]{0,63}$`, name)
}

_rules_faults(policy) := {fault |
	is_array(policy.rules)
	some index, rule in policy.rules
	some found in _rule_faults(type(policy), rule)
	fault := sprintf("rules[%d]: %v", [index, found])
}

_rule_faults(_, rule) := {"an object is wanted"} if not is_object(rule)

_rule_faults(type_name, rule) := _member_faults(type_name, rule) if {
	is_object(rule)
	not type_name in object.keys(_actions)
}

_rule_faults(type_name, rule) := _member_faults(type_name, rule) | _condition_faults(rule) if {
	is_object(rule)
	type_name in object.keys(_actions)
}

_member_faults(type_name, rule) := {fault |
	some member, wanted in _rule_members[type_name]
	not _rule_is_right(type_name, member, rule)
	fault := sprintf("%v: %v is wanted", [member, wanted])
} | {fault |
	some key in (object.keys(rule) - _rule_keys[type_name])
	fault := sprintf("%v: no such key", [key])
}

_rule_is_right(_, "name", rule) if _is_text(object.get(rule, "name", "-"))

_rule_is_right(type_name, "action", rule) if rule.action in _actions[type_name]

_rule_is_right(_, "reason", rule) if is_string(object.get(rule, "reason", ""))

_rule_is_right(_, "conditions", rule) if is_array(object.get(rule, "conditions", []))

_rule_is_right("quality", "metric", rule) if _is_text(rule.metric)

_rule_is_right("quality", "operator", rule) if object.get(rule, "operator", "gte") in comparisons

_rule_is_right("quality", "threshold", rule) if is_number(rule.threshold)

_rule_is_right("privacy", "classification", rule) if _is_text(rule.classification)

_rule_is_right("privacy", "required_protections", rule) if _are_texts(rule.required_protections)

_condition_faults(rule) := {fault |
	is_array(rule.conditions)
	some index, condition in rule.conditions
	not _is_condition(condition)
	fault := sprintf("conditions[%d]: a field, a known operator and a value that fits it are wanted", [index])
}

# Counting tells whether there is any other key.
_is_condition(condition) if {
	count(condition) == 3
	_is_text(condition.field)
	_is_comparable(condition.operator, condition.value)
}

_is_condition(condition) if {
	count(condition) == 2
	_is_text(condition.field)
	condition.operator == "exists"
}

_is_comparable(operator, value) if {
	type_name(value) in _comparable_types[operator]
}

_is_comparable("matches", value) if regex.is_valid(value)

_any := {"string", "number", "boolean", "array", "object"}

_comparable_types := {
	"equals": _any,
	"not_equals": _any,
	"contains": _any,
	"in": {"array"},
	"not_in": {"array"},
	"gt": {"number"},
	"gte": {"number"},
	"lt": {"number"},
	"lte": {"number"},
	"exists": {"boolean", "null"},
	"starts_with": {"string"},
}

_is_scope(key, value) if {
	key in _scopes
	_are_texts(value)
}

_is_scope(key, value) if {
	key in _scopes
	_is_text(value)
}

_are_texts(value) if {
	is_array(value)
	count([1 | some item in value; not _is_text(item)]) == 0
}

_is_text(value) if {
	is_string(value)
	trim_space(value) != ""
}
