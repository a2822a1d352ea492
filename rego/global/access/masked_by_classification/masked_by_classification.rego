# METADATA
# title: Columns are shown as their class and category allow
# description: >-
#   Who reads a product sees each column as the parameters `masks_by_category` and `masks_by_classification` say, the
#   stronger of the two: `keep`, `year_only`, `email_domain`, `last4`, `hash`, `tokenise` (by `tokenise_function`, else
#   `hash`), `redact`, `nullify`. What a column is, the registry says (`data.mesh.products[…].columns`); one that it does
#   not describe, or does not classify, is of the product's class, and a class that nobody knows takes the strongest mask.
#   The parameter `unmasked_for` (`groups`, `roles`, `purposes` that a grant gives the subject, `own_team`) and a grant in
#   force that says `unmasked: true` show the data as it is.
# custom:
#   id: ACC-009
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 5(1)(c)", "GDPR Art. 25(1)", "GDPR Art. 32(1)(a)", "ISO/IEC 27001:2022 A.8.11"]
#   remediation: Ask the product's owner for a grant that shows the data unmasked, or for a purpose that does.
package global.access.masked_by_classification

import data.bylaw.lib.access
import data.bylaw.lib.masks
import data.bylaw.lib.registered
import data.bylaw.lib.taxonomy

column_mask contains {"column": name, "expression": planned.expression, "strength": planned.strength} if {
	access.action == "read"
	access.resource.product
	not _is_unmasked
	some name in _names
	some column in _described(name)
	planned := masks.planned(settings, column, _type(column))
}

# METADATA
# description: What `bylaw.lib.masks` plans by; `bylaw.masking_plan` says what it comes to for a contract.
# scope: document
settings := {
	"categories": _by_category,
	"classifications": _by_classification,
	"known": _known,
	"tokenise_function": _tokenise_function,
}

# The columns that are asked for; where the request names none, all that the registry describes.
_names := access.columns if {
	count(access.columns) > 0
} else := {column.name | some column in registered.columns(registered.asked)}

_described(name) := found if {
	found := {object.union(_of_the_product, object.union(column, {"name": name})) | some column in registered.named(name)}
	count(found) > 0
} else := {object.union(_of_the_product, {"name": name})}

_of_the_product := object.filter(access.resource, ["classification"])

# The table knows better than the registry.
_type(column) := type if {
	type := input.resource.properties.column_type
} else := object.get(column, "type", "unknown")

_is_unmasked if {
	some group in access.groups
	group in _unmasked_for.groups
}

_is_unmasked if {
	some role in access.roles
	role in _unmasked_for.roles
}

# Anybody can say a purpose: it counts where the registry has it for the product, and a grant gives it to the subject.
_is_unmasked if {
	some purpose in _unmasked_for.purposes
	taxonomy.is_below(access.purpose, purpose)
	some declared in registered.asked.purposes
	taxonomy.is_below(access.purpose, declared)
	some grant in access.standing_grants
	some granted in grant.purposes
	taxonomy.is_below(access.purpose, granted)
}

_is_unmasked if {
	_unmasked_for.own_team == true
	concat("", [access.resource.domain, _team_suffix]) in access.groups
}

_is_unmasked if {
	some grant in access.standing_grants
	grant.unmasked == true
}

default _by_category := {
	"system": "keep",
	"user": "nullify",
	"user.contact.email": "email_domain",
	"user.demographic.date_of_birth": "year_only",
	"user.financial": "last4",
	"user.government_id": "last4",
	"user.unique_id": "hash",
}

_by_category := data.global.parameters.masks_by_category

default _by_classification := {"restricted": "nullify"}

_by_classification := data.global.parameters.masks_by_classification

default _known := ["public", "internal", "confidential", "restricted"]

_known := data.global.parameters.classifications

default _tokenise_function := ""

_tokenise_function := data.global.parameters.tokenise_function

default _unmasked_for := {}

_unmasked_for := data.global.parameters.unmasked_for

default _team_suffix := "-team"

_team_suffix := data.global.parameters.team_group_suffix
