# METADATA
# title: Personal data has purposes and a lawful basis
# description: >-
#   A product that holds personal data, or of which nobody can tell, names at least one purpose that is known and what
#   makes its processing lawful, one of the parameter `lawful_bases` in words of GDPR Art. 6(1). Where it holds data of
#   special categories, it names what permits that (Art. 9(2)) as well.
# custom:
#   id: PRV-007
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 5(1)(b)", "GDPR Art. 6(1)", "GDPR Art. 9(2)", "GDPR Art. 30(1)(b)"]
#   remediation: >-
#     State `purposes` (data uses of the taxonomy, as `analytics.reporting`), `lawful_basis` (as `contract`) and, for special
#     categories, `special_category_basis` (as `explicit_consent`).
package global.privacy.purpose_and_basis

import data.bylaw.lib.lawfulness
import data.bylaw.lib.personal_data
import data.bylaw.lib.product
import data.bylaw.lib.taxonomy
import data.bylaw.tightened

violation contains {"msg": msg, "path": "product.purposes"} if {
	why := personal_data.reason(_product, {})
	count({purpose | some purpose in _product.purposes; taxonomy.is_known("uses", purpose)}) == 0
	msg := sprintf("%v, and the product names no purpose that is known", [_about(why)])
}

violation contains {"msg": msg, "path": "product.lawful_basis"} if {
	why := personal_data.reason(_product, {})
	not _is_lawful
	msg := sprintf("%v, and %v", [_about(why), _doubt])
}

violation contains {"msg": msg, "path": "product.special_category_basis"} if {
	count(_special) > 0
	not _is_permitted
	msg := sprintf("the product holds data of special categories (%v), and does not say what permits that", [concat(", ", _special)])
}

_special contains sprintf("%v: %v", [object.get(field, "name", "a field without a name"), category]) if {
	some field in product.fields(_product)
	some category in personal_data.categories(field)
	taxonomy.is_special(category)
}

_is_permitted if lawfulness.special_basis(_product.special_category_basis)

_is_lawful if lawfulness.basis(_product.lawful_basis) in _agreed

_about(why) := replace(why, "it carries", "the product holds")

default _doubt := "does not say what makes that lawful"

_doubt := sprintf("`%v` is no lawful basis that the mesh accepts", [_product.lawful_basis])

default _product := {}

_product := input.product if is_object(input.product)

default _councils := ["consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests"]

_councils := data.global.parameters.lawful_bases

_agreed := tightened.common("lawful_bases", _councils)
