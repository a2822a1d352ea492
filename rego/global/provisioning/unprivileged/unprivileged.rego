# METADATA
# title: Containers have no power over their node
# description: >-
#   No container is privileged or may become so, and no pod shares its node's network, processes or memory.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/security/pod-security-standards/
# custom:
#   id: K8S-004
#   enforcement: deny
#   severity: critical
#   controls: ["Kubernetes Pod Security Standards: Baseline", "CIS Kubernetes 5.2"]
#   remediation: Remove the setting; ask the platform team for a managed service that does what the container needs.
package global.provisioning.unprivileged

import data.bylaw.lib.kubernetes

violation contains {"msg": msg, "path": container.path} if {
	kubernetes.stays
	some container in kubernetes.containers(input.manifest)
	some setting in ["privileged", "allowPrivilegeEscalation"]
	not _is_off(container, setting)
	msg := sprintf("container %v has securityContext.%v", [object.get(container, "name", "without a name"), setting])
}

violation contains {"msg": msg, "path": sprintf("%v.%v", [kubernetes.pod_path(input.manifest), setting])} if {
	kubernetes.stays
	some setting in ["hostNetwork", "hostPID", "hostIPC"]
	shared := kubernetes.pod_spec(input.manifest)[setting]
	shared != false
	msg := sprintf("the pod shares its node's %v", [substring(setting, 4, -1)])
}

# Kubernetes takes both settings for false where they are not set, except that processes may gain privileges by default;
# the baseline profile leaves that to the stricter one, and so does this rule.
# bylaw ignore:undefined-negation - what is not set is off
_is_off(container, setting) if not container.securityContext[setting]
