# METADATA
# title: Containers say how much they may use
# description: >-
#   Every container and init container has limits for what the parameter `limited_resources` names, so that one domain's
#   product cannot starve another's. Ephemeral containers cannot have limits in Kubernetes.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
# custom:
#   id: K8S-003
#   enforcement: deny
#   severity: medium
#   controls: ["Data mesh: self-serve platform"]
#   remediation: Set `resources.limits.cpu` and `resources.limits.memory` on the container.
package global.provisioning.resource_limits

import data.bylaw.lib.kubernetes

violation contains {"msg": msg, "path": container.path} if {
	kubernetes.stays
	some container in kubernetes.containers(input.manifest)
	container.role != "ephemeral"
	missing := {resource | some resource in _limited; not container.resources.limits[resource]}
	count(missing) > 0
	msg := sprintf("container %v has no limit for %v", [
		object.get(container, "name", "without a name"),
		concat(" and ", missing),
	])
}

default _limited := ["cpu", "memory"]

_limited := data.global.parameters.limited_resources
