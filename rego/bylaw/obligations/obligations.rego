# METADATA
# title: Obligations
# description: >
#   What whoever enforces an access decision must do to the data. All row filters apply (AND). Of several masks for one
#   column the strongest wins, a tie goes to the global one, then to the rule that sorts first. And what becomes of the data
#   that a quality decision is about.
package bylaw.obligations

import data.bylaw.lib.error_budgets
import data.bylaw.lib.quarantine

# METADATA
# description: All row filters, `{"rule", "layer", "expression"}` and the `identity` to run them as, where one is named.
row_filters(records) := sort({object.union(
	{"rule": record.rule, "layer": record.layer, "expression": filter.expression},
	_identity(filter),
) |
	some record in records
	record.head == "row_filter"
	is_set(record.value)
	some filter in record.value
	_is_row_filter(filter)
})

# METADATA
# description: The mask of each column that has one, `{"column", "expression", "strength", "rule", "layer"}`, by column.
column_masks(records) := [strongest |
	some column in sort({mask.column | some mask in masks})
	ranked := sort([[0 - mask.strength, _rank(mask.layer), mask.rule, mask.expression, mask] |
		some mask in masks
		mask.column == column
	])
	strongest := ranked[0][4]
] if {
	masks := {object.union(
		{
			"rule": record.rule,
			"layer": record.layer,
			"column": mask.column,
			"expression": mask.expression,
			"strength": object.get(mask, "strength", 0),
		},
		_identity(mask),
	) |
		some record in records
		record.head == "column_mask"
		is_set(record.value)
		some mask in record.value
		_is_column_mask(mask)
	}
}

# METADATA
# description: Obligations that nobody could carry out. They deny, because leaving one out would show what it hides.
problems(records) := {{"id": "BYL-005", "rule": record.rule, "path": "", "msg": msg} |
	some record in records
	record.head in {"row_filter", "column_mask"}
	some obligation in _malformed(record)
	msg := sprintf("a %v that cannot be carried out: %v", [record.head, json.marshal(obligation)])
}

# METADATA
# description: >
#   A decision of the kind quality or publication with its obligation `quality`: `action` is `publish`, `quarantine` (publish
#   all but what the entries of `quarantine` name) or `block`; `error_budgets` say what is left of each. Of an input that could not
#   be read, no evidence is looked at.
with_quality(decision, was_read) := object.union(decision, {"obligations": {"quality": quality}}) if {
	kept_out := _kept_out(decision.allow)
	quality := {
		"action": _action(decision.allow, kept_out),
		"quarantine": kept_out,
		"error_budgets": _budgets(was_read),
	}
}

_action(false, _) := "block"

_action(true, kept_out) := "publish" if count(kept_out) == 0

_action(true, kept_out) := "quarantine" if count(kept_out) > 0

# Nothing is kept out of what is not published.
_kept_out(false) := []

_kept_out(true) := sort(quarantine.entries)

_budgets(false) := []

_budgets(true) := sort(error_budgets.budgets)

_malformed(record) := {record.value} if {
	not is_set(record.value)
} else := {filter | some filter in record.value; not _is_row_filter(filter)} if {
	record.head == "row_filter"
} else := {mask | some mask in record.value; not _is_column_mask(mask)}

_is_row_filter(filter) if {
	_is_text(filter.expression)
	_is_text(object.get(filter, "identity", "absent"))
}

_is_column_mask(mask) if {
	_is_text(mask.column)
	_is_text(mask.expression)
	is_number(object.get(mask, "strength", 0))
	_is_text(object.get(mask, "identity", "absent"))
}

_identity(obligation) := object.filter(obligation, ["identity"])

_rank("global") := 0

_rank(layer) := 1 if layer != "global"

_is_text(value) if {
	is_string(value)
	trim_space(value) != ""
}
