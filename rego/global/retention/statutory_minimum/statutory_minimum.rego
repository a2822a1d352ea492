# METADATA
# title: Data is kept as long as a statute demands
# description: >-
#   A product that one of the statutes in the parameter `statutory_retention` covers (by its domain or one of its tags)
#   is kept for at least the days that the statute names, whatever its contract would like. A statute without days is a
#   mistake in the parameters, and violates.
# custom:
#   id: RET-002
#   enforcement: deny
#   severity: high
#   controls: ["HGB § 257", "GDPR Art. 17(3)(b)"]
#   remediation: Raise `retention` to what the statute demands. A shorter period for single fields needs the legal team.
package global.retention.statutory_minimum

violation contains {"msg": msg, "path": "product.retention.days"} if {
	some statute in _statutes
	_covers(statute)
	not _kept_long_enough(statute)
	msg := sprintf("%v demands %v days; the product is kept for %v", [
		object.get(statute, "name", "a statute without a name"),
		object.get(statute, "days", "an unknown number of"),
		_kept,
	])
}

_covers(statute) if input.product.domain in statute.domains

_covers(statute) if {
	is_array(input.product.tags)
	some tag in input.product.tags
	tag in statute.tags
}

_kept_long_enough(statute) if {
	is_number(statute.days)
	is_number(input.product.retention.days)
	input.product.retention.days >= statute.days
}

_kept_long_enough(_) if {
	input.product.retention.unlimited == true
	object.get(input.product.retention, "days", "never") == "never"
}

default _kept := "a time it does not say"

_kept := sprintf("%v", [input.product.retention.days])

# Six years: the shortest commercial-law period that the mesh works under (HGB § 257 asks for six to ten).
default _statutes := [{"name": "commercial law", "tags": ["accounting"], "days": 2190}]

_statutes := data.global.parameters.statutory_retention
