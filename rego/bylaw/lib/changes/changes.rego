# METADATA
# title: Changes
# description: >-
#   What differs between a product and its released version, by kind: the one list of differences that gathering draws
#   up, each with a direction. A list that is none has no changes; that it must be one is the business of SCH-001.
package bylaw.lib.changes

# METADATA
# description: The differences of a kind, as `classification_changed`.
of(kind) := {difference |
	some difference in _differences
	difference.type == kind
}

# METADATA
# description: The differences of a kind that have one of the directions.
towards(kind, directions) := {difference |
	some difference in _differences
	difference.type == kind
	difference.direction in directions
}

# METADATA
# description: Where a difference is, as `{"path"}` for a violation.
path(difference) := object.get(difference, "path", "product")

# METADATA
# description: What a difference is of, in words.
subject(difference) := object.get(difference, "subject", object.get(difference, "path", "something without a name"))

# METADATA
# description: What was, and what is now, in words; a side that states nothing is `nothing`.
was(difference) := _worded(object.get(difference, "from", "nothing"))

# METADATA
# description: As `was`, of the other side.
now(difference) := _worded(object.get(difference, "to", "nothing"))

_worded(value) := concat(", ", [sprintf("%v", [item]) | some item in value]) if {
	is_array(value)
} else := sprintf("%v", [value])

_differences contains difference if {
	is_array(input.schema.differences)
	some difference in input.schema.differences
	is_object(difference)
}
