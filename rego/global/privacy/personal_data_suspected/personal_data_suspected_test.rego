package global.privacy.personal_data_suspected_test

import data.global.privacy.personal_data_suspected

_facts(field) := {"product": {"contract": {"schema": [{
	"name": "customers",
	"path": "contract.schema[customers]",
	"fields": [object.union({"name": "x", "path": "contract.schema[customers].x"}, field)],
}]}}}

_warning(name, categories, reasons, end) := {{
	"msg": sprintf("field %v looks like %v (%v), and the contract %v", [
		name,
		{true: "personal data", false: concat(" or ", categories)}[categories == []],
		concat("; ", reasons),
		end,
	]),
	"path": "contract.schema[customers].x",
	"details": {"reasons": reasons, "categories": categories},
}}

_unsaid(name, categories, reasons) := _warning(name, categories, reasons, "does not say whether it is")

test_allowed[note] if {
	some note, field in {
		"said to be personal": {"name": "email", "personal": true},
		"said not to be personal": {"name": "email", "personal": false},
		"tagged": {"name": "email", "tags": ["PII"]},
		"classified": {"name": "email", "classification": "internal"},
		"a name nobody suspects": {"name": "email_count"},
		"a word that only ends so": {"name": "smartphone"},
		"a meaning nobody suspects": {"semantic_type": "measure"},
		"samples that nobody asks for": {"samples_look_like": ["colour"]},
		"personal samples of a field that is said to be personal": {"personal": true, "samples_look_like": ["email"]},
	}
	personal_data_suspected.violation == set() with input as _facts(field)
		with data.global.parameters as {}
}

test_allowed_without_a_contract[note] if {
	some note, facts in {"no product": {}, "no contract": {"product": {}}}
	personal_data_suspected.violation == set() with input as facts
}

test_warned_by_name[name] if {
	some name, category in {
		"email": "user.contact.email",
		"Full_Name": "user.name",
		"DateOfBirth": "user.demographic.date_of_birth",
		"ip-address": "user.device.ip_address",
	}
	expected := _unsaid(name, [category], [sprintf("its name reads as %v", [name])])
	personal_data_suspected.violation == expected with input as _facts({"name": name})
		with data.global.parameters as {}
}

test_warned_by_how_a_name_ends[name] if {
	some name, ending in {
		"customer_email": "email",
		"customerEmailAddress": "email_address",
		"billing-street.address": "street_address",
		"Home Phone Number": "phone_number",
	}
	expected := _unsaid(name, [], [sprintf("its name ends in %v", [ending])])
	personal_data_suspected.violation == expected with input as _facts({"name": name})
		with data.global.parameters as {}
}

test_warned_by_what_a_name_reads_as if {
	field := {"name": "\u0435mail", "reads_as": "email"}
	personal_data_suspected.violation == _unsaid("\u0435mail", ["user.contact.email"], ["its name reads as email"]) with input as _facts(field)
		with data.global.parameters as {}
}

test_warned[note] if {
	some note, row in {
		"a synonym": {"field": {"synonyms": ["E-Mail", "note"]}, "categories": ["user.contact.email"], "reasons": ["it is also called E-Mail"]},
		"a semantic type": {"field": {"semantic_type": "Customer ID"}, "categories": ["user.unique_id"], "reasons": ["its semantic type is Customer ID"]},
		"a meaning of no category": {"field": {"semantic_type": "person"}, "categories": [], "reasons": ["its semantic type is person"]},
		"samples": {
			"field": {"samples_look_like": ["email", "ssn"]}, "categories": [
				"user.contact.email",
				"user.government_id.national_identification_number",
			],
			"reasons": [
				"its samples look like email",
				"its samples look like ssn",
			],
		},
		"several reasons": {"field": {"name": "iban", "samples_look_like": ["iban"]}, "categories": ["user.financial.bank_account"], "reasons": [
			"its name reads as iban",
			"its samples look like iban",
		]},
	}
	personal_data_suspected.violation == _unsaid(object.get(row.field, "name", "x"), row.categories, row.reasons) with input as _facts(row.field)
		with data.global.parameters as {}
}

test_warned_where_samples_contradict_what_is_said if {
	field := {"name": "email", "personal": false, "samples_look_like": ["email"]}
	expected := _warning("email", ["user.contact.email"], ["its samples look like email"], "says that it is not")
	personal_data_suspected.violation == expected with input as _facts(field)
		with data.global.parameters as {}
}

test_the_council_says_what_looks_personal[note] if {
	some note, row in {
		"names": {"field": {"name": "loyalty_card"}, "parameters": {"personal_field_names": ["loyalty_card"]}},
		"meanings": {"field": {"semantic_type": "card"}, "parameters": {"personal_semantic_types": ["card"]}},
		"patterns": {"field": {"samples_look_like": ["card"]}, "parameters": {"personal_sample_patterns": ["card"]}},
	}
	count(personal_data_suspected.violation) == 1 with input as _facts(row.field)
		with data.global.parameters as row.parameters
}
