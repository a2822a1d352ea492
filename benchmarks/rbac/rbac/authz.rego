# METADATA
# title: Role-based access for the benchmark
# description: >-
#   Roles come from the user and from the user's groups; a role may inherit another. A permission names an action, a type
#   of resource and a domain, each of which may be "*". Denials override. Nothing here favours one engine: no rule is
#   there for an index to skip, and none for a cache to hit.
package rbac.authz

default allow := false

allow if {
	granted
	count(denials) == 0
}

user := data.rbac.users[input.subject.id]

direct_roles contains role if some role in user.roles

group_roles contains role if {
	some group in user.groups
	some role in data.rbac.groups[group].roles
}

held_roles := direct_roles | group_roles

inherited_roles contains parent if {
	some role in held_roles
	parent := data.rbac.roles[role].inherits
}

roles contains role if {
	some role in (held_roles | inherited_roles)
	not data.rbac.roles[role].retired
}

granted if {
	some role in roles
	some permission in data.rbac.roles[role].permissions
	permission.action in {"*", input.action.name}
	permission.type in {"*", input.resource.type}
	permission.domain in {"*", input.resource.properties.domain}
}

denials contains "the subject is unknown" if not user

denials contains "the subject is suspended" if user.suspended

denials contains "restricted data stays in its domain" if {
	input.resource.properties.classification == "restricted"
	not at_home
}

denials contains "confidential data is not exported" if {
	input.resource.properties.classification in {"confidential", "restricted"}
	input.action.name == "export"
}

denials contains "writing needs a second factor" if {
	input.action.name in {"write", "alter", "drop"}
	not input.context.second_factor
}

denials contains "personal data needs a purpose" if {
	some tag in input.resource.properties.tags
	tag == "personal"
	not purpose_accepted
}

at_home if user.domain == input.resource.properties.domain

purpose_accepted if input.context.purpose in data.rbac.purposes

default tier := "guest"

tier := "owner" if {
	at_home
	input.resource.properties.owner == input.subject.id
}

tier := "member" if {
	at_home
	input.resource.properties.owner != input.subject.id
}

decision := {
	"allow": allow,
	"denials": denials,
	"roles": roles,
	"tier": tier,
}
