package k8spspcapabilities

import data.lib.containers

violation[{"msg": msg}] {
	container := containers.all[_]
	added := {capability | capability := container.securityContext.capabilities.add[_]}
	allowed := {capability | capability := input.parameters.allowedCapabilities[_]}
	excess := added - allowed
	count(excess) > 0
	not allowed["*"]
	msg := sprintf("container <%v> adds capabilities that are not allowed: %v", [container.name, excess])
}

violation[{"msg": msg}] {
	container := containers.all[_]
	required := {capability | capability := input.parameters.requiredDropCapabilities[_]}
	dropped := {lower(capability) | capability := container.securityContext.capabilities.drop[_]}
	missing := {capability | required[capability]; not dropped[lower(capability)]; not dropped["all"]}
	count(missing) > 0
	msg := sprintf("container <%v> does not drop %v", [container.name, sort(missing)])
}
