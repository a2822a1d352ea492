# METADATA
# title: People see and stop their own queries
# description: A subject may view and kill the queries that it owns, and may be itself.
# custom:
#   id: ACC-002
#   enforcement: deny
#   severity: low
#   controls: []
#   remediation: Ask the platform team to stop somebody else's query.
package global.access.own_queries

import data.bylaw.lib.access

grant contains {"msg": "it is the subject's own query"} if {
	access.action == "administer"
	access.resource.type == "query"
	access.operation in {"ViewQueryOwnedBy", "FilterViewQueryOwnedBy", "KillQueryOwnedBy"}
	access.resource.properties.owner == input.subject.id
}

grant contains {"msg": "everybody may be themselves"} if {
	access.action == "impersonate"
	access.resource.type == "user"
	access.resource.id == input.subject.id
}
