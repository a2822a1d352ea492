# METADATA
# title: Objects say which product they serve
# description: >-
#   Every object of the kinds in the parameter `labelled_kinds` carries labels for its domain and its data product. Pods
#   that a controller made are judged by their controller.
# custom:
#   id: K8S-001
#   enforcement: deny
#   severity: medium
#   controls: ["Data mesh: domain ownership"]
#   remediation: Add the labels `mesh.company.com/domain` and `mesh.company.com/product` to the object's metadata.
package global.provisioning.product_labels

import data.bylaw.lib.kubernetes

violation contains {"msg": msg, "path": sprintf("metadata.labels[%v]", [key])} if {
	kubernetes.stays
	input.manifest.kind in _kinds
	not _is_made_by_a_controller
	some what in ["domain", "product"]
	not _labelled(what)
	key := _shown_key(what)
	msg := sprintf("%v %v does not say its %v: it has no label %v", [
		input.manifest.kind,
		object.get(input.manifest, ["metadata", "name"], "without a name"),
		what,
		key,
	])
}

_labelled(what) if trim_space(kubernetes.claims(input.manifest)[what]) != ""

_is_made_by_a_controller if {
	is_array(input.manifest.metadata.ownerReferences)
	some owner in input.manifest.metadata.ownerReferences
	owner.controller == true
}

# Of the keys that count, the last is the one that the mesh writes itself.
_shown_key(what) := keys[count(keys) - 1] if {
	keys := kubernetes.label_keys(what)
}

default _kinds := [
	"Namespace", "Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob",
	"PersistentVolumeClaim",
]

_kinds := data.global.parameters.labelled_kinds
