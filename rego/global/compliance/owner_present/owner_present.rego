# METADATA
# title: A product names its owner
# description: >-
#   Somebody answers for every data product: a team or a person that consumers, auditors and the on-call rota can reach.
# custom:
#   id: CMP-001
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 5(2)", "Data mesh: domain ownership"]
#   remediation: Set `owner` to the address of the team that answers for the product, as `customer-team@company.com`.
package global.compliance.owner_present

violation contains {
	"msg": "nobody answers for this product: it names no owner",
	"path": "product.owner",
} if {
	not _named
}

_named if trim_space(input.product.owner) != ""
