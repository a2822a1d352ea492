package bylaw.obligations_test

import data.bylaw.obligations

_filters(layer, rule, value) := {"layer": layer, "rule": rule, "head": "row_filter", "value": value}

_masks(layer, rule, value) := {"layer": layer, "rule": rule, "head": "column_mask", "value": value}

_mask(expression, strength) := {"column": "email", "expression": expression, "strength": strength}

test_all_row_filters_apply if {
	obligations.row_filters({
		_filters("order", "domains.order.access.b", {{"expression": "x = 1"}}),
		_filters("global", "global.access.a", {{"expression": "y = 2", "identity": "owner"}, {"expression": "z = 3"}}),
		_masks("global", "global.access.a", {_mask("NULL", 1)}),
	}) == [
		{"expression": "x = 1", "layer": "order", "rule": "domains.order.access.b"},
		{"expression": "y = 2", "identity": "owner", "layer": "global", "rule": "global.access.a"},
		{"expression": "z = 3", "layer": "global", "rule": "global.access.a"},
	]
}

test_the_strongest_mask_wins[note] if {
	some note, [records, expression] in {
		"the stronger": [
			{
				_masks("global", "global.access.a", {_mask("a", 1)}),
				_masks("order", "domains.order.access.b", {_mask("b", 2)}),
			},
			"b",
		],
		"a tie goes to the global one": [
			{
				_masks("global", "global.access.z", {_mask("z", 1)}),
				_masks("order", "domains.order.access.b", {_mask("b", 1)}),
			},
			"z",
		],
		"a tie in one layer goes by rule": [
			{
				_masks("global", "global.access.b", {_mask("b", 1)}),
				_masks("global", "global.access.a", {_mask("z", 1)}),
			},
			"z",
		],
		"a tie in one rule goes by expression": [{_masks("global", "global.access.a", {_mask("z", 1), _mask("a", 1)})}, "a"],
		"none said is the weakest": [
			{_masks("global", "global.access.a", {{"column": "email", "expression": "x"}, _mask("y", 0.5)})},
			"y",
		],
	}
	[mask.expression | some mask in obligations.column_masks(records)] == [expression]
}

test_masks_are_one_a_column if {
	obligations.column_masks({_masks("global", "global.access.a", {
		{"column": "b", "expression": "1", "strength": 1, "identity": "i"},
		{"column": "a", "expression": "2", "strength": 2},
	})}) == [
		{"column": "a", "expression": "2", "strength": 2, "layer": "global", "rule": "global.access.a"},
		{"column": "b", "expression": "1", "strength": 1, "identity": "i", "layer": "global", "rule": "global.access.a"},
	]
}

test_what_cannot_be_carried_out_is_a_problem[note] if {
	some note, [record, odd] in {
		"filters that are no set": [_filters("global", "r", "x = 1"), "x = 1"],
		"a filter that is a text": [_filters("global", "r", {"x = 1"}), "x = 1"],
		"a filter without an expression": [_filters("global", "r", {{"identity": "i"}}), {"identity": "i"}],
		"a filter of an empty expression": [_filters("global", "r", {{"expression": " "}}), {"expression": " "}],
		"a filter for an identity that is none": [
			_filters("global", "r", {{"expression": "x", "identity": 1}}),
			{"expression": "x", "identity": 1},
		],
		"masks that are no set": [_masks("global", "r", [1]), [1]],
		"a mask without a column": [
			_masks("global", "r", {{"expression": "x"}}),
			{"expression": "x"},
		],
		"a mask whose strength is no number": [_masks("global", "r", {_mask("x", "9")}), _mask("x", "9")],
	}
	obligations.problems({record}) == {{
		"id": "BYL-005",
		"rule": "r",
		"msg": sprintf("a %v that cannot be carried out: %v", [record.head, json.marshal(odd)]),
		"path": "",
	}}
}

test_violations_and_grants_are_no_obligations if {
	records := {
		{"layer": "global", "rule": "r", "head": "violation", "value": {"m"}},
		{"layer": "global", "rule": "r", "head": "grant", "value": true},
	}
	obligations.problems(records) == set()
	obligations.row_filters(records) == []
	obligations.column_masks(records) == []
}
