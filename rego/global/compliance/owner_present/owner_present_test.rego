package global.compliance.owner_present_test

import data.global.compliance.owner_present

_unowned := {{
	"msg": "nobody answers for this product: it names no owner",
	"path": "product.owner",
}}

test_denied[note] if {
	some note, product in {
		"absent": {"name": "customer-profile"},
		"empty": {"owner": ""},
		"blank": {"owner": " \t"},
		"a number": {"owner": 7},
		"null": {"owner": null},
	}
	owner_present.violation == _unowned with input as {"product": product}
}

test_denied_without_a_product if owner_present.violation == _unowned with input as {}

test_allowed_with_an_owner if {
	owner_present.violation == set() with input as {"product": {"owner": "customer-team@company.com"}}
}
