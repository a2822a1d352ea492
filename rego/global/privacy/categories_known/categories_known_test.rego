package global.privacy.categories_known_test

import data.global.privacy.categories_known

_product(product, field) := {"product": object.union(
	{"domain": "customer", "contract": {"schema": [{"name": "customers", "fields": [object.union(
		{"name": "x", "path": "contract.schema[customers].x"},
		field,
	)]}]}},
	product,
)}

_of_field(msg) := {{"msg": msg, "path": "contract.schema[customers].x"}}

test_allowed[note] if {
	some note, [product, field] in {
		"nothing said": [{}, {}],
		"a category": [{}, {"categories": ["user.contact.email", "system"]}],
		"a field's subject": [{}, {"data_subjects": ["patient"]}],
		"purposes and subjects": [{"purposes": ["analytics.reporting"], "data_subjects": ["customer"]}, {}],
		"personal, and its category is": [{}, {"personal": true, "categories": ["user.name"]}],
		"not personal, nor is its category": [{}, {"personal": false, "categories": ["system.operations"]}],
	}
	categories_known.violation == set() with input as _product(product, field)
		with data.global.parameters as {}
}

test_denied[note] if {
	some note, [field, msg] in {
		"a category": [{"categories": ["user.contact.emial"]}, "field x: user.contact.emial is a category of data that nobody knows"],
		"a subject": [{"data_subjects": ["martian"]}, "field x: martian is a data subject that nobody knows"],
		"a contradiction": [
			{"personal": false, "categories": ["user.name"]},
			"field x is said not to be personal, and its category user.name is",
		],
	}
	categories_known.violation == _of_field(msg) with input as _product({}, field)
		with data.global.parameters as {}
}

test_denied_for_a_field_without_a_name if {
	field := {"path": "contract.schema[customers].x", "personal": false, "categories": ["user.name", "what"]}
	facts := {"product": {"contract": {"schema": [{"name": "customers", "fields": [field]}]}}}
	categories_known.violation == {
		{
			"msg": "field without a name: what is a category of data that nobody knows",
			"path": "contract.schema[customers].x",
		},
		{
			"msg": "field without a name is said not to be personal, and its category user.name is",
			"path": "contract.schema[customers].x",
		},
	} with input as facts
}

test_denied_for_what_the_product_says[note] if {
	some note, [product, path, msg] in {
		"a purpose": [{"purposes": ["fun"]}, "product.purposes", "fun is a purpose that nobody knows"],
		"a subject": [{"data_subjects": ["martian"]}, "product.data_subjects", "martian is a data subject that nobody knows"],
		"a purpose out of use": [
			{"purposes": ["personalize.profiling"]},
			"product.purposes",
			"personalize.profiling is out of use as a purpose: it is personalize.content.profiling now",
		],
	}
	categories_known.violation == {{"msg": msg, "path": path}} with input as _product(product, {})
		with data.global.parameters as {}
}

test_the_council_and_the_domain_add_words if {
	said := {"categories": ["acme.gadget", "customer.shoe_size"]}
	categories_known.violation == set() with input as _product({}, said)
		with data.global.parameters as {"taxonomy": {"categories": {"acme.gadget": {"personal": true}}}}
		with data.domains.customer.parameters as {"taxonomy": {"categories": {"customer.shoe_size": {}}}}
}

test_no_product_states_nothing if categories_known.violation == set() with input as {}
