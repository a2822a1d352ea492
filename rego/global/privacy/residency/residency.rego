# METADATA
# title: Personal data stays where it may be
# description: >-
#   Every port that carries personal data, or of which nobody can tell, says in which regions its data lies, by itself or
#   by its product. A region outside the parameter `allowed_regions` (patterns as `eu-*`; nobody's word stands in for it),
#   and whatever else a product names among its `transfers`, takes a mechanism of GDPR Chapter V that is among the
#   parameter `transfer_mechanisms`.
# custom:
#   id: PRV-009
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 44", "GDPR Art. 46", "GDPR Art. 30(1)(e)"]
#   remediation: >-
#     State `regions`, keep the data in regions that the council allows, or state the transfer and what permits it
#     (`transfers: [{to: us-east-1, mechanism: standard_contractual_clauses}]`).
package global.privacy.residency

import data.bylaw.lib.lawfulness
import data.bylaw.lib.personal_data
import data.bylaw.tightened

violation contains {"msg": msg, "path": holder.path} if {
	some holder in _holders
	count(_regions(holder.port)) == 0
	msg := sprintf("%v: %v, and nobody says where it lies", [holder.label, holder.why])
}

violation contains {"msg": msg, "path": holder.path} if {
	some holder in _holders
	some region in _regions(holder.port)
	not _is_allowed(region)
	not _is_sent_lawfully(region)
	msg := sprintf("%v: %v, and lies in %v, which is outside %v, without a transfer that the mesh accepts", [
		holder.label,
		holder.why,
		region,
		_allowed_text,
	])
}

violation contains {"msg": msg, "path": object.get(transfer, "path", sprintf("product.transfers[%v]", [transfer.to]))} if {
	count(_holders) > 0
	some transfer in _product.transfers
	not _is_permitted(transfer)
	msg := sprintf("nothing that the mesh accepts permits the transfer to %v (%v)", [
		transfer.to,
		object.get(transfer, "mechanism", "no mechanism stated"),
	])
}

_holders contains object.union(holder, {"why": why, "path": path}) if {
	some holder in personal_data.holders(_product)
	why := personal_data.reason(_product, holder.port)
	path := {true: "product.regions", false: holder.path}[holder.port == {}]
}

# A port's own word wins.
_regions(port) := port.regions if {
	count(port.regions) > 0
} else := object.get(_product, "regions", [])

_is_allowed(region) if {
	some pattern in _allowed
	glob.match(lower(pattern), null, lower(region))
}

_is_sent_lawfully(region) if {
	some transfer in _product.transfers
	lower(transfer.to) == lower(region)
	_is_permitted(transfer)
}

_is_permitted(transfer) if lawfulness.transfer_mechanism(transfer.mechanism) in _mechanisms

_allowed_text := concat(", ", _allowed) if {
	count(_allowed) > 0
} else := "every region that is allowed"

default _product := {}

_product := input.product if is_object(input.product)

default _councils_regions := []

_councils_regions := data.global.parameters.allowed_regions

_allowed := tightened.common("allowed_regions", _councils_regions)

default _councils_mechanisms := [
	"adequacy_decision", "standard_contractual_clauses", "binding_corporate_rules", "code_of_conduct", "certification",
]

_councils_mechanisms := data.global.parameters.transfer_mechanisms

_mechanisms := tightened.common("transfer_mechanisms", _councils_mechanisms)
