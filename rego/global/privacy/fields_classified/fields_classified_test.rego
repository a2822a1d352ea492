package global.privacy.fields_classified_test

import data.global.privacy.fields_classified

_facts(class, fields) := {"product": {"classification": class, "contract": {"schema": [{
	"name": "v1.customers",
	"path": "contract.schema[v1.customers]",
	"fields": fields,
}]}}}

_email := {"name": "email", "path": "contract.schema[v1.customers].email"}

_address(more) := object.union(
	{"name": "address", "path": "contract.schema[v1.customers].address", "fields": [{
		"name": "street",
		"path": "contract.schema[v1.customers].address.street",
	}]},
	more,
)

_violation(name) := {
	"msg": sprintf("the product is restricted, and field %v has no classification", [name]),
	"path": sprintf("contract.schema[v1.customers].%v", [name]),
}

test_allowed[note] if {
	some note, facts in {
		"each field has one": _facts("restricted", [object.union(_email, {"classification": "restricted"})]),
		"the record has one": _facts("restricted", [_address({"classification": "confidential"})]),
		"a product of another class": _facts("internal", [_email]),
		"no fields": _facts("restricted", []),
		"no product": {},
	}
	fields_classified.violation == set() with input as facts
		with data.global.parameters as {}
}

test_denied[note] if {
	some note, field in {
		"nothing said": _email,
		"personal is no class": object.union(_email, {"personal": true}),
		"blank": object.union(_email, {"classification": " "}),
	}
	fields_classified.violation == {_violation("email")} with input as _facts("restricted", [field])
		with data.global.parameters as {}
}

test_denied_for_records_and_what_is_below if {
	violations := fields_classified.violation with input as _facts("restricted", [_address({})])
		with data.global.parameters as {}

	{violation.path | some violation in violations} == {
		"contract.schema[v1.customers].address",
		"contract.schema[v1.customers].address.street",
	}
}

test_a_field_does_not_speak_for_another_whose_name_begins_alike if {
	longer := {"name": "email_hash", "path": "contract.schema[v1.customers].email_hash"}
	fields := [object.union(_email, {"classification": "restricted"}), longer]
	fields_classified.violation == {_violation("email_hash")} with input as _facts("restricted", fields)
		with data.global.parameters as {}
}

test_the_council_says_in_which_classes if {
	parameters := {"classes_with_classified_fields": ["internal"]}
	count(fields_classified.violation) == 1 with input as _facts("internal", [_email])
		with data.global.parameters as parameters
	fields_classified.violation == set() with input as _facts("restricted", [_email])
		with data.global.parameters as parameters
}
