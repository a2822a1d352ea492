# METADATA
# title: Inputs that nothing can be decided on
# description: >
#   What an input must look like for the rules of a kind to be asked at all, and which of its facts contradict each
#   other. Each problem names its JSON pointer; compose turns it into a violation, so an input of the wrong shape is
#   denied even where no rule looks at the broken part.
package bylaw.inputs

import data.bylaw.lib.access as asked
import data.bylaw.lib.domains
import data.bylaw.lib.kubernetes

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
# description: Problems of an access request (the AuthZEN information model).
# scope: document
access contains problem if {
	some problem in _problems(_input, "", [
		["subject", "object", "required"],
		["subject/type", "text", "required"],
		["subject/id", "text", "required"],
		["subject/properties", "object", "optional"],
		["subject/properties/groups", "texts", "optional"],
		["subject/properties/roles", "texts", "optional"],
		["subject/properties/domain", "text", "optional"],
		["action", "object", "required"],
		["action/name", "text", "required"],
		["action/properties", "object", "optional"],
		["resource", "object", "required"],
		["resource/type", "text", "required"],
		["resource/id", "text", "required"],
		["resource/properties", "object", "optional"],
		["resource/properties/columns", "texts", "optional"],
		["resource/properties/domain", "text", "optional"],
		["resource/properties/product", "text", "optional"],
		["resource/properties/classification", "text", "optional"],
		["context", "object", "optional"],
	])
}

access contains {"id": "BYL-002", "path": found.path, "msg": found.msg} if some found in asked.contradictions

access contains problem if some problem in _subject_problems

# METADATA
# description: Problems of a product, its contract and its previous release.
# scope: document
product contains problem if {
	some problem in _problems(_input, "", [["product", "object", "required"], ["previous", "object", "optional"]])
}

product contains problem if {
	some name in ["product", "previous"]
	is_object(input[name])
	some problem in _product_problems(input[name], sprintf("/%v", [name]))
}

product contains {"id": "BYL-002", "path": sprintf("/previous/%v", [name]), "msg": msg} if {
	some name in ["domain", "name"]
	lower(input.previous[name]) != lower(input.product[name])
	msg := sprintf("the previous release is of another product: %v", [input.previous[name]])
}

product contains problem if some problem in _subject_problems

# METADATA
# description: Problems of a quality report, where there is one. That there must be one is for the rules to say.
# scope: document
quality contains problem if {
	some problem in _problems(_input, "", [
		["quality", "object", "optional"],
		["quality/results", "objects", "optional"],
	])
}

quality contains problem if {
	some problem in _each(_input, "quality/results", "", [
		["check", "text", "required"],
		["status", "text", "required"],
		["metric", "text", "optional"],
	])
}

# METADATA
# description: Problems of schema facts.
# scope: document
schema contains problem if {
	some problem in _problems(_input, "", [
		["schema", "object", "required"],
		["schema/subject", "text", "optional"],
		["schema/type", "text", "optional"],
		["schema/compatibility", "text", "optional"],
		["schema/differences", "objects", "required"],
	])
}

schema contains problem if {
	some problem in _each(_input, "schema/differences", "", [
		["type", "text", "required"],
		["path", "text", "optional"],
		["field", "text", "optional"],
	])
}

schema contains problem if some problem in _subject_problems

# METADATA
# description: Problems of a Kubernetes object or a Terraform plan about to be applied.
# scope: document
provisioning contains {"id": "BYL-003", "path": "", "msg": "there is neither a manifest nor a plan"} if {
	not "manifest" in _keys
	not "plan" in _keys
}

provisioning contains {"id": "BYL-002", "path": "/plan", "msg": "there are both a manifest and a plan"} if {
	"manifest" in _keys
	"plan" in _keys
}

provisioning contains problem if {
	some problem in _problems(_input, "", [
		["manifest", "object", "optional"],
		["manifest/apiVersion", "text", "optional"],
		["manifest/kind", "text", "optional"],
		["manifest/metadata", "object", "optional"],
		["manifest/metadata/labels", "object", "optional"],
		["manifest/metadata/annotations", "object", "optional"],
		["previous_manifest", "object", "optional"],
		["subject", "object", "optional"],
		["action", "object", "optional"],
		["action/name", "text", "optional"],
		["context", "object", "optional"],
		["plan", "object", "optional"],
		["plan/resource_changes", "objects", "optional"],
		["plan/planned_values", "object", "optional"],
		["plan/configuration", "object", "optional"],
	])
}

provisioning contains problem if {
	is_object(input.manifest)
	some problem in _problems(_input, "", [
		["manifest/apiVersion", "text", "required"],
		["manifest/kind", "text", "required"],
		["manifest/metadata", "object", "required"],
	])
}

provisioning contains {"id": "BYL-003", "path": "/plan", "msg": msg} if {
	is_object(input.plan)
	not input.plan.resource_changes
	not input.plan.planned_values
	msg := "a plan has resource_changes or planned_values (terraform show -json)"
}

provisioning contains problem if {
	some problem in _each(_input, "plan/resource_changes", "", [
		["address", "text", "required"],
		["mode", "text", "required"],
		["type", "text", "required"],
		["change", "object", "required"],
	])
}

provisioning contains {"id": "BYL-002", "path": "/manifest/metadata/labels", "msg": msg} if {
	some what in ["domain", "product"]
	values := kubernetes.conflicting_labels(input.manifest, what)
	count(values) > 1
	msg := sprintf("labels name more than one %v: %v", [what, json.marshal(values)])
}

provisioning contains {"id": "BYL-002", "path": "/manifest/metadata/labels", "msg": msg} if {
	bound := split(data.mesh.bindings.namespaces[kubernetes.namespace(input.manifest)], "/")[0]
	claimed := kubernetes.claims(input.manifest).domain
	bound != claimed
	msg := sprintf("the label says domain %v, the registry says %v", [claimed, bound])
}

provisioning contains problem if some problem in _subject_problems

# A name that no domain can have would let its product slip past its domain's rules.
_subject_problems contains {"id": "BYL-003", "path": subject.path, "msg": msg} if {
	some subject in domains.subjects
	"domain" in object.keys(subject)
	not domains.canonical(subject.domain)
	msg := sprintf("%v is no name of a domain", [json.marshal(subject.domain)])
}

# Where there is no input at all, everything that is required is missing.
default _input := {}

_input := input if is_object(input)

_keys := object.keys(_input)

_product_problems(found, pointer) := union({
	_problems(found, pointer, _product_shape),
	_each(found, "output_ports", pointer, [
		["name", "text", "required"],
		["format", "text", "optional"],
		["type", "text", "optional"],
		["location", "text", "optional"],
		["encryption", "words", "optional"],
		["schema", "texts", "optional"],
	]),
	_each(found, "contract/schema", pointer, [["name", "text", "required"], ["fields", "objects", "optional"]]),
	_field_problems(found, pointer),
})

_product_shape := [
	["domain", "text", "required"],
	["name", "text", "required"],
	["version", "text", "optional"],
	["owner", "text", "optional"],
	["status", "text", "optional"],
	["description", "text", "optional"],
	["classification", "text", "optional"],
	["tags", "texts", "optional"],
	["protections", "texts", "optional"],
	["retention", "object", "optional"],
	["retention/days", "number", "optional"],
	["sla", "numbers", "optional"],
	["encryption", "words", "optional"],
	["access_policies", "objects", "optional"],
	["compatibility", "text", "optional"],
	["deprecation_notice_days", "number", "optional"],
	["output_ports", "objects", "optional"],
	["contract", "object", "optional"],
	["contract/schema", "objects", "optional"],
	["contract/quality", "objects", "optional"],
]

_field_shape := [
	["name", "text", "required"],
	["type", "text", "optional"],
	["description", "text", "optional"],
	["classification", "text", "optional"],
	["personal", "boolean", "optional"],
	["required", "boolean", "optional"],
	["tags", "texts", "optional"],
	["encryption", "text", "optional"],
	["retention_days", "number", "optional"],
	["fields", "objects", "optional"],
]

# Fields stand at [0].fields[1].fields[2] of the schema, however deep.
_field_problems(found, pointer) := {problem |
	walk(object.get(found, ["contract", "schema"], []), [path, field])
	count(path) > 1
	_alternates(path)
	is_object(field)
	steps := concat("/", [sprintf("%v", [step]) | some step in path])
	some problem in _problems(field, sprintf("%v/contract/schema/%v", [pointer, steps]), _field_shape)
}

_alternates(path) if {
	count(path) % 2 == 1
	count([1 | some index, step in path; index % 2 == 1; step != "fields"]) == 0
	count([1 | some index, step in path; index % 2 == 0; not is_number(step)]) == 0
}

# What is wrong with the members of a document, each row `[path, shape, "required" or "optional"]`.
_problems(document, pointer, rows) := {problem |
	some [path, shape, need] in rows
	value := object.get(document, split(path, "/"), _absent)
	not _fits(value, shape, need)
	problem := {
		"id": "BYL-003",
		"path": sprintf("%v/%v", [pointer, path]),
		"msg": sprintf("%v/%v: %v is wanted, %v came", [pointer, path, _wanted[shape], _came(value)]),
	}
} if {
	is_object(document)
} else := {problem |
	some [path, shape, need] in rows
	need == "required"
	problem := {
		"id": "BYL-003",
		"path": sprintf("%v/%v", [pointer, path]),
		"msg": sprintf("%v/%v: %v is wanted, nothing came", [pointer, path, _wanted[shape]]),
	}
}

# The same for every object of a list; that it is a list of objects is asked of the list.
_each(document, path, pointer, rows) := {problem |
	list := object.get(document, split(path, "/"), [])
	is_array(list)
	some index, item in list
	is_object(item)
	some problem in _problems(item, sprintf("%v/%v/%v", [pointer, path, index]), rows)
}

_came(value) := "nothing" if {
	value == _absent
} else := type_name(value)

_fits(value, _, "optional") if value == _absent

_fits(value, "text", _) if _is_text(value)

_fits(value, "object", _) if is_object(value)

_fits(value, "boolean", _) if is_boolean(value)

_fits(value, "number", _) if {
	is_number(value)
	value >= 0
}

_fits(value, "texts", _) if {
	is_array(value)
	count([1 | some item in value; not _is_text(item)]) == 0
}

_fits(value, "objects", _) if {
	is_array(value)
	count([1 | some item in value; not is_object(item)]) == 0
}

_fits(value, "words", _) if {
	is_object(value)
	count([1 | some item in value; not _is_text(item)]) == 0
}

_fits(value, "numbers", _) if {
	is_object(value)
	count([1 | some item in value; not is_number(item)]) == 0
}

_is_text(value) if {
	is_string(value)
	trim_space(value) != ""
}
