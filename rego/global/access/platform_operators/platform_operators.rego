# METADATA
# title: The platform team operates the engine
# description: >-
#   Members of the groups in the parameter `platform_groups` may view and stop any query, read and change the engine's
#   state and set session properties. They gain no data by it.
# custom:
#   id: ACC-006
#   enforcement: deny
#   severity: low
#   controls: ["ISO/IEC 27001:2022 A.8.2"]
#   remediation: Ask the council to add the group to `platform_groups`.
package global.access.platform_operators

import data.bylaw.lib.access

grant contains {"msg": msg} if {
	access.action == "administer"
	access.resource.type in {"engine", "query", "session_property"}
	some group in access.groups
	group in data.global.parameters.platform_groups
	msg := sprintf("group %v operates the engine", [group])
}
