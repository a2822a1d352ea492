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
