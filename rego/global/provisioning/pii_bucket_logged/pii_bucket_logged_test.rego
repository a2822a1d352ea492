package global.provisioning.pii_bucket_logged_test

import data.global.provisioning.pii_bucket_logged

_bucket(tags, more) := {
	"address": "aws_s3_bucket.pii", "mode": "managed", "type": "aws_s3_bucket", "name": "pii",
	"change": {"actions": ["create"], "after": object.union({"bucket": "profiles", "tags_all": tags}, more), "after_unknown": {"id": true}},
}

_logging(after, unknown) := {
	"address": "aws_s3_bucket_logging.pii", "mode": "managed", "type": "aws_s3_bucket_logging", "name": "pii",
	"change": {"actions": ["create"], "after": after, "after_unknown": unknown},
}

_configuration(references) := {"root_module": {"resources": [{
	"address": "aws_s3_bucket_logging.pii", "type": "aws_s3_bucket_logging", "name": "pii",
	"expressions": {"bucket": {"references": references}},
}]}}

_pii := {"DataClassification": "PII"}

_violation := {{
	"msg": "aws_s3_bucket.pii is tagged PII and its access is not logged",
	"path": "resource_changes[aws_s3_bucket.pii]",
}}

test_allowed[note] if {
	some note, plan in {
		"a resource that names the bucket": {"resource_changes": [
			_bucket(_pii, {}),
			_logging({"bucket": "profiles", "target_bucket": "audit"}, {}),
		]},
		"both known after apply": {
			"resource_changes": [_bucket(_pii, {}), _logging({}, {"bucket": true, "target_bucket": true})],
			"configuration": _configuration(["aws_s3_bucket.pii.id", "aws_s3_bucket.pii"]),
		},
		"inside the bucket": {"resource_changes": [_bucket(_pii, {"logging": [{"target_bucket": "audit"}]})]},
		"what is no bucket": {"resource_changes": [object.union(_bucket(_pii, {}), {"type": "aws_sqs_queue"})]},
		"no personal data": {"resource_changes": [_bucket({"DataClassification": "public"}, {})]},
	}
	pii_bucket_logged.violation == set() with input as {"plan": plan}
		with data.global.parameters as {}
}

test_denied[note] if {
	some note, plan in {
		"nothing said": {"resource_changes": [_bucket(_pii, {})]},
		"known after apply": {"resource_changes": [object.union(_bucket(_pii, {}), {"change": {"after_unknown": {"logging": true}}})]},
		"no target": {"resource_changes": [_bucket(_pii, {}), _logging({"bucket": "profiles", "target_bucket": ""}, {})]},
		"no target inside the bucket": {"resource_changes": [_bucket(_pii, {"logging": [{"target_bucket": " "}]})]},
		"another bucket's log": {
			"resource_changes": [_bucket(_pii, {}), _logging({"target_bucket": "audit"}, {"bucket": true})],
			"configuration": _configuration(["aws_s3_bucket.other.id", "aws_s3_bucket.other"]),
		},
	}
	pii_bucket_logged.violation == _violation with input as {"plan": plan}
		with data.global.parameters as {}
}

test_the_council_says_which_classes_are_logged if {
	plan := {"resource_changes": [_bucket({"DataClassification": "health"}, {})]}
	count(pii_bucket_logged.violation) == 1 with input as {"plan": plan}
		with data.global.parameters as {"pii_bucket_classes": ["health"]}
}
