# METADATA
# title: Shapes of values
# description: >
#   Whether the members of a document have the types and contents that rules read, in a few words (`text`, `texts`,
#   `object`, `objects`, `numbers`, `words`, `boolean`, `number`).
package bylaw.shapes

# Not a JSON value, so that it cannot be confused with one.
_absent := {"absent"}

_wanted := {
	"text": "a string that is not empty",
	"texts": "a list of strings that are not empty",
	"object": "an object",
	"objects": "a list of objects",
	"numbers": "an object of numbers",
	"words": "an object of strings that are not empty",
	"boolean": "a boolean",
	"number": "a number that is not negative",
}

# METADATA
# description: >
#   What is wrong with the members of a document, each row `[steps, shape, "required" or "optional"]`: a set of problems
#   of the id BYL-003, each with the JSON pointer of the member. Most rows are of members that are not there.
problems(document, pointer, rows) := {_problem(pointer, steps, shape, _absent) |
	some [steps, shape, "required"] in rows
	object.get(document, steps, _absent) == _absent
} | {_problem(pointer, steps, shape, value) |
	some [steps, shape, _] in rows
	value := object.get(document, steps, _absent)
	value != _absent
	not _is_right(shape, value)
}

# METADATA
# description: >
#   The same for members that need not be there, as `{name: shape}`: only those that are there are looked at, which is
#   much cheaper where a document may have many.
members(document, pointer, shapes) := {_problem(pointer, [name], shape, value) |
	is_object(document)
	some name, value in document
	shape := shapes[name]
	not _is_right(shape, value)
}

_is_right(shape, value) if {
	type_name(value) == _right_types[shape]
	not _is_wrong_inside(shape, value)
}

_problem(pointer, steps, shape, value) := {
	"id": "BYL-003",
	"path": place,
	"msg": sprintf("%v: %v is wanted, %v came", [place, _wanted[shape], _came(value)]),
} if {
	place := concat("/", array.concat([pointer], steps))
}

# METADATA
# description: The same for every object of a list; that it is a list of objects is asked of the list.
each(document, steps, pointer, rows) := {problem |
	list := object.get(document, steps, [])
	is_array(list)
	some index, item in list
	is_object(item)
	place := concat("/", array.concat([pointer], array.concat(steps, [sprintf("%v", [index])])))
	some problem in problems(item, place, rows)
}

_came(value) := "nothing" if {
	value == _absent
} else := "an empty string" if {
	value == ""
} else := type_name(value)

# What type_name says of a member of a shape.
_right_types := {
	"text": "string",
	"boolean": "boolean",
	"number": "number",
	"object": "object",
	"numbers": "object",
	"words": "object",
	"texts": "array",
	"objects": "array",
}

_is_wrong_inside("text", value) if value == ""

_is_wrong_inside("number", value) if {
	is_number(value)
	value < 0
}

_is_wrong_inside(shape, value) if {
	shape in {"texts", "words", "objects", "numbers"}
	type_name(value) in {"array", "object"}
	some item in value
	not _is_right_item(shape, item)
}

_is_right_item(shape, item) if {
	shape in {"texts", "words"}
	_is_text(item)
}

_is_right_item("objects", item) if is_object(item)

_is_right_item("numbers", item) if is_number(item)

_is_text(value) if {
	is_string(value)
	trim_space(value) != ""
}
