package bylaw.masking_plan_test

import data.bylaw.masking_plan

_settings := {
	"categories": {"user": "nullify", "user.contact.email": "email_domain"},
	"classifications": {"restricted": "redact"},
	"known": ["public", "internal", "confidential", "restricted"],
	"tokenise_function": "",
}

_product := {"product": {"classification": "internal", "contract": {"schema": [
	{"name": "customers", "fields": [
		{"name": "email", "type": "string", "physical_type": "varchar(80)", "categories": ["user.contact.email"]},
		{"name": "total", "type": "integer", "personal": false},
		{"name": "address", "type": "record", "classification": "internal", "fields": [
			{"name": "street", "type": "string", "categories": ["user.contact.address.street"]},
			{"name": "notes", "fields": [{"name": "secret", "classification": "restricted"}]},
		]},
	]},
	{"fields": [{"name": "x", "classification": "restricted", "type": "varchar"}, {"type": "a field without a name"}]},
	{"name": "empty"},
]}}}

test_each_column_has_its_mask if {
	masking_plan.columns == [
		{
			"object": "customers",
			"column": "email",
			"type": "varchar(80)",
			"mask": "email_domain",
			"expression": `CAST(concat('*****@', regexp_extract("email", '@([^@]+)$', 1)) AS varchar(80))`,
			"strength": 45,
			"why": "user.contact.email takes email_domain",
		},
		{"object": "customers", "column": "total", "type": "integer", "mask": "keep", "strength": 0},
		{
			"object": "customers",
			"column": "address",
			"type": "record",
			"mask": "nullify",
			"expression": "NULL",
			"strength": 100,
			"why": "user.contact.address.street takes nullify",
		},
		{
			"object": "",
			"column": "x",
			"type": "varchar",
			"mask": "redact",
			"expression": "'*****'",
			"strength": 90,
			"why": "restricted data takes redact",
		},
	] with input as _product with data.global.access.masked_by_classification.settings as _settings
}

test_the_registry_is_told_what_columns_are if {
	masking_plan.registered == [
		{
			"object": "customers",
			"name": "email",
			"type": "varchar(80)",
			"categories": ["user.contact.email"],
			"personal": true,
		},
		{"object": "customers", "name": "total", "type": "integer", "personal": false},
		{
			"object": "customers",
			"name": "address",
			"type": "record",
			"classification": "internal",
			"categories": ["user.contact.address.street"],
			"personal": true,
		},
		{
			"object": "customers",
			"name": "address",
			"type": "record",
			"classification": "restricted",
			"categories": ["user.contact.address.street"],
			"personal": true,
		},
		{"object": "", "name": "x", "type": "varchar", "classification": "restricted"},
	] with input as _product
}

test_a_column_is_masked_as_the_strongest_of_what_is_below[note] if {
	some note, [own, below, mask] in {
		"of one below": ["internal", "restricted", "nullify"],
		"its own": ["restricted", "internal", "nullify"],
		"of none": ["internal", "public", "keep"],
	}
	facts := {"product": {"classification": "internal", "contract": {"schema": [{"name": "t", "fields": [{
		"name": "a",
		"type": "record",
		"classification": own,
		"fields": [{"name": "b", "classification": below}],
	}]}]}}}
	plans := masking_plan.columns with input as facts
		with data.global.access.masked_by_classification.settings as _settings
	[plan.mask | some plan in plans] == [mask]
}

test_no_plan_where_the_law_does_not_mask if {
	not masking_plan.is_in_force with input as _product with data.global.access as {}
	masking_plan.columns == [] with input as _product with data.global.access as {}
}

test_no_columns_of_no_contract[note] if {
	some note, facts in {"nothing": {}, "a text": {"product": {"contract": {"schema": "x"}}}}
	masking_plan.columns == [] with input as facts
		with data.global.access.masked_by_classification.settings as _settings
	masking_plan.registered == [] with input as facts
}
