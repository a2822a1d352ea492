# METADATA
# title: The shape of a product
# description: What a product in the normal form looks like, its ports, its contract and every field included.
package bylaw.product_shape

import data.bylaw.shapes

# METADATA
# description: What is wrong with a product at a JSON pointer.
problems(found, pointer) := union({
	shapes.members(found, pointer, _product_shape),
	shapes.members(object.get(found, "retention", {}), concat("/", [pointer, "retention"]), {"days": "number"}),
	shapes.members(object.get(found, "contract", {}), concat("/", [pointer, "contract"]), _contract_shape),
	shapes.each(found, ["output_ports"], pointer, [
		[["name"], "text", "required"],
		[["format"], "text", "optional"],
		[["type"], "text", "optional"],
		[["location"], "text", "optional"],
		[["encryption"], "words", "optional"],
		[["schema"], "texts", "optional"],
		[["regions"], "texts", "optional"],
		[["k_anonymity"], "number", "optional"],
	]),
	shapes.each(found, ["transfers"], pointer, [[["to"], "text", "required"], [["mechanism"], "text", "optional"]]),
	shapes.each(found, ["contract", "schema"], pointer, [[["name"], "text", "required"], [["fields"], "objects", "optional"]]),
	_field_problems(found, pointer),
})

_product_shape := {
	"domain": "text",
	"name": "text",
	"version": "text",
	"owner": "text",
	"status": "text",
	"description": "text",
	"classification": "text",
	"tags": "texts",
	"protections": "texts",
	"purposes": "texts",
	"lawful_basis": "text",
	"special_category_basis": "text",
	"data_subjects": "texts",
	"recipients": "texts",
	"regions": "texts",
	"transfers": "objects",
	"k_anonymity": "number",
	"retention": "object",
	"sla": "numbers",
	"encryption": "words",
	"access_policies": "objects",
	"compatibility": "text",
	"deprecation_notice_days": "number",
	"output_ports": "objects",
	"contract": "object",
}

_contract_shape := {"schema": "objects", "quality": "objects"}

_field_shape := [
	[["name"], "text", "required"],
	[["type"], "text", "optional"],
	[["description"], "text", "optional"],
	[["classification"], "text", "optional"],
	[["personal"], "boolean", "optional"],
	[["required"], "boolean", "optional"],
	[["tags"], "texts", "optional"],
	[["categories"], "texts", "optional"],
	[["data_subjects"], "texts", "optional"],
	[["derived_from"], "texts", "optional"],
	[["encryption"], "text", "optional"],
	[["retention_days"], "number", "optional"],
	[["fields"], "objects", "optional"],
]

# Most fields are right, and telling so at once is much cheaper than telling what is wrong.
_field_problems(found, pointer) := {problem |
	list := object.get(found, ["contract", "schema"], [])
	is_array(list)
	some index, thing in list
	some [steps, field] in _fields(thing)
	not _is_field(field)
	place := concat("/", [sprintf("%v", [step]) | some step in array.concat([pointer, "contract", "schema", index], steps)])
	some problem in shapes.problems(field, place, _field_shape)
}

# Fields stand at fields[1].fields[2] of the schema, however deep. Most have none below them, and a walk is dear.
_fields(thing) := array.concat(
	[[["fields", index], field] |
		is_array(thing.fields)
		some index, field in thing.fields
		is_object(field)
	],
	[[array.concat(["fields", index], path), field] |
		is_array(thing.fields)
		some index, above in thing.fields
		object.get(above, "fields", []) != []
		walk(above, [path, field])
		count(path) > 0
		_alternates(path)
		is_object(field)
	],
)

_alternates(path) if {
	count(path) % 2 == 0
	count([1 | some index, step in path; index % 2 == 0; step != "fields"]) == 0
	count([1 | some index, step in path; index % 2 == 1; not is_number(step)]) == 0
}

_is_field(field) if {
	[
		type_name(field.name),
		type_name(object.get(field, "type", "")),
		type_name(object.get(field, "description", "")),
		type_name(object.get(field, "classification", "")),
		type_name(object.get(field, "encryption", "")),
		type_name(object.get(field, "personal", true)),
		type_name(object.get(field, "required", true)),
		object.get(field, "fields", []),
	] == ["string", "string", "string", "string", "string", "boolean", "boolean", []]
	field.name != ""
	count(object.filter(field, ["tags", "categories", "data_subjects", "derived_from", "retention_days"])) == 0
	not "" in object.filter(field, ["type", "description", "classification", "encryption"])
}
