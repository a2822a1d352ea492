package global.compliance.classification_present_test

import data.global.compliance.classification_present

_classes := ["public", "internal", "confidential", "restricted"]

test_denied_when_absent if {
	violations := classification_present.violation with input as {"product": {"name": "customer-profile"}}
		with data.global.parameters.classifications as _classes

	violations == {{
		"msg": "the product is not classified; it must be one of public, internal, confidential, restricted",
		"path": "product.classification",
	}}
}

test_denied_for_a_word_nobody_agreed_on if {
	violations := classification_present.violation with input as {"product": {"classification": "top-secret"}}
		with data.global.parameters.classifications as ["public", "restricted"]

	violations == {{
		"msg": "classification top-secret is none that the mesh knows; it must be one of public, restricted",
		"path": "product.classification",
	}}
}

test_denied_without_parameters if {
	violations := classification_present.violation with input as {"product": {"classification": "secret"}}
		with data.global.parameters as {}

	violations == {{
		"msg": "classification secret is none that the mesh knows; it must be one of public, internal, confidential, restricted",
		"path": "product.classification",
	}}
}

test_allowed[classification] if {
	some classification in _classes
	classification_present.violation == set() with input as {"product": {"classification": classification}}
		with data.global.parameters.classifications as _classes
}
