package global.schema.compatible_with_mode_test

import data.global.schema.compatible_with_mode

_path := "contract.schema[customers].age"

_difference(type, more) := object.union({"type": type, "field": "age", "path": _path}, more)

_schema(type, mode, differences) := {"schema": {
	"subject": "customer-profile",
	"type": type,
	"compatibility": mode,
	"differences": differences,
}}

_back(what, mode) := {
	"msg": sprintf("field age %v: consumers on the new schema cannot read data of the old one, which breaks %v", [what, mode]),
	"path": _path,
}

_forth(what, mode) := {
	"msg": sprintf("field age %v: consumers on the old schema cannot read data of the new one, which breaks %v", [what, mode]),
	"path": _path,
}

# A difference, and the directions it breaks: for Avro, and for the contract of a product.
_rows := {
	"required field added": {
		"difference": _difference("field_added", {"required": true, "has_default": false}),
		"what": "was added without a default", "AVRO": {"backward"}, "CONTRACT": {"backward"},
	},
	"optional field added": {
		"difference": _difference("field_added", {"required": false, "has_default": false}),
		"what": "was added without a default", "AVRO": {"backward"}, "CONTRACT": set(),
	},
	"field added with a default": {
		"difference": _difference("field_added", {"required": true, "has_default": true}),
		"what": "was added without a default", "AVRO": set(), "CONTRACT": set(),
	},
	"field added, nothing else known": {
		"difference": _difference("field_added", {}),
		"what": "was added without a default", "AVRO": {"backward"}, "CONTRACT": {"backward"},
	},
	"required field removed": {
		"difference": _difference("field_removed", {"required": true, "has_default": false}),
		"what": "was removed", "AVRO": {"forward"}, "CONTRACT": {"backward", "forward"},
	},
	"optional field removed": {
		"difference": _difference("field_removed", {"required": false, "has_default": false}),
		"what": "was removed", "AVRO": {"forward"}, "CONTRACT": set(),
	},
	"field with a default removed": {
		"difference": _difference("field_removed", {"required": true, "has_default": true}),
		"what": "was removed", "AVRO": set(), "CONTRACT": {"backward"},
	},
	"field removed, nothing else known": {
		"difference": _difference("field_removed", {}),
		"what": "was removed", "AVRO": {"forward"}, "CONTRACT": {"backward", "forward"},
	},
	"type widened": {
		"difference": _difference("type_changed", {"from": "int", "to": "long"}),
		"what": "changed its type from int to long", "AVRO": {"forward"}, "CONTRACT": {"backward", "forward"},
	},
	"type narrowed": {
		"difference": _difference("type_changed", {"from": "double", "to": "float"}),
		"what": "changed its type from double to float", "AVRO": {"backward"}, "CONTRACT": {"backward", "forward"},
	},
	"type changed": {
		"difference": _difference("type_changed", {"from": "string", "to": "int"}),
		"what": "changed its type from string to int", "AVRO": {"backward", "forward"}, "CONTRACT": {"backward", "forward"},
	},
	"type changed, to what is not said": {
		"difference": _difference("type_changed", {}),
		"what": "changed its type from one that is not said to one that is not said",
		"AVRO": {"backward", "forward"}, "CONTRACT": {"backward", "forward"},
	},
	"default added": {
		"difference": _difference("default_added", {}),
		"what": "got a default", "AVRO": set(), "CONTRACT": set(),
	},
	"default removed": {
		"difference": _difference("default_removed", {}),
		"what": "lost its default", "AVRO": set(), "CONTRACT": set(),
	},
	"became required": {
		"difference": _difference("required_added", {}),
		"what": "became required", "AVRO": {"backward"}, "CONTRACT": {"backward"},
	},
	"became optional": {
		"difference": _difference("required_removed", {}),
		"what": "became optional", "AVRO": {"forward"}, "CONTRACT": {"backward", "forward"},
	},
	"held to more": {
		"difference": _constraint("tightened"),
		"what": "was held to more: max_length was 64 and is now 32", "AVRO": {"backward"}, "CONTRACT": {"backward"},
	},
	"held to less": {
		"difference": _constraint("loosened"),
		"what": "was held to less: max_length was 64 and is now 32",
		"AVRO": {"forward"}, "CONTRACT": {"backward", "forward"},
	},
	"held to something else": {
		"difference": _constraint("changed"),
		"what": "was held to something else: max_length was 64 and is now 32",
		"AVRO": {"backward", "forward"}, "CONTRACT": {"backward", "forward"},
	},
}

_constraint(direction) := _difference(
	"constraint_changed",
	{"direction": direction, "constraint": "max_length", "from": 64, "to": 32},
)

_expected(row, type, mode) := union({
	{_back(row.what, mode) | "backward" in row[type]; mode in {"BACKWARD", "BACKWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE"}},
	{_forth(row.what, mode) | "forward" in row[type]; mode in {"FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE"}},
})

test_judged_by_mode[note] if {
	some name, row in _rows
	some type in ["AVRO", "CONTRACT"]
	some mode in [
		"BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE",
		"NONE",
	]
	note := sprintf("%v, %v, %v", [name, type, mode])
	compatible_with_mode.violation == _expected(row, type, mode) with input as _schema(type, mode, [row.difference])
}

test_one_violation_a_difference if {
	differences := [
		_difference("type_changed", {"from": "string", "to": "int"}),
		_difference("required_added", {}),
	]
	compatible_with_mode.violation == {
		_back("changed its type from string to int", "BACKWARD"),
		_back("became required", "BACKWARD"),
	} with input as _schema("JSON", "BACKWARD", differences)
}

test_allowed_without_differences if {
	compatible_with_mode.violation == set() with input as _schema("AVRO", "FULL", [])
}

test_denied_for_a_difference_nobody_knows[mode] if {
	some mode in ["BACKWARD", "NONE"]
	compatible_with_mode.violation == {{
		"msg": sprintf("difference field_renamed is of a kind this rule cannot judge, so it is taken to break %v", [mode]),
		"path": _path,
	}} with input as _schema("AVRO", mode, [_difference("field_renamed", {})])
}

test_what_is_no_difference_of_schemas_is_judged_elsewhere[kind] if {
	some kind in [
		"access_changed", "anonymity_changed", "approver_changed", "category_changed", "classification_changed", "compatibility_changed",
		"deprecation_changed", "encryption_changed", "end_changed", "lawful_basis_changed", "meaning_changed",
		"name_changed", "notice_changed", "owner_changed", "personal_changed", "port_changed", "product_removed", "protection_changed", "purpose_changed",
		"quality_changed", "recipient_changed", "reference_changed", "region_changed", "retention_changed", "service_level_changed",
		"status_changed", "transfer_changed",
	]
	compatible_with_mode.violation == set() with input as _schema("CONTRACT", "FULL", [_difference(kind, {})])
}

test_consumers_are_named if {
	facts := object.union(_schema("CONTRACT", "BACKWARD", [_difference("required_added", {})]), {
		"product": {"domain": "d", "name": "p"},
		"lineage": {"products": [{"source": "d/p", "target": "e/q"}]},
	})
	compatible_with_mode.violation == {{
		"msg": "field age became required: consumers on the new schema cannot read data of the old one, which breaks BACKWARD; consumers: e/q",
		"path": _path,
	}} with input as facts with data.mesh as {}
}

test_denied_for_a_difference_without_a_type if {
	compatible_with_mode.violation == {{
		"msg": "difference without a type is of a kind this rule cannot judge, so it is taken to break FULL",
		"path": "contract.schema",
	}} with input as _schema("AVRO", "FULL", [{}])
}

test_denied_for_a_mode_nobody_knows if {
	compatible_with_mode.violation == {{
		"msg": "compatibility mode SIDEWAYS is none of BACKWARD, BACKWARD_TRANSITIVE, FORWARD, FORWARD_TRANSITIVE, FULL, FULL_TRANSITIVE, NONE",
		"path": "schema.compatibility",
	}} with input as _schema("AVRO", "SIDEWAYS", [_difference("default_added", {})])
}

test_denied_when_differences_were_not_listed[note] if {
	some note, facts in {
		"nothing at all": {},
		"a schema without differences": {"schema": {"compatibility": "BACKWARD"}},
		"a product with a previous version": {"product": {"name": "p"}, "previous": {"name": "p"}},
		"differences that are no list": {"schema": {"compatibility": "BACKWARD", "differences": "none"}},
	}
	compatible_with_mode.violation == {{
		"msg": "two schemas are to be compared, but their differences were not listed",
		"path": "schema.differences",
	}} with input as facts
}

test_allowed_on_first_publication if {
	compatible_with_mode.violation == set() with input as {"product": {"name": "customer-profile"}}
}

test_the_mode_comes_from_the_subject_then_the_product_then_the_council if {
	removed := [_difference("field_removed", {"required": true, "has_default": false})]
	facts := {"schema": {"type": "AVRO", "differences": removed}}

	compatible_with_mode.violation == {_forth("was removed", "FORWARD")} with input as object.union(facts, {"product": {"compatibility": "FORWARD"}})
		with data.global.parameters.default_compatibility as "NONE"

	compatible_with_mode.violation == set() with input as facts
		with data.global.parameters.default_compatibility as "NONE"

	added := [_difference("field_added", {})]
	compatible_with_mode.violation == {_back("was added without a default", "BACKWARD")} with input as {"schema": {"differences": added}}
		with data.global.parameters as {}
}
