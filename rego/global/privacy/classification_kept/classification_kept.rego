# METADATA
# title: Classification does not fall
# description: >-
#   Neither a product nor a field is classified lower than in its released version, by the order of the parameter
#   `classifications` (lowest first), and nothing stops being said to be personal data. Words whose order nobody knows
#   count as lower.
# custom:
#   id: PRV-021
#   enforcement: deny
#   severity: critical
#   controls: ["ISO/IEC 27001:2022 A.5.12", "GDPR Art. 5(2)"]
#   remediation: >-
#     Restore the classification. Where the data itself changed, have the owner and the council lower it: a waiver of
#     this rule says who agreed, and why.
package global.privacy.classification_kept

import data.bylaw.lib.changes

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some difference in changes.of("classification_changed")
	_falls(difference)
	msg := sprintf("%v was classified %v and is now %v", [
		changes.subject(difference),
		changes.was(difference),
		object.get(difference, "to", "not classified"),
	])
}

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some difference in changes.towards("personal_changed", {"removed"})
	msg := sprintf("%v was personal data, and is no longer said to be", [changes.subject(difference)])
}

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some difference in changes.towards("category_changed", {"removed"})
	msg := sprintf("%v was of the category %v, and is no longer said to be", [
		changes.subject(difference),
		changes.was(difference),
	])
}

_falls(difference) if difference.direction == "removed"

_falls(difference) if {
	difference.direction in {"lowered", "raised", "changed"}
	not _at_least_as_high(difference)
}

_at_least_as_high(difference) if _rank(difference.to) >= _rank(difference.from)

_rank(word) := rank if {
	some rank, known in _order
	known == lower(word)
}

default _order := ["public", "internal", "confidential", "restricted"]

_order := data.global.parameters.classifications
