package k8srequiredresources

import data.lib.containers

violation[{"msg": msg}] {
	kind := ["limits", "requests"][_]
	container := containers.all[_]
	provided := {resource | container.resources[kind][resource]}
	required := {resource | resource := input.parameters[kind][_]}
	missing := required - provided
	count(missing) > 0
	msg := sprintf("container <%v> has no %v for %v", [container.name, kind, missing])
}
