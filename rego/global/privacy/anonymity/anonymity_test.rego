package global.privacy.anonymity_test

import data.global.privacy.anonymity

_with(product) := {"product": object.union(
	{
		"domain": "customer",
		"classification": "internal",
		"protections": ["k_anonymity"],
		"output_ports": [{"name": "daily", "path": "output_ports[daily]"}],
	},
	product,
)}

_port(k) := {"output_ports": [{"name": "daily", "path": "output_ports[daily]", "k_anonymity": k}]}

_violation(state, class, least) := {{
	"msg": sprintf("port daily: %v, and %v data takes at least %v", [state, class, least]),
	"path": "output_ports[daily]",
}}

_unknown := "nobody says how many persons share a row"

test_allowed[note] if {
	some note, product in {
		"not called anonymous": {"protections": ["masking"]},
		"no protections": {"protections": []},
		"enough": {"k_anonymity": 11},
		"the port's own word": object.union({"k_anonymity": 2}, _port(11)),
		"public, and twenty": {"classification": "Public", "k_anonymity": 20},
		"confidential, and five": {"classification": "confidential", "k_anonymity": 5},
		"restricted, and three": {"classification": "restricted", "k_anonymity": 3},
	}
	anonymity.violation == set() with input as _with(product)
		with data.global.parameters as {}
}

test_denied[note] if {
	some note, [product, wanted] in {
		"nobody says": [{}, _violation(_unknown, "internal", 11)],
		"in words on the port": [_port("many"), _violation(_unknown, "internal", 11)],
		"confidential": [
			{"classification": "confidential", "k_anonymity": 4},
			_violation("4 persons share a row", "confidential", 5),
		],
		"restricted": [
			{"classification": "restricted", "k_anonymity": 2},
			_violation("2 persons share a row", "restricted", 3),
		],
		"in yet another spelling": [{"protections": ["k anonymization"]}, _violation(_unknown, "internal", 11)],
		"in words": [{"k_anonymity": "many"}, _violation(_unknown, "internal", 11)],
		"zero": [{"k_anonymity": 0}, _violation(_unknown, "internal", 11)],
		"too few": [{"k_anonymity": 10}, _violation("10 persons share a row", "internal", 11)],
		"too few on the port": [
			object.union({"k_anonymity": 30}, _port(4)),
			_violation("4 persons share a row", "internal", 11),
		],
		"public": [{"classification": "public", "k_anonymity": 19}, _violation("19 persons share a row", "public", 20)],
		"a class that nobody knows": [
			{"classification": "secret", "k_anonymity": 19},
			_violation("19 persons share a row", "secret", 20),
		],
		"in another spelling": [{"protections": ["K-Anonymisation"]}, _violation(_unknown, "internal", 11)],
	}
	anonymity.violation == wanted with input as _with(product)
		with data.global.parameters as {}
}

test_denied_for_a_product_without_ports_or_class if {
	anonymity.violation == {{
		"msg": "the product: 19 persons share a row, and unclassified data takes at least 20",
		"path": "product.k_anonymity",
	}} with input as {"product": {"protections": ["k-anonymity"], "k_anonymity": 19}}
}

test_the_council_says_how_many if {
	anonymity.violation == _violation("11 persons share a row", "internal", 12) with input as _with({"k_anonymity": 11})
		with data.global.parameters as {"k_anonymity": {"internal": 12, "public": 30}}
}

test_a_class_that_the_council_does_not_name_takes_the_most if {
	anonymity.violation == _violation("29 persons share a row", "restricted", 30) with input as _with({
		"classification": "restricted",
		"k_anonymity": 29,
	})
		with data.global.parameters as {"k_anonymity": {"public": 30, "internal": "some"}}
}

test_a_class_that_nobody_names_takes_twenty_where_the_council_asks_for_less if {
	anonymity.violation == _violation("19 persons share a row", "restricted", 20) with input as _with({
		"classification": "restricted",
		"k_anonymity": 19,
	})
		with data.global.parameters as {"k_anonymity": {"public": 2, "restricted": "some"}}
}

test_a_domain_asks_for_more[note] if {
	some note, theirs in {
		"a number": {"internal": 15},
		"a bound": {"internal": {"gte": 15}},
		"an open bound": {"internal": {"gt": 15}},
	}
	anonymity.violation == _violation("14 persons share a row", "internal", 15) with input as _with({"k_anonymity": 14})
		with data.global.parameters as {"directions": {"k_anonymity": "bounds"}}
		with data.domains.customer.parameters as {"k_anonymity": theirs}
}

test_a_domain_asks_for_no_less[note] if {
	some note, theirs in {"less": {"internal": 3}, "the other way": {"internal": {"lte": 15}}, "another class": {"public": 30}}
	anonymity.violation == set() with input as _with({"k_anonymity": 11})
		with data.global.parameters as {"directions": {"k_anonymity": "bounds"}}
		with data.domains.customer.parameters as {"k_anonymity": theirs}
	count(anonymity.violation) == 1 with input as _with({"k_anonymity": 10})
		with data.global.parameters as {"directions": {"k_anonymity": "bounds"}}
		with data.domains.customer.parameters as {"k_anonymity": theirs}
}

test_no_product_claims_nothing if anonymity.violation == set() with input as {}
