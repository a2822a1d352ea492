package global.privacy.required_protections_test

import data.global.privacy.required_protections

_missing(class, protections) := _violation(sprintf("%v data takes protections", [class]), protections)

_unclassified(protections) := _violation("the classification is unknown, so protections are those of restricted data", protections)

_violation(demand, protections) := {{
	"msg": sprintf("%v; the product does not apply %v", [demand, concat(", ", protections)]),
	"path": "product.protections",
	"details": {"missing": protections},
}}

_all := ["access_control", "audit_logging", "encryption", "masking"]

test_allowed[note] if {
	some note, product in {
		"public takes none": {"classification": "public"},
		"internal": {"classification": "internal", "protections": ["access_control"]},
		"confidential": {"classification": "confidential", "protections": ["encryption", "access_control", "audit_logging"]},
		"restricted, with more than is asked": {"classification": "restricted", "protections": array.concat(_all, ["hsm"])},
	}
	required_protections.violation == set() with input as {"product": product}
		with data.global.parameters as {}
}

test_denied[note] if {
	some note, row in {
		"none applied": {"product": {"classification": "internal"}, "missing": _missing("internal", ["access_control"])},
		"one is missing": {
			"product": {"classification": "confidential", "protections": ["encryption", "access_control"]},
			"missing": _missing("confidential", ["audit_logging"]),
		},
		"not classified": {"product": {"protections": ["encryption"]}, "missing": _unclassified([
			"access_control",
			"audit_logging", "masking",
		])},
		"a class nobody agreed on": {"product": {"classification": "secret"}, "missing": _unclassified(_all)},
		"no product": {"missing": _unclassified(_all)},
	}
	required_protections.violation == row.missing with input as object.filter(row, ["product"])
		with data.global.parameters as {}
}

test_the_council_asks_for_other_protections if {
	required_protections.violation == _missing("public", ["watermark"]) with input as {"product": {"classification": "public"}}
		with data.global.parameters.required_protections as {"public": ["watermark"]}
}

test_an_unknown_class_takes_everything_where_the_council_names_no_class_for_it if {
	required_protections.violation == _unclassified(["seal", "watermark"]) with input as {"product": {}}
		with data.global.parameters.required_protections as {"public": ["watermark"], "internal": ["seal"]}
}

test_the_council_says_how_an_unknown_class_is_protected if {
	required_protections.violation == {{
		"msg": "the classification is unknown, so protections are those of internal data; the product does not apply access_control",
		"path": "product.protections",
		"details": {"missing": ["access_control"]},
	}} with input as {"product": {"classification": "secret"}}
		with data.global.parameters as {"unknown_classification": "internal"}
}

_of_category(protections, field) := {"product": {
	"classification": "public",
	"protections": protections,
	"contract": {"schema": [{"name": "t", "fields": [object.union({"name": "x", "path": "contract.schema[t].x"}, field)]}]},
}}

_lacks(category, missing) := {{
	"msg": sprintf("field x is %v, which takes protections; the product does not apply %v", [category, concat(", ", missing)]),
	"path": "contract.schema[t].x",
	"details": {"missing": missing},
}}

test_a_category_brings_its_protections[note] if {
	some note, [protections, field, wanted] in {
		"applied": [["masking"], {"categories": ["user.government_id.passport_number"]}, set()],
		"the field's own encryption": [
			["masking"],
			{"categories": ["user.biometric"], "encryption": "AES-256"},
			set(),
		],
		"its own encryption masks nothing": [
			[],
			{"categories": ["user.biometric"], "encryption": "AES-256"},
			_lacks("user.biometric", ["masking"]),
		],
		"missing": [[], {"categories": ["user.government_id"]}, _lacks("user.government_id", ["masking"])],
		"encryption is missing": [["masking"], {"categories": ["user.biometric"]}, _lacks("user.biometric", ["encryption"])],
		"encryption of a number is none": [
			["masking"], {"categories": ["user.biometric"], "encryption": 256}, _lacks("user.biometric", ["encryption"]),
		],
		"encryption of health data is missing": [
			["masking"], {"categories": ["user.health_and_medical"]}, _lacks("user.health_and_medical", ["encryption"]),
		],
		"credentials": [[], {"categories": ["user.authorization"]}, _lacks("user.authorization", ["encryption"])],
		"missing below": [
			["encryption"],
			{"categories": ["user.health_and_medical.genetic"]},
			_lacks("user.health_and_medical.genetic", ["masking"]),
		],
		"told by its semantic type": [
			[],
			{"semantic_type": "credit-card-number"},
			_lacks("user.financial.credit_card", ["tokenisation"]),
		],
		"a category that takes none": [[], {"categories": ["user.contact.email"]}, set()],
		"a category above": [[], {"categories": ["user.financial"]}, set()],
	}
	required_protections.violation == wanted with input as _of_category(protections, field)
		with data.global.parameters as {}
}

test_the_council_says_what_a_category_takes if {
	required_protections.violation == _lacks("user.contact.email", ["seal"]) with input as _of_category([], {"categories": ["user.contact.email"]})
		with data.global.parameters as {"category_protections": {"user.contact": ["seal"]}}
}
