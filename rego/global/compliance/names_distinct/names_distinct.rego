# METADATA
# title: Names are what they look like
# description: >-
#   No two objects of a contract, and no two fields side by side, have names that read alike, and no word of a name mixes
#   Latin letters with others that look Latin: who reads `email` and masks it must not leave another `email` open.
# custom:
#   id: CMP-010
#   enforcement: deny
#   severity: high
#   controls: ["ISO/IEC 27001:2022 A.8.28", "Unicode Technical Standard 39"]
#   remediation: Write each name in letters of one script, and give two things two names.
package global.compliance.names_distinct

import data.bylaw.lib.product

violation contains {"msg": msg, "path": thing.path} if {
	some thing in _things
	thing.mixes_scripts == true
	msg := sprintf("%v reads as %v, and is written in letters of several scripts", [thing.name, thing.reads_as])
}

violation contains {"msg": msg, "path": thing.path} if {
	some thing in _things
	thing.reads_as
	some other in _things
	other.path != thing.path
	_beside(other) == _beside(thing)
	_reading(other) == thing.reads_as
	msg := sprintf("%v reads as %v, and so does another name beside it", [thing.name, thing.reads_as])
}

_things := product.fields(input.product) | {thing |
	is_array(input.product.contract.schema)
	some object in input.product.contract.schema
	thing := {key: value | some key in ["name", "path", "reads_as", "mixes_scripts"]; value := object[key]}
}

# What is beside a thing has the same path up to the name.
_beside(thing) := trim_suffix(trim_suffix(thing.path, "]"), thing.name)

_reading(thing) := object.get(thing, "reads_as", thing.name)
