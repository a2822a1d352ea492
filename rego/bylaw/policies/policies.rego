# METADATA
# title: Policies written as YAML
# description: >
#   Interprets `data.global.policies` and `data.domains.<domain>.policies`: access, retention and compliance by conditions,
#   quality by thresholds, privacy by protections that a classification requires, or any of them by a validator, a rule
#   `passes` in the package `validators.<name>` of the policy's layer. Each policy is a rule of its layer, by the path
#   `global.policies.<name>`; what it says goes into the same composition as what Rego rules say, with the policy's name,
#   the rule's, and where in the YAML they stand (`policy_places`, which building writes).
package bylaw.policies

import data.bylaw.lib.conditions
import data.bylaw.lib.domains
import data.bylaw.lib.protections as protected
import data.bylaw.lib.scopes
import data.bylaw.lib.thresholds
import data.bylaw.policy_forms

# METADATA
# description: What the access policies say, one record a policy, and one more for a grant (see bylaw.compose).
# scope: document
access contains _record(held, "violation", _access_violations(held)) if some held in _access

# Advisory and recorded policies say what they would deny, and grant nothing.
access contains _record(found.held, "grant", {{"msg": _reason(found.held.policy, found.decided)}}) if {
	some found in _deciding
	found.decided.action == "allow"
	found.held.metadata.enforcement in {"deny", "mandatory"}
}

access contains record if some record in _misheld

# METADATA
# description: What the quality policies say of what was measured.
# scope: document
quality contains _record(held, "violation", _product_violations(held)) if some held in _held("quality")

quality contains record if some record in _misheld

# METADATA
# description: What the privacy policies say of the protections of the product.
# scope: document
privacy contains _record(held, "violation", _product_violations(held)) if some held in _privacy

privacy contains record if some record in _misheld

# METADATA
# description: What the retention policies say of the product.
# scope: document
retention contains _record(held, "violation", _product_violations(held)) if some held in _held("retention")

retention contains record if some record in _misheld

# METADATA
# description: What the compliance policies say of the product.
# scope: document
compliance contains _record(held, "violation", _product_violations(held)) if some held in _held("compliance")

compliance contains record if some record in _misheld

# METADATA
# description: The protections that the product is obliged to have.
# scope: document
protections contains protection if {
	some held in _privacy
	count(held.faults) == 0
	not scopes.excludes(_scope(held.policy))
	some rule in held.policy.rules
	protected.is_required(rule.classification)
	some protection in rule.required_protections
}

# METADATA
# description: >
#   What is wrong with any policy of any layer, as `[root, index, fault]`: what is asked before a release, because only
#   an evaluator knows which patterns it reads.
# scope: document
malformed contains [["global"], index, fault] if {
	is_array(data.global.policies)
	some index, policy in data.global.policies
	some fault in policy_forms.faults(policy)
}

malformed contains [["domains", domain], index, fault] if {
	some domain
	list := data.domains[domain].policies
	is_array(list)
	some index, policy in list
	some fault in policy_forms.faults(policy)
}

_access := _held("access")

_privacy := _held("privacy")

# The policies of a type of the layers that take part and are not switched off, each with where it stands and what is
# wrong with it. Only those of the type that is asked for are looked into.
_held(type) := {_described(place) |
	some place in _places
	_of_type(place[3], type)
}

_places contains [layer, root, index, policy] if {
	some [layer, root, list] in _lists
	is_array(list)
	some index, policy in list
	not policy.enabled == false
}

_described(place) := {
	"layer": layer,
	"rule": concat(".", [root, "policies", name]),
	"policy": policy,
	"faults": _faults(layer, index),
	"metadata": object.union_n([{"id": name}, _metadata(policy), _enforcement(policy)]),
} if {
	[layer, root, index, policy] := place
	name := _name(index, policy)
}

# These read nothing but the policies, so that an evaluator which knows it works them out once for all decisions.
_faults(layer, index) := _global_faults[index] if {
	layer == "global"
} else := _domain_faults[layer][index]

_global_faults[index] := policy_forms.faults(policy) if {
	is_array(data.global.policies)
	some index, policy in data.global.policies
}

_domain_faults[domain][index] := policy_forms.faults(policy) if {
	some domain
	list := data.domains[domain].policies
	is_array(list)
	some index, policy in list
}

# Written out, because it is asked of every policy for every request. `policy_forms.type` says the same.
_of_type(policy, type) if object.get(policy, "policy_type", object.get(policy, "type", "")) == type

_name(index, policy) := name if {
	name := policy.name
	is_string(name)
} else := sprintf("%v", [index])

_metadata(policy) := metadata if {
	metadata := policy.metadata
	is_object(metadata)
} else := {}

_enforcement(policy) := {"enforcement": enforcement} if {
	enforcement := policy.enforcement
} else := {"enforcement": "deny"}

_scope(policy) := object.get(policy, ["metadata", "scope"], {})

# What cannot be told to be of a type counts in each: a policy must not lose its effect by a slip of the pen.
_misheld contains _record(held, "violation", _malformed(held)) if {
	some place in _places
	not policy_forms.type(place[3])
	held := _described(place)
}

_misheld contains {"layer": layer, "rule": rule, "head": "violation", "value": {"policies: a list is wanted"}} if {
	some [layer, root, list] in _lists
	not is_array(list)
	rule := concat(".", [root, "policies"])
}

_lists contains ["global", "global", list] if list := data.global.policies

_lists contains [domain, domains.root(domain), list] if {
	some domain in domains.concerned
	list := data.domains[domain].policies
}

_record(held, head, value) := {
	"layer": held.layer,
	"rule": held.rule,
	"head": head,
	"value": value,
	"metadata": held.metadata,
}

_malformed(held) := {statement |
	some fault in held.faults
	statement := {"msg": sprintf("the policy is malformed: %v", [fault]), "policy": _told(held, null)}
}

_access_violations(held) := _malformed(held) if {
	count(held.faults) > 0
} else := {statement |
	some found in _deciding
	found.held.rule == held.rule
	found.held.policy == held.policy
	found.decided.action == "deny"
	statement := object.union(
		{"msg": _reason(held.policy, found.decided), "policy": _told(held, found.index)},
		_unknown(found.decided),
	)
}

# What each access policy decides. Priority is no matter of who decides: every policy is asked, so that none can silence
# another's denial; it puts what is said in order (bylaw.compose).
_deciding contains {"held": held, "index": index, "decided": decided} if {
	some held in _access
	count(held.faults) == 0
	not scopes.excludes(_scope(held.policy))
	[index, decided] := _decided(held)
}

# The first rule of a policy that decides: one that allows and is known to hold, or one that denies and is not known not
# to.
_decided(held) := ["validator", {"action": "allow"}] if {
	_has_passed(held)
	scopes.applies(_scope(held.policy))
} else := ["validator", {"action": "deny", "reason": _not_passed(held)}] if {
	held.policy.validator
	not _has_passed(held)
} else := holding[0] if {
	holding := [[index, rule] |
		some index, rule in held.policy.rules
		_decides(rule, _scope(held.policy))
	]
}

_decides(rule, scope) if {
	rule.action == "allow"
	conditions.all_hold(object.get(rule, "conditions", []))
	scopes.applies(scope)
}

_decides(rule, _) if {
	rule.action == "deny"
	not conditions.any_refuted(object.get(rule, "conditions", []))
}

_has_passed(held) if {
	held.layer == "global"
	data.global.validators[held.policy.validator].passes == true
}

_has_passed(held) if data.domains[held.layer].validators[held.policy.validator].passes == true

_not_passed(held) := sprintf("the validator %v has not passed it", [held.policy.validator])

_reason(policy, rule) := rule.reason if {
	is_string(rule.reason)
	rule.reason != ""
} else := sprintf("%v: %v", [policy.name, {"allow": "allowed", "deny": "denied"}[rule.action]])

_unknown(rule) := {"details": {"unknown": fields}} if {
	fields := conditions.unknown(object.get(rule, "conditions", []))
	count(fields) > 0
} else := {}

_product_violations(held) := _malformed(held) if {
	count(held.faults) > 0
} else := set() if {
	scopes.excludes(_scope(held.policy))
} else := {{"msg": _not_passed(held), "policy": _told(held, "validator")}} if {
	held.policy.validator
	not _has_passed(held)
} else := set() if {
	held.policy.validator
} else := _of_the_policy(held) | {statement |
	some index, rule in held.policy.rules
	some said in _rule_violations(policy_forms.type(held.policy), held.policy, rule)
	statement := object.union(said, {"policy": _told(held, index)})
}

_of_the_policy(held) := {object.union(said, {"policy": _told(held, null)}) | some said in found} if {
	policy_forms.type(held.policy) == "privacy"
	found := protected.unclassified({rule.classification | some rule in held.policy.rules})
} else := set()

_rule_violations("quality", _, rule) := thresholds.violations(
	rule.metric,
	object.get(rule, "operator", "gte"),
	rule.threshold,
)

_rule_violations("privacy", _, rule) := protected.violations(rule.classification, rule.required_protections)

_rule_violations(type, policy, rule) := set() if {
	type in {"retention", "compliance"}
	conditions.any_refuted(object.get(rule, "conditions", []))
} else := {object.union_n([{"msg": _reason(policy, rule)}, _path(rule), _unknown(rule)])} if {
	type in {"retention", "compliance"}
}

# What the first condition is about.
_path(rule) := {"path": rule.conditions[0].field} if {
	rule.conditions[0].field
} else := {}

# Which policy says it, by which of its rules, and where in the YAML that stands, as far as it is known.
_told(held, index) := object.union_n([
	{"name": _policy_name(held)},
	{"priority": priority | priority := held.policy.priority; is_number(priority)},
	{"rule": name | name := _rule_name(held.policy, index)},
	{"source": source | source := _source(_place(held), index)},
])

_policy_name(held) := trim_prefix(held.rule, concat("", [_root(held), ".policies."]))

_root(held) := "global" if {
	held.layer == "global"
} else := domains.root(held.layer)

_rule_name(policy, "validator") := policy.validator

_rule_name(policy, index) := object.get(policy.rules[index], "name", sprintf("rules[%d]", [index])) if is_number(index)

_place(held) := place if {
	held.layer == "global"
	place := data.global.policy_places[_policy_name(held)]
} else := data.domains[held.layer].policy_places[_policy_name(held)] if held.layer != "global"

_source(place, index) := sprintf("%v:%d", [place.file, place.rules[index]]) if {
	is_number(index)
	is_number(place.rules[index])
} else := sprintf("%v:%d", [place.file, place.validator]) if {
	index == "validator"
	is_number(place.validator)
} else := sprintf("%v:%d", [place.file, place.line]) if is_number(place.line)
