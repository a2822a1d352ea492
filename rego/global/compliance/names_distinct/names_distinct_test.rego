package global.compliance.names_distinct_test

import data.global.compliance.names_distinct

_cyrillic := "\u0435mail"

_field(parent, name) := {"name": name, "path": sprintf("%v.%v", [parent, name])}

_look_alike(parent) := object.union(_field(parent, _cyrillic), {"reads_as": "email"})

_facts(fields) := {"product": {"contract": {"schema": [{"name": "t", "path": "contract.schema[t]", "fields": fields}]}}}

test_allowed[note] if {
	some note, facts in {
		"plain names": _facts([_field("contract.schema[t]", "email"), _field("contract.schema[t]", "phone")]),
		"another script, alone": _facts([_look_alike("contract.schema[t]")]),
		"the same name elsewhere": _facts([
			_look_alike("contract.schema[t]"),
			object.union(_field("contract.schema[t]", "a"), {"fields": [_field("contract.schema[t].a", "email")]}),
		]),
		"no contract": {"product": {}},
		"no product": {},
	}
	names_distinct.violation == set() with input as facts
}

test_denied_for_fields_that_read_alike if {
	facts := _facts([_look_alike("contract.schema[t]"), _field("contract.schema[t]", "email")])
	names_distinct.violation == {{
		"msg": sprintf("%v reads as email, and so does another name beside it", [_cyrillic]),
		"path": sprintf("contract.schema[t].%v", [_cyrillic]),
	}} with input as facts
}

test_denied_for_objects_that_read_alike if {
	first := {"name": "t", "path": "contract.schema[t]"}
	second := {"name": "\u0442", "path": "contract.schema[\u0442]", "reads_as": "t"}
	names_distinct.violation == {{
		"msg": "\u0442 reads as t, and so does another name beside it",
		"path": "contract.schema[\u0442]",
	}} with input as {"product": {"contract": {"schema": [first, second]}}}
}

test_denied_for_a_word_of_several_scripts if {
	field := object.union(_look_alike("contract.schema[t]"), {"mixes_scripts": true})
	names_distinct.violation == {{
		"msg": sprintf("%v reads as email, and is written in letters of several scripts", [_cyrillic]),
		"path": sprintf("contract.schema[t].%v", [_cyrillic]),
	}} with input as _facts([field])
}
