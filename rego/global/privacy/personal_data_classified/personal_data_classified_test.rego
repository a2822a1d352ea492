package global.privacy.personal_data_classified_test

import data.global.privacy.personal_data_classified

_product(field, classification) := {"product": {"classification": classification, "contract": {"schema": [{
	"name": "customers",
	"path": "contract.schema[customers]",
	"fields": [object.union({"path": "contract.schema[customers].x"}, field)],
}]}}}

_too_low(classification) := {{
	"msg": sprintf("the product holds personal data (email) and is %v; that takes confidential or restricted", [classification]),
	"path": "product.classification",
}}

_hidden := {{
	"msg": "the contract does not show every field, so nobody can tell which are personal data",
	"path": "contract.schema",
}}

test_allowed[note] if {
	some note, row in {
		"personal, and confidential": {"field": {"name": "email", "personal": true}, "class": "confidential"},
		"personal, and restricted": {"field": {"name": "email", "tags": ["PII"]}, "class": "restricted"},
		"said not to be personal": {"field": {"name": "email", "personal": false}, "class": "public"},
		"classified by itself": {"field": {"name": "email", "classification": "internal"}, "class": "internal"},
		"a name that is only suspected": {"field": {"name": "email"}, "class": "public"},
	}
	personal_data_classified.violation == set() with input as _product(row.field, row.class)
		with data.global.parameters as {}
}

test_denied_where_the_product_is_classified_too_low[classification] if {
	some classification in ["internal", "public", "Confidential"]
	personal_data_classified.violation == _too_low(classification) with input as _product(
		{"name": "email", "personal": true},
		classification,
	)
		with data.global.parameters as {}
}

test_denied_where_the_product_is_not_classified if {
	facts := {"product": object.remove(_product({"name": "email", "personal": true}, "").product, ["classification"])}
	personal_data_classified.violation == _too_low("not classified") with input as facts
}

test_denied_where_fields_are_not_shown[note] if {
	some note, facts in {
		"no product": {},
		"no contract": {"product": {"classification": "internal"}},
		"an object without fields": {"product": {"contract": {"schema": [{"name": "customers", "fields": []}]}}},
	}
	personal_data_classified.violation == _hidden with input as facts
}

test_the_council_says_which_classes_are_high_enough if {
	personal_data_classified.violation == {{
		"msg": "the product holds personal data (email) and is confidential; that takes restricted",
		"path": "product.classification",
	}} with input as _product({"name": "email", "personal": true}, "confidential")
		with data.global.parameters as {"personal_data_classifications": ["restricted"]}
}
