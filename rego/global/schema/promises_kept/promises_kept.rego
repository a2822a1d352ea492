# METADATA
# title: What consumers count on stays
# description: >-
#   A new version of a product keeps its output ports with their type and format, calls its columns and means by them
#   the same, refers to what it did, is held to a mode of compatibility at least as strict, gives as much notice and
#   lives as long as was promised. Fields and their constraints are the business of SCH-001.
# custom:
#   id: SCH-003
#   enforcement: deny
#   severity: high
#   controls: ["Data mesh: trustworthy", "Data mesh: interoperability"]
#   remediation: >-
#     Keep what was promised beside what is new until consumers have moved, or agree with them on a new major version
#     and ask the council for a waiver until then.
package global.schema.promises_kept

import data.bylaw.lib.changes
import data.bylaw.lineage

violation contains {"msg": msg, "path": changes.path(difference), "details": {"consumers": sort(lineage.consumers)}} if {
	some kind, directions in _falls
	some difference in changes.towards(kind, directions)
	_is_promise(difference)
	msg := sprintf("%v was %v and is now %v%v", [
		_subject(difference),
		_was(difference),
		changes.now(difference),
		lineage.affected,
	])
}

_falls := {
	"port_changed": {"removed", "changed"},
	"meaning_changed": {"changed"},
	"name_changed": {"changed"},
	"reference_changed": {"removed"},
	"compatibility_changed": {"removed", "weakened", "changed"},
	"notice_changed": {"removed", "shortened"},
	"end_changed": {"shortened", "changed"},
}

# Where a port lies is how to reach it, and no promise about what is there.
_is_promise(difference) if not difference.part == "location"

_subject(difference) := sprintf("the %v of %v", [difference.part, changes.subject(difference)]) if {
	difference.part
} else := sprintf("the physical name of %v", [changes.subject(difference)]) if {
	difference.type == "name_changed"
} else := sprintf("a reference of %v", [changes.subject(difference)]) if {
	difference.type == "reference_changed"
} else := changes.subject(difference)

_was(difference) := "there" if {
	difference.type == "port_changed"
	not difference.part
} else := changes.was(difference)
