package global.compliance.required_fields_test

import data.global.compliance.required_fields

_product := {
	"domain": "customer",
	"name": "customer-profile",
	"version": "1.0.0",
	"sla": {"freshness_seconds": 3600},
	"contract": {"version": "2.1.0"},
}

_missing(field) := {
	"msg": sprintf("%v is missing; a product is not published without it", [field]),
	"path": sprintf("product.%v", [field]),
}

test_allowed_when_all_are_said if required_fields.violation == set() with input as {"product": _product}

test_denied_for_each_that_is_absent[field] if {
	some field in ["domain", "name", "version", "sla"]
	required_fields.violation == {_missing(field)} with input as {"product": object.remove(_product, [field])}
}

test_denied_for_what_says_nothing[note] if {
	some note, value in {"empty text": "", "null": null, "empty object": {}, "empty list": []}
	required_fields.violation == {_missing("sla")} with input as {"product": {"sla": value}}
		with data.global.parameters.required_fields as ["sla"]
}

test_denied_without_a_product if {
	required_fields.violation == {_missing("domain"), _missing("name"), _missing("version"), _missing("sla")} with input as {}
		with data.global.parameters as {}
}

test_a_nested_field_may_be_asked_for if {
	required_fields.violation == set() with input as {"product": _product}
		with data.global.parameters.required_fields as ["contract.version"]

	required_fields.violation == {_missing("contract.id")} with input as {"product": _product}
		with data.global.parameters.required_fields as ["contract.id"]
}
