package global.access.masked_by_classification_test

import data.global.access.masked_by_classification

_columns := [
	{"object": "profiles", "name": "email", "type": "varchar", "categories": ["user.contact.email"], "classification": "internal"},
	{"object": "profiles", "name": "salary", "type": "bigint", "classification": "restricted"},
	{"object": "profiles", "name": "segment", "type": "varchar", "classification": "internal"},
	{"object": "profiles", "name": "note", "type": "varchar"},
	{"name": "id", "type": "bigint", "categories": ["user.unique_id"], "classification": "internal"},
]

_product := {
	"domain": "customer",
	"name": "profiles",
	"classification": "internal",
	"purposes": ["analytics", "essential.fraud_detection"],
	"columns": _columns,
}

_mesh(product, grants) := {
	"products": {"customer/profiles": product},
	"bindings": {"tables": {"lake.customer.profiles": "customer/profiles"}, "schemas": {"lake.customer": "customer"}},
	"grants": grants,
}

_asks(properties) := {
	"subject": {"type": "user", "id": "alice", "properties": {"groups": ["analysts"], "roles": ["reader"]}},
	"action": {"name": "read"},
	"resource": {"type": "table", "id": "lake.customer.profiles", "properties": properties},
}

_email := {"column": "email", "expression": `concat('*****@', regexp_extract("email", '@([^@]+)$', 1))`, "strength": 45}

_nothing(column) := {"column": column, "expression": "NULL", "strength": 100}

test_masked[note] if {
	some note, [columns, wanted] in {
		"by its category": [["email"], {_email}],
		"by its class": [["salary"], {_nothing("salary")}],
		"a digest that its type cannot take": [["id"], {_nothing("id")}],
		"a column that takes none": [["segment"], set()],
		"a column of the product's class": [["note"], set()],
		"a column that nobody described": [["elsewhere"], set()],
		"several": [["email", "salary", "segment"], {_email, _nothing("salary")}],
	}
	masked_by_classification.column_mask == wanted with input as _asks({"columns": columns})
		with data.mesh as _mesh(_product, [])
		with data.global.parameters as {}
}

test_all_that_are_described_where_none_is_named if {
	masked_by_classification.column_mask == {_email, _nothing("salary"), _nothing("id")} with input as _asks({})
		with data.mesh as _mesh(_product, [])
		with data.global.parameters as {}
}

test_what_nobody_described_is_of_the_products_class[note] if {
	some note, product in {
		"restricted": {"classification": "restricted", "columns": []},
		"no columns at all": {"classification": "restricted"},
		"a class that nobody knows": {"classification": "secret"},
		"no class": {},
	}
	entry := object.union({"domain": "customer", "name": "profiles"}, product)
	masked_by_classification.column_mask == {_nothing("note")} with input as _asks({"columns": ["note"]})
		with data.mesh as _mesh(entry, [])
		with data.global.parameters as {}
}

test_names_are_compared_as_tables_do if {
	masked_by_classification.column_mask == {{
		"column": "EMAIL",
		"expression": `concat('*****@', regexp_extract("EMAIL", '@([^@]+)$', 1))`,
		"strength": 45,
	}} with input as _asks({"columns": ["EMAIL"]})
		with data.mesh as _mesh(_product, [])
		with data.global.parameters as {}
}

test_the_table_knows_the_type_better if {
	masked_by_classification.column_mask == {{
		"column": "id",
		"expression": `CAST(lower(to_hex(sha256(to_utf8("id")))) AS varchar(9))`,
		"strength": 70,
	}} with input as _asks({"columns": ["id"], "column_type": "varchar(9)"})
		with data.mesh as _mesh(_product, [])
		with data.global.parameters as {}
}

test_of_two_columns_of_a_name_both_count if {
	twice := array.concat(_columns, [{"object": "other", "name": "email", "type": "varchar", "classification": "restricted"}])
	masked_by_classification.column_mask == {_email, _nothing("email")} with input as _asks({"columns": ["email"]})
		with data.mesh as _mesh(object.union(_product, {"columns": twice}), [])
		with data.global.parameters as {}
}

test_other_actions_and_tables_are_left_alone[note] if {
	some note, facts in {
		"another action": object.union(_asks({"columns": ["email"]}), {"action": {"name": "describe"}}),
		"bound to no product": object.union(_asks({"columns": ["email"]}), {"resource": {"id": "lake.customer.other"}}),
	}
	masked_by_classification.column_mask == set() with input as facts
		with data.mesh as _mesh(_product, [])
		with data.global.parameters as {}
}

test_the_council_says_which_masks if {
	masked_by_classification.column_mask == {
		{"column": "email", "expression": "'*****'", "strength": 90},
		{"column": "segment", "expression": `lower(to_hex(sha256(to_utf8("segment"))))`, "strength": 70},
	} with input as _asks({"columns": ["email", "segment", "salary"]})
		with data.mesh as _mesh(_product, [])
		with data.global.parameters as {
			"masks_by_category": {"user.contact": "redact"},
			"masks_by_classification": {"internal": "hash"},
		}
}

test_tokens_are_made_by_the_councils_function if {
	masked_by_classification.column_mask == {{
		"column": "email",
		"expression": `governance.tokenise("email")`,
		"strength": 75,
	}} with input as _asks({"columns": ["email"]})
		with data.mesh as _mesh(_product, [])
		with data.global.parameters as {"masks_by_category": {"user": "tokenise"}, "tokenise_function": "governance.tokenise"}
}

test_the_four_classes_are_known_unless_the_council_says_otherwise[class] if {
	some class in ["public", "internal", "confidential"]
	masked_by_classification.column_mask == set() with input as _asks({"columns": ["note"]})
		with data.mesh as _mesh(object.union(_product, {"classification": class}), [])
		with data.global.parameters as {}
}

test_a_class_of_the_councils_own_is_known if {
	masked_by_classification.column_mask == set() with input as _asks({"columns": ["note"]})
		with data.mesh as _mesh(object.union(_product, {"classification": "green"}), [])
		with data.global.parameters as {"classifications": ["green"]}
}

_for(context) := object.union(_asks({"columns": ["email"]}), {"context": context})

_unmasked_for(whom) := {"unmasked_for": whom}

_grant(more) := object.union({"subject": "alice", "product": "customer/profiles", "actions": ["read"]}, more)

test_shown_as_it_is[note] if {
	some note, [context, parameters, grants] in {
		"to a group": [{}, _unmasked_for({"groups": ["analysts"]}), []],
		"to a role": [{}, _unmasked_for({"roles": ["reader"]}), []],
		"for a purpose": [
			{"purpose": "essential.fraud_detection"},
			_unmasked_for({"purposes": ["essential"]}),
			[_grant({"purposes": ["essential"]})],
		],
		"by a grant": [{}, {}, [_grant({"unmasked": true})]],
	}
	masked_by_classification.column_mask == set() with input as _for(context)
		with data.mesh as _mesh(_product, grants)
		with data.global.parameters as parameters
}

test_masked_nevertheless[note] if {
	some note, [context, parameters, grants] in {
		"another group": [{}, _unmasked_for({"groups": ["support"], "roles": ["writer"]}), []],
		"a purpose that is not the product's": [
			{"purpose": "marketing"},
			_unmasked_for({"purposes": ["marketing"]}),
			[_grant({"purposes": ["marketing"]})],
		],
		"another purpose of the product": [
			{"purpose": "analytics"},
			_unmasked_for({"purposes": ["essential"]}),
			[_grant({"purposes": ["analytics", "essential"]})],
		],
		"a purpose that nobody granted": [
			{"purpose": "essential.fraud_detection"},
			_unmasked_for({"purposes": ["essential"]}),
			[_grant({})],
		],
		"a purpose, and a grant of another": [
			{"purpose": "essential.fraud_detection"},
			_unmasked_for({"purposes": ["essential"]}),
			[_grant({"purposes": ["analytics"]})],
		],
		"no purpose": [{}, _unmasked_for({"purposes": ["essential"]}), []],
		"a grant that does not say so": [{}, {}, [_grant({})]],
		"a grant that says otherwise": [{}, {}, [_grant({"unmasked": "yes"})]],
		"a grant that is over": [{}, {}, [_grant({"unmasked": true, "expires": "2020-01-01T00:00:00Z"})]],
		"a grant of another action": [{}, {}, [_grant({"unmasked": true, "actions": ["write"]})]],
		"its own team, which is not exempt": [{}, _unmasked_for({"own_team": false}), []],
	}
	masked_by_classification.column_mask == {_email} with input as _for(context)
		with data.mesh as _mesh(_product, grants)
		with data.global.parameters as parameters
}

_team(group) := object.union(_asks({"columns": ["email"]}), {"subject": {"properties": {"groups": [group]}}})

test_the_team_sees_its_own[note] if {
	some note, [group, parameters, wanted] in {
		"where the council says so": ["customer-team", {"unmasked_for": {"own_team": true}}, set()],
		"not another team": ["order-team", {"unmasked_for": {"own_team": true}}, {_email}],
		"not unless it is said": ["customer-team", {}, {_email}],
		"by the council's word for a team": [
			"customer-crew",
			{"unmasked_for": {"own_team": true}, "team_group_suffix": "-crew"}, set(),
		],
	}
	masked_by_classification.column_mask == wanted with input as _team(group)
		with data.mesh as _mesh(_product, [])
		with data.global.parameters as parameters
}
