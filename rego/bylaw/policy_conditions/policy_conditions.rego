# METADATA
# title: Conditions of YAML policies
# description: >
#   Whether a condition `{"field", "operator", "value"}` holds for an access request. A field that has several
#   values (the subject's roles) meets a positive condition by one of them and a negative one by all. An absent
#   field meets no positive condition; a negative one it meets only where that denies.
package bylaw.policy_conditions

import data.bylaw.lib.access

_negative := {"not_equals": "equals", "not_in": "in"}

# METADATA
# description: Whether all conditions of a rule hold; a rule without any holds always.
all_hold(rule) if {
	conditions := object.get(rule, "conditions", [])
	count([1 | some condition in conditions; not _holds(condition, rule.action)]) == 0
}

_holds(condition, _) if {
	not condition.operator in object.keys(_negative)
	condition.operator != "exists"
	some value in values(condition.field)
	meets(value, condition.operator, condition.value)
}

_holds(condition, "deny") if {
	condition.operator in object.keys(_negative)
	count(values(condition.field)) == 0
}

_holds(condition, _) if {
	positive := _negative[condition.operator]
	count(values(condition.field)) > 0
	count([1 | some value in values(condition.field); meets(value, positive, condition.value)]) == 0
}

_holds(condition, _) if {
	condition.operator == "exists"
	present := count(values(condition.field)) > 0
	present == object.get(condition, "value", true)
}

# METADATA
# description: Whether one value meets a positive operator.
# scope: document
meets(value, "equals", wanted) if value == wanted

meets(value, "in", wanted) if {
	is_array(wanted)
	value in wanted
}

meets(value, "gt", wanted) if {
	_numbers(value, wanted)
	value > wanted
}

meets(value, "gte", wanted) if {
	_numbers(value, wanted)
	value >= wanted
}

meets(value, "lt", wanted) if {
	_numbers(value, wanted)
	value < wanted
}

meets(value, "lte", wanted) if {
	_numbers(value, wanted)
	value <= wanted
}

# A member of a list is one of its values already, so what is left is a part of a text.
meets(value, "contains", wanted) if value == wanted

meets(value, "contains", wanted) if {
	_texts(value, wanted)
	contains(value, wanted)
}

meets(value, "starts_with", wanted) if {
	_texts(value, wanted)
	startswith(value, wanted)
}

meets(value, "matches", wanted) if {
	_texts(value, wanted)
	regex.match(wanted, value)
}

# Values of different types compare by type in Rego; a text is not more than a number here.
_numbers(value, wanted) if {
	is_number(value)
	is_number(wanted)
}

_texts(value, wanted) if {
	is_string(value)
	is_string(wanted)
}

# METADATA
# description: The values of a field, by a short name or a dotted path into the input; none where it is absent.
values(field) := found if {
	found := _named(field)
} else := _spread(object.get(input, split(field, "."), set()))

_named(field) := access.roles | access.groups if field in {"role", "roles"}

_named(field) := access.groups if field in {"group", "groups"}

_named(field) := {input.action.name} if field == "action"

_named(field) := access.columns if field in {"column", "columns"}

_named(field) := {tag | is_array(access.product.tags); some tag in access.product.tags} if field in {"tag", "tags"}

_named(field) := {value | value := access.resource[field]} if field in {"domain", "product", "classification"}

_named(field) := {value | value := input.subject.id} if field in {"user", "subject"}

_named(field) := {value | value := input.resource.id} if field == "resource"

_named(field) := {value | value := input.context.purpose} if field == "purpose"

# The list itself is a value too, for who compares it whole. The set is what stands for an absent field.
_spread(value) := {item | some item in value} | {value} if {
	is_array(value)
} else := set() if {
	value == set()
} else := {value}
