# METADATA
# title: Quality checks are not loosened
# description: >-
#   Every check that the released version promised is still promised, and admits no more than it did. A check that
#   cannot be compared with what it was (another query, unit or kind of bound) counts as loosened.
# custom:
#   id: QLT-021
#   enforcement: deny
#   severity: high
#   controls: ["Data mesh: trustworthy", "BCBS 239 Principle 3"]
#   remediation: >-
#     Restore the check, or agree on the looser one with the consumers and ask the council for a waiver until they have
#     moved.
package global.quality.checks_kept

import data.bylaw.lib.changes
import data.bylaw.lineage

violation contains {"msg": msg, "path": changes.path(difference), "details": {"consumers": sort(lineage.consumers)}} if {
	some difference in changes.towards("quality_changed", {"removed", "weakened", "changed"})
	msg := sprintf("%v was %v and is now %v%v", [
		changes.subject(difference),
		changes.was(difference),
		changes.now(difference),
		lineage.affected,
	])
}
