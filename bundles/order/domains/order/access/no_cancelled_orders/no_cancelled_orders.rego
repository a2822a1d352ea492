# METADATA
# title: Analysts see orders that stand
# description: Cancelled orders are the order team's business; everybody else's queries do not meet them.
# custom:
#   id: ORD-ACC-003
#   enforcement: deny
#   severity: medium
#   controls: []
#   remediation: Ask the order team for the product of cancellations.
package domains.order.access.no_cancelled_orders

import data.bylaw.lib.access

row_filter contains {"expression": "status <> 'cancelled'"} if {
	access.action == "read"
	access.resource.product == "order-transactions"
	not "order-team" in access.groups
}
