# METADATA
# title: Column masks
# description: >
#   What a column is shown as, in Trino's SQL: which mask its categories and its class take by a council's table, and the
#   expression of a mask for a column of a type. A mask that a type cannot take, that nobody knows, or whose type is not
#   known, becomes NULL. Names and types come from contracts and tables, so they are hostile: a name stands between
#   double quotes, its own doubled; of a type only what is recognised as a whole gets into an expression.
package bylaw.lib.masks

import data.bylaw.lib.personal_data
import data.bylaw.lib.product
import data.bylaw.lib.taxonomy

# METADATA
# description: How strong each mask is; the strongest of several is applied.
strengths := {
	"keep": 0,
	"year_only": 40,
	"email_domain": 45,
	"last4": 50,
	"hash": 70,
	"tokenise": 75,
	"redact": 90,
	"nullify": 100,
}

# METADATA
# description: >
#   The mask of a column, as `{"mask", "expression", "strength", "why"}`; undefined where it is shown as it is. `settings`
#   is `{"categories": {key: mask}, "classifications": {word: mask}, "known": [word], "tokenise_function"}`, `column` has
#   `name` and, as far as they are known, `classification`, `categories`, `personal`; `type` is Trino's.
planned(settings, column, type) := {
	"mask": shown_as.mask,
	"expression": shown_as.expression,
	"strength": strengths[shown_as.mask],
	"why": strongest.why,
} if {
	found := _demands(settings, column)
	count(found) > 0
	strongest := sort([[0 - strengths[demand.mask], demand.why, demand] | some demand in found])[0][2]
	strongest.mask != "keep"
	shown_as := _shown_as(strongest.mask, settings, column.name, type)
}

# METADATA
# description: A name as Trino reads it whatever is in it.
quoted(name) := sprintf(`"%v"`, [replace(name, `"`, `""`)])

# The nearest key of the table that a category is below decides for it; what is personal and below none is user data.
_demands(settings, column) := {{"mask": _mask(settings.categories[key]), "why": why} |
	some category in _categories(column)
	key := [above | some above in array.concat(taxonomy.lineage(category), _user(category)); settings.categories[above]][0]
	why := sprintf("%v takes %v", [category, settings.categories[key]])
} | {{"mask": _mask(settings.classifications[word]), "why": why} |
	word := _class(settings, column)
	why := sprintf("%v data takes %v", [object.get(column, "classification", "unclassified"), settings.classifications[word]])
}

_categories(column) := personal_data.categories(column) | {"user" |
	product.is_personal(column)
	count([1 | some category in personal_data.categories(column); taxonomy.is_personal(category)]) == 0
}

_user(category) := ["user"] if {
	taxonomy.is_personal(category)
} else := []

# A class that nobody agreed on is masked as the class with the strongest mask.
_class(settings, column) := lower(column.classification) if {
	settings.classifications[lower(column.classification)]
} else := ranked[0][1] if {
	not _is_known(settings, column)
	ranked := sort([[0 - strengths[_mask(mask)], word] | some word, mask in settings.classifications])
}

_is_known(settings, column) if lower(column.classification) in {lower(word) | some word in settings.known}

# A mask that nobody knows hides everything.
_mask(word) := word if {
	strengths[word] >= 0
} else := "nullify"

_shown_as(mask, settings, name, type) := {"mask": mask, "expression": expression} if {
	_is_plain(name)
	expression := _expression(mask, settings, quoted(name), _type(type))
} else := {"mask": "nullify", "expression": "NULL"}

# At most 256 characters, none of them a control character.
_is_plain(name) if {
	is_string(name)
	count(name) <= 256
	regex.match(`^[^\x00-\x1f\x7f-\x9f]+$`, name)
}

_expression("hash", _, column, type) := _as(type, _hash(_text(type, column)))

_expression("tokenise", settings, column, type) := _as(type, _token(settings, _text(type, column)))

_expression("redact", _, _, type) := _as(type, "'*****'") if type.kind == "text"

_expression("email_domain", _, column, type) := _as(type, sprintf("concat('*****@', regexp_extract(%v, '@([^@]+)$', 1))", [text])) if {
	text := _text(type, column)
}

_expression("last4", _, column, type) := _as(
	type,
	sprintf("CASE WHEN length(%[1]v) > 8 THEN concat('*****', substr(%[1]v, -4)) ELSE '*****' END", [text]),
) if {
	text := _text(type, column)
}

_expression("year_only", _, column, type) := sprintf("date_trunc('year', %v)", [column]) if type.kind == "time"

_expression("year_only", _, column, type) := _as(type, sprintf("regexp_extract(%v, '^[0-9]{4}')", [text])) if {
	text := _text(type, column)
}

_hash(text) := sprintf("lower(to_hex(sha256(to_utf8(%v))))", [text])

_token(settings, text) := sprintf("%v(%v)", [settings.tokenise_function, text]) if {
	regex.match(`^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$`, settings.tokenise_function)
	count(split(settings.tokenise_function, ".")) <= 3
} else := _hash(text)

# Undefined for what is no text: such a column is shown as NULL.
_text(type, column) := column if {
	type.kind == "text"
	not startswith(type.name, "char")
}

_text(type, column) := sprintf("CAST(%v AS varchar)", [column]) if {
	type.kind == "text"
	startswith(type.name, "char")
}

# Trino takes a mask whose type fits the column's: a longer text does not.
_as(type, expression) := expression if type.name == "varchar"

_as(type, expression) := sprintf("CAST(%v AS %v)", [expression, type.name]) if type.name != "varchar"

_type(text) := {"kind": "text", "name": "varchar"} if {
	lower(text) in {"string", "text"}
} else := {"kind": "text", "name": lower(text)} if {
	regex.match(`^(varchar|char)(\([0-9]{1,10}\))?$`, lower(text))
} else := {"kind": "time", "name": lower(text)} if {
	regex.match(`^(date|timestamp(\([0-9]{1,2}\))?( with time zone)?)$`, lower(text))
} else := {"kind": "other", "name": ""}
