package bylaw.lib.domains_test

import data.bylaw.lib.domains

_mesh := {
	"products": {"customer/c360": {"domain": "customer", "name": "c360"}},
	"bindings": {
		"tables": {"lake.customer.profiles": "customer/c360"},
		"schemas": {"lake.order": "order"},
		"namespaces": {"orders-prod": "order/orders"},
		"subjects": {"orders-value": "order/orders"},
	},
}

_table(schema) := {"table": {"catalogName": "lake", "schemaName": schema, "tableName": "profiles"}}

_labelled(domain) := {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"bylaw.io/domain": domain}}}

_plan := {"resource_changes": [
	_bucket("a", {"Domain": "Customer"}),
	_bucket("b", {"Domain": "order", "DataProduct": "orders"}),
	_bucket("c", {}),
]}

_bucket(name, tags) := {
	"address": sprintf("aws_s3_bucket.%v", [name]),
	"mode": "managed",
	"type": "aws_s3_bucket",
	"name": name,
	"change": {"actions": ["create"], "after": {"tags": tags}},
}

test_concerned[note] if {
	some note, [given, names] in {
		"a product": [{"product": {"domain": "customer", "name": "x"}}, {"customer"}],
		"a product with capitals and spaces": [{"product": {"domain": " Data Platform "}}, {"data-platform"}],
		"a product of no domain": [{"product": {"name": "x"}}, set()],
		"a product whose domain is no name": [{"product": {"domain": "../global"}}, set()],
		"a product whose domain is a number": [{"product": {"domain": 7}}, set()],
		"a product that moved": [{"product": {"domain": "b"}, "previous": {"domain": "a"}}, {"a", "b"}],
		"a bound table": [{"resource": {"type": "table", "id": "lake.customer.profiles"}}, {"customer"}],
		"an unbound table": [{"resource": {"type": "table", "id": "lake.x.y"}}, set()],
		"Trino's resource and target": [
			{"action": {"resource": _table("customer"), "targetResource": _table("order")}},
			{"customer", "order"},
		],
		"Trino's list": [
			{"action": {"filterResources": [_table("customer"), _table("none"), "odd"]}},
			{"customer"},
		],
		"a Kubernetes object": [{"manifest": _labelled("order")}, {"order"}],
		"a Kubernetes object that changes hands": [
			{"manifest": _labelled("order"), "previous_manifest": _labelled("customer")},
			{"customer", "order"},
		],
		"an object in a bound namespace": [
			{"manifest": {"kind": "Pod", "metadata": {"namespace": "orders-prod"}}},
			{"order"},
		],
		"a review": [{"request": {"object": _labelled("order"), "oldObject": _labelled("finance")}}, {"finance", "order"}],
		"a bare manifest": [_labelled("order"), {"order"}],
		"a plan": [{"plan": _plan}, {"customer", "order"}],
		"a bare plan": [_plan, {"customer", "order"}],
		"a bare plan of planned values": [
			{"planned_values": {"root_module": {"resources": [{
				"mode": "managed",
				"address": "a",
				"type": "t",
				"name": "a",
				"values": {"tags": {"Domain": "order"}},
			}]}}},
			{"order"},
		],
		"a schema subject": [{"schema": {"subject": "orders-value"}}, {"order"}],
		"nothing": [{}, set()],
		"a text": ["customer", set()],
	}
	domains.concerned == names with input as given with data.mesh as _mesh
}

test_subjects_say_which_fact_names_them if {
	domains.subjects == {
		{"path": "resource_changes[aws_s3_bucket.a]", "domain": "Customer"},
		{"path": "resource_changes[aws_s3_bucket.b]", "domain": "order", "product": "orders"},
	} with input as {"plan": _plan}
}

test_roots_are_rule_paths if domains.root("finance") == "domains.finance"
