package bylaw.lib.kubernetes_test

import data.bylaw.lib.kubernetes

_app := {"name": "app", "image": "i"}

test_containers_of_every_workload[note] if {
	some note, [manifest, path] in {
		"Pod": [{"kind": "Pod", "spec": {"containers": [_app]}}, "spec.containers[app]"],
		"Deployment": [
			{"kind": "Deployment", "spec": {"template": {"spec": {"containers": [_app]}}}},
			"spec.template.spec.containers[app]",
		],
		"CronJob": [
			{"kind": "CronJob", "spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [_app]}}}}}},
			"spec.jobTemplate.spec.template.spec.containers[app]",
		],
		"PodTemplate": [
			{"kind": "PodTemplate", "template": {"spec": {"containers": [_app]}}},
			"template.spec.containers[app]",
		],
	}
	kubernetes.containers(manifest) == {{"name": "app", "image": "i", "path": path, "role": "container"}}
}

test_init_and_ephemeral_containers_count if {
	manifest := {"kind": "Pod", "spec": {"initContainers": [{"image": "a"}], "ephemeralContainers": [{"name": "dbg"}]}}
	kubernetes.containers(manifest) == {
		{"image": "a", "path": "spec.initContainers[0]", "role": "init"},
		{"name": "dbg", "path": "spec.ephemeralContainers[dbg]", "role": "ephemeral"},
	}
}

test_what_runs_no_pods_has_no_containers if kubernetes.containers({"kind": "ConfigMap"}) == set()

test_claims_are_read_from_labels[note] if {
	some note, [labels, parameters, claims] in {
		"ours": [{"bylaw.io/domain": "a", "bylaw.io/product": "p"}, {}, {"domain": "a", "product": "p"}],
		"the mesh's": [{"mesh.company.com/domain": "a"}, {}, {"domain": "a"}],
		"the first key wins": [{"mesh.company.com/domain": "b", "bylaw.io/domain": "a"}, {}, {"domain": "a"}],
		"a key of the council's own": [
			{"example.org/d": "a", "bylaw.io/domain": "b"},
			{"kubernetes": {"domain_labels": ["example.org/d"]}},
			{"domain": "a"},
		],
		"labels that are a text": ["bylaw.io/domain", {}, {}],
	}
	kubernetes.claims({"metadata": {"labels": labels}}) == claims with data.global.parameters as parameters
}

test_labels_of_one_meaning_may_conflict if {
	manifest := {"metadata": {"labels": {"bylaw.io/domain": "a", "mesh.company.com/domain": "b"}}}
	kubernetes.conflicting_labels(manifest, "domain") == {"a", "b"}
}

test_annotations_and_namespaces[note] if {
	some note, [manifest, namespace] in {
		"its own": [{"metadata": {"namespace": "a"}}, "a"],
		"a namespace is its own": [{"kind": "Namespace", "metadata": {"name": "n"}}, "n"],
		"the request's": [{"metadata": {}}, "c"],
	}
	kubernetes.namespace(manifest) == namespace with input.context.namespace as "c"
}

test_annotations_of_none_are_empty if {
	kubernetes.annotations({"metadata": {"annotations": {"a": "b"}}}) == {"a": "b"}
	kubernetes.annotations({"metadata": {}}) == {}
}

test_what_is_dropped_does_not_stay if {
	kubernetes.stays with input as {"action": {"name": "alter"}}
	kubernetes.stays with input as {}
	not kubernetes.stays with input as {"action": {"name": "drop"}}
}
