package bylaw.lineage_test

import data.bylaw.lineage

_product := {"domain": "customer", "name": "profile"}

_edges := [
	{"source": "customer/profile", "target": "analytics/360"},
	{"source": "analytics/360", "target": "sales/leads"},
	{"source": "order/orders", "target": "analytics/churn"},
	{"source": "sales/leads", "target": "customer/profile"},
]

test_downstream_however_far_and_never_oneself if {
	lineage.consumers == {"analytics/360", "sales/leads"} with input as {"product": _product, "lineage": {"products": _edges}}
		with data.mesh as {}
}

test_of_the_registry_too if {
	lineage.consumers == {"analytics/360", "sales/leads"} with input as {"product": _product, "lineage": {"products": [_edges[0]]}}
		with data.mesh as {"lineage": [_edges[1]]}
}

test_datasets_by_the_products_they_belong_to if {
	lineage.consumers == {"analytics/360", "lake.raw.copy"} with input as {"product": _product, "lineage": {"products": [
		{"source": "lake.customer.profiles", "target": "lake.analytics.c360"},
		{"source": "profiles", "target": "lake.raw.copy"},
	]}}
		with data.mesh as {"bindings": {
			"tables": {"lake.customer.profiles": "customer/profile", "lake.analytics.c360": "analytics/360"},
			"topics": {"profiles": "customer/profile"},
		}}
}

test_none_are_known[note] if {
	some note, facts in {
		"no lineage": {"product": _product},
		"no product": {"lineage": {"products": _edges}},
		"no list": {"product": _product, "lineage": {"products": "some"}},
	}
	lineage.consumers == set() with input as facts with data.mesh as {}
	lineage.affected == "" with input as facts with data.mesh as {}
}

test_consumers_are_named if {
	lineage.affected == "; consumers: analytics/360, sales/leads" with input as {"product": _product, "lineage": {"products": _edges}}
		with data.mesh as {}
}

test_ten_are_named_and_the_others_counted if {
	lineage.affected == "; consumers: c0, c1, c2, c3, c4, c5, c6, c7, c8, c9" with input as _fan(9) with data.mesh as {}
	expected := "; consumers: c0, c1, c10, c2, c3, c4, c5, c6, c7, c8 and 1 more"
	lineage.affected == expected with input as _fan(10) with data.mesh as {}
}

_fan(last) := {"product": _product, "lineage": {"products": [{"source": "customer/profile", "target": target} |
	some number in numbers.range(0, last)
	target := sprintf("c%v", [number])
]}}
