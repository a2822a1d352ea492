package k8spspforbiddensysctls

violation[{"msg": msg, "details": {}}] {
	sysctl := input.review.object.spec.securityContext.sysctls[_].name
	forbidden(sysctl)
	msg := sprintf("the sysctl %v is not allowed on %v", [sysctl, input.review.object.metadata.name])
}

forbidden(sysctl) {
	input.parameters.forbiddenSysctls[_] == "*"
}

forbidden(sysctl) {
	input.parameters.forbiddenSysctls[_] == sysctl
}

forbidden(sysctl) {
	pattern := input.parameters.forbiddenSysctls[_]
	endswith(pattern, "*")
	startswith(sysctl, trim(pattern, "*"))
}
