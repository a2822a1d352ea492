package bylaw.column_lineage_test

import data.bylaw.column_lineage

_field(more) := object.union(
	{"name": "mail", "path": "contract.schema[all].profile.mail", "schema": "all"},
	more,
)

_product := {
	"domain": "analytics",
	"name": "everything",
	"classification": "internal",
	"contract": {"schema": [
		{"name": "all", "path": "contract.schema[all]", "physical_name": "wh.all", "fields": [
			{"name": "id", "path": "contract.schema[all].id", "classification": "confidential"},
			{"name": "profile", "path": "contract.schema[all].profile", "fields": [
				{"name": "mail", "path": "contract.schema[all].profile.mail"},
			]},
		]},
		{"name": "other", "fields": [{"name": "id", "path": "contract.schema[other].id"}]},
	]},
}

_mesh := {
	"products": {
		"customer/profiles": {
			"domain": "customer",
			"name": "profiles",
			"classification": "confidential",
			"columns": [{"object": "people", "name": "email", "type": "varchar", "personal": true, "classification": "restricted"}],
		},
		"order/orders": {"domain": "order", "name": "orders"},
	},
	"bindings": {
		"tables": {"lake.customer.people": "customer/profiles", "lake.analytics.all": "analytics/everything"},
		"topics": {"customer-events": "customer/profiles"},
	},
}

_sources := [
	{
		"product": "sales/leads",
		"object": "leads",
		"dataset": "crm.leads",
		"name": "phone",
		"classification": "restricted",
		"categories": ["user.contact.phone_number"],
		"product_classification": "internal",
	},
	{
		"object": "calls",
		"dataset": "crm.calls",
		"name": "number",
		"classification": "restricted",
	},
]

_found(reference) := [source.entries | some source in column_lineage.sources(_field({"derived_from": [reference]}))][0]

_email := {{"classification": "restricted", "personal": true, "of_product": "confidential"}}

_phone := {{"classification": "restricted", "categories": ["user.contact.phone_number"], "of_product": "internal"}}

test_a_source_is_found[note] if {
	some note, [reference, wanted] in {
		"by its path in the contract": ["contract.schema[all].id", {{"classification": "confidential", "of_product": "internal"}}],
		"by object and field": ["all.id", {{"classification": "confidential", "of_product": "internal"}}],
		"by a physical name": ["wh.all.id", {{"classification": "confidential", "of_product": "internal"}}],
		"by its own product's name": ["analytics/everything/other.id", {{"of_product": "internal"}}],
		"in the registry": ["customer/profiles/people.email", _email],
		"in the registry, by a table": ["lake.customer.people.email", _email],
		"in the registry, by a table of a namespace": ["trino:8080/lake.customer.people.email", _email],
		"in the registry, by a topic": ["customer-events.email", _email],
		"a column that the registry does not describe": ["customer/profiles/people.shoe", {{"of_product": "confidential"}}],
		"a product": ["customer/profiles", {{"of_product": "confidential"}}],
		"a table": ["lake.customer.people", {{"of_product": "confidential"}}],
		"in another document": ["sales/leads/leads.phone", _phone],
		"in another document, by its physical name": ["crm.leads.phone", _phone],
		"another document's product": ["sales/leads", {{"of_product": "internal"}}],
		"in a document that names no product": ["crm.calls.number", {{"classification": "restricted"}}],
		"nowhere": ["elsewhere/product/table.column", set()],
		"a product without a class": ["order/orders", set()],
		"a name that could be anything": ["id", set()],
	}
	_found(reference) == wanted with input as {"product": _product, "lineage": {"sources": _sources}}
		with data.mesh as _mesh
}

test_what_a_contract_states_is_neither_masked_nor_aggregated if {
	found := column_lineage.sources(_field({"derived_from": ["nowhere"]})) with input as {"product": _product}
	found == {{"name": "nowhere", "is_masked": false, "is_aggregated": false, "entries": set()}}
}

test_a_product_of_another_document_by_the_table_that_is_bound_to_it if {
	sources := [{"product": "customer/profiles", "object": "people", "name": "email", "product_classification": "restricted"}]
	mesh := {"bindings": {"tables": {"lake.customer.people": "customer/profiles"}}}
	_found("lake.customer.people") == {{"of_product": "restricted"}} with input as {"product": _product, "lineage": {"sources": sources}}
		with data.mesh as mesh
}

test_products_of_the_same_domain_need_not_name_it if {
	_found("profiles/people.email") == _email with input as {"product": object.union(_product, {"domain": "customer"})}
		with data.mesh as _mesh
}

_edge(more) := object.union(
	{
		"source_dataset": "lake.customer.people",
		"source_field": "email",
		"target_dataset": "lake.analytics.all",
		"target_field": "profile.mail",
	},
	more,
)

_of_edge(more) := found if {
	found := column_lineage.sources(_field({})) with input as {"product": _product, "lineage": {"columns": [_edge(more)]}}
		with data.mesh as _mesh
}

_source(more) := {object.union(
	{"name": "lake.customer.people.email", "is_masked": false, "is_aggregated": false, "entries": _email},
	more,
)}

test_lineage_of_columns[note] if {
	some note, [more, wanted] in {
		"by the table that the registry binds": [{}, _source({})],
		"by the physical name": [{"target_dataset": "wh.all"}, _source({})],
		"by the object's name": [{"target_dataset": "all"}, _source({})],
		"masked": [{"masking": true}, _source({"is_masked": true})],
		"aggregated": [{"transformation": "AGGREGATION"}, _source({"is_aggregated": true})],
		"direct, as is said": [{"direct": true, "transformation": "IDENTITY"}, _source({})],
		"what it only depends on": [{"direct": false}, set()],
		"of another table": [{"target_dataset": "lake.order.orders"}, set()],
		"of another field": [{"target_field": "profile.phone"}, set()],
		"of a column that nobody describes": [
			{"source_field": "shoe"},
			_source({"name": "lake.customer.people.shoe", "entries": {{"of_product": "confidential"}}}),
		],
		"of a table that nobody knows": [
			{"source_dataset": "lake.x.y"},
			_source({"name": "lake.x.y.email", "entries": set()}),
		],
	}
	_of_edge(more) == wanted
}

test_whether_anything_is_stated if {
	not column_lineage.is_stated with input as {"product": _product}
	not column_lineage.is_stated with input as {"product": _product, "lineage": {"columns": []}}
	column_lineage.is_stated with input as {"product": _product, "lineage": {"columns": [_edge({})]}}
	column_lineage.is_stated with input as {"product": {"contract": {"schema": [{"name": "t", "fields": [{"derived_from": ["x"]}]}]}}}
}
