# METADATA
# title: Contact details are for those who contact customers
# description: >-
#   Readers outside the customer team and customer service see e-mail addresses as their domain only, and full names not
#   at all.
# custom:
#   id: CUS-ACC-002
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 5(1)(c)"]
#   remediation: Ask the customer team for a grant that names the purpose.
package domains.customer.access.contact_details

import data.bylaw.lib.access

column_mask contains {
	"column": "email",
	"expression": "regexp_replace(email, '^[^@]+', '*****')",
	"strength": 50,
} if {
	_reads_a_bound_table
	not _contacts_customers
}

column_mask contains {"column": "full_name", "expression": "NULL", "strength": 90} if {
	_reads_a_bound_table
	not _contacts_customers
}

_reads_a_bound_table if {
	access.action == "read"
	access.resource.domain == "customer"
	access.resource.product == "customer-profile"
}

_contacts_customers if {
	some group in access.groups
	group in {"customer-team", "customer-service"}
}
