# METADATA
# title: Service levels do not fall
# description: No service level that the released version promised is weakened or dropped.
# custom:
#   id: CMP-021
#   enforcement: deny
#   severity: high
#   controls: ["Data mesh: trustworthy"]
#   remediation: >-
#     Restore the level, or agree on the lower one with the consumers and ask the council for a waiver until they have
#     moved.
package global.compliance.service_levels_kept

import data.bylaw.lib.changes
import data.bylaw.lineage

violation contains {"msg": msg, "path": changes.path(difference), "details": {"consumers": sort(lineage.consumers)}} if {
	some difference in changes.towards("service_level_changed", {"weakened", "removed", "changed"})
	msg := sprintf("%v was promised as %v and is now %v%v", [
		changes.subject(difference),
		changes.was(difference),
		changes.now(difference),
		lineage.affected,
	])
}
