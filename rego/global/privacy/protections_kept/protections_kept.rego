# METADATA
# title: Protections do not fall
# description: >-
#   What protected the released version still does: no protection is dropped, and no encryption is dropped, weakened, or
#   replaced by one that nobody can compare it with.
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

_where := {"at_rest": "at rest", "in_transit": "on its way"}
