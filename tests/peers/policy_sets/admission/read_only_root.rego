package k8spspreadonlyrootfilesystem

import data.lib.containers

violation[{"msg": msg, "details": {}}] {
	container := containers.all[_]
	not exempt(container)
	not container.securityContext.readOnlyRootFilesystem == true
	msg := sprintf("only read-only root filesystems are allowed: %v", [container.name])
}

exempt(container) {
	image := input.parameters.exemptImages[_]
	glob.match(image, [], container.image)
}
