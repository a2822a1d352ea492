# METADATA
# title: Whoever answers for a product does not vanish
# description: >-
#   A product that had an owner has one, and nobody who had to approve access is dropped. Another owner is told as a
#   warning (CMP-023).
# custom:
#   id: CMP-022
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 5(2)", "ISO/IEC 27001:2022 A.5.18"]
#   remediation: Name the new owner or approver in the same change that takes the old one out.
package global.compliance.responsibility_kept

import data.bylaw.lib.changes

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some difference in changes.towards("owner_changed", {"removed"})
	msg := sprintf("the product was owned by %v, and nobody owns it now", [changes.was(difference)])
}

violation contains {"msg": msg, "path": changes.path(difference)} if {
	some difference in changes.towards("approver_changed", {"removed"})
	not _replaced(difference)
	msg := sprintf("access to %v had to be approved by %v, and no longer has", [
		changes.subject(difference),
		changes.was(difference),
	])
}

# One approver for another leaves as many eyes on it.
_replaced(difference) if {
	gone := {other.from | some other in changes.towards("approver_changed", {"removed"}); other.path == difference.path}
	come := {other.to | some other in changes.towards("approver_changed", {"added"}); other.path == difference.path}
	count(come) >= count(gone)
}
