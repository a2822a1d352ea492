package k8spspallowedusers

import data.lib.containers

violation[{"msg": msg}] {
	field := {"runAsUser", "runAsGroup"}[_]
	rule := input.parameters[field]
	container := containers.all[_]
	msg := problem(field, rule, container)
}

problem(field, rule, container) = msg {
	value := setting(field, container)
	not accepted(rule, value)
	msg := sprintf("container %v runs with %v %v, which the rule %v does not allow", [container.name, field, value, rule.rule])
} else = msg {
	rule.rule == "MustRunAsNonRoot"
	not setting(field, container)
	msg := sprintf("container %v does not say %v", [container.name, field])
}

setting(field, container) = value {
	value := container.securityContext[field]
} else = value {
	value := input.review.object.spec.securityContext[field]
}

accepted("RunAsAny", _)

accepted(rule, _) {
	rule.rule == "RunAsAny"
}

accepted(rule, value) {
	rule.rule == "MustRunAsNonRoot"
	value > 0
}

accepted(rule, value) {
	rule.rule == "MustRunAs"
	range := rule.ranges[_]
	range.min <= value
	value <= range.max
}
