# METADATA
# title: Records of processing activities
# description: >
#   What GDPR Art. 30(1) wants to be on record of a processing activity, as far as a product, the council and the registry
#   state it. What nobody stated is listed as `missing` with the fact that would say it, never left blank. Decides nothing.
package bylaw.processing_record

import data.bylaw.lib.personal_data
import data.bylaw.lib.product
import data.bylaw.lib.taxonomy

# METADATA
# description: >
#   Whether the product holds personal data: `yes`, `no` where its contract shows every field and none is, else
#   `unknown`, which is on record like `yes`.
# scope: document
default holds_personal_data := "no"

holds_personal_data := "yes" if {
	count(product.personal_fields(_product)) > 0
} else := "unknown" if {
	personal_data.reason(_product, {})
}

# METADATA
# description: The record; what is missing of it is in `missing` only.
# entrypoint: true
# scope: document
record := object.union(_stated, {
	"holds_personal_data": holds_personal_data,
	"missing": [{"part": part, "fact": fact} |
		some [part, fact] in array.concat(_wanted, _wanted_of_special)
		not part in object.keys(_stated)
	],
})

_stated[part] := value if {
	some part, value in _parts
	not value in {"", []}
}

# The parts of Art. 30(1), each with the fact that states it.
_wanted := [
	["controller", "data.global.parameters.controller.name"],
	["contact", "data.global.parameters.controller.contact"],
	["owner", "product.owner"],
	["purposes", "product.purposes"],
	["lawful_basis", "product.lawful_basis"],
	["data_subjects", "product.data_subjects"],
	["data_categories", "contract.schema fields: categories"],
	["recipients", "product.recipients"],
	["places", "product.regions"],
	["time_limits", "product.retention"],
	["security_measures", "product.protections"],
]

# What data of special categories takes besides.
_wanted_of_special := [["special_category_basis", "product.special_category_basis"] |
	count([1 | some category in _parts.data_categories; category.special]) > 0
]

_parts["controller"] := _controller.name

_parts["contact"] := _controller.contact

_parts["representative"] := _controller.representative

_parts["data_protection_officer"] := _controller.data_protection_officer

_parts["owner"] := _product.owner

_parts["activity"] := _product.description

_parts["purposes"] := [{"key": key, "name": taxonomy.name("uses", key)} | some key in _product.purposes]

_parts["lawful_basis"] := _product.lawful_basis

_parts["special_category_basis"] := _product.special_category_basis

_parts["data_subjects"] := [{"key": key, "name": taxonomy.name("subjects", key)} | some key in _subjects]

_parts["data_categories"] := [{
	"key": key,
	"name": taxonomy.name("categories", key),
	"special": count([1 | taxonomy.is_special(key)]) > 0,
	"fields": sort({field.path | some field in _of_category(key)}),
} |
	some key in {category |
		some field in product.fields(_product)
		some category in personal_data.categories(field)
		taxonomy.is_personal(category)
	}
]

# Personal fields of which no category is known.
_parts["uncategorised_fields"] := sort({field.path |
	some field in product.personal_fields(_product)
	count([1 | some key in personal_data.categories(field); taxonomy.is_personal(key)]) == 0
})

_parts["recipients"] := sort({recipient | some recipient in _product.recipients} | _granted)

_parts["places"] := sort({region | some region in _product.regions} | {region |
	some port in _product.output_ports
	some region in port.regions
})

_parts["transfers"] := [object.filter(transfer, ["to", "mechanism"]) | some transfer in _product.transfers]

_parts["time_limits"] := array.concat(
	[{"of": "the product", "days": days} | days := _product.retention.days],
	[{"of": field.path, "days": field.retention_days} |
		some field in product.fields(_product)
		is_number(field.retention_days)
	],
)

_parts["security_measures"] := sort({protection | some protection in _product.protections} | {measure |
	some holder in array.concat([_product], [port | some port in _product.output_ports])
	some where, how in holder.encryption
	measure := sprintf("encryption %v: %v", [replace(where, "_", " "), how])
})

_subjects contains subject if some subject in _product.data_subjects

_subjects contains subject if {
	some field in product.fields(_product)
	some subject in field.data_subjects
}

_of_category(key) := {field |
	some field in product.fields(_product)
	key in personal_data.categories(field)
}

# Whom the registry has granted it, and the roles that the product names.
_granted := {grant.subject |
	some grant in data.mesh.grants
	grant.product == concat("/", [_product.domain, _product.name])
} | {sprintf("role:%v", [policy.role]) | some policy in _product.access_policies}

default _controller := {}

_controller := data.global.parameters.controller if is_object(data.global.parameters.controller)

default _product := {}

_product := input.product if is_object(input.product)
