# METADATA
# title: Scopes
# description: >
#   Where a YAML policy applies: `{"domains", "roles", "tags", "classification"}`, each one text or a list of them, and
#   each must cover what is asked. Of a request or product whose classification or roles are not known it is neither
#   known that a scope applies nor that it is left: what allows asks `applies`, what denies asks `not excludes`.
package bylaw.lib.scopes

import data.bylaw.lib.access
import data.bylaw.lib.conditions
import data.bylaw.lib.domains
import data.bylaw.lib.product

# METADATA
# description: Whether the request or product is known to be in a scope.
applies(scope) if count([1 | some key, wanted in scope; not _covers(key, _texts(wanted))]) == 0

# METADATA
# description: Whether the request or product is known to be outside a scope.
excludes(scope) if {
	some key, wanted in scope
	_leaves_out(key, _texts(wanted))
}

_covers("domains", wanted) if {
	some domain in domains.concerned
	domain in {domains.canonical(text) | some text in wanted}
}

_covers("roles", wanted) if {
	some role in (access.roles | access.groups)
	role in wanted
}

# Products have no role: a scope of roles leaves none out.
_covers("roles", _) if input.product

_covers("tags", wanted) if {
	some tag in conditions.values("tags")
	tag in wanted
}

_covers(key, wanted) if {
	key in {"classification", "classifications"}
	_classification in {product.word(text) | some text in wanted}
}

_leaves_out(key, wanted) if {
	key in {"domains", "tags"}
	not _covers(key, wanted)
}

_leaves_out("roles", wanted) if {
	not input.product
	conditions.is_known("role")
	not _covers("roles", wanted)
}

_leaves_out(key, wanted) if {
	key in {"classification", "classifications"}
	known := _classification
	not known in {product.word(text) | some text in wanted}
}

# Undefined where nobody knows it: then neither of the above is.
_classification := product.word(input.product.classification) if {
	is_string(input.product.classification)
} else := product.word(access.resource.classification) if {
	is_string(access.resource.classification)
}

_texts(wanted) := {wanted} if {
	is_string(wanted)
} else := {text | some text in wanted}
