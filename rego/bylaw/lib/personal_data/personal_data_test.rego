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
