package global.compliance.schema_documented_test

import data.global.compliance.schema_documented

_email := {"name": "email", "path": "contract.schema[customers].email", "type": "string", "description": "Where to write to."}

_product(fields) := {
	"description": "One row a customer.",
	"contract": {"schema": [{"name": "customers", "path": "contract.schema[customers]", "fields": fields}]},
}

test_allowed_when_everything_is_described if {
	schema_documented.violation == set() with input as {"product": _product([_email])}
}

test_denied_without_a_product if {
	schema_documented.violation == {
		{
			"msg": "the product has no description: a consumer cannot tell what it is for",
			"path": "product.description",
		},
		{
			"msg": "the contract shows no schema: a consumer cannot tell what the product holds",
			"path": "contract.schema",
		},
	} with input as {}
}

test_denied_for_an_empty_schema if {
	schema_documented.violation == {{
		"msg": "the contract shows no schema: a consumer cannot tell what the product holds",
		"path": "contract.schema",
	}} with input as {"product": {"description": "One row a customer.", "contract": {"schema": []}}}
}

test_denied_for_an_object_without_fields if {
	schema_documented.violation == {{
		"msg": "customers lists no fields: a consumer cannot tell what it holds",
		"path": "contract.schema[customers]",
	}} with input as {"product": _product([])}
}

test_denied_for_a_field_without_description if {
	schema_documented.violation == {{
		"msg": "field email has no description",
		"path": "contract.schema[customers].email",
	}} with input as {"product": _product([object.remove(_email, ["description"])])}
}

test_denied_for_a_nested_field_with_a_blank_description if {
	address := {
		"name": "address",
		"path": "contract.schema[customers].address",
		"description": "Where the customer lives.",
		"tags": ["home"],
		"fields": [{"name": "street", "path": "contract.schema[customers].address.street", "description": " "}],
	}
	schema_documented.violation == {{
		"msg": "field street has no description",
		"path": "contract.schema[customers].address.street",
	}} with input as {"product": _product([_email, address])}
}
