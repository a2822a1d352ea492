# METADATA
# title: A grant in the registry opens its product
# description: >-
#   Who was granted access to a product (an approved request, a consumer named by its owner) may do what the grant names
#   until it expires.
# custom:
#   id: ACC-003
#   enforcement: deny
#   severity: low
#   controls: ["ISO/IEC 27001:2022 A.5.18"]
#   remediation: Request access to the product, or ask its owner to renew the grant.
package global.access.standing_grants

import data.bylaw.lib.access

grant contains {"msg": msg} if {
	some standing in access.standing_grants
	msg := sprintf("%v was granted %v on %v", [standing.subject, access.action, standing.product])
}
