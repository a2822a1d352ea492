package bylaw.lib.product_test

import data.bylaw.lib.product

_product := {
	"encryption": {"at_rest": "AES-256", "in_transit": "TLS"},
	"output_ports": [
		{"name": "all"},
		{"name": "orders", "schema": ["orders"], "encryption": {"at_rest": "AES-128"}, "path": "output_ports[1]"},
	],
	"contract": {"schema": [
		{"name": "customers", "fields": [
			{"name": "email", "personal": true},
			{"name": "address", "fields": [{"name": "street", "tags": ["PII"]}, {"name": "x", "path": "own.path"}]},
			{"name": "odd", "default": {"fields": [{"name": "no_field"}]}},
		]},
		{"name": "orders", "path": "contract.schema[o]", "fields": [{"name": "id"}, "no object"]},
		{"name": "empty"},
		"no object",
	]},
}

_email := {"name": "email", "personal": true, "schema": "customers", "path": "contract.schema[customers].email"}

_street := {"name": "street", "tags": ["PII"], "schema": "customers", "path": "contract.schema[customers].address.street"}

_id := {"name": "id", "schema": "orders", "path": "contract.schema[o].id"}

_fields := {
	_email,
	_street,
	_id,
	{"name": "address", "schema": "customers", "path": "contract.schema[customers].address"},
	{"name": "x", "schema": "customers", "path": "own.path"},
	{
		"name": "odd",
		"default": {"fields": [{"name": "no_field"}]},
		"schema": "customers",
		"path": "contract.schema[customers].odd",
	},
}

test_fields_are_flat_and_know_their_path if {
	product.fields(_product) == _fields
	product.fields(_product) == _fields with input.product as _product
}

test_a_product_without_a_contract_has_no_fields if {
	product.fields({"contract": {"schema": "none"}}) == set()
	product.fields({}) == set()
}

test_personal_fields_are_said_so_in_any_way if product.personal_fields(_product) == {_email, _street}

test_personal[note] if {
	some note, field in {
		"said so": {"personal": true},
		"by classification": {"classification": "PII"},
		"by a tag": {"tags": ["x", "Personal"]},
	}
	product.is_personal(field)
}

test_not_personal[note] if {
	some note, field in {
		"said not to be": {"personal": false},
		"of another class": {"classification": "internal"},
		"nothing said": {},
		"tags that are a text": {"tags": "pii"},
	}
	not product.is_personal(field)
}

test_a_port_carries_what_it_names_or_everything if {
	product.port_fields(_product, _product.output_ports[0]) == _fields
	product.port_fields(_product, _product.output_ports[1]) == {_id}
	product.port_personal_fields(_product, _product.output_ports[0]) == {_email, _street}
	product.port_personal_fields(_product, _product.output_ports[1]) == set()
}

test_a_ports_own_encryption_wins if {
	product.encryption(_product, _product.output_ports[1]) == {"at_rest": "AES-128", "in_transit": "TLS"}
	product.encryption({"encryption": {"at_rest": ""}}, {}) == {}
}

test_ports_know_their_path if {
	{port.path | some port in product.ports(_product)} == {"output_ports[all]", "output_ports[1]"}
	product.ports({"output_ports": "none"}) == set()
}

test_words_are_compared_in_lower_case if {
	product.word(" Restricted ") == "restricted"
	not product.word(7)
}
