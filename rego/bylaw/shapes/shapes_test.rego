package bylaw.shapes_test

import data.bylaw.shapes

_said(place, wanted, came) := {{
	"id": "BYL-003",
	"path": place,
	"msg": sprintf("%v: %v is wanted, %v came", [place, wanted, came]),
}}

test_what_has_its_shape_has_no_problem[note] if {
	some note, [shape, value] in {
		"text": ["text", "x"],
		"texts": ["texts", ["x"]],
		"an empty list": ["texts", []],
		"object": ["object", {}],
		"objects": ["objects", [{}]],
		"numbers": ["numbers", {"a": 1.5}],
		"words": ["words", {"a": "b"}],
		"boolean": ["boolean", false],
		"number": ["number", 0],
	}
	shapes.problems({"a": {"b": value}}, "/p", [[["a", "b"], shape, "required"]]) == set()
}

test_what_has_another_shape_is_told_with_its_place[note] if {
	some note, [shape, value, wanted, came] in {
		"an empty text": ["text", "", "a string that is not empty", "an empty string"],
		"a number for a text": ["text", 1, "a string that is not empty", "number"],
		"null": ["text", null, "a string that is not empty", "null"],
		"a blank among texts": ["texts", ["x", " "], "a list of strings that are not empty", "array"],
		"a number among words": ["words", {"a": 1}, "an object of strings that are not empty", "object"],
		"a text among objects": ["objects", ["x"], "a list of objects", "array"],
		"a text among numbers": ["numbers", {"a": "1"}, "an object of numbers", "object"],
		"a negative number": ["number", -1, "a number that is not negative", "number"],
		"a text for a boolean": ["boolean", "true", "a boolean", "string"],
	}
	shapes.problems({"a": value}, "/p", [[["a"], shape, "optional"]]) == _said("/p/a", wanted, came)
}

test_what_is_required_is_missed if {
	shapes.problems({}, "", [[["a"], "text", "required"]]) == _said("/a", "a string that is not empty", "nothing")
	shapes.problems({}, "", [[["a"], "text", "optional"]]) == set()
}

test_each_object_of_a_list if {
	document := {"list": [{"a": "x"}, "no object", {"a": 1}]}
	found := shapes.each(document, ["list"], "/p", [[["a"], "text", "optional"]])
	found == _said("/p/list/2/a", "a string that is not empty", "number")
}
