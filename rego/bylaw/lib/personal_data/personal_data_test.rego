package bylaw.lib.personal_data_test

import data.bylaw.lib.personal_data

_email := {"name": "email", "path": "contract.schema[customers].email", "personal": true}

_id := {"name": "id", "path": "contract.schema[segments].id", "personal": false}

_product := {"contract": {"schema": [
	{"name": "customers", "fields": [_email]},
	{"name": "segments", "fields": [_id]},
]}}

_unknown := "nobody can tell whether it carries personal data"

test_ports_hold_the_data if {
	port := {"name": "daily", "path": "output_ports[daily]"}
	personal_data.holders({"output_ports": [port]}) == {{"label": "port daily", "path": "output_ports[daily]", "port": port}}
}

test_a_product_without_ports_holds_it_itself[note] if {
	some note, product in {"absent": {}, "empty": {"output_ports": []}}
	personal_data.holders(product) == {{"label": "the product", "path": "product.encryption", "port": {}}}
}

test_personal_fields_are_named if {
	personal_data.reason(_product, {}) == "it carries personal data (email)"
	personal_data.reason(_product, {"schema": ["customers"]}) == "it carries personal data (email)"
}

test_a_port_that_is_shown_to_carry_none_has_no_reason if {
	not personal_data.reason(_product, {"schema": ["segments"]})
}

test_what_is_not_shown_is_not_known[note] if {
	some note, row in {
		"no contract": {"product": {}, "port": {}},
		"an empty schema": {"product": {"contract": {"schema": []}}, "port": {}},
		"an object without fields": {"product": {"contract": {"schema": [{"name": "segments"}]}}, "port": {}},
		"an object without a name": {"product": {"contract": {"schema": [{"fields": [_id]}]}}, "port": {}},
		"a port with an unknown object": {"product": _product, "port": {"schema": ["segments", "secrets"]}},
		"a port with no object": {"product": _product, "port": {"schema": []}},
	}
	personal_data.reason(row.product, row.port) == _unknown
}

test_categories_are_those_that_are_stated_else_those_that_words_mean[note] if {
	some note, [field, wanted] in {
		"stated": [{"categories": ["user.name"], "semantic_type": "email"}, {"user.name"}],
		"a semantic type": [{"semantic_type": "email"}, {"user.contact.email"}],
		"a format": [{"format": "idn-email"}, {"user.contact.email"}],
		"a classification": [{"classification": "PII"}, {"user"}],
		"tags": [{"tags": ["iban", "daily"]}, {"user.financial.bank_account"}],
		"its name says nothing for sure": [{"name": "email"}, set()],
		"an empty list": [{"categories": [], "tags": ["pii"]}, {"user"}],
		"odd shapes": [{"categories": "user.name", "tags": "pii", "format": 1}, set()],
	}
	personal_data.categories(field) == wanted
}

test_what_a_field_is_likely_of[note] if {
	some note, [field, wanted] in {
		"by its name": [{"name": "e_mail"}, {"user.contact.email"}],
		"by what its name reads as": [{"name": "\u0435mail", "reads_as": "email"}, {"user.contact.email"}],
		"by a synonym": [{"name": "x", "synonyms": ["Surname"]}, {"user.name.last"}],
		"by its semantic type": [{"name": "x", "semantic_type": "ip-address"}, {"user.device.ip_address"}],
		"by its format": [{"name": "x", "format": "idn-email"}, {"user.contact.email"}],
		"by its samples": [{"name": "x", "samples_look_like": ["iban"]}, {"user.financial.bank_account"}],
		"of two": [{"name": "email", "samples_look_like": ["ssn"]}, {
			"user.contact.email",
			"user.government_id.national_identification_number",
		}],
		"of none": [{"name": "total"}, set()],
		"without a name": [{}, set()],
		"of odd shapes": [{"name": 1, "samples_look_like": "email", "synonyms": "email"}, set()],
	}
	personal_data.likely_categories(field) == wanted
}
