# METADATA
# title: Products can be found
# description: >-
#   Everybody may list and describe the products of the mesh that are not restricted, and the catalogs and schemas on the
#   way to them, and ask for access to any.
# custom:
#   id: ACC-005
#   enforcement: deny
#   severity: low
#   controls: ["Data mesh: discoverable"]
#   remediation: Ask the owner of a restricted product for a grant.
package global.access.discoverable

import data.bylaw.lib.access

grant contains {"msg": "products that are not restricted can be found by everybody"} if {
	access.action in {"list", "describe"}
	access.resource.product
	access.resource.classification in _open_classes
}

grant contains {"msg": "the way to a product can be found by everybody"} if {
	access.action == "list"
	access.resource.type in {"catalog", "schema"}
	some kind in ["tables", "schemas"]
	some id, _ in data.mesh.bindings[kind]
	_leads_to(access.resource.id, id)
}

grant contains {"msg": "everybody may ask for access"} if {
	access.action == "request_access"
	access.resource.product
}

_leads_to(id, bound) if id == bound

_leads_to(id, bound) if startswith(bound, concat("", [id, "."]))

default _open_classes := ["public", "internal", "confidential"]

_open_classes := data.global.parameters.classifications_open_to_roles
