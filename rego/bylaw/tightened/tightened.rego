# METADATA
# title: Parameters that domains tighten
# description: >
#   What a parameter of the council is worth where domains are concerned that set it as well: the stricter of them. The
#   council declares which way a parameter is stricter (`data.global.parameters.directions`); one without a direction
#   is what the council says. A value that cannot be compared counts for nothing, because nobody knows that it is
#   stricter; bundles with such a value, or a looser one, are refused before they get here.
package bylaw.tightened

import data.bylaw.lib.domains

# METADATA
# description: The largest number, for a parameter of the direction `higher`.
highest(name, council) := max({council} | {value | some value in _theirs(name, "higher"); is_number(value)})

# METADATA
# description: The smallest number, for a parameter of the direction `lower`.
lowest(name, council) := min({council} | {value | some value in _theirs(name, "lower"); is_number(value)})

# METADATA
# description: The council's list and what domains add to it, for a parameter of the direction `more`.
joined(name, council) := array.concat(council, sort({item |
	some value in _theirs(name, "more")
	is_array(value)
	some item in value
	not item in council
}))

# METADATA
# description: What is left of the council's list in every domain's, for a parameter of the direction `fewer`.
common(name, council) := [item |
	some item in council
	count([1 | some value in _theirs(name, "fewer"); is_array(value); not item in value]) == 0
]

# METADATA
# description: >
#   The bounds that domains set beside the council's, for a parameter of the direction `bounds`, as `{"domain",
#   "metric", "operator", "threshold"}`. Bounds add up, so the stricter holds.
bounds(name) := {{"domain": domain, "metric": metric, "operator": operator, "threshold": threshold} |
	_direction(name) == "bounds"
	some domain in domains.concerned
	some metric, said in object.get(data.domains[domain].parameters, name, {})
	some operator, threshold in _by_operator(said)
	is_number(threshold)
}

_by_operator(said) := said if {
	is_object(said)
} else := {"gte": said}

_theirs(name, direction) := {value |
	_direction(name) == direction
	some domain in domains.concerned
	parameters := data.domains[domain].parameters
	name in object.keys(parameters)
	value := object.get(parameters, name, null)
}

# By `object.get`, here and above: a path that ends in the argument would let OPA evaluate a comprehension for all
# names at once, and a function asked so has several values.
_direction(name) := object.get(data.global.parameters.directions, name, "")
