package lib.containers

all[container] {
	container := specs[_].containers[_]
}

all[container] {
	container := specs[_].initContainers[_]
}

specs[spec] {
	spec := input.review.object.spec
	input.review.object.kind == "Pod"
}

specs[spec] {
	spec := input.review.object.spec.template.spec
}
