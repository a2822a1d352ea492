# METADATA
# title: The taxonomy of personal data
# description: >
#   What data is about, what it is used for and whom it is about: the keys of the Fides taxonomy (`bylaw.taxonomy`)
#   and what the council and the domains concerned have added to it (`parameters.taxonomy`). A key is below another by
#   its dots. An addition stands below a key that is there, or in a namespace of its own, which is a domain's name where
#   a domain adds it; a key that is there already stays what it is. A key that nobody knows is treated as personal.
package bylaw.lib.taxonomy

import data.bylaw.lib.domains
import data.bylaw.taxonomy as standard

_standard := {"categories": standard.categories, "uses": standard.uses, "subjects": standard.subjects}

# Words with dots between them; what is longer than two hundred letters is no key.
_key := `^[a-z0-9_-]+(\.[a-z0-9_-]+)*$`

# Where data of a special category stands in the taxonomy (GDPR Art. 9(1)).
_special := {
	"user.authorization.biometric",
	"user.biometric",
	"user.demographic.political_opinion",
	"user.demographic.race_ethnicity",
	"user.demographic.religious_belief",
	"user.demographic.sexual_orientation",
	"user.health_and_medical",
}

# METADATA
# description: >
#   The keys of a kind (`categories`, `uses`, `subjects`), each with its `name` and, where it is deprecated, what it is
#   `replaced_by`.
known[kind] := object.union(_theirs[kind], keys) if some kind, keys in _councils

# METADATA
# description: Whether a key of a kind is known.
is_known(kind, key) if {
	_standard[kind][key]
} else if known[kind][key]

# METADATA
# description: The key itself and those that it is below, the nearest first.
lineage(key) := [concat(".", array.slice(steps, 0, count(steps) - dropped)) |
	steps := split(key, ".")
	some dropped in numbers.range(0, count(steps) - 1)
]

# METADATA
# description: Whether a key is another one, or below it.
is_below(key, above) if key == above

is_below(key, above) if startswith(key, concat("", [above, "."]))

# METADATA
# description: >
#   Whether data of a category is about persons: all below `user`, what an addition says is, and all that nothing says
#   is not.
is_personal(category) if not _is_impersonal(category)

# METADATA
# description: Whether data of a category is of a special one (GDPR Art. 9(1)); what an addition says is, is as well.
is_special(category) if {
	some above in lineage(category)
	above in _special
}

is_special(category) if {
	some above in lineage(category)
	known.categories[above].special == true
}

# METADATA
# description: What a key is called; the key itself where nobody named it.
name(kind, key) := known[kind][key].name if {
	is_string(known[kind][key].name)
} else := key

_is_impersonal(category) if {
	is_known("categories", category)
	not is_below(category, "user")
	above := lineage(category)
	count([1 | some key in above; known.categories[key].personal == true]) == 0
	_says_impersonal(above)
}

_says_impersonal(keys) if "system" in keys

_says_impersonal(keys) if {
	some key in keys
	known.categories[key].personal == false
}

_councils[kind] := object.union(_additions(_parameters, kind), keys) if some kind, keys in _standard

default _parameters := {}

_parameters := data.global.parameters

_theirs[kind] := object.union_n([added |
	some domain in sort(domains.concerned)
	added := {key: entry |
		some key, entry in _additions(data.domains[domain].parameters, kind)
		_is_its_own(domain, kind, key)
	}
]) if {
	some kind, _ in _standard
}

_additions(parameters, kind) := {key: entry |
	listed := object.get(parameters, ["taxonomy", kind], {})
	is_object(listed)
	some key, entry in listed
	is_object(entry)
	count(key) <= 200
	regex.match(_key, key)
}

_is_its_own(_, kind, key) if {
	some above in lineage(key)
	_councils[kind][above]
}

_is_its_own(domain, _, key) if split(key, ".")[0] == domain
