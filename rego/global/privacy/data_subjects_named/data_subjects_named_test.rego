package global.privacy.data_subjects_named_test

import data.global.privacy.data_subjects_named

_with(product, email, phone) := {"product": object.union(product, {"contract": {"schema": [{"name": "customers", "fields": [
	object.union({"name": "email", "path": "contract.schema[customers].email"}, email),
	object.union({"name": "phone", "path": "contract.schema[customers].phone"}, phone),
]}]}})}

_personal := {"personal": true}

_said := {"personal": true, "data_subjects": ["customer"]}

test_allowed[note] if {
	some note, facts in {
		"for the product": _with({"data_subjects": ["customer"]}, _personal, _personal),
		"on every personal field": _with({}, _said, _said),
		"no personal data": _with({}, {}, {"personal": false}),
		"no product": {},
	}
	data_subjects_named.violation == set() with input as facts
}

test_warned[note] if {
	some note, [product, phone, names] in {
		"nowhere": [{}, _personal, "email, phone"],
		"not on every field": [{}, _said, "email"],
		"an empty list": [{"data_subjects": []}, _personal, "email, phone"],
	}
	data_subjects_named.violation == {{
		"msg": sprintf("the product holds personal data (%v), and does not say whom it is about", [names]),
		"path": "product.data_subjects",
	}} with input as _with(product, _personal, phone)
}
