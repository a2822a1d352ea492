# METADATA
# title: A new schema is compatible with the one it replaces
# description: >-
#   No difference between two schemas breaks the mode that the subject is held to: BACKWARD (consumers move first, so new
#   readers read old data), FORWARD (producers move first, so old readers read new data), FULL (both) or NONE; the
#   transitive modes are judged the same, over a list that was drawn up against every earlier version. For Avro, Protobuf
#   and JSON the words mean what a schema registry means by them. For the contract of a product, removing a field breaks
#   BACKWARD too, unless the field was optional, because queries name the fields they read; so does a field that becomes
#   optional or is held to less, because they count on its values. Where no mode is said, the parameter
#   `default_compatibility` holds. A difference or a mode that the rule does not know violates; what differs of a product
#   beside its schema is judged by rules of its own.
# related_resources:
#   - ref: https://avro.apache.org/docs/1.12.0/specification/#schema-resolution
# custom:
#   id: SCH-001
#   enforcement: deny
#   severity: high
#   controls: ["Data mesh: interoperability"]
#   remediation: >-
#     Add fields with a default, keep the old field beside the new one until consumers have moved, or release a new major
#     version next to this one.
package global.schema.compatible_with_mode

import data.bylaw.lib.changes
import data.bylaw.lineage

violation contains {"msg": msg, "path": object.get(difference, "path", "contract.schema")} if {
	is_array(input.schema.differences)
	some difference in input.schema.differences
	_mode in _known_modes
	not _is_known(difference)
	msg := sprintf("difference %v is of a kind this rule cannot judge, so it is taken to break %v", [
		object.get(difference, "type", "without a type"),
		_mode,
	])
}

violation contains {"msg": msg, "path": object.get(difference, "path", "contract.schema")} if {
	is_array(input.schema.differences)
	some difference in input.schema.differences
	some direction in _directions
	_happened[difference.type]
	not _harmless(direction, difference)
	msg := sprintf("%v: %v, which breaks %v%v", [_what(difference), _who[direction], _mode, lineage.affected])
}

violation contains {"msg": msg, "path": "schema.compatibility"} if {
	not _mode in _known_modes
	msg := sprintf("compatibility mode %v is none of %v", [_mode, concat(", ", _known_modes)])
}

violation contains {
	"msg": "two schemas are to be compared, but their differences were not listed",
	"path": "schema.differences",
} if {
	not _listed
	not _first_publication
}

_listed if is_array(input.schema.differences)

# A product that was never published has nothing to be compatible with.
_first_publication if {
	input.product

	# bylaw ignore:undefined-negation - their absence is what makes it the first
	not input.previous

	# bylaw ignore:undefined-negation - likewise
	not input.schema
}

_known_modes := [
	"BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE",
	"NONE",
]

# What the subject says, else the product, else the council.
_mode := said if {
	said := input.schema.compatibility
} else := said if {
	said := input.product.compatibility
} else := said if {
	said := data.global.parameters.default_compatibility
} else := "BACKWARD"

_directions contains "backward" if _mode in {"BACKWARD", "BACKWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE"}

_directions contains "forward" if _mode in {"FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE"}

_who := {
	"backward": "consumers on the new schema cannot read data of the old one",
	"forward": "consumers on the old schema cannot read data of the new one",
}

_what(difference) := sprintf("field %v %v", [
	object.get(difference, "field", object.get(difference, "path", "without a name")),
	_happened[difference.type],
]) if {
	not difference.type in {"type_changed", "constraint_changed"}
}

_what(difference) := sprintf("field %v was %v: %v was %v and is now %v", [
	object.get(difference, "field", object.get(difference, "path", "without a name")),
	object.get({"tightened": "held to more", "loosened": "held to less"}, difference.direction, "held to something else"),
	object.get(difference, "constraint", "a constraint"),
	changes.was(difference),
	changes.now(difference),
]) if {
	difference.type == "constraint_changed"
}

_what(difference) := sprintf("field %v changed its type from %v to %v", [
	object.get(difference, "field", object.get(difference, "path", "without a name")),
	object.get(difference, "from", "one that is not said"),
	object.get(difference, "to", "one that is not said"),
]) if {
	difference.type == "type_changed"
}

_happened := {
	"field_added": "was added without a default",
	"field_removed": "was removed",
	"type_changed": "changed its type",
	"default_added": "got a default",
	"default_removed": "lost its default",
	"required_added": "became required",
	"required_removed": "became optional",
	"constraint_changed": "is held to something else",
}

_judged_elsewhere := {
	"access_changed",
	"anonymity_changed",
	"approver_changed",
	"category_changed",
	"classification_changed",
	"compatibility_changed",
	"deprecation_changed",
	"encryption_changed",
	"end_changed",
	"lawful_basis_changed",
	"meaning_changed",
	"name_changed",
	"notice_changed",
	"owner_changed",
	"personal_changed",
	"port_changed",
	"product_removed",
	"protection_changed",
	"purpose_changed",
	"quality_changed",
	"recipient_changed",
	"reference_changed",
	"region_changed",
	"retention_changed",
	"service_level_changed",
	"status_changed",
	"transfer_changed",
}

_is_known(difference) if _happened[difference.type]

_is_known(difference) if difference.type in _judged_elsewhere

# What follows is what is known to be harmless; all else breaks.

_harmless("backward", difference) if {
	difference.type == "field_added"
	difference.has_default == true
}

_harmless("backward", difference) if {
	difference.type == "field_added"
	difference.required == false

	# Avro fills a missing field from its default and from nothing else, however optional it is.
	not _is_avro
}

_harmless("backward", difference) if {
	difference.type == "field_removed"
	_is_registry_schema
}

_harmless("backward", difference) if {
	difference.type == "field_removed"
	difference.required == false
}

_harmless("backward", difference) if {
	difference.type == "type_changed"
	_reads(difference.to, difference.from)
}

_harmless("backward", difference) if difference.type in {"default_added", "default_removed"}

_harmless("backward", difference) if {
	difference.type == "required_removed"
	_is_registry_schema
}

_harmless("backward", difference) if {
	difference.type == "constraint_changed"
	difference.direction == "loosened"
	_is_registry_schema
}

_harmless("forward", difference) if {
	difference.type == "constraint_changed"
	difference.direction == "tightened"
}

_harmless("forward", difference) if {
	difference.type in {"field_added", "default_added", "default_removed", "required_added"}
}

_harmless("forward", difference) if {
	difference.type == "field_removed"
	difference.has_default == true
}

_harmless("forward", difference) if {
	difference.type == "field_removed"
	difference.required == false
	not _is_avro
}

_harmless("forward", difference) if {
	difference.type == "type_changed"
	_reads(difference.from, difference.to)
}

# A reader of the first type reads what was written as the second: Avro's promotions, and only for Avro.
_reads(reader, writer) if {
	_is_avro
	writer in _promotions[reader]
}

_promotions := {
	"long": ["int"],
	"float": ["int", "long"],
	"double": ["int", "long", "float"],
	"string": ["bytes"],
	"bytes": ["string"],
}

_is_avro if input.schema.type == "AVRO"

_is_registry_schema if input.schema.type in {"AVRO", "PROTOBUF", "JSON"}
