package global.provisioning.unprivileged_test

import data.global.provisioning.unprivileged

_pod(spec) := {"manifest": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "profile-api"}, "spec": spec}}

_container(context) := _pod({"containers": [{"name": "api", "securityContext": context}]})

test_allowed[note] if {
	some note, facts in {
		"said to be off": _container({"privileged": false, "allowPrivilegeEscalation": false}),
		"not said": _pod({"containers": [{"name": "api"}]}),
		"no node is shared": _pod({"hostNetwork": false, "containers": []}),
		"a pod that goes": object.union(_pod({"hostNetwork": true, "containers": []}), {"action": {"name": "drop"}}),
		"what goes": object.union(_container({"privileged": true}), {"action": {"name": "drop"}}),
	}
	unprivileged.violation == set() with input as facts
}

test_denied_for_a_container[note] if {
	some setting in ["privileged", "allowPrivilegeEscalation"]
	some value in [true, "true", null]
	note := sprintf("%v: %v", [setting, value])
	unprivileged.violation == {{
		"msg": sprintf("container api has securityContext.%v", [setting]),
		"path": "spec.containers[api]",
	}} with input as _container({setting: value})
}

test_denied_for_a_pod_that_shares_its_node[setting] if {
	some setting, what in {"hostNetwork": "Network", "hostPID": "PID", "hostIPC": "IPC"}
	unprivileged.violation == {{
		"msg": sprintf("the pod shares its node's %v", [what]),
		"path": sprintf("spec.%v", [setting]),
	}} with input as _pod({setting: true, "containers": []})
}
