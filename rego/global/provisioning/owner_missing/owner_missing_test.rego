package global.provisioning.owner_missing_test

import data.global.provisioning.owner_missing

_manifest(kind, metadata) := {"manifest": {
	"apiVersion": "apps/v1",
	"kind": kind,
	"metadata": object.union({"name": "profile-api"}, metadata),
}}

_plan(tags) := _plan_of("aws_s3_bucket", tags)

_plan_of(type, tags) := {"plan": {"resource_changes": [{
	"address": sprintf("%v.data", [type]), "mode": "managed", "type": type, "name": "data",
	"change": {"actions": ["create"], "after": {"tags_all": tags}, "after_unknown": {}},
}]}}

test_allowed[note] if {
	some note, facts in {
		"annotation": _manifest("Deployment", {"annotations": {"mesh.company.com/owner": "customer-team@company.com"}}),
		"label": _manifest("Namespace", {"labels": {"owner": "customer-team"}}),
		"tag": _plan({"Owner": "customer-team@company.com"}),
		"a type that nobody owns": _plan_of("aws_iam_role", {}),
		"a kind that nobody owns": _manifest("ConfigMap", {}),
		"what goes": object.union(_manifest("Deployment", {}), {"action": {"name": "drop"}}),
	}
	owner_missing.violation == set() with input as facts
		with data.global.parameters as {}
}

test_warned_for_a_manifest[note] if {
	some note, metadata in {
		"absent": {},
		"another annotation": {"annotations": {"team": "customer-team"}},
		"another label": {"labels": {"app": "profile-api"}},
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
	some note, tags in {"absent": {}, "null": null, "empty": {"Owner": ""}, "another tag": {"Name": "data"}}
	owner_missing.violation == {{
		"msg": "aws_s3_bucket.data names no owner: nobody is reached when it fails",
		"path": "resource_changes[aws_s3_bucket.data]",
	}} with input as _plan(tags)
		with data.global.parameters as {}
}

test_the_council_says_what_is_owned_and_how if {
	parameters := {"owner_keys": ["team"], "owned_kinds": ["ConfigMap"], "owned_resource_types": ["aws_iam_role"]}

	owner_missing.violation == set() with input as _manifest("ConfigMap", {"labels": {"team": "customer-team"}})
		with data.global.parameters as parameters
	count(owner_missing.violation) == 1 with input as _manifest("ConfigMap", {"labels": {"owner": "customer-team"}})
		with data.global.parameters as parameters
	owner_missing.violation == set() with input as _manifest("Deployment", {}) with data.global.parameters as parameters
	count(owner_missing.violation) == 1 with input as _plan_of("aws_iam_role", {}) with data.global.parameters as parameters
}
