package k8spspseccomp

import data.lib.containers

default allowed_everything = false

allowed_everything {
	input.parameters.allowedProfiles[_] == "*"
}

violation[{"msg": msg}] {
	not allowed_everything
	container := containers.all[_]
	profile := profile_of(container)
	not allowed(profile)
	msg := sprintf("container <%v> has the seccomp profile <%v>, allowed are %v", [container.name, profile, input.parameters.allowedProfiles])
}

profile_of(container) = container.securityContext.seccompProfile.type {
	container.securityContext.seccompProfile.type
} else = input.review.object.spec.securityContext.seccompProfile.type {
	input.review.object.spec.securityContext.seccompProfile.type
} else = annotation {
	key := sprintf("container.seccomp.security.alpha.kubernetes.io/%v", [container.name])
	annotation := input.review.object.metadata.annotations[key]
} else = "not configured"

allowed(profile) {
	input.parameters.allowedProfiles[_] == profile
}
