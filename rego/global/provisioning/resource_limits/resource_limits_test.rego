package global.provisioning.resource_limits_test

import data.global.provisioning.resource_limits

_pod(list_name, container) := {"manifest": {
	"apiVersion": "v1",
	"kind": "Pod",
	"metadata": {"name": "profile-api"},
	"spec": {list_name: [object.union({"name": "api"}, container)]},
}}

_violation(what) := {{"msg": sprintf("container api has no limit for %v", [what]), "path": "spec.containers[api]"}}

test_allowed[note] if {
	some note, facts in {
		"both limits": _pod("containers", {"resources": {"limits": {"cpu": "500m", "memory": "512Mi"}}}),
		"an ephemeral container": _pod("ephemeralContainers", {}),
		"what goes": object.union(_pod("containers", {}), {"action": {"name": "drop"}}),
	}
	resource_limits.violation == set() with input as facts
		with data.global.parameters as {}
}

test_denied[note] if {
	some note, row in {
		"nothing said": {"container": {}, "missing": "cpu and memory"},
		"only requests": {"container": {"resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}, "missing": "cpu and memory"},
		"no memory": {"container": {"resources": {"limits": {"cpu": "1"}}}, "missing": "memory"},
		"null limits": {"container": {"resources": {"limits": null}}, "missing": "cpu and memory"},
	}
	resource_limits.violation == _violation(row.missing) with input as _pod("containers", row.container)
		with data.global.parameters as {}
}

test_denied_for_an_init_container if {
	resource_limits.violation == {{"msg": "container api has no limit for cpu and memory", "path": "spec.initContainers[api]"}} with input as _pod("initContainers", {})
		with data.global.parameters as {}
}

test_the_council_says_what_is_limited if {
	resource_limits.violation == _violation("ephemeral-storage") with input as _pod("containers", {})
		with data.global.parameters as {"limited_resources": ["ephemeral-storage"]}
}
