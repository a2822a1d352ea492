package bylaw.lib.registered_test

import data.bylaw.lib.registered

_asks := {
	"subject": {"type": "user", "id": "a"},
	"action": {"name": "read"},
	"resource": {"type": "table", "id": "lake.a.t", "properties": {}},
}

_mesh := {
	"products": {"a/p": {"domain": "a", "name": "p", "purposes": ["analytics"]}},
	"bindings": {"tables": {"lake.a.t": "a/p"}},
}

test_the_entry_of_the_product_that_is_asked_for if {
	registered.asked == _mesh.products["a/p"] with input as _asks with data.mesh as _mesh
}

test_nothing_where_the_registry_has_none if {
	registered.asked == {} with input as _asks with data.mesh as {"products": {}}
	registered.asked == {} with input as {}
}

test_columns_are_those_with_a_name if {
	registered.columns({"columns": [{"name": "x"}, {"type": "varchar"}, "y", {"name": 1}]}) == [{"name": "x"}]
	registered.columns({"columns": {"name": "x"}}) == []
	registered.columns({}) == []
}

test_a_column_is_impersonal_where_that_is_said[note] if {
	some note, [column, impersonal] in {
		"said": [{"personal": false}, true],
		"said by its category": [{"categories": ["system.operations"]}, true],
		"said by one of two": [{"categories": ["system", "user"]}, false],
		"contradicted": [{"personal": false, "categories": ["user.name"]}, false],
		"a category that nobody knows": [{"categories": ["what"]}, false],
		"nothing said": [{}, false],
		"personal": [{"personal": true}, false],
	}
	found := {true | registered.is_impersonal_column(column)}
	found == {true | impersonal}
}

test_columns_by_name_as_tables_compare_them[note] if {
	columns := [{"name": "Email", "type": "varchar"}, {"name": "email", "object": "b"}, {"name": "id"}]
	mesh := object.union(_mesh, {"products": {"a/p": {"columns": columns}, "a/q": {"columns": [{"name": "other"}]}}})
	some note, [name, wanted] in {
		"in any case": ["EMAIL", {{"name": "Email", "type": "varchar"}, {"name": "email", "object": "b"}}],
		"one": ["id", {{"name": "id"}}],
		"none": ["elsewhere", set()],
		"another product's": ["other", set()],
	}
	found := registered.named(name) with input as _asks with data.mesh as mesh
	found == wanted
}

test_a_product_is_impersonal_where_that_is_said[note] if {
	some note, [entry, impersonal] in {
		"said": [{"personal": false}, true],
		"said, and no column says otherwise": [{"personal": false, "columns": [{"name": "x"}]}, true],
		"said, and a column says otherwise": [{"personal": false, "columns": [{"name": "x", "personal": true}]}, false],
		"personal": [{"personal": true, "columns": [{"name": "x", "personal": false}]}, false],
		"by its only column": [{"columns": [{"name": "x", "personal": false}]}, true],
		"by every column": [{"columns": [{"name": "x", "personal": false}, {"name": "y", "categories": ["system"]}]}, true],
		"not by one of two": [{"columns": [{"name": "x", "personal": false}, {"name": "y"}]}, false],
		"no columns": [{"columns": []}, false],
		"nothing said": [{}, false],
	}
	found := {true | registered.is_impersonal(entry)}
	found == {true | impersonal}
}
