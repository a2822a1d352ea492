package k8sdisallowedtags

import data.lib.containers

violation[{"msg": msg, "details": {"image": container.image}}] {
	container := containers.all[_]
	tags := [forbidden | tag := input.parameters.tags[_]; forbidden := endswith(container.image, concat(":", ["", tag]))]
	any(tags)
	msg := sprintf("container <%v> uses a disallowed tag <%v>; disallowed are %v", [container.name, container.image, input.parameters.tags])
}

violation[{"msg": msg}] {
	container := containers.all[_]
	not contains(container.image, ":")
	msg := sprintf("container <%v> names no tag <%v>", [container.name, container.image])
}
