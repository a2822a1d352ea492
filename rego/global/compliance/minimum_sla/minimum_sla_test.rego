package global.compliance.minimum_sla_test

import data.global.compliance.minimum_sla

_slas := {"availability": {"gte": 0.99}, "freshness_seconds": {"lte": 86400}}

_no_availability := {
	"msg": "no service level is promised for availability; the mesh asks for at least 0.99",
	"path": "product.sla.availability",
}

_no_freshness := {
	"msg": "no service level is promised for freshness_seconds; the mesh asks for at most 86400",
	"path": "product.sla.freshness_seconds",
}

test_allowed_at_the_bounds if {
	minimum_sla.violation == set() with input as {"product": {"sla": {"availability": 0.99, "freshness_seconds": 86400}}}
		with data.global.parameters.required_slas as _slas
}

test_denied_when_absent[note] if {
	some note, facts in {"no product": {}, "no sla": {"product": {"name": "p"}}, "empty sla": {"product": {"sla": {}}}}
	minimum_sla.violation == {_no_availability, _no_freshness} with input as facts
		with data.global.parameters.required_slas as _slas
}

test_denied_below_and_above if {
	minimum_sla.violation == {
		{
			"msg": "availability is promised as 0.95; the mesh asks for at least 0.99",
			"path": "product.sla.availability",
		},
		{
			"msg": "freshness_seconds is promised as 90000; the mesh asks for at most 86400",
			"path": "product.sla.freshness_seconds",
		},
	} with input as {"product": {"sla": {"availability": 0.95, "freshness_seconds": 90000}}}
		with data.global.parameters.required_slas as _slas
}

test_a_number_alone_is_a_minimum if {
	minimum_sla.violation == set() with input as {"product": {"sla": {"availability": 1}}}
		with data.global.parameters.required_slas as {"availability": 0.999}

	minimum_sla.violation == {{
		"msg": "availability is promised as 0.99; the mesh asks for at least 0.999",
		"path": "product.sla.availability",
	}} with input as {"product": {"sla": {"availability": 0.99}}}
		with data.global.parameters.required_slas as {"availability": 0.999}
}

test_zero_is_a_promise if {
	minimum_sla.violation == {{
		"msg": "availability is promised as 0; the mesh asks for at least 0.99",
		"path": "product.sla.availability",
	}} with input as {"product": {"sla": {"availability": 0}}}
		with data.global.parameters.required_slas as {"availability": {"gte": 0.99}}
}

test_denied_for_text_and_for_a_bound_nobody_knows if {
	minimum_sla.violation == {
		{
			"msg": "availability is promised as high; the mesh asks for at least 0.99",
			"path": "product.sla.availability",
		},
		{
			"msg": "accuracy is promised as 0.98; the mesh asks for about 0.98",
			"path": "product.sla.accuracy",
		},
	} with input as {"product": {"sla": {"availability": "high", "accuracy": 0.98}}}
		with data.global.parameters.required_slas as {"availability": {"gte": 0.99}, "accuracy": {"about": 0.98}}
}

test_denied_without_parameters if {
	minimum_sla.violation == {_no_availability, _no_freshness} with input as {"product": {}}
		with data.global.parameters as {}
}

test_a_domain_asks_for_more_than_the_mesh if {
	minimum_sla.violation == {
		{
			"msg": "availability is promised as 0.99; domain customer asks for at least 0.999",
			"path": "product.sla.availability",
		},
		{
			"msg": "support_hours is promised as nothing; domain customer asks for at least 8",
			"path": "product.sla.support_hours",
		},
	} with input as {"product": {"domain": "customer", "sla": {"availability": 0.99, "freshness_seconds": 60}}}
		with data.domains as {"customer": {"parameters": {"required_slas": {
			"availability": {"gte": 0.999},
			"support_hours": 8,
			"freshness_seconds": {"lte": 60},
		}}}}
		with data.global.parameters as {"directions": {"required_slas": "bounds"}}
}
