package global.privacy.derived_classification_test

import data.global.privacy.derived_classification

_with(product, derived, source) := {"product": object.union(
	{
		"domain": "analytics",
		"name": "scores",
		"classification": "internal",
		"contract": {"schema": [{"name": "t", "fields": [
			object.union({"name": "score", "path": "contract.schema[t].score"}, derived),
			object.union({"name": "raw", "path": "contract.schema[t].raw"}, source),
		]}]},
	},
	product,
)}

_of_raw := {"derived_from": ["contract.schema[t].raw"]}

_said(source, rest) := {{
	"msg": sprintf("field score is made of %v, %v", [source, rest]),
	"path": "contract.schema[t].score",
	"details": {"source": source},
}}

_of_raw_said(rest) := _said("contract.schema[t].raw", rest)

test_allowed[note] if {
	some note, [product, derived, source] in {
		"nothing is made of anything": [{}, {}, {"classification": "restricted", "personal": true}],
		"as high": [{}, {"classification": "restricted"}, {"classification": "Restricted"}],
		"higher": [{}, {"classification": "restricted"}, {"classification": "confidential"}],
		"by the product's class": [{"classification": "restricted"}, {}, {"classification": "restricted"}],
		"a word that is no class": [{}, {"classification": "pii"}, {"classification": "pii"}],
		"personal as well": [{}, {"personal": true}, {"personal": true}],
		"personal by its category": [{}, {"categories": ["user.name"]}, {"personal": true}],
	}
	facts := _with(product, object.union(derived, {true: _of_raw, false: {}}[note != "nothing is made of anything"]), source)
	derived_classification.violation == set() with input as facts
		with data.global.parameters as {}
}

test_denied[note] if {
	some note, [product, derived, source, wanted] in {
		"lower": [
			{},
			{"classification": "internal"},
			{"classification": "restricted"},
			_of_raw_said("which is restricted, and is internal"),
		],
		"lower by the product's class": [
			{},
			{},
			{"classification": "confidential"},
			_of_raw_said("which is confidential, and is internal"),
		],
		"lower by its own, though its product is high": [
			{"classification": "restricted"},
			{"classification": "Public"},
			{"classification": "internal"},
			_of_raw_said("which is internal, and is public"),
		],
		"lower than public": [
			{"classification": "public"},
			{},
			{"classification": "internal"},
			_of_raw_said("which is internal, and is public"),
		],
		"of no class": [
			{"classification": "secret"},
			{},
			{"classification": "public"},
			_of_raw_said("which is public, and is secret"),
		],
		"a source of no class": [
			{"classification": "secret"},
			{"classification": "restricted"},
			{},
			_of_raw_said("and nobody knows how that is classified"),
		],
		"not said to be personal": [
			{},
			{},
			{"personal": true},
			_of_raw_said("which is personal data, and is not said to be"),
		],
		"said not to be personal": [
			{},
			{"personal": false},
			{"categories": ["user.contact.email"]},
			_of_raw_said("which is personal data, and is not said to be"),
		],
	}
	derived_classification.violation == wanted with input as _with(product, object.union(derived, _of_raw), source)
		with data.global.parameters as {}
}

test_denied_where_nobody_knows_the_source if {
	derived_classification.violation == _said("lake.x.y", "and nobody knows what that is") with input as _with(
		{},
		{"derived_from": ["lake.x.y"]},
		{},
	)
}

test_the_highest_of_several_sources_counts if {
	derived_classification.violation == _of_raw_said("which is restricted, and is internal") with input as _with(
		{},
		{"derived_from": ["contract.schema[t].raw", "other/product"]},
		{"classification": "restricted"},
	)
		with data.mesh.products as {"other/product": {"classification": "public"}}
}

_mesh := {
	"products": {"customer/profiles": {
		"classification": "confidential",
		"columns": [{"object": "people", "name": "email", "classification": "restricted", "personal": true}],
	}},
	"bindings": {"tables": {"lake.customer.people": "customer/profiles"}},
}

_by_lineage(product, more) := object.union(_with(product, {}, {}), {"lineage": {"columns": [object.union(
	{
		"source_dataset": "lake.customer.people",
		"source_field": "email",
		"target_dataset": "t",
		"target_field": "score",
	},
	more,
)]}})

_lowered := _said("lake.customer.people.email", "which is restricted, and is internal") | _said(
	"lake.customer.people.email",
	"which is personal data, and is not said to be",
)

test_lineage_and_registry_say_it_too if {
	derived_classification.violation == _lowered with input as _by_lineage({}, {})
		with data.mesh as _mesh
		with data.global.parameters as {}
}

test_masking_lowers_only_where_the_council_says_so[note] if {
	some note, [product, more, parameters, wanted] in {
		"masked, and the council lets it": [{}, {"masking": true}, {"derived_lower_by": ["masking"]}, set()],
		"masked, and the council says nothing": [{}, {"masking": true}, {}, _lowered],
		"masked, and the council lets aggregation": [
			{}, {"masking": true}, {"derived_lower_by": ["aggregation"]},
			_lowered,
		],
		"not masked": [{}, {"masking": false}, {"derived_lower_by": ["masking", "aggregation"]}, _lowered],
		"aggregated, with k-anonymity": [
			{"protections": ["K-Anonymity"]},
			{"transformation": "AGGREGATION"},
			{"derived_lower_by": ["aggregation"]},
			set(),
		],
		"not aggregated, with k-anonymity": [
			{"protections": ["k_anonymity"]},
			{"transformation": "TRANSFORMATION"},
			{"derived_lower_by": ["aggregation"]},
			_lowered,
		],
		"aggregated, with k-anonymisation": [
			{"protections": ["k-anonymisation"]},
			{"transformation": "AGGREGATION"},
			{"derived_lower_by": ["aggregation"]},
			set(),
		],
		"aggregated, with k-anonymization": [
			{"protections": ["k_anonymization"]},
			{"transformation": "AGGREGATION"},
			{"derived_lower_by": ["aggregation"]},
			set(),
		],
		"aggregated, without": [
			{"protections": ["masking"]},
			{"transformation": "AGGREGATION"},
			{"derived_lower_by": ["aggregation"]},
			_lowered,
		],
		"aggregated, and the council says nothing": [
			{"protections": ["k_anonymity"]},
			{"transformation": "AGGREGATION"}, {}, _lowered,
		],
	}
	derived_classification.violation == wanted with input as _by_lineage(product, more)
		with data.mesh as _mesh
		with data.global.parameters as parameters
}

test_the_council_says_which_classes_there_are if {
	derived_classification.violation == _of_raw_said("which is red, and is green") with input as _with(
		{"classification": "green"}, _of_raw,
		{"classification": "red"},
	)
		with data.global.parameters as {"classifications": ["green", "red"]}
}

test_no_product_has_no_columns if derived_classification.violation == set() with input as {}
