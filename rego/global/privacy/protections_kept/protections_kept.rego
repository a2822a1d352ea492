# METADATA
# title: Protections do not fall
# description: >-
#   What protected the released version still does: no protection is dropped, no encryption is dropped, weakened, or
#   replaced by one that nobody can compare it with, and a row is not shared by fewer persons (k-anonymity).
# custom:
#   id: PRV-022
#   enforcement: deny
#   severity: critical
#   controls: ["GDPR Art. 32(1)(a)", "ISO/IEC 27001:2022 A.8.24"]
#   remediation: Restore the protection, or name one that is at least as strong.
package global.privacy.protections_kept

import data.bylaw.lib.changes

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some difference in changes.towards("encryption_changed", {"removed", "weakened", "changed"})
	msg := sprintf("%v was encrypted %v with %v and is now with %v", [
		changes.subject(difference),
		_where[object.get(difference, "where", "at_rest")],
		changes.was(difference),
		changes.now(difference),
	])
}

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some difference in changes.towards("protection_changed", {"removed"})
	msg := sprintf("the product was protected by %v, and no longer is", [changes.was(difference)])
}

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some difference in changes.towards("anonymity_changed", {"removed", "weakened"})
	msg := sprintf("%v was %v and is now %v", [
		changes.subject(difference),
		changes.was(difference),
		changes.now(difference),
	])
}

_where := {"at_rest": "at rest", "in_transit": "on its way"}
