# METADATA
# title: Whom an input concerns
# description: >
#   Which products, and so which domains, an input is about, whatever the kind of decision and whatever the door. Reads
#   names only. A domain's rules take part in a decision when, and only when, their domain is among `concerned`.
package bylaw.lib.domains

import data.bylaw.lib.kubernetes
import data.bylaw.lib.terraform
import data.bylaw.lib.trino
import data.bylaw.mesh

# At most 64 characters, as everywhere that a domain's name becomes part of a path.
_name := `^[a-z0-9][a-z0-9_-]{0,63}$`

# METADATA
# description: The names of the domains that this input concerns, in lower case.
# scope: document
concerned contains name if {
	some subject in subjects
	name := canonical(subject.domain)
}

# METADATA
# description: A domain's name as its bundle has it; undefined for what cannot be one.
canonical(text) := name if {
	is_string(text)
	name := replace(lower(trim_space(text)), " ", "-")
	regex.match(_name, name)
}

# METADATA
# description: The root of a domain's rules, with dots, as rule paths begin.
root(domain) := concat(".", ["domains", domain])

# METADATA
# description: >
#   Whom the input concerns, as `{"domain", "product"}`, each where it is known, with the `path` of the fact that
#   says so.
# scope: document
subjects contains subject if {
	is_object(input.product)
	subject := object.union(
		{"path": "product"},
		{key: value | some key, name in {"domain": "domain", "product": "name"}; value := input.product[name]},
	)
}

subjects contains {"path": "previous", "domain": domain} if domain := input.previous.domain

subjects contains object.union({"path": "resource"}, facts) if {
	facts := object.filter(mesh.asked, ["domain", "product"])
}

subjects contains object.union({"path": "resource"}, object.filter(facts, ["domain", "product"])) if {
	some wire in _trino_resources
	facts := mesh.facts(trino.resource(wire))
}

subjects contains subject if {
	some name, manifest in manifests
	subject := object.union({"path": name}, kubernetes.claims(manifest))
}

subjects contains {"path": "namespace", "domain": domain} if {
	some manifest in manifests
	bound := data.mesh.bindings.namespaces[kubernetes.namespace(manifest)]
	domain := split(bound, "/")[0]
}

subjects contains subject if {
	some resource in terraform.resources(plan)
	claims := terraform.claims(resource)
	claims.domain
	subject := object.union({"path": terraform.path(resource)}, claims)
}

subjects contains object.union({"path": "schema.subject"}, object.filter(facts, ["domain", "product"])) if {
	facts := mesh.facts({"type": "subject", "id": input.schema.subject, "properties": {}})
}

_trino_resources contains wire if wire := input.action.resource

_trino_resources contains wire if wire := input.action.targetResource

_trino_resources contains wire if {
	is_array(input.action.filterResources)
	some wire in input.action.filterResources
}

# METADATA
# description: The Kubernetes objects in the input, by the path that they stand at.
# scope: document
manifests["manifest"] := input.manifest if is_object(input.manifest)

manifests["previous_manifest"] := input.previous_manifest if is_object(input.previous_manifest)

manifests["request.object"] := input.request.object if is_object(input.request.object)

manifests["request.oldObject"] := input.request.oldObject if is_object(input.request.oldObject)

manifests["."] := input if {
	is_string(input.apiVersion)
	is_object(input.metadata)
}

# METADATA
# description: The Terraform plan in the input, whether it stands in it or is it.
# scope: document
plan := input.plan if {
	is_object(input.plan)
} else := input if {
	input.resource_changes
} else := input if {
	input.planned_values
}
