# METADATA
# title: Every field of a restricted product is classified
# description: >-
#   In a product of one of the classes in the parameter `classes_with_classified_fields`, each field has a classification
#   of its own, or is part of one that has: whoever masks, exports or joins it takes the class from there, and the
#   highest class of the whole would stop all of them, or the lack of one none. Whether a field is personal
#   (`personal: true`) is another question and answers this one for nobody.
# custom:
#   id: PRV-013
#   enforcement: deny
#   severity: medium
#   controls: ["ISO/IEC 27001:2022 A.5.12", "GDPR Art. 25(1)"]
#   remediation: Set `classification` on the field, or on the record it is part of, to the class its owner agreed on.
package global.privacy.fields_classified

import data.bylaw.lib.product

violation contains {"msg": msg, "path": field.path} if {
	input.product.classification in _classes
	some field in _fields
	not _is_classified(field)
	msg := sprintf("the product is %v, and field %v has no classification", [input.product.classification, field.name])
}

_fields := product.fields(input.product)

_classified_paths contains field.path if {
	some field in _fields
	is_string(field.classification)
	trim_space(field.classification) != ""
}

_is_classified(field) if {
	parts := split(field.path, ".")
	some length in numbers.range(1, count(parts))
	concat(".", array.slice(parts, 0, length)) in _classified_paths
}

default _classes := ["restricted"]

_classes := data.global.parameters.classes_with_classified_fields
