# METADATA
# title: A product brings what the publication gate asks for
# description: >-
#   Before it is published a product says every field of the parameter `required_fields`. A field may be nested, as
#   `contract.version`. The owner has a rule of its own, CMP-001.
# custom:
#   id: CMP-005
#   enforcement: deny
#   severity: medium
#   controls: ["Data mesh: discoverable, addressable"]
#   remediation: Add the field to the product's document; the message names it.
package global.compliance.required_fields

import data.bylaw.tightened

violation contains {"msg": msg, "path": sprintf("product.%v", [field])} if {
	some field in _required_fields
	not _said(field)
	msg := sprintf("%v is missing; a product is not published without it", [field])
}

_said(field) if {
	value := object.get(input.product, split(field, "."), "")
	not value in {"", null}
	not _is_empty(value)
}

_is_empty(value) if count(value) == 0

default _councils_required_fields := ["domain", "name", "version", "sla"]

_councils_required_fields := data.global.parameters.required_fields

_required_fields := tightened.joined("required_fields", _councils_required_fields)
