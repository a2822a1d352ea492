package global.provisioning.mandatory_tags_test

import data.global.provisioning.mandatory_tags

_plan(type, after) := {"plan": {"resource_changes": [{
	"address": sprintf("%v.data", [type]), "mode": "managed", "type": type, "name": "data",
	"change": {"actions": ["create"], "after": after, "after_unknown": {"tags_all": true}},
}]}}

_all := {"Domain": "customer", "DataProduct": "customer-profile", "DataClassification": "PII"}

_without(tag) := {
	"msg": sprintf("aws_s3_bucket.data has no tag %v", [tag]),
	"path": "resource_changes[aws_s3_bucket.data]",
}

test_allowed[note] if {
	some note, facts in {
		"own tags": _plan("aws_s3_bucket", {"tags": _all}),
		"default tags of the provider": _plan("aws_s3_bucket", {"tags": null, "tags_all": _all}),
		"a type that is not tagged": _plan("aws_s3_bucket_logging", {}),
	}
	mandatory_tags.violation == set() with input as facts
		with data.global.parameters as {}
}

test_denied_for_each_that_is_absent[tag] if {
	some tag in ["Domain", "DataProduct", "DataClassification"]
	mandatory_tags.violation == {_without(tag)} with input as _plan("aws_s3_bucket", {"tags_all": object.remove(_all, [tag])})
		with data.global.parameters as {}
}

test_denied_without_any_tags[note] if {
	some note, after in {"null": {"tags": null}, "absent": {}, "blank": {"tags": {"Domain": " "}}}
	mandatory_tags.violation == {_without("Domain"), _without("DataProduct"), _without("DataClassification")} with input as _plan("aws_s3_bucket", after)
		with data.global.parameters as {}
}

test_the_council_names_the_tags if {
	mandatory_tags.violation == {_without("CostCenter")} with input as _plan("aws_s3_bucket", {"tags": _all})
		with data.global.parameters.mandatory_tags as ["Domain", "CostCenter"]
}

test_the_council_says_what_is_tagged if {
	count(mandatory_tags.violation) == 3 with input as _plan("aws_sqs_queue", {})
		with data.global.parameters as {"tagged_resource_types": ["aws_sqs_queue"]}
}
