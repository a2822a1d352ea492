package k8scontainerratios

import data.lib.containers

units := {"": 1, "m": 0.001, "K": 1000, "M": 1000000, "G": 1000000000, "Ki": 1024, "Mi": 1048576, "Gi": 1073741824}

canonical(given) = n {
	is_number(given)
	n := given
}

canonical(given) = n {
	not is_number(given)
	suffix := regex.find_n("[A-Za-z]*$", given, 1)[0]
	n := to_number(trim_suffix(given, suffix)) * units[suffix]
}

violation[{"msg": msg}] {
	container := containers.all[_]
	resource := {"cpu", "memory"}[_]
	limit := canonical(container.resources.limits[resource])
	request := canonical(container.resources.requests[resource])
	limit > input.parameters.ratio * request
	msg := sprintf("container <%v>: the limit of %v is more than %v times what it requests", [container.name, resource, input.parameters.ratio])
}

violation[{"msg": msg}] {
	container := containers.all[_]
	not container.resources.limits
	msg := sprintf("container <%v> has no resource limits", [container.name])
}
