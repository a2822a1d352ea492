# METADATA
# title: A change that takes more care or costs more is noticed
# description: >-
#   Where a new version is classified higher, protected more, kept for another time, promises more, moves or changes
#   hands, those who pay for it or must do something about it are told. What only words, order or formatting tell apart
#   says nothing.
# custom:
#   id: CMP-023
#   enforcement: warn
#   severity: low
#   controls: ["Data mesh: trustworthy"]
#   remediation: Nothing has to be mended. See that those who run, pay for or use the product know of it.
package global.compliance.care_rises

import data.bylaw.lib.changes

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some kind, directions in _rises
	some difference in changes.towards(kind, directions)
	msg := sprintf("%v was %v and is now %v", [
		changes.subject(difference),
		changes.was(difference),
		changes.now(difference),
	])
}

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some difference in changes.towards("personal_changed", {"added"})
	msg := sprintf("%v holds personal data now", [changes.subject(difference)])
}

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some difference in changes.of("field_added")
	difference.personal == true
	msg := sprintf("%v is new and holds personal data", [changes.subject(difference)])
}

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some difference in changes.towards("port_changed", {"changed"})
	difference.part == "location"
	msg := sprintf("%v moved from %v to %v", [
		changes.subject(difference),
		changes.was(difference),
		changes.now(difference),
	])
}

_rises := {
	"classification_changed": {"raised", "added"},
	"owner_changed": {"changed"},
	"protection_changed": {"added"},
	"encryption_changed": {"strengthened", "added"},
	"retention_changed": {"shortened", "lengthened", "added"},
	"service_level_changed": {"strengthened", "added"},
	"quality_changed": {"strengthened", "added"},
	"compatibility_changed": {"strengthened", "added"},
	"notice_changed": {"lengthened", "added"},
}
