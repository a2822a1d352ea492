# METADATA
# title: Nobody builds on a retired product
# description: >-
#   The data of a product whose status is among the parameter `statuses_without_access` is not read or changed any more.
# custom:
#   id: ACC-007
#   enforcement: deny
#   severity: medium
#   controls: ["Data mesh: trustworthy", "GDPR Art. 5(1)(e)"]
#   remediation: Move to the product that replaced it; its owner knows which.
package global.access.retired_products

import data.bylaw.lib.access

violation contains {"msg": msg, "path": "resource.id"} if {
	access.product.status in _closed
	not _touches_no_data
	msg := sprintf("%v/%v is %v", [access.resource.domain, access.resource.product, access.product.status])
}

_touches_no_data if access.action in {"list", "describe", "drop"}

default _closed := ["retired", "archived"]

_closed := data.global.parameters.statuses_without_access
