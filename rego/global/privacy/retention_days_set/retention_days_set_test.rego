package global.privacy.retention_days_set_test

import data.global.privacy.retention_days_set

_fields(email, phone) := [{"name": "customers", "fields": [
	object.union({"name": "email", "path": "contract.schema[customers].email"}, email),
	object.union({"name": "phone", "path": "contract.schema[customers].phone"}, phone),
]}]

_personal := {"personal": true}

_kept(days) := {"personal": true, "retention_days": days}

_violation(why) := {{
	"msg": sprintf("%v, and the product does not say when it ends", [why]),
	"path": "product.retention.days",
}}

test_allowed[note] if {
	some note, product in {
		"for the product": {"retention": {"days": 1095}, "contract": {"schema": _fields(_personal, _personal)}},
		"for every personal field": {"contract": {"schema": _fields(_kept(30), _kept(60))}},
		"no personal data": {"contract": {"schema": _fields({}, {})}},
	}
	retention_days_set.violation == set() with input as {"product": product}
}

test_denied[note] if {
	some note, product in {
		"nothing said": {"contract": {"schema": _fields(_personal, _personal)}},
		"one field without an end": {"contract": {"schema": _fields(_kept(30), _personal)}},
		"zero days": {"retention": {"days": 0}, "contract": {"schema": _fields(_personal, _kept(0))}},
		"text": {"retention": {"days": "30"}, "contract": {"schema": _fields(_personal, _personal)}},
	}
	retention_days_set.violation == _violation("the product holds personal data (email, phone)") with input as {"product": product}
}

test_denied_where_nobody_can_tell[note] if {
	some note, facts in {"no product": {}, "no contract": {"product": {"name": "customer-profile"}}}
	retention_days_set.violation == _violation("nobody can tell whether the product holds personal data") with input as facts
}
