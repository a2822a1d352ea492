package global.provisioning.owner_missing_test

import data.global.provisioning.owner_missing

_manifest(kind, metadata) := {"manifest": {
	"apiVersion": "apps/v1",
	"kind": kind,
	"metadata": object.union({"name": "profile-api"}, metadata),
}}

_plan(tags) := {"plan": {"resource_changes": [{
	"address": "aws_s3_bucket.data", "mode": "managed", "type": "aws_s3_bucket", "name": "data",
	"change": {"actions": ["create"], "after": {"tags_all": tags}, "after_unknown": {}},
}]}}

test_allowed[note] if {
	some note, facts in {
		"annotation": _manifest("Deployment", {"annotations": {"mesh.company.com/owner": "customer-team@company.com"}}),
		"label": _manifest("Namespace", {"labels": {"owner": "customer-team"}}),
		"tag": _plan({"Owner": "customer-team@company.com"}),
		"a kind that nobody owns": _manifest("ConfigMap", {}),
		"what goes": object.union(_manifest("Deployment", {}), {"action": {"name": "drop"}}),
	}
	owner_missing.violation == set() with input as facts
		with data.global.parameters as {}
}

test_warned_for_a_manifest[note] if {
	some note, metadata in {
		"absent": {},
		"blank": {"annotations": {"mesh.company.com/owner": " "}},
		"null": {"annotations": null},
	}
	owner_missing.violation == {{
		"msg": "Deployment profile-api names no owner: nobody is reached when it fails",
		"path": "metadata.annotations",
	}} with input as _manifest("Deployment", metadata)
		with data.global.parameters as {}
}

test_warned_for_a_resource[note] if {
	some note, tags in {"absent": {}, "null": null, "empty": {"Owner": ""}}
	owner_missing.violation == {{
		"msg": "aws_s3_bucket.data names no owner: nobody is reached when it fails",
		"path": "resource_changes[aws_s3_bucket.data]",
	}} with input as _plan(tags)
		with data.global.parameters as {}
}
