package bylaw.lib.terraform_test

import data.bylaw.lib.terraform

_change(address, type, name, after) := {
	"address": address,
	"mode": "managed",
	"type": type,
	"name": name,
	"change": {"actions": ["create"], "after": after, "after_unknown": {"id": true}},
}

_resource(address, type, name, values) := {
	"address": address,
	"type": type,
	"name": name,
	"actions": ["create"],
	"values": values,
	"unknown": {"id": true},
}

test_resources_are_what_is_there_afterwards if {
	plan := {"resource_changes": [
		_change("aws_s3_bucket.a", "aws_s3_bucket", "a", {"bucket": "a"}),
		object.union(_change("aws_s3_bucket.gone", "aws_s3_bucket", "gone", {}), {"change": {"after": null}}),
		object.union(_change("data.aws_s3_bucket.d", "aws_s3_bucket", "d", {}), {"mode": "data"}),
		object.union(
			_change("module.m.aws_s3_bucket.b", "aws_s3_bucket", "b", {}),
			{"module_address": "module.m", "change": {"actions": ["no-op"], "after": {}}},
		),
	]}
	terraform.resources(plan) == {
		_resource("aws_s3_bucket.a", "aws_s3_bucket", "a", {"bucket": "a"}),
		{
			"address": "module.m.aws_s3_bucket.b",
			"module_address": "module.m",
			"type": "aws_s3_bucket",
			"name": "b",
			"actions": ["no-op"],
			"values": {},
			"unknown": {"id": true},
		},
	}
}

test_planned_values_are_read_through_modules if {
	inner := {"address": "module.m.t.b", "mode": "managed", "type": "t", "name": "b", "values": {}}
	plan := {"planned_values": {"root_module": {
		"resources": [{"address": "t.a", "mode": "managed", "type": "t", "name": "a", "values": {"x": 1}}],
		"child_modules": [{"resources": [inner]}],
	}}}
	{resource.address | some resource in terraform.resources(plan)} == {"t.a", "module.m.t.b"}
}

test_tags_and_claims if {
	resource := {"address": "t.a", "values": {"tags_all": {"Domain": "order", "Env": "p"}, "tags": {"Product": "orders"}}}
	terraform.tags(resource) == {"Domain": "order", "Env": "p", "Product": "orders"}
	terraform.claims(resource) == {"domain": "order", "product": "orders"}
	terraform.path(resource) == "resource_changes[t.a]"
	terraform.tags({"values": {"tags": null}}) == {}
}

test_tags_of_the_councils_own if {
	resource := {"values": {"tags": {"team": "order", "Domain": "x"}}}
	terraform.claims(resource) == {"domain": "order"} with data.global.parameters.terraform.domain_tags as ["team"]
}

test_a_narrowed_plan_keeps_what_is_a_domains_and_what_is_nobodys if {
	mine := _change("t.mine", "t", "mine", {"tags": {"Domain": "Order"}})
	others := _change("t.others", "t", "others", {"tags": {"Domain": "finance"}})
	nobodys := _change("t.nobodys", "t", "nobodys", {})
	plan := {"resource_changes": [mine, others, nobodys], "configuration": {}}
	terraform.narrowed(plan, "order") == {"resource_changes": [mine, nobodys], "configuration": {}}
}

_logging := "aws_s3_bucket_logging"

_configured(name, reference) := {
	"type": _logging,
	"name": name,
	"expressions": {"bucket": {"references": [reference, "aws_s3_bucket.pii"]}},
}

test_companions_are_told_by_name_and_by_reference[note] if {
	some note, case in {
		"the same bucket name": {
			"bucket": _change("aws_s3_bucket.a", "aws_s3_bucket", "a", {"bucket": "n"}),
			"companion": _change("aws_s3_bucket_logging.l", _logging, "l", {"bucket": "n"}),
			"configuration": {},
			"found": {"aws_s3_bucket_logging.l"},
		},
		"another bucket name": {
			"bucket": _change("aws_s3_bucket.a", "aws_s3_bucket", "a", {"bucket": "n"}),
			"companion": _change("aws_s3_bucket_logging.l", _logging, "l", {"bucket": "m"}),
			"configuration": {},
			"found": set(),
		},
		"a reference": {
			"bucket": _change("aws_s3_bucket.pii", "aws_s3_bucket", "pii", {}),
			"companion": _change("aws_s3_bucket_logging.l", _logging, "l", {}),
			"configuration": {"root_module": {"resources": [_configured("l", "aws_s3_bucket.pii.id")]}},
			"found": {"aws_s3_bucket_logging.l"},
		},
		"a reference to another": {
			"bucket": _change("aws_s3_bucket.a", "aws_s3_bucket", "a", {}),
			"companion": _change("aws_s3_bucket_logging.l", _logging, "l", {}),
			"configuration": {"root_module": {"resources": [_configured("l", "aws_s3_bucket.pii.id")]}},
			"found": set(),
		},
		"the same key of for_each": {
			"bucket": _change("aws_s3_bucket.pii[\"a\"]", "aws_s3_bucket", "pii", {}),
			"companion": _change("aws_s3_bucket_logging.l[\"a\"]", _logging, "l", {}),
			"configuration": {"root_module": {"resources": [_configured("l", "aws_s3_bucket.pii")]}},
			"found": {"aws_s3_bucket_logging.l[\"a\"]"},
		},
		"another key of for_each": {
			"bucket": _change("aws_s3_bucket.pii[\"a\"]", "aws_s3_bucket", "pii", {}),
			"companion": _change("aws_s3_bucket_logging.l[\"b\"]", _logging, "l", {}),
			"configuration": {"root_module": {"resources": [_configured("l", "aws_s3_bucket.pii")]}},
			"found": set(),
		},
		"inside a module": {
			"bucket": object.union(
				_change("module.m[0].aws_s3_bucket.pii", "aws_s3_bucket", "pii", {}),
				{"module_address": "module.m[0]"},
			),
			"companion": object.union(
				_change("module.m[0].aws_s3_bucket_logging.l", _logging, "l", {}),
				{"module_address": "module.m[0]"},
			),
			"configuration": {"root_module": {"module_calls": {"m": {"module": {"resources": [_configured(
				"l",
				"aws_s3_bucket.pii.bucket",
			)]}}}}},
			"found": {"module.m[0].aws_s3_bucket_logging.l"},
		},
		"in another module": {
			"bucket": _change("aws_s3_bucket.pii", "aws_s3_bucket", "pii", {}),
			"companion": object.union(
				_change("module.m.aws_s3_bucket_logging.l", _logging, "l", {}),
				{"module_address": "module.m"},
			),
			"configuration": {"root_module": {"module_calls": {"m": {"module": {"resources": [_configured(
				"l",
				"aws_s3_bucket.pii.id",
			)]}}}}},
			"found": set(),
		},
	}
	plan := {"resource_changes": [case.bucket, case.companion], "configuration": case.configuration}
	some bucket in terraform.resources(plan)
	bucket.address == case.bucket.address
	{found.address | some found in terraform.companions(plan, bucket, _logging)} == case.found
}

test_where_a_resource_stands[note] if {
	aws := {"name": "aws", "expressions": {"region": {"constant_value": "eu-west-1"}}}
	some note, [values, configuration, wanted] in {
		"its own region": [{"region": "a"}, {"aws": aws}, {"a"}],
		"its location": [{"location": "b"}, {}, {"b"}],
		"its provider's": [{}, {"aws": aws}, {"eu-west-1"}],
		"of a provider that is configured twice": [{}, {"aws": aws, "aws.b": aws}, set()],
		"of a provider without a region": [{}, {"aws": {"name": "aws"}}, set()],
		"of no provider": [{}, {}, set()],
		"a region that is no text": [{"region": 1}, {}, set()],
	}
	plan := {"configuration": {"provider_config": configuration}}
	found := {region | region := terraform.region(plan, {"type": "aws_s3_bucket", "values": values})}
	found == wanted
}
