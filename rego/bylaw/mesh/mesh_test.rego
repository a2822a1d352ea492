package bylaw.mesh_test

import data.bylaw.mesh

_mesh := {
	"products": {
		"customer/customer_360": {"domain": "customer", "name": "customer_360", "classification": "restricted"},
		"order/orders": {"domain": "order", "name": "orders"},
	},
	"bindings": {
		"tables": {"lake.customer.profiles": "customer/customer_360"},
		"schemas": {"lake.order": "order/orders", "lake.analytics": "analytics"},
		"catalogs": {"sandbox": "analytics"},
		"topics": {"orders-v1": "order/orders"},
	},
}

_profiles := {"domain": "customer", "product": "customer_360", "classification": "restricted"}

_orders := {"domain": "order", "product": "orders"}

test_facts_are_the_registrys[note] if {
	some note, [resource, facts] in {
		"a table by itself": [{"type": "table", "id": "lake.customer.profiles"}, _profiles],
		"a view is a table": [{"type": "view", "id": "lake.customer.profiles"}, _profiles],
		"its metadata table": [{"type": "table", "id": "lake.customer.profiles$partitions"}, _profiles],
		"a table by its schema": [{"type": "table", "id": "lake.order.items"}, _orders],
		"a function by its schema": [{"type": "function", "id": "lake.order.f"}, _orders],
		"a schema bound to a domain": [{"type": "schema", "id": "lake.analytics"}, {"domain": "analytics"}],
		"a table by its catalog": [{"type": "table", "id": "sandbox.x.y"}, {"domain": "analytics"}],
		"a catalog": [{"type": "catalog", "id": "sandbox"}, {"domain": "analytics"}],
		"a topic": [{"type": "topic", "id": "orders-v1"}, _orders],
		"a product by its key": [{"type": "product", "id": "customer/customer_360"}, _profiles],
		"a product by domain and name": [
			{"type": "data_product", "id": "orders", "properties": {"domain": "order"}},
			_orders,
		],
		"a product that nobody registered": [
			{"type": "product", "id": "made_up", "properties": {"domain": "order"}},
			{},
		],
		"a table bound to nothing": [{"type": "table", "id": "lake.other.t", "properties": {"domain": "order"}}, {}],
		"a table whose quoted schema holds a dot": [{"type": "table", "id": "lake.order.x.items"}, {}],
		"the names of the door win": [
			{
				"type": "table",
				"id": "lake.order.x.items",
				"properties": {"catalog": "lake", "schema": "order.x", "table": "items"},
			},
			{},
		],
		"the catalog of the door": [
			{"type": "table", "id": "x.y.z", "properties": {"catalog": "sandbox", "schema": "y"}},
			{"domain": "analytics"},
		],
		"a type that nothing binds": [{"type": "query", "id": "lake.order"}, {}],
		"no id": [{"type": "table"}, {}],
	}
	mesh.facts(resource) == facts with data.mesh as _mesh
}

test_without_a_registry_facts_are_the_callers[note] if {
	some note, [resource, facts] in {
		"claimed": [
			{"type": "table", "id": "a.b.c", "properties": {"domain": "order", "product": "orders", "x": 1}},
			{"domain": "order", "product": "orders"},
		],
		"not claimed": [{"type": "table", "id": "a.b.c"}, {}],
	}
	mesh.facts(resource) == facts with data.mesh as {}
}

test_products_are_found_by_key if {
	mesh.product("order/orders") == {"domain": "order", "name": "orders"} with data.mesh as _mesh
	not mesh.product("order/none") with data.mesh as _mesh
}
