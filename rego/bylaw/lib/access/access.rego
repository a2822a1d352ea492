# METADATA
# title: Access requests
# description: >
#   Who asks to do what to which resource, whatever the door. Domain, product and classification of the resource are the
#   registry's, not the caller's.
package bylaw.lib.access

import data.bylaw.lib.timestamps
import data.bylaw.mesh

# METADATA
# description: The subject's groups, as a set.
# scope: document
groups contains group if {
	is_array(input.subject.properties.groups)
	some group in input.subject.properties.groups
}

# METADATA
# description: The subject's roles, as a set.
# scope: document
roles contains role if {
	is_array(input.subject.properties.roles)
	some role in input.subject.properties.roles
}

# METADATA
# description: The action's name, one of the few that are the same at every door.
action := input.action.name

# METADATA
# description: The door's own word for the action.
operation := input.action.properties.operation

# METADATA
# description: >
#   The resource: `type`, `id`, its `properties` as the door gave them, and `domain`, `product` and `classification` as
#   far as they are known.
resource := object.union(
	{"type": input.resource.type, "id": input.resource.id, "properties": _properties},
	mesh.asked,
)

_properties := input.resource.properties if {
	is_object(input.resource.properties)
} else := {}

# METADATA
# description: The columns that are asked for, as a set; empty where the request names none.
# scope: document
columns contains column if {
	is_array(input.resource.properties.columns)
	some column in input.resource.properties.columns
}

# METADATA
# description: What the registry says in public about the resource's product.
product := object.filter(mesh.product(_product_key), [
	"domain",
	"name",
	"owner",
	"status",
	"classification",
	"tags",
	"version",
])

_product_key := concat("/", [resource.domain, resource.product])

# METADATA
# description: What the subject says that it wants the data for, whatever it is; undefined where it says nothing.
purpose := input.context.purpose if input.context.purpose != null

# METADATA
# description: >
#   The registry's grants that are in force and cover this request. A grant names its subject as `alice`, `user:alice`
#   or `group:analysts`.
# scope: document
standing_grants contains grant if {
	some grant in data.mesh.grants
	grant.product == _product_key
	_names_subject(grant.subject)
	action in grant.actions
	_in_force(grant)
}

_names_subject(text) if text == input.subject.id

_names_subject(text) if text == concat(":", [input.subject.type, input.subject.id])

_names_subject(text) if {
	some group in groups
	text == concat(":", ["group", group])
}

# A grant that does not end must say so by having no `expires` at all: one that cannot be read has ended.
_in_force(grant) if not "expires" in object.keys(grant)

_in_force(grant) if timestamps.instant(grant.expires) > time.now_ns()

# METADATA
# description: Where the request says other than the registry, or than itself, as `{"path", "msg"}`.
# scope: document
contradictions contains {"path": sprintf("/resource/properties/%v", [name]), "msg": msg} if {
	some name in ["domain", "product", "classification"]
	claimed := input.resource.properties[name]
	not _agrees(name, claimed, resource)
	msg := sprintf("the request says %v %v, the registry says %v", [
		name,
		json.marshal(claimed),
		object.get(resource, name, "none"),
	])
}

contradictions contains {"path": "/resource/id", "msg": msg} if {
	input.resource.type in {"table", "view"}
	properties := input.resource.properties
	named := concat(".", [properties.catalog, properties.schema, properties.table])
	named != input.resource.id
	msg := sprintf("the id is %v, the properties name %v", [input.resource.id, named])
}

_agrees(name, claimed, known) if lower(claimed) == lower(known[name])

_agrees("product", claimed, known) if lower(claimed) == lower(concat("/", [known.domain, known.product]))
