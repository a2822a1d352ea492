package bylaw.tightened_test

import data.bylaw.tightened

_directions := {"age": "lower", "notice": "higher", "fields": "more", "formats": "fewer", "levels": "bounds"}

_customer := {"product": {"domain": "customer"}}

_value(name, council) := {
	"lower": tightened.lowest(name, council),
	"higher": tightened.highest(name, council),
}

test_the_stricter_number_holds[note] if {
	some note, [name, function, council, theirs, wanted] in {
		"lower and stricter": ["age", "lower", 10, 5, 5],
		"lower and looser": ["age", "lower", 10, 50, 10],
		"higher and stricter": ["notice", "higher", 10, 50, 50],
		"higher and looser": ["notice", "higher", 10, 5, 10],
		"no number": ["age", "lower", 10, "5", 10],
		"null": ["notice", "higher", 10, null, 10],
		"another direction than the rule's": ["notice", "lower", 10, 5, 10],
		"no direction": ["unknown", "lower", 10, 5, 10],
	}
	found := _value(name, council)[function] with input as _customer
		with data.domains as {"customer": {"parameters": {name: theirs}}}
		with data.global.parameters.directions as _directions
	found == wanted
}

test_lists_only_tighten[note] if {
	some note, [theirs, joined, common] in {
		"more": [["a", "b", "c"], ["a", "b", "c"], ["a", "b"]],
		"fewer": [["a"], ["a", "b"], ["a"]],
		"none": [[], ["a", "b"], []],
		"no list": ["a", ["a", "b"], ["a", "b"]],
	}
	lists := {"fields": theirs, "formats": theirs}
	both := [tightened.joined("fields", ["a", "b"]), tightened.common("formats", ["a", "b"])] with input as _customer
		with data.domains as {"customer": {"parameters": lists}}
		with data.global.parameters.directions as _directions
	both == [joined, common]
}

test_bounds_add_up if {
	found := tightened.bounds("levels") with input as _customer
		with data.domains as {"customer": {"parameters": {"levels": {"a": 0.9, "b": {"lte": 4, "gt": "x"}}}}}
		with data.global.parameters.directions as _directions
	found == {
		{"domain": "customer", "metric": "a", "operator": "gte", "threshold": 0.9},
		{"domain": "customer", "metric": "b", "operator": "lte", "threshold": 4},
	}
}

test_a_domain_that_is_not_concerned_tightens_nothing if {
	found := [tightened.lowest("age", 10), tightened.bounds("levels")] with input as {"product": {"domain": "order"}}
		with data.domains as {"customer": {"parameters": {"age": 1, "levels": {"a": 1}}}}
		with data.global.parameters.directions as _directions
	found == [10, set()]
}
