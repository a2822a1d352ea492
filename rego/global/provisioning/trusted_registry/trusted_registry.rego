# METADATA
# title: Images come from a trusted registry
# description: >-
#   Every container, init and ephemeral ones included, runs an image from one of the registries in the parameter
#   `trusted_registries`. Without the parameter no registry is trusted.
# related_resources:
#   - ref: https://kubernetes.io/docs/concepts/containers/images/
# custom:
#   id: K8S-002
#   enforcement: deny
#   severity: high
#   controls: ["ISO/IEC 27001:2022 A.8.19", "SLSA v1.0"]
#   remediation: Mirror the image into a trusted registry and refer to it there.
package global.provisioning.trusted_registry

import data.bylaw.lib.kubernetes

violation contains {"msg": msg, "path": container.path} if {
	kubernetes.stays
	some container in kubernetes.containers(input.manifest)
	not _is_trusted(container)
	msg := sprintf("image %v is not from a trusted registry", [object.get(container, "image", "without a name")])
}

# The slash is part of the match: without it "registry.company.com.evil.example" would count as "registry.company.com".
_is_trusted(container) if {
	is_array(data.global.parameters.trusted_registries)
	some registry in data.global.parameters.trusted_registries
	registry != ""
	startswith(container.image, concat("", [trim_suffix(registry, "/"), "/"]))
}
