# METADATA
# title: What looks like personal data says whether it is
# description: >-
#   A field whose name is among the parameter `personal_field_names` or ends in one of them (`customer_email`), one of whose
#   synonyms is among them, whose semantic type is among `personal_semantic_types`, or whose sample values look like one
#   of `personal_sample_patterns`, says whether it holds personal data: by `personal`, a tag, or a classification. Samples
#   are stronger than words: those of a field that is said not to be personal are pointed out too. Where the words mean a
#   category of the taxonomy, it is named. Names are compared as they read, so look-alike letters hide nothing. A
#   suspicion only ever adds a question; it takes nothing back that the contract says.
# custom:
#   id: PRV-012
#   enforcement: warn
#   severity: medium
#   controls: ["GDPR Art. 30(1)(c)", "GDPR Art. 5(2)"]
#   remediation: >-
#     Say `personal: true` or `personal: false` (or a classification) on the field; of samples that are personal, take
#     made-up ones instead.
package global.privacy.personal_data_suspected

import data.bylaw.lib.personal_data
import data.bylaw.lib.product

violation contains {
	"msg": sprintf("%v, and the contract does not say whether it is", [_suspicion(field, reasons)]),
	"path": field.path,
	"details": {"reasons": reasons, "categories": sort(personal_data.likely_categories(field))},
} if {
	some field in product.fields(input.product)
	not _says(field)
	reasons := sort(_by_words(field) | _by_samples(field))
	count(reasons) > 0
}

violation contains {
	"msg": sprintf("%v, and the contract says that it is not", [_suspicion(field, reasons)]),
	"path": field.path,
	"details": {"reasons": reasons, "categories": sort(personal_data.likely_categories(field))},
} if {
	some field in product.fields(input.product)
	field.personal == false
	reasons := sort(_by_samples(field))
	count(reasons) > 0
}

_suspicion(field, reasons) := sprintf("field %v looks like %v (%v)", [field.name, _what(field), concat("; ", reasons)])

# The categories of the taxonomy that the words mean, where they do.
_what(field) := concat(" or ", sort(found)) if {
	found := personal_data.likely_categories(field)
	count(found) > 0
} else := "personal data"

_says(field) if is_boolean(field.personal)

_says(field) if product.is_personal(field)

_says(field) if trim_space(field.classification) != ""

_by_words(field) := (({reason |
	_plain(_reading(field)) in _names
	reason := sprintf("its name reads as %v", [_reading(field)])
} | {reason |
	ending := _ending(_reading(field))
	reason := sprintf("its name ends in %v", [ending])
}) | {reason |
	is_array(field.synonyms)
	some synonym in field.synonyms
	_plain(synonym) in _names
	reason := sprintf("it is also called %v", [synonym])
}) | {reason |
	_plain(field.semantic_type) in _meanings
	reason := sprintf("its semantic type is %v", [field.semantic_type])
}

_by_samples(field) := {reason |
	is_array(field.samples_look_like)
	some pattern in field.samples_look_like
	pattern in _patterns
	reason := sprintf("its samples look like %v", [pattern])
}

# The longest ending of several words, or of one, that is a name which looks personal: `email` of `customerEmail`. The
# whole name is no ending.
_ending(name) := endings[0] if {
	words := split(lower(regex.replace(regex.replace(name, `([a-z0-9])([A-Z])`, "${1}_${2}"), `[\s.-]+`, "_")), "_")
	endings := [ending |
		some start in numbers.range(1, count(words) - 1)
		ending := concat("_", array.slice(words, start, count(words)))
		_plain(ending) in _names
	]
	not _plain(name) in _names
}

_reading(field) := object.get(field, "reads_as", field.name)

_names := {_plain(name) | some name in _asked_names}

_meanings := {_plain(meaning) | some meaning in _asked_meanings}

# `Full_Name`, `full-name` and `fullName` are one name.
_plain(name) := replace(replace(replace(lower(name), "_", ""), "-", ""), " ", "") if is_string(name)

default _asked_names := [
	"email", "email_address", "full_name", "first_name", "last_name", "phone", "phone_number", "date_of_birth",
	"birth_date", "ssn", "social_security_number", "passport_number", "tax_id", "iban", "credit_card_number",
	"ip_address", "street", "street_address", "home_address",
]

_asked_names := data.global.parameters.personal_field_names

default _asked_meanings := [
	"person", "name", "address", "geolocation", "postal_code", "username", "user_id", "customer_id", "employee_id",
	"device_id", "gender", "nationality", "birthday", "birth_date", "global_customer_id",
]

_asked_meanings := data.global.parameters.personal_semantic_types

default _patterns := [
	"credit_card_number", "date_of_birth", "email", "iban", "ip_address", "mac_address", "phone_number", "ssn",
]

_patterns := data.global.parameters.personal_sample_patterns
