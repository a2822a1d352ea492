package global.privacy.residency_test

import data.global.privacy.residency

_schema := [
	{"name": "customers", "fields": [{"name": "email", "path": "contract.schema[customers].email", "personal": true}]},
	{"name": "segments", "fields": [{"name": "segment", "path": "contract.schema[segments].segment"}]},
]

_with(product, port) := {"product": object.union(
	{
		"domain": "customer",
		"output_ports": [object.union({"name": "daily", "path": "output_ports[daily]"}, port)],
		"contract": {"schema": _schema},
	},
	product,
)}

_in_europe := {"allowed_regions": ["eu-*", "DE"]}

_violation(path, msg) := {{"msg": msg, "path": path}}

_daily(msg) := _violation("output_ports[daily]", sprintf("port daily: it carries personal data (email), and %v", [msg]))

_outside(region) := sprintf("lies in %v, which is outside eu-*, DE, without a transfer that the mesh accepts", [region])

_transfer(mechanism) := {"transfers": [{"to": "US-east-1", "mechanism": mechanism, "path": "product.transfers[US-east-1]"}]}

test_allowed[note] if {
	some note, [product, port] in {
		"a region of the pattern": [{}, {"regions": ["eu-west-1", "EU-central-1"]}],
		"a country by name": [{"regions": ["de"]}, {}],
		"the port's own word": [{"regions": ["us-east-1"]}, {"regions": ["eu-west-1"]}],
		"the product's, where a port lists none": [{"regions": ["eu-west-1"]}, {"regions": []}],
		"elsewhere, by a mechanism": [
			object.union({"regions": ["us-east-1"]}, _transfer("SCCs")),
			{},
		],
		"no personal data": [{}, {"schema": ["segments"], "regions": ["us-east-1"]}],
	}
	residency.violation == set() with input as _with(product, port)
		with data.global.parameters as _in_europe
}

test_denied[note] if {
	some note, [product, port, wanted] in {
		"nobody says where": [{}, {}, _daily("nobody says where it lies")],
		"empty lists": [{"regions": []}, {"regions": []}, _daily("nobody says where it lies")],
		"elsewhere": [{"regions": ["us-east-1"]}, {}, _daily(_outside("us-east-1"))],
		"one of several": [{}, {"regions": ["eu-west-1", "us-east-1"]}, _daily(_outside("us-east-1"))],
		"a transfer to another place": [
			object.union({"regions": ["us-west-2"]}, _transfer("SCCs")),
			{}, _daily(_outside("us-west-2")),
		],
	}
	residency.violation == wanted with input as _with(product, port)
		with data.global.parameters as _in_europe
}

_not_permitted(mechanism) := _violation(
	"product.transfers[US-east-1]",
	sprintf("nothing that the mesh accepts permits the transfer to US-east-1 (%v)", [mechanism]),
)

test_denied_for_a_transfer_that_nothing_permits[note] if {
	some note, [product, wanted] in {
		"a word that is none": [_transfer("trust"), _not_permitted("trust")],
		"a derogation is for single cases": [_transfer("Art. 49(1)(a)"), _not_permitted("Art. 49(1)(a)")],
		"none stated": [{"transfers": [{"to": "US-east-1"}]}, _not_permitted("no mechanism stated")],
	}
	residency.violation == wanted with input as _with(object.union({"regions": ["eu-west-1"]}, product), {})
		with data.global.parameters as _in_europe
}

test_mechanisms_that_are_accepted_unless_the_council_says_otherwise[mechanism] if {
	some mechanism in [
		"adequacy_decision", "standard_contractual_clauses", "binding_corporate_rules", "code_of_conduct", "certification",
	]
	residency.violation == set() with input as _with(object.union({"regions": ["us-east-1"]}, _transfer(mechanism)), {})
		with data.global.parameters as _in_europe
}

test_denied_for_both_the_place_and_the_transfer if {
	residency.violation == _daily(_outside("us-east-1")) | _not_permitted("trust") with input as _with(
		object.union({"regions": ["us-east-1"]}, _transfer("trust")),
		{},
	)
		with data.global.parameters as _in_europe
}

test_transfers_of_what_is_not_personal_are_not_asked_about if {
	residency.violation == set() with input as _with(_transfer("trust"), {"schema": ["segments"]})
		with data.global.parameters as _in_europe
}

test_no_region_is_allowed_where_the_council_names_none if {
	residency.violation == _daily(concat(" ", [
		"lies in eu-west-1, which is outside every region that is allowed,",
		"without a transfer that the mesh accepts",
	])) with input as _with({"regions": ["eu-west-1"]}, {})
		with data.global.parameters as {}
}

test_a_domain_allows_fewer if {
	residency.violation == _daily("lies in eu-west-1, which is outside DE, without a transfer that the mesh accepts") with input as _with(
		{"regions": ["eu-west-1"]},
		{},
	)
		with data.global.parameters as object.union(_in_europe, {"directions": {"allowed_regions": "fewer"}})
		with data.domains.customer.parameters as {"allowed_regions": ["DE"]}
}

test_the_council_says_which_mechanisms_it_accepts if {
	residency.violation == _not_permitted("SCCs") with input as _with(object.union({"regions": ["eu-west-1"]}, _transfer("SCCs")), {})
		with data.global.parameters as object.union(_in_europe, {"transfer_mechanisms": ["adequacy_decision"]})
}

test_denied_for_a_product_without_ports if {
	residency.violation == _violation("product.regions", "the product: nobody can tell whether it carries personal data, and nobody says where it lies") with input as {"product": {}}
		with data.global.parameters as _in_europe
	residency.violation == set() with input as {"product": {"regions": ["eu-west-1"]}}
		with data.global.parameters as _in_europe
}
