package global.provisioning.trusted_registry_test

import data.global.provisioning.trusted_registry

_deployment(container) := {"manifest": {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": "profile-api"},
	"spec": {"template": {"spec": {"containers": [object.union({"name": "api"}, container)]}}},
}}

_violation(image, path) := {{"msg": sprintf("image %v is not from a trusted registry", [image]), "path": path}}

test_allowed_from_a_trusted_registry if {
	trusted_registry.violation == set() with input as _deployment({"image": "registry.company.com/mesh/api:1.4"})
		with data.global.parameters.trusted_registries as ["registry.company.com"]
}

test_denied[note] if {
	some note, image in {
		"another registry": "docker.io/library/nginx:1.27",
		"no registry": "nginx",
		"look-alike host": "registry.company.com.evil.example/api:1",
		"the registry as a path": "evil.example/registry.company.com/api:1",
	}
	trusted_registry.violation == _violation(image, "spec.template.spec.containers[api]") with input as _deployment({"image": image})
		with data.global.parameters.trusted_registries as ["registry.company.com"]
}

test_denied_without_an_image if {
	trusted_registry.violation == _violation("without a name", "spec.template.spec.containers[api]") with input as _deployment({})
		with data.global.parameters.trusted_registries as ["registry.company.com"]
}

test_denied_without_parameters[note] if {
	some note, parameters in {"none": {}, "an empty name": {"trusted_registries": [""]}}
	image := "registry.company.com/mesh/api:1.4"
	trusted_registry.violation == _violation(image, "spec.template.spec.containers[api]") with input as _deployment({"image": image})
		with data.global.parameters as parameters
}

test_an_empty_name_trusts_no_image_that_begins_with_a_slash if {
	trusted_registry.violation == _violation("/api:1", "spec.template.spec.containers[api]") with input as _deployment({"image": "/api:1"})
		with data.global.parameters as {"trusted_registries": [""]}
}

test_denied_for_init_containers_of_a_cron_job if {
	job := {"manifest": {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "nightly"}, "spec": {"jobTemplate": {"spec": {"template": {"spec": {
		"containers": [{"name": "run", "image": "registry.company.com/mesh/run:1"}],
		"initContainers": [{"name": "wait", "image": "busybox"}],
	}}}}}}}
	trusted_registry.violation == _violation("busybox", "spec.jobTemplate.spec.template.spec.initContainers[wait]") with input as job
		with data.global.parameters.trusted_registries as ["registry.company.com"]
}

test_allowed_when_it_goes if {
	trusted_registry.violation == set() with input as object.union(_deployment({"image": "nginx"}), {"action": {"name": "drop"}})
}
