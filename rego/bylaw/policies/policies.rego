# METADATA
# title: Policies written as YAML
# description: >
#   Interprets `data.global.policies` and `data.domains.<domain>.policies`: access by conditions and priority,
#   quality by thresholds, privacy by protections that a classification requires. Each policy is a rule of its
#   layer, by the path `global.policies.<name>`; what it says goes into the same composition as what Rego rules say.
package bylaw.policies

import data.bylaw.lib.access as asked
import data.bylaw.lib.domains
import data.bylaw.lib.product
import data.bylaw.policy_conditions
import data.bylaw.policy_forms

# A product of another word, or of none, has protections that nobody named: unknown, so it does not pass.
_classifications := {"public", "internal", "confidential", "restricted"}

# METADATA
# description: What the access policies say, one record a policy, and one more for a grant (see bylaw.compose).
# scope: document
access contains _record(held, "violation", _access_violations(held)) if some held in _enabled_access

access contains _record(found.held, "grant", {{"msg": _reason(found.held.policy, found.decided)}}) if {
	some found in _deciding
	found.decided.action == "allow"
}

access contains record if some record in _misheld

# METADATA
# description: What the quality policies say of what was measured.
# scope: document
quality contains _record(held, "violation", _quality_violations(held)) if some held in _enabled_quality

quality contains record if some record in _misheld

# METADATA
# description: What the privacy policies say of the protections of the product.
# scope: document
privacy contains _record(held, "violation", _privacy_violations(held)) if some held in _enabled_privacy

privacy contains record if some record in _misheld

# METADATA
# description: The protections that the product is obliged to have.
# scope: document
protections contains protection if {
	some held in _enabled_privacy
	count(held.faults) == 0
	_applies(held.policy)
	some protection in _required(held.policy)
}

# The policies of the layers that take part and are not switched off, by type, each with where it stands and what is
# wrong with it. Only those of the type that is asked for are looked into.
_enabled_access contains described if {
	some place in _places
	_of_type(place[3], "access")
	described := _described(place)
}

_enabled_quality contains described if {
	some place in _places
	_of_type(place[3], "quality")
	described := _described(place)
}

_enabled_privacy contains described if {
	some place in _places
	_of_type(place[3], "privacy")
	described := _described(place)
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
	"faults": policy_forms.faults(policy),
	"metadata": object.union_n([{"id": name}, _metadata(policy), _enforcement(policy)]),
} if {
	[layer, root, index, policy] := place
	name := _name(index, policy)
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

_malformed(held) := {sprintf("the policy is malformed: %v", [fault]) | some fault in held.faults}

# In access, the mandatory policies of a layer go by priority: the highest that match decide, and those below are not
# asked. Advisory and recorded ones say what they would, beside that.
_access_violations(held) := _malformed(held) if {
	count(held.faults) > 0
} else := {_reason(held.policy, found.decided) |
	some found in (_deciding | _advising)
	found.held.rule == held.rule
	found.held.policy == held.policy
	found.decided.action == "deny"
}

_deciding contains found if {
	some found in _matching
	_is_mandatory(found)
	count([1 | some other in _matching; _outranks(other, found)]) == 0
}

_advising contains found if {
	some found in _matching
	not _is_mandatory(found)
}

_outranks(other, found) if {
	_is_mandatory(other)
	other.held.layer == found.held.layer
	object.get(other.held.policy, "priority", 0) > object.get(found.held.policy, "priority", 0)
}

_is_mandatory(found) if found.held.metadata.enforcement in {"deny", "mandatory"}

_matching contains {"held": held, "decided": decided} if {
	some held in _enabled_access
	count(held.faults) == 0
	_applies(held.policy)
	decided := _decided(held.policy)
}

# The first rule of a policy whose conditions hold.
_decided(policy) := holding[0] if {
	holding := [rule | some rule in policy.rules; policy_conditions.all_hold(rule)]
}

_reason(policy, rule) := rule.reason if {
	is_string(rule.reason)
	rule.reason != ""
} else := sprintf("%v: %v", [policy.name, {"allow": "allowed", "deny": "denied"}[rule.action]])

_quality_violations(held) := _malformed(held) if {
	count(held.faults) > 0
} else := set() if {
	not _applies(held.policy)
} else := {violation |
	some rule in held.policy.rules
	some violation in _rule_violations(rule)
}

_rule_violations(rule) := {{"path": path, "msg": sprintf("%v was not measured", [rule.metric])}} if {
	path := sprintf("quality.results[%v]", [rule.metric])
	count(_results(rule.metric)) == 0
} else := {violation |
	some result in _results(rule.metric)
	not _passes(result, rule)
	violation := {
		"path": sprintf("quality.results[%v]", [rule.metric]),
		"msg": sprintf("%v is %v, the law says %v %v", [
			rule.metric,
			_measured(result),
			object.get(rule, "operator", "gte"),
			rule.threshold,
		]),
		"details": {
			"metric": rule.metric,
			"operator": object.get(rule, "operator", "gte"),
			"threshold": rule.threshold,
			"measured": _measured(result),
		},
	}
}

_results(metric) := {result |
	is_array(input.quality.results)
	some result in input.quality.results
	metric in {object.get(result, "metric", ""), object.get(result, "check", "")}
}

_passes(result, rule) if {
	_is_measurement(result)
	policy_conditions.meets(result.value, object.get(rule, "operator", "gte"), rule.threshold)
}

_is_measurement(result) if {
	result.status in {"pass", "fail"}
	is_number(result.value)
}

_measured(result) := result.value if {
	_is_measurement(result)
} else := sprintf("unknown (%v)", [object.get(result, "status", "no status")])

_privacy_violations(held) := _malformed(held) if {
	count(held.faults) > 0
} else := set() if {
	not _applies(held.policy)
} else := {{"path": "product.classification", "msg": msg}} if {
	not _classification in (_classifications | {product.word(rule.classification) | some rule in held.policy.rules})
	msg := "what the product must be protected by is unknown, because its classification is"
} else := {{
	"path": "product.protections",
	"msg": sprintf("protections are missing: %v", [concat(", ", sort(missing))]),
	"details": {"missing": sort(missing)},
}} if {
	missing := _required(held.policy) - _protections_there
	count(missing) > 0
} else := set()

_protections_there contains protection if {
	is_array(input.product.protections)
	some protection in input.product.protections
}

_required(policy) := {protection |
	some rule in policy.rules
	product.word(rule.classification) == _classification
	some protection in rule.required_protections
}

default _classification := "unknown"

_classification := product.word(input.product.classification)

# Whether the request or the product is in a policy's scope: in each list that there is.
_applies(policy) if {
	scope := object.get(policy, ["metadata", "scope"], {})
	count([1 | some key, wanted in scope; not _in_scope(key, _texts(wanted))]) == 0
}

_in_scope("domains", wanted) if {
	some domain in domains.concerned
	domain in {domains.canonical(text) | some text in wanted}
}

_in_scope("roles", wanted) if {
	some role in (asked.roles | asked.groups)
	role in wanted
}

# Products have no role: a scope of roles leaves none out.
_in_scope("roles", _) if input.product

_tags contains tag if {
	is_array(input.product.tags)
	some tag in input.product.tags
}

_tags contains tag if {
	is_array(asked.product.tags)
	some tag in asked.product.tags
}

_in_scope("tags", wanted) if {
	some tag in wanted
	tag in _tags
}

_in_scope(key, wanted) if {
	key in {"classification", "classifications"}
	_classification_asked in {product.word(text) | some text in wanted}
}

# Of a product whose classification nobody knows it is not known that a policy leaves it out.
_in_scope(key, _) if {
	key in {"classification", "classifications"}
	input.product
	_classification == "unknown"
}

_classification_asked := product.word(input.product.classification) if {
	is_string(input.product.classification)
} else := product.word(asked.resource.classification) if {
	is_string(asked.resource.classification)
}

_texts(wanted) := {wanted} if {
	is_string(wanted)
} else := {text | some text in wanted}
