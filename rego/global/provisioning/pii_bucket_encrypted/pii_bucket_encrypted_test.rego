package global.provisioning.pii_bucket_encrypted_test

import data.global.provisioning.pii_bucket_encrypted

_bucket(tags, more) := {
	"address": "aws_s3_bucket.pii", "mode": "managed", "type": "aws_s3_bucket", "name": "pii",
	"change": {"actions": ["create"], "after": object.union({"bucket": "profiles", "tags_all": tags}, more), "after_unknown": {"id": true}},
}

_encryption(name, after, unknown) := {
	"address": sprintf("aws_s3_bucket_server_side_encryption_configuration.%v", [name]), "mode": "managed",
	"type": "aws_s3_bucket_server_side_encryption_configuration", "name": name,
	"change": {"actions": ["create"], "after": after, "after_unknown": unknown},
}

_rules(algorithm) := [{"apply_server_side_encryption_by_default": [{"sse_algorithm": algorithm}]}]

_configured(name, references) := {"root_module": {"resources": [{
	"address": sprintf("aws_s3_bucket_server_side_encryption_configuration.%v", [name]),
	"type": "aws_s3_bucket_server_side_encryption_configuration", "name": name,
	"expressions": {"bucket": {"references": references}},
}]}}

_pii := {"DataClassification": "PII"}

_violation(class) := {{
	"msg": sprintf("aws_s3_bucket.pii is tagged %v and has no server-side encryption with AES256 or aws:kms or aws:kms:dsse", [class]),
	"path": "resource_changes[aws_s3_bucket.pii]",
}}

test_allowed[note] if {
	some note, plan in {
		"a resource that names the bucket": {"resource_changes": [
			_bucket(_pii, {}),
			_encryption("pii", {"bucket": "profiles", "rule": _rules("AES256")}, {}),
		]},
		"a resource that refers to the bucket, whose id is known after apply": {
			"resource_changes": [_bucket(_pii, {}), _encryption("sse", {"rule": _rules("aws:kms")}, {"bucket": true})],
			"configuration": _configured("sse", ["aws_s3_bucket.pii.id", "aws_s3_bucket.pii"]),
		},
		"inside the bucket": {"resource_changes": [_bucket(_pii, {"server_side_encryption_configuration": [{"rule": _rules("AES256")}]})]},
		"no personal data": {"resource_changes": [_bucket({"DataClassification": "internal"}, {})]},
		"what is no bucket": {"resource_changes": [object.union(_bucket(_pii, {}), {"type": "aws_sqs_queue"})]},
		"a bucket that goes": {"resource_changes": [{
			"address": "aws_s3_bucket.pii", "mode": "managed", "type": "aws_s3_bucket", "name": "pii",
			"change": {"actions": ["delete"], "before": {"tags_all": _pii}, "after": null},
		}]},
	}
	pii_bucket_encrypted.violation == set() with input as {"plan": plan}
		with data.global.parameters as {}
}

test_denied[note] if {
	some note, plan in {
		"nothing said": {"resource_changes": [_bucket(_pii, {})]},
		"known after apply": {"resource_changes": [object.union(
			_bucket(_pii, {}),
			{"change": {"after_unknown": {"server_side_encryption_configuration": true}}},
		)]},
		"another bucket's encryption": {
			"resource_changes": [_bucket(_pii, {}), _encryption("sse", {"rule": _rules("aws:kms")}, {"bucket": true})],
			"configuration": _configured("sse", ["aws_s3_bucket.other.id", "aws_s3_bucket.other"]),
		},
		"a bucket with a longer name": {"resource_changes": [
			_bucket(_pii, {}),
			_encryption("pii", {"bucket": "profiles-2", "rule": _rules("AES256")}, {}),
		]},
		"an algorithm nobody agreed on": {"resource_changes": [
			_bucket(_pii, {}),
			_encryption("pii", {"bucket": "profiles", "rule": _rules("DES")}, {}),
		]},
		"an algorithm nobody agreed on, inside the bucket": {"resource_changes": [_bucket(
			_pii,
			{"server_side_encryption_configuration": [{"rule": _rules("DES")}]},
		)]},
		"an algorithm that is known after apply": {"resource_changes": [
			_bucket(_pii, {}),
			_encryption("pii", {"bucket": "profiles", "rule": [{"apply_server_side_encryption_by_default": [{}]}]}, {}),
		]},
		"encryption that goes": {"resource_changes": [_bucket(_pii, {}), {
			"address": "aws_s3_bucket_server_side_encryption_configuration.pii", "mode": "managed",
			"type": "aws_s3_bucket_server_side_encryption_configuration", "name": "pii",
			"change": {"actions": ["delete"], "before": {"bucket": "profiles", "rule": _rules("AES256")}, "after": null},
		}]},
	}
	pii_bucket_encrypted.violation == _violation("PII") with input as {"plan": plan}
		with data.global.parameters as {}
}

test_denied_whatever_the_case_of_the_tag[class] if {
	some class in ["pii", "Restricted", "CONFIDENTIAL"]
	pii_bucket_encrypted.violation == _violation(class) with input as {"plan": {"resource_changes": [_bucket({"DataClassification": class}, {})]}}
		with data.global.parameters as {}
}

test_the_council_says_which_classes_and_which_algorithms if {
	parameters := {"pii_bucket_classes": ["health"], "bucket_encryption": ["aws:kms"]}
	plan := {"resource_changes": [
		_bucket({"DataClassification": "health"}, {}),
		_encryption("pii", {"bucket": "profiles", "rule": _rules("AES256")}, {}),
	]}

	pii_bucket_encrypted.violation == {{
		"msg": "aws_s3_bucket.pii is tagged health and has no server-side encryption with aws:kms",
		"path": "resource_changes[aws_s3_bucket.pii]",
	}} with input as {"plan": plan}
		with data.global.parameters as parameters
	pii_bucket_encrypted.violation == set() with input as {"plan": {"resource_changes": [_bucket(_pii, {})]}}
		with data.global.parameters as parameters
}
