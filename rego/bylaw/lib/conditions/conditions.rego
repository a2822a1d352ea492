# METADATA
# title: Conditions
# description: >
#   Whether a condition of a YAML policy (a field, an operator, a value) holds. There are three answers: it holds, it is
#   refuted, or it is not known, because the field is absent or cannot be compared. What allows asks `holds`, what denies
#   asks `not is_refuted`, so that what is not known never passes. A field that has several values (the subject's roles)
#   meets a positive operator by one of them and a negative one by all.
package bylaw.lib.conditions

import data.bylaw.lib.access
import data.bylaw.lib.product as products

_negative := {"not_equals": "equals", "not_in": "in"}

# METADATA
# description: Whether a condition is known to hold.
# scope: document
holds(field, operator, wanted) if {
	not operator in {"not_equals", "not_in", "exists"}
	some value in values(field)
	meets(value, operator, wanted)
}

holds(field, operator, wanted) if {
	positive := _negative[operator]
	found := values(field)
	count(found) > 0
	count([1 | some value in found; _may_meet(value, positive, wanted)]) == 0
}

holds(field, "exists", wanted) if _is_present(field) == _wanted_presence(wanted)

# METADATA
# description: Whether a condition is known not to hold.
# scope: document
is_refuted(field, operator, wanted) if {
	not operator in {"not_equals", "not_in", "exists"}
	is_known(field)
	count([1 | some value in values(field); _may_meet(value, operator, wanted)]) == 0
}

is_refuted(field, operator, wanted) if {
	positive := _negative[operator]
	some value in values(field)
	meets(value, positive, wanted)
}

is_refuted(field, "exists", wanted) if _is_present(field) != _wanted_presence(wanted)

_is_present(field) := count(values(field)) > 0

# `exists` alone asks for presence.
_wanted_presence(wanted) := false if {
	wanted == false
} else := true

# METADATA
# description: Whether all conditions of a list are known to hold; none hold always.
all_hold(conditions) if {
	count([1 |
		some condition in conditions
		not holds(condition.field, condition.operator, object.get(condition, "value", null))
	]) == 0
}

# METADATA
# description: Whether any condition of a list is known not to hold.
any_refuted(conditions) if {
	some condition in conditions
	is_refuted(condition.field, condition.operator, object.get(condition, "value", null))
}

# METADATA
# description: The fields of a list of conditions of which it is not known whether they hold, sorted.
unknown(conditions) := sort({condition.field |
	some condition in conditions
	value := object.get(condition, "value", null)
	not holds(condition.field, condition.operator, value)
	not is_refuted(condition.field, condition.operator, value)
})

# METADATA
# description: >
#   Whether anything is known of a field. Lists that are there and empty say that there is none; a resource that is bound
#   to no product has no domain and no tags. Of anything else that is absent nothing is known.
# scope: document
is_known(field) if count(values(field)) > 0

is_known(field) if field in {"domain", "product", "tag", "tags"}

is_known(field) if {
	field in {"role", "roles"}
	is_array(input.subject.properties.roles)
}

is_known(field) if {
	field in {"role", "roles", "group", "groups"}
	is_array(input.subject.properties.groups)
}

is_known(field) if {
	field in {"column", "columns"}
	is_array(input.resource.properties.columns)
}

_may_meet(value, operator, wanted) if meets(value, operator, wanted)

_may_meet(null, _, _) := true

_may_meet(value, operator, wanted) if {
	operator in {"gt", "gte", "lt", "lte"}
	not is_array(value)
	not _numbers(value, wanted)
}

# A member of a list is asked by itself, so the list as a whole need not be a text.
_may_meet(value, operator, wanted) if {
	operator in {"contains", "starts_with", "matches"}
	is_string(wanted)
	not type_name(value) in {"string", "array"}
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
# description: The values of a field, by a short name or a dotted path into the input; none where it is absent or null.
values(field) := found if {
	found := _named(field)
} else := _spread(object.get(input, split(field, "."), null))

_named(field) := access.roles | access.groups if field in {"role", "roles"}

_named(field) := access.groups if field in {"group", "groups"}

_named(field) := {input.action.name} if field == "action"

_named(field) := access.columns if field in {"column", "columns"}

_named(field) := {tag |
	some tags in ({list | list := access.product.tags} | {list | list := input.product.tags})
	is_array(tags)
	some tag in tags
} if {
	field in {"tag", "tags"}
}

_named("domain") := {domain | domain := access.resource.domain} | {domain | domain := input.product.domain}

_named("product") := {name | name := access.resource.product} | {name | name := input.product.name}

# As it is written, and as a word: classifications are compared without regard to case.
_named("classification") := said | {products.word(word) | some word in said} if {
	said := {word | word := access.resource.classification} | {word |
		word := input.product.classification
		word != null
	}
}

_named(field) := {value | value := input.subject.id} if field in {"user", "subject"}

_named(field) := {value | value := input.resource.id} if field == "resource"

_named(field) := {value | value := input.context.purpose; value != null} if field == "purpose"

# The list itself is a value too, for who compares it whole.
_spread(value) := {item | some item in value} | {value} if {
	is_array(value)
} else := set() if {
	value == null
} else := {value}
