package domains.order.access.no_cancelled_orders_test

import data.domains.order.access.no_cancelled_orders

_mesh := {
	"products": {"order/order-transactions": {"domain": "order", "name": "order-transactions", "classification": "internal"}},
	"bindings": {"tables": {"lake.orders.transactions": "order/order-transactions"}},
}

_asks(groups, table) := {
	"subject": {"type": "user", "id": "alice", "properties": {"groups": groups}},
	"action": {"name": "read"},
	"resource": {"type": "table", "id": table, "properties": {}},
}

test_filtered_for_others[note] if {
	some note, groups in {"analysts": ["data-analyst"], "no group": []}
	no_cancelled_orders.row_filter == {{"expression": "status <> 'cancelled'"}} with input as _asks(groups, "lake.orders.transactions")
		with data.mesh as _mesh
}

test_not_filtered_for_the_order_team if {
	no_cancelled_orders.row_filter == set() with input as _asks(["order-team"], "lake.orders.transactions")
		with data.mesh as _mesh
}

test_other_tables_are_left_alone if {
	no_cancelled_orders.row_filter == set() with input as _asks([], "lake.orders.returns")
		with data.mesh as _mesh
}

test_other_actions_are_left_alone if {
	asks := object.union(_asks([], "lake.orders.transactions"), {"action": {"name": "write"}})
	no_cancelled_orders.row_filter == set() with input as asks with data.mesh as _mesh
}
