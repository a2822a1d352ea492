package global.privacy.purpose_and_basis_test

import data.global.privacy.purpose_and_basis

_with(product, field) := {"product": object.union(
	{"domain": "customer", "contract": {"schema": [{"name": "customers", "fields": [object.union(
		{"name": "x", "path": "contract.schema[customers].x"},
		field,
	)]}]}},
	product,
)}

_good := {"purposes": ["analytics.reporting"], "lawful_basis": "contract"}

_personal := {"personal": true}

_special := {"categories": ["user.demographic.religious_belief"]}

_no_purpose := {
	"msg": "the product holds personal data (x), and the product names no purpose that is known",
	"path": "product.purposes",
}

_no_basis := {
	"msg": "the product holds personal data (x), and does not say what makes that lawful",
	"path": "product.lawful_basis",
}

_not_permitted := {
	"msg": "the product holds data of special categories (x: user.demographic.religious_belief), and does not say what permits that",
	"path": "product.special_category_basis",
}

test_allowed[note] if {
	some note, [product, field] in {
		"no personal data": [{}, {"personal": false}],
		"purpose and basis": [_good, _personal],
		"one purpose that is known is enough": [object.union(_good, {"purposes": ["fun", "marketing"]}), _personal],
		"a category that is not special": [_good, {"categories": ["user.contact.email"]}],
		"another spelling": [object.union(_good, {"lawful_basis": "Art. 6(1)(a) GDPR"}), _personal],
		"a special category, permitted": [object.union(_good, {"special_category_basis": "explicit consent"}), _special],
	}
	purpose_and_basis.violation == set() with input as _with(product, field)
		with data.global.parameters as {}
}

test_every_basis_of_the_regulation_is_accepted[basis] if {
	some basis in ["consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests"]
	purpose_and_basis.violation == set() with input as _with(object.union(_good, {"lawful_basis": basis}), _personal)
		with data.global.parameters as {}
}

test_denied[note] if {
	some note, [product, field, wanted] in {
		"nothing said": [{}, _personal, {_no_purpose, _no_basis}],
		"no purpose": [{"lawful_basis": "contract"}, _personal, {_no_purpose}],
		"an empty list": [{"purposes": [], "lawful_basis": "contract"}, _personal, {_no_purpose}],
		"a purpose that nobody knows": [{"purposes": ["fun"], "lawful_basis": "contract"}, _personal, {_no_purpose}],
		"no basis": [{"purposes": ["marketing"]}, _personal, {_no_basis}],
		"a special category": [_good, _special, {_not_permitted}],
		"a special category, with a basis of others": [
			object.union(_good, {"special_category_basis": "contract"}),
			_special, {_not_permitted},
		],
		"a special category, told by its semantic type": [
			_good,
			{"personal": true, "semantic_type": "religion"}, {_not_permitted},
		],
	}
	purpose_and_basis.violation == wanted with input as _with(product, field)
		with data.global.parameters as {}
}

test_denied_for_a_basis_that_is_none if {
	purpose_and_basis.violation == {{
		"msg": "the product holds personal data (x), and `because` is no lawful basis that the mesh accepts",
		"path": "product.lawful_basis",
	}} with input as _with(object.union(_good, {"lawful_basis": "because"}), _personal)
		with data.global.parameters as {}
}

test_denied_where_nobody_can_tell if {
	purpose_and_basis.violation == {
		{
			"msg": "nobody can tell whether the product holds personal data, and the product names no purpose that is known",
			"path": "product.purposes",
		},
		{
			"msg": "nobody can tell whether the product holds personal data, and does not say what makes that lawful",
			"path": "product.lawful_basis",
		},
	} with input as {}
}

_refused := {{
	"msg": "the product holds personal data (x), and `contract` is no lawful basis that the mesh accepts",
	"path": "product.lawful_basis",
}}

test_the_council_says_which_bases_it_accepts if {
	purpose_and_basis.violation == _refused with input as _with(_good, _personal)
		with data.global.parameters as {"lawful_bases": ["consent"]}
}

test_a_domain_accepts_fewer if {
	purpose_and_basis.violation == _refused with input as _with(_good, _personal)
		with data.global.parameters as {"directions": {"lawful_bases": "fewer"}}
		with data.domains.customer.parameters as {"lawful_bases": ["consent"]}
}
