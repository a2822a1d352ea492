# METADATA
# title: Kubernetes objects
# description: Reads any workload's shape once, so that rules speak of containers and labels.
package bylaw.lib.kubernetes

_default_labels := {
	"domain": ["bylaw.io/domain", "mesh.company.com/domain"],
	"product": ["bylaw.io/product", "mesh.company.com/product"],
}

# Keys of the pod's lists, with what their containers are.
_container_lists := {"containers": "container", "initContainers": "init", "ephemeralContainers": "ephemeral"}

# METADATA
# description: >
#   Which labels name domain or product, in order: `data.global.parameters.kubernetes.{domain,product}_labels`.
label_keys(what) := keys if {
	keys := data.global.parameters.kubernetes[concat("_", [what, "labels"])]
} else := _default_labels[what]

# METADATA
# description: Domain and product as the object's labels claim them; what no label says is absent.
claims(manifest) := {what: value |
	some what in ["domain", "product"]
	values := [value | some key in label_keys(what); value := labels(manifest)[key]]
	value := values[0]
}

# METADATA
# description: Different values that labels of one meaning have, which contradict each other.
conflicting_labels(manifest, what) := {value | some key in label_keys(what); value := labels(manifest)[key]}

# METADATA
# description: The labels of an object; none is an empty object.
labels(manifest) := manifest.metadata.labels if {
	is_object(manifest.metadata.labels)
} else := {}

# METADATA
# description: The annotations of an object; none is an empty object.
annotations(manifest) := manifest.metadata.annotations if {
	is_object(manifest.metadata.annotations)
} else := {}

# METADATA
# description: The namespace of an object, or of the object that is one; undefined where it has none.
namespace(manifest) := name if {
	manifest.kind == "Namespace"
	name := manifest.metadata.name
} else := manifest.metadata.namespace if {
	is_string(manifest.metadata.namespace)
} else := name if {
	name := input.context.namespace
}

# METADATA
# description: The pod that an object is, or makes; undefined for what runs no pods.
pod_spec(manifest) := spec if {
	manifest.kind == "Pod"
	spec := manifest.spec
} else := spec if {
	spec := manifest.spec.jobTemplate.spec.template.spec
} else := spec if {
	spec := manifest.spec.template.spec
} else := spec if {
	manifest.kind == "PodTemplate"
	spec := manifest.template.spec
}

# METADATA
# description: Where the pod of an object stands in it.
pod_path(manifest) := "spec" if {
	manifest.kind == "Pod"
} else := "spec.jobTemplate.spec.template.spec" if {
	manifest.spec.jobTemplate.spec.template.spec
} else := "spec.template.spec" if {
	manifest.spec.template.spec
} else := "template.spec" if {
	manifest.kind == "PodTemplate"
}

# METADATA
# description: Every container, init and ephemeral ones included, each with its `path` and what it is (`role`).
containers(manifest) := {container |
	some list_name, role in _container_lists
	some index, found in _members(pod_spec(manifest)[list_name])
	name := object.get(found, "name", sprintf("%d", [index]))
	path := sprintf("%v.%v[%v]", [pod_path(manifest), list_name, name])
	container := object.union(found, {"path": path, "role": role})
}

# What is no collection has no members; asking it for some is an error in one of the evaluators.
_members(list) := list if {
	is_array(list)
} else := list if {
	is_object(list)
}

# METADATA
# description: Whether the object is there after the request. Rules about what an object must be do not bar its removal.
# scope: document
stays if not input.action.name == "drop"
