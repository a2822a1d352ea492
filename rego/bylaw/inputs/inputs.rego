# METADATA
# title: Inputs that nothing can be decided on
# description: >
#   What an input must look like for the rules of a kind to be asked at all, and which of its facts contradict each
#   other. Each problem names its JSON pointer; compose turns it into a violation, so an input of the wrong shape is
#   denied even where no rule looks at the broken part.
package bylaw.inputs

import data.bylaw.lib.access as asked
import data.bylaw.lib.domains
import data.bylaw.lib.kubernetes
import data.bylaw.product_shape
import data.bylaw.shapes

# METADATA
# description: >
#   Whether problems are such that no rule can be asked: facts of another shape than rules read would make them say
#   anything, or nothing. Facts that contradict each other can still be judged, beside the denial that they are.
unreadable(problems) if {
	some problem in problems
	problem.id == "BYL-003"
}

# METADATA
# description: Problems of an access request (the AuthZEN information model).
# scope: document
access contains problem if {
	some problem in shapes.problems(_input, "", [
		[["subject"], "object", "required"],
		[["subject", "type"], "text", "required"],
		[["subject", "id"], "text", "required"],
		[["subject", "properties"], "object", "optional"],
		[["subject", "properties", "groups"], "texts", "optional"],
		[["subject", "properties", "roles"], "texts", "optional"],
		[["subject", "properties", "domain"], "text", "optional"],
		[["action"], "object", "required"],
		[["action", "name"], "text", "required"],
		[["action", "properties"], "object", "optional"],
		[["resource"], "object", "required"],
		[["resource", "type"], "text", "required"],
		[["resource", "id"], "text", "required"],
		[["resource", "properties"], "object", "optional"],
		[["resource", "properties", "columns"], "texts", "optional"],
		[["resource", "properties", "domain"], "text", "optional"],
		[["resource", "properties", "product"], "text", "optional"],
		[["resource", "properties", "classification"], "text", "optional"],
		[["context"], "object", "optional"],
	])
}

access contains {"id": "BYL-002", "path": found.path, "msg": found.msg} if some found in asked.contradictions

access contains problem if some problem in _subject_problems

# METADATA
# description: Problems of a product, its contract and its previous release.
# scope: document
product contains problem if {
	some problem in shapes.problems(_input, "", [[["product"], "object", "required"], [["previous"], "object", "optional"]])
}

product contains problem if {
	some name in ["product", "previous"]
	is_object(input[name])
	some problem in product_shape.problems(input[name], sprintf("/%v", [name]))
}

product contains {"id": "BYL-002", "path": sprintf("/previous/%v", [name]), "msg": msg} if {
	some name in ["domain", "name"]
	lower(input.previous[name]) != lower(input.product[name])
	msg := sprintf("the previous release is of another product: %v", [input.previous[name]])
}

# A fact that is missing, and no wrong shape: the rules of everybody are heard, beside the denial for want of its own.
product contains {"id": "BYL-007", "path": "product.domain", "msg": msg} if {
	is_object(input.product)
	not "domain" in object.keys(input.product)
	msg := "the product does not name its domain, so nobody can tell whose rules hold for it"
}

product contains problem if {
	some problem in shapes.problems(_input, "", [
		[["lineage"], "object", "optional"],
		[["lineage", "products"], "objects", "optional"],
		[["lineage", "columns"], "objects", "optional"],
		[["lineage", "sources"], "objects", "optional"],
	])
}

product contains problem if {
	some problem in shapes.each(_input, ["lineage", "columns"], "", [
		[["source_dataset"], "text", "required"],
		[["source_field"], "text", "required"],
		[["target_dataset"], "text", "required"],
		[["target_field"], "text", "required"],
		[["transformation"], "text", "optional"],
		[["direct"], "boolean", "optional"],
		[["masking"], "boolean", "optional"],
	])
}

product contains problem if {
	some problem in shapes.each(_input, ["lineage", "sources"], "", [
		[["product"], "text", "optional"],
		[["object"], "text", "required"],
		[["name"], "text", "required"],
		[["dataset"], "text", "optional"],
		[["product_classification"], "text", "optional"],
		[["classification"], "text", "optional"],
		[["personal"], "boolean", "optional"],
		[["categories"], "texts", "optional"],
	])
}

product contains problem if {
	some problem in shapes.each(_input, ["lineage", "products"], "", [
		[["source"], "text", "required"],
		[["target"], "text", "required"],
	])
}

product contains problem if some problem in _subject_problems

# METADATA
# description: >
#   That a release is without the list of what changed since, for decisions in which schema facts are no input of their
#   own: what changed must be seen by the rules of every kind.
# scope: document
changes contains {"id": "BYL-008", "path": "/schema/differences", "msg": msg} if {
	is_object(input.previous)
	not _differences_are_listed
	msg := "there is a release before this one, and what changed since was not listed"
}

# METADATA
# description: Problems of a quality report, where there is one. That there must be one is for the rules to say.
# scope: document
quality contains problem if {
	some problem in shapes.problems(_input, "", [
		[["quality"], "object", "optional"],
		[["quality", "partition"], "text", "optional"],
		[["quality", "results"], "objects", "optional"],
		[["quality", "history"], "objects", "optional"],
	])
}

quality contains problem if {
	some problem in shapes.each(_input, ["quality", "history"], "", [
		[["samples"], "objects", "required"],
		[["metric"], "text", "optional"],
		[["check"], "text", "optional"],
		[["partition"], "text", "optional"],
		[["contract_id"], "text", "optional"],
		[["contract_version"], "text", "optional"],
		[["domain"], "text", "optional"],
		[["product"], "text", "optional"],
		[["producer"], "text", "optional"],
		[["signed"], "text", "optional"],
	])
}

quality contains problem if {
	some problem in shapes.each(_input, ["quality", "results"], "", [
		[["check"], "text", "required"],
		[["status"], "text", "required"],
		[["metric"], "text", "optional"],
		[["measure"], "text", "optional"],
		[["dataset"], "text", "optional"],
		[["field"], "text", "optional"],
		[["partition"], "text", "optional"],
		[["contract_id"], "text", "optional"],
		[["contract_version"], "text", "optional"],
		[["domain"], "text", "optional"],
		[["product"], "text", "optional"],
		[["unit"], "text", "optional"],
		[["rows"], "number", "optional"],
		[["failed_rows"], "number", "optional"],
		[["severity"], "text", "optional"],
		[["dimension"], "text", "optional"],
		[["source"], "text", "optional"],
		[["producer"], "text", "optional"],
		[["signed"], "text", "optional"],
		[["path"], "text", "optional"],
	])
}

# METADATA
# description: Problems of schema facts.
# scope: document
schema contains problem if {
	some problem in shapes.problems(_input, "", [
		[["schema"], "object", "required"],
		[["schema", "subject"], "text", "optional"],
		[["schema", "type"], "text", "optional"],
		[["schema", "compatibility"], "text", "optional"],
		[["schema", "differences"], "objects", "required"],
	])
}

schema contains problem if {
	some problem in shapes.each(_input, ["schema", "differences"], "", [
		[["type"], "text", "required"],
		[["path"], "text", "optional"],
		[["field"], "text", "optional"],
	])
}

schema contains problem if some problem in _subject_problems

# METADATA
# description: Problems of a Kubernetes object or a Terraform plan about to be applied.
# scope: document
provisioning contains {"id": "BYL-003", "path": "", "msg": "there is neither a manifest nor a plan"} if {
	not "manifest" in _keys
	not "plan" in _keys
}

provisioning contains {"id": "BYL-002", "path": "/plan", "msg": "there are both a manifest and a plan"} if {
	"manifest" in _keys
	"plan" in _keys
}

provisioning contains problem if {
	some problem in shapes.problems(_input, "", [
		[["manifest"], "object", "optional"],
		[["manifest", "apiVersion"], "text", "optional"],
		[["manifest", "kind"], "text", "optional"],
		[["manifest", "metadata"], "object", "optional"],
		[["manifest", "metadata", "labels"], "object", "optional"],
		[["manifest", "metadata", "annotations"], "object", "optional"],
		[["previous_manifest"], "object", "optional"],
		[["subject"], "object", "optional"],
		[["action"], "object", "optional"],
		[["action", "name"], "text", "optional"],
		[["context"], "object", "optional"],
		[["plan"], "object", "optional"],
		[["plan", "resource_changes"], "objects", "optional"],
		[["plan", "planned_values"], "object", "optional"],
		[["plan", "configuration"], "object", "optional"],
	])
}

provisioning contains problem if {
	is_object(input.manifest)
	some problem in shapes.problems(_input, "", [
		[["manifest", "apiVersion"], "text", "required"],
		[["manifest", "kind"], "text", "required"],
		[["manifest", "metadata"], "object", "required"],
	])
}

provisioning contains {"id": "BYL-003", "path": "/plan", "msg": msg} if {
	is_object(input.plan)
	not input.plan.resource_changes
	not input.plan.planned_values
	msg := "a plan has resource_changes or planned_values (terraform show -json)"
}

provisioning contains problem if {
	some problem in shapes.each(_input, ["plan", "resource_changes"], "", [
		[["address"], "text", "required"],
		[["mode"], "text", "required"],
		[["type"], "text", "required"],
		[["change"], "object", "required"],
	])
}

provisioning contains {"id": "BYL-002", "path": "/manifest/metadata/labels", "msg": msg} if {
	some what in ["domain", "product"]
	values := kubernetes.conflicting_labels(input.manifest, what)
	count(values) > 1
	msg := sprintf("labels name more than one %v: %v", [what, json.marshal(values)])
}

provisioning contains {"id": "BYL-002", "path": "/manifest/metadata/labels", "msg": msg} if {
	bound := split(data.mesh.bindings.namespaces[kubernetes.namespace(input.manifest)], "/")[0]
	claimed := kubernetes.claims(input.manifest).domain
	bound != claimed
	msg := sprintf("the label says domain %v, the registry says %v", [claimed, bound])
}

provisioning contains problem if some problem in _subject_problems

_differences_are_listed if is_array(input.schema.differences)

# A name that no domain can have would let its product slip past its domain's rules.
_subject_problems contains {"id": "BYL-003", "path": subject.path, "msg": msg} if {
	some subject in domains.subjects
	"domain" in object.keys(subject)
	not domains.canonical(subject.domain)
	msg := sprintf("%v is no name of a domain", [json.marshal(subject.domain)])
}

# Where there is no input at all, everything that is required is missing.
default _input := {}

_input := input if is_object(input)

_keys := object.keys(_input)
