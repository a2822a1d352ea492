package global.provisioning.product_labels_test

import data.global.provisioning.product_labels

_manifest(kind, metadata) := {"manifest": {
	"apiVersion": "v1",
	"kind": kind,
	"metadata": object.union({"name": "profile-api"}, metadata),
}}

_labels := {"labels": {"mesh.company.com/domain": "customer", "mesh.company.com/product": "customer-profile"}}

_without(what) := {
	"msg": sprintf("Deployment profile-api does not say its %v: it has no label mesh.company.com/%v", [what, what]),
	"path": sprintf("metadata.labels[mesh.company.com/%v]", [what]),
}

test_allowed[note] if {
	some note, facts in {
		"both labels": _manifest("Deployment", _labels),
		"the other prefix": _manifest("Namespace", {"labels": {"bylaw.io/domain": "customer", "bylaw.io/product": "customer-profile"}}),
		"a kind that is not labelled": _manifest("ConfigMap", {}),
		"a pod that a controller made": _manifest("Pod", {"ownerReferences": [{"kind": "ReplicaSet", "controller": true}]}),
		"what goes": object.union(_manifest("Deployment", {}), {"action": {"name": "drop"}}),
	}
	product_labels.violation == set() with input as facts
		with data.global.parameters as {}
}

test_denied_for_each_that_is_absent[what] if {
	some what in ["domain", "product"]
	labels := object.remove(_labels.labels, [sprintf("mesh.company.com/%v", [what])])
	product_labels.violation == {_without(what)} with input as _manifest("Deployment", {"labels": labels})
		with data.global.parameters as {}
}

test_denied_without_labels[note] if {
	some note, metadata in {
		"absent": {},
		"null": {"labels": null},
		"blank": {"labels": {"mesh.company.com/domain": "", "mesh.company.com/product": " "}},
		"owned, but not by a controller": {"ownerReferences": [{"kind": "ConfigMap"}]},
	}
	product_labels.violation == {_without("domain"), _without("product")} with input as _manifest("Deployment", metadata)
		with data.global.parameters as {}
}

test_the_council_says_which_kinds_are_labelled if {
	count(product_labels.violation) == 2 with input as _manifest("ConfigMap", {})
		with data.global.parameters as {"labelled_kinds": ["ConfigMap"]}
}
