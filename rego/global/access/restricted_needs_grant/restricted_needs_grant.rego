# METADATA
# title: Restricted data takes a grant by name
# description: >-
#   Whatever else a role opens, nobody touches the data of a product classified as restricted without a grant in the
#   registry that is in force. What belongs to a domain and whose class is unknown is treated as restricted; only what is
#   bound to no product yet is open to the domain's own team (its group is the domain's name and the parameter
#   `team_group_suffix`), because products are built there. Existence and schema are not data.
# custom:
#   id: ACC-004
#   enforcement: deny
#   severity: critical
#   controls: ["GDPR Art. 32(1)(b)", "HIPAA § 164.312(a)(1)", "ISO/IEC 27001:2022 A.5.15"]
#   remediation: Request access to the product; its owner decides.
#   waivable: false
package global.access.restricted_needs_grant

import data.bylaw.lib.access

violation contains {"msg": msg, "path": "resource.id"} if {
	access.resource.domain
	not _is_open
	not _is_its_teams_workshop
	not _touches_no_data
	count(access.standing_grants) == 0
	msg := sprintf("%v is %v: it takes a grant of %v to this subject that is in force", [
		access.resource.id,
		object.get(access.resource, "classification", "not classified, and so restricted"),
		object.get(input, ["action", "name"], "every action"),
	])
}

_touches_no_data if access.action in {"list", "describe", "request_access"}

_is_open if access.resource.classification in _open_classes

_is_its_teams_workshop if {
	not access.resource.product
	not access.resource.classification
	concat("", [access.resource.domain, _team_suffix]) in access.groups
}

default _team_suffix := "-team"

_team_suffix := data.global.parameters.team_group_suffix

default _open_classes := ["public", "internal", "confidential"]

_open_classes := data.global.parameters.classifications_open_to_roles
