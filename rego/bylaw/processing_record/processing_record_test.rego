package bylaw.processing_record_test

import data.bylaw.processing_record

_fields := [
	{"name": "email", "path": "contract.schema[t].email", "categories": ["user.contact.email"], "retention_days": 30},
	{"name": "mail", "path": "contract.schema[t].mail", "semantic_type": "email", "personal": true},
	{"name": "belief", "path": "contract.schema[t].belief", "categories": ["user.demographic.religious_belief"]},
	{"name": "x", "path": "contract.schema[t].x", "personal": true, "data_subjects": ["visitor"]},
	{"name": "load", "path": "contract.schema[t].load", "categories": ["system.operations"]},
]

_product := {
	"domain": "customer",
	"name": "profiles",
	"owner": "ann",
	"description": "Who our customers are.",
	"purposes": ["analytics"],
	"lawful_basis": "contract",
	"special_category_basis": "explicit_consent",
	"data_subjects": ["customer"],
	"recipients": ["auditors"],
	"access_policies": [{"role": "analyst", "permissions": ["read"]}],
	"regions": ["eu-central-1"],
	"transfers": [{"to": "US", "mechanism": "SCCs", "path": "product.transfers[US]"}],
	"retention": {"days": 365},
	"protections": ["masking"],
	"encryption": {"at_rest": "AES-256"},
	"output_ports": [{"name": "p", "regions": ["eu-west-1"], "encryption": {"in_transit": "TLS"}}],
	"contract": {"schema": [{"name": "t", "fields": _fields}]},
}

_controller := {"controller": {
	"name": "Company AG",
	"contact": "privacy@company.com",
	"representative": "Someone",
	"data_protection_officer": "dpo@company.com",
}}

_mesh := {"grants": [
	{"subject": "group:service", "product": "customer/profiles", "actions": ["read"]},
	{"subject": "user:erik", "product": "other/product", "actions": ["read"]},
]}

test_everything_that_is_stated_is_on_record if {
	processing_record.record == {
		"holds_personal_data": "yes",
		"missing": [],
		"controller": "Company AG",
		"contact": "privacy@company.com",
		"representative": "Someone",
		"data_protection_officer": "dpo@company.com",
		"owner": "ann",
		"activity": "Who our customers are.",
		"purposes": [{"key": "analytics", "name": "Analytics"}],
		"lawful_basis": "contract",
		"special_category_basis": "explicit_consent",
		"data_subjects": [{"key": "customer", "name": "Customer"}, {"key": "visitor", "name": "Visitor"}],
		"data_categories": [
			{
				"key": "user.contact.email",
				"name": "User Contact Email",
				"special": false,
				"fields": ["contract.schema[t].email", "contract.schema[t].mail"],
			},
			{
				"key": "user.demographic.religious_belief",
				"name": "Religion",
				"special": true,
				"fields": ["contract.schema[t].belief"],
			},
		],
		"uncategorised_fields": ["contract.schema[t].x"],
		"recipients": ["auditors", "group:service", "role:analyst"],
		"places": ["eu-central-1", "eu-west-1"],
		"transfers": [{"to": "US", "mechanism": "SCCs"}],
		"time_limits": [{"of": "the product", "days": 365}, {"of": "contract.schema[t].email", "days": 30}],
		"security_measures": ["encryption at rest: AES-256", "encryption in transit: TLS", "masking"],
	} with input as {"product": _product}
		with data.global.parameters as _controller
		with data.mesh as _mesh
}

_all := {
	"controller", "contact", "owner", "purposes", "lawful_basis", "data_subjects", "data_categories", "recipients",
	"places", "time_limits", "security_measures",
}

test_what_nobody_stated_is_missing_by_name[note] if {
	some note, [facts, personal] in {
		"a product that says nothing": [{"product": {}}, "unknown"],
		"no product": [{}, "unknown"],
		"empty lists": [{"product": {"purposes": [], "recipients": [], "regions": []}}, "unknown"],
		"a personal field without a category": [
			{"product": {"contract": {"schema": [{"name": "t", "fields": [{"name": "x", "path": "p", "personal": true}]}]}}},
			"yes",
		],
	}
	record := processing_record.record with input as facts with data.global.parameters as {"controller": "a text"}
	record.holds_personal_data == personal
	{missing.part | some missing in record.missing} == _all
	every missing in record.missing {
		missing.fact != ""
	}
}

test_a_product_that_is_shown_to_hold_none if {
	processing_record.holds_personal_data == "no" with input as {"product": {"contract": {"schema": [{
		"name": "t",
		"fields": [{"name": "load", "personal": false}],
	}]}}}
}

test_special_categories_take_a_condition if {
	record := processing_record.record with input as {"product": object.remove(_product, ["special_category_basis"])}
		with data.global.parameters as _controller
	record.missing == [{"part": "special_category_basis", "fact": "product.special_category_basis"}]
}
