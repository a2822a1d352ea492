package k8sreplicalimits

violation[{"msg": msg}] {
	spec := input.review.object.spec
	not in_any_range(spec)
	msg := sprintf("%v has %v replicas, which is in none of the ranges %v", [input.review.object.metadata.name, spec.replicas, input.parameters.ranges])
}

in_any_range(spec) {
	not spec.replicas
}

in_any_range(spec) {
	range := input.parameters.ranges[_]
	range.min <= spec.replicas
	range.max >= spec.replicas
}
