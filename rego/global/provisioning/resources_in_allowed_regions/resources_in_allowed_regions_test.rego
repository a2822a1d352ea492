package global.provisioning.resources_in_allowed_regions_test

import data.global.provisioning.resources_in_allowed_regions

_in_europe := {"allowed_regions": ["eu-*", "westeurope"]}

_plan(type, values, configuration) := {"plan": {
	"resource_changes": [{
		"address": sprintf("%v.x", [type]),
		"mode": "managed",
		"type": type,
		"name": "x",
		"change": {"actions": ["create"], "after": object.union({"tags": {"DataClassification": "PII"}}, values)},
	}],
	"variables": {"region": {"value": "eu-west-3"}, "elsewhere": {"value": "us-east-1"}},
	"configuration": {"provider_config": configuration},
}}

_provider(region) := {"aws": {"name": "aws", "expressions": {"region": region}}}

_violation(address, rest) := {{
	"msg": sprintf("%v is tagged PII and %v", [address, rest]),
	"path": sprintf("resource_changes[%v]", [address]),
}}

_bucket(rest) := _violation("aws_s3_bucket.x", rest)

_unknown := _bucket("nobody can tell in which region it will stand")

_outside := _bucket("stands in us-east-1, which is outside eu-*, westeurope")

test_allowed[note] if {
	some note, facts in {
		"by its own region": _plan("aws_s3_bucket", {"region": "EU-west-1"}, {}),
		"by its location": _plan("azurerm_storage_account", {"location": "westeurope"}, {}),
		"by its provider": _plan("aws_s3_bucket", {}, _provider({"constant_value": "eu-west-1"})),
		"by a variable": _plan("aws_s3_bucket", {}, _provider({"references": ["var.region"]})),
		"its own word wins": _plan("aws_s3_bucket", {"region": "eu-west-1"}, _provider({"constant_value": "us-east-1"})),
		"another provider's": _plan("google_storage_bucket", {"location": "eu-north"}, _provider({"constant_value": "us-east-1"})),
		"no personal data": _plan("aws_s3_bucket", {"tags": {"DataClassification": "internal"}}, {}),
		"no tags": _plan("aws_s3_bucket", {"tags": null, "region": "us-east-1"}, {}),
	}
	resources_in_allowed_regions.violation == set() with input as facts
		with data.global.parameters as _in_europe
}

test_denied[note] if {
	some note, [facts, wanted] in {
		"elsewhere": [_plan("aws_s3_bucket", {"region": "us-east-1"}, {}), _outside],
		"elsewhere by its provider": [_plan("aws_s3_bucket", {}, _provider({"constant_value": "us-east-1"})), _outside],
		"elsewhere by a variable": [_plan("aws_s3_bucket", {}, _provider({"references": ["var.elsewhere"]})), _outside],
		"nobody says": [_plan("aws_s3_bucket", {}, {}), _unknown],
		"known after apply": [_plan("aws_s3_bucket", {}, _provider({"references": ["data.aws_region.here.name"]})), _unknown],
		"a variable that has no value": [_plan("aws_s3_bucket", {}, _provider({"references": ["var.none"]})), _unknown],
		"of two configurations": [
			_plan("aws_s3_bucket", {}, object.union(
				_provider({"constant_value": "eu-west-1"}),
				{"aws.us": {"name": "aws", "alias": "us", "expressions": {"region": {"constant_value": "us-east-1"}}}},
			)),
			_unknown,
		],
		"of another provider": [_plan("azurerm_storage_account", {}, _provider({"constant_value": "eu-west-1"})), _violation(
			"azurerm_storage_account.x",
			"nobody can tell in which region it will stand",
		)],
	}
	resources_in_allowed_regions.violation == wanted with input as facts
		with data.global.parameters as _in_europe
}

test_every_class_of_personal_data[class] if {
	some class in ["pii", "Personal", "confidential", "restricted"]
	count(resources_in_allowed_regions.violation) == 1 with input as _plan(
		"aws_s3_bucket",
		{"tags": {"DataClassification": class}}, {},
	)
		with data.global.parameters as _in_europe
}

test_the_council_says_which_classes_and_regions if {
	facts := _plan("aws_s3_bucket", {"tags": {"DataClassification": "secret"}, "region": "eu-west-1"}, {})
	resources_in_allowed_regions.violation == {{
		"msg": "aws_s3_bucket.x is tagged secret and stands in eu-west-1, which is outside us-*",
		"path": "resource_changes[aws_s3_bucket.x]",
	}} with input as facts
		with data.global.parameters as {"pii_bucket_classes": ["secret"], "allowed_regions": ["us-*"]}
}

test_no_region_is_allowed_where_the_council_names_none if {
	count(resources_in_allowed_regions.violation) == 1 with input as _plan("aws_s3_bucket", {"region": "eu-west-1"}, {})
		with data.global.parameters as {}
}

test_a_domain_allows_fewer if {
	facts := _plan(
		"azurerm_storage_account",
		{"tags": {"DataClassification": "PII", "Domain": "customer"}, "location": "westeurope"}, {},
	)
	count(resources_in_allowed_regions.violation) == 1 with input as facts
		with data.global.parameters as object.union(_in_europe, {"directions": {"allowed_regions": "fewer"}})
		with data.domains.customer.parameters as {"allowed_regions": ["eu-*"]}
}

test_no_plan_has_no_resources if resources_in_allowed_regions.violation == set() with input as {}
