package bylaw.lib.evidence_test

import data.bylaw.lib.evidence

_now := "2026-01-02T00:00:00Z"

_ns := time.parse_rfc3339_ns(_now)

_result := {"check": "c", "status": "pass", "observed_at": _now}

_product := {
	"domain": "sales", "name": "orders", "version": "7",
	"contract": {"id": "urn:orders", "version": "2.1.0"},
}

_flaws(more, parameters) := {flaw |
	flaw := evidence.flaw(object.union(_result, more)) with input as {"product": _product}
		with data.global.parameters as parameters
		with time.now_ns as _ns
}

test_what_counts[note] if {
	some note, more in {
		"says nothing of itself": {},
		"as it failed": {"status": "fail"},
		"as it warned": {"status": "warn"},
		"of this contract": {"contract_id": "urn:orders"},
		"of this version": {"contract_version": "2.1.0"},
		"of this product": {"product": "Orders", "domain": "Sales"},
		"a day old": {"observed_at": "2026-01-01T00:00:00Z"},
		"by a clock that is ahead": {"observed_at": "2026-01-02T00:05:00Z"},
		"not signed": {"signed": "none"},
		"signed": {"signed": "verified", "producer": "ci"},
	}
	_flaws(more, {}) == set()
}

test_what_proves_nothing[note] if {
	some note, [more, why] in {
		"it erred": [{"status": "error"}, "check c ended as error"],
		"it was skipped": [{"status": "skipped"}, "check c ended as skipped"],
		"it never ran": [{"status": "missing"}, "check c ended as missing"],
		"nobody knows": [{"status": "unknown"}, "check c ended as unknown"],
		"no time": [{"observed_at": "soon"}, "check c does not say when it measured"],
		"before 1970": [{"observed_at": "1969-12-31T23:59:59Z"}, "check c does not say when it measured"],
		"after 9999": [{"observed_at": "10000-01-01T00:00:00Z"}, "check c does not say when it measured"],
		"stale": [
			{"observed_at": "2025-12-31T23:59:59Z"},
			"check c measured at 2025-12-31T23:59:59Z, and evidence counts for 86400 seconds",
		],
		"ahead": [
			{"observed_at": "2026-01-02T00:05:01Z"},
			"check c says that it measured at 2026-01-02T00:05:01Z, which lies ahead",
		],
		"of another contract": [{"contract_id": "urn:refunds"}, "check c is about the contract urn:refunds"],
		"of another product": [{"product": "refunds", "domain": "x"}, "check c is about the product refunds"],
		"of another domain": [{"product": "orders", "domain": "x"}, "check c is about the domain x"],
		"of another version": [
			{"contract_version": "2.0.0"},
			"check c is of version 2.0.0 of the contract, and 2.1.0 is asked about",
		],
		"of a part": [{"partition": "p"}, "check c is about the part p, and the whole is asked about"],
		"of a stranger": [{"signed": "stranger"}, "check c is signed by a stranger"],
		"with a signature that does not hold": [
			{"signed": "invalid", "producer": "ci"},
			"check c carries a signature that does not hold",
		],
		"with a word for a signature": [{"signed": "yes"}, "check c carries a signature that does not hold"],
	}
	_flaws(more, {}) == {why}
}

test_a_time_that_is_absent_is_no_time if {
	flaw := evidence.flaw({"check": "c", "status": "pass"}) with time.now_ns as _ns
	flaw == "check c does not say when it measured"
}

test_the_version_of_the_product_counts_where_its_contract_has_none if {
	evidence.flaw(object.union(_result, {"contract_version": "8"})) == "check c is of version 8 of the contract, and 7 is asked about" with input as {"product": {"version": "7"}}
		with time.now_ns as _ns
	not evidence.flaw(object.union(_result, {"contract_version": "7"})) with input as {"product": {"version": "7"}}
		with time.now_ns as _ns
	flaw := evidence.flaw(object.union(_result, {"contract_version": "7"})) with input as {"product": {}}
		with time.now_ns as _ns
	flaw == "check c is of version 7 of the contract, and the product does not say its own"
}

test_a_part_is_asked_about if {
	asked := {"product": _product, "quality": {"partition": "p"}}
	not evidence.flaw(object.union(_result, {"partition": "p"})) with input as asked with time.now_ns as _ns
	whole := evidence.flaw(_result) with input as asked with time.now_ns as _ns
	whole == "check c is about the whole, and the part p is asked about"
	other := evidence.flaw(object.union(_result, {"partition": "q"})) with input as asked with time.now_ns as _ns
	other == "check c is about the part q, and the part p is asked about"
}

test_what_the_council_demands[note] if {
	some note, [parameters, more, whys] in {
		"a signature": [{"evidence_signatures": "required"}, {}, {"check c is not signed"}],
		"a signature, in a word that is none": [{"evidence_signatures": "always"}, {}, {"check c is not signed"}],
		"no signature": [{"evidence_signatures": "optional"}, {}, set()],
		"a signature, and there is one": [{"evidence_signatures": "required"}, {"signed": "verified", "producer": "a"}, set()],
		"a producer": [{"trusted_producers": ["a"]}, {"signed": "verified", "producer": "a"}, set()],
		"another producer": [
			{"trusted_producers": ["a"]},
			{"signed": "verified", "producer": "b"},
			{"check c comes from b, who is not trusted"},
		],
		"a producer, who only says so": [
			{"trusted_producers": ["a"]},
			{"signed": "none", "producer": "a"},
			{"check c comes from a, who is not trusted"},
		],
		"producers in no list": [
			{"trusted_producers": "a"},
			{"signed": "verified", "producer": "a"},
			{"check c comes from a, who is not trusted"},
		],
		"a version": [
			{"evidence_contract_version": "required"},
			{},
			{"check c does not say which version of the contract it is of"},
		],
		"a version, and it is said": [{"evidence_contract_version": "required"}, {"contract_version": "2.1.0"}, set()],
		"no version": [{"evidence_contract_version": "optional"}, {}, set()],
		"younger evidence": [
			{"evidence_max_age_seconds": 60},
			{"observed_at": "2026-01-01T23:58:00Z"},
			{"check c measured at 2026-01-01T23:58:00Z, and evidence counts for 60 seconds"},
		],
	}
	_flaws(more, parameters) == whys
}

test_a_domain_demands_more[note] if {
	some note, [theirs, more, whys] in {
		"a signature": [{"evidence_signatures": "required"}, {"signed": "none"}, {"check c is not signed"}],
		"a version": [
			{"evidence_contract_version": "required"},
			{},
			{"check c does not say which version of the contract it is of"},
		],
		"fewer producers": [
			{"trusted_producers": ["b"]},
			{"signed": "verified", "producer": "a"},
			{"check c comes from a, who is not trusted"},
		],
		"and cannot add any": [
			{"trusted_producers": ["a", "c"]},
			{"signed": "verified", "producer": "c"},
			{"check c comes from c, who is not trusted"},
		],
		"of no other domain": [{}, {"signed": "verified", "producer": "a"}, set()],
	}
	parameters := {"trusted_producers": ["a", "b"]}
	flaws := {flaw |
		flaw := evidence.flaw(object.union({"signed": "verified", "producer": "b"}, object.union(_result, more))) with input as {"product": _product}
			with data.global.parameters as object.filter(parameters, object.keys(theirs))
			with data.domains.sales.parameters as theirs
			with data.domains.other.parameters as {"trusted_producers": []}
			with time.now_ns as _ns
	}
	flaws == whys
}

test_measured[note] if {
	some note, [more, metric, unit, values] in {
		"rows": [{"value": 4, "unit": "rows"}, "o.f.nullValues", "", {4}],
		"rows as percent": [{"value": 4, "unit": "rows", "rows": 200}, "o.f.nullValues", "percent", {2}],
		"no rows as percent": [{"value": 0, "unit": "rows"}, "o.f.nullValues", "%", {0}],
		"rows of nobody knows how many as percent": [{"value": 4, "unit": "rows"}, "o.f.nullValues", "percent", set()],
		"no values as percent": [{"value": 0, "unit": "values"}, "o.f.duplicateValues", "percent", {0}],
		"values as percent": [{"value": 4, "unit": "values", "rows": 200}, "o.f.duplicateValues", "percent", set()],
		"values": [{"value": 4, "unit": "values"}, "o.f.duplicateValues", "", {4}],
		"a share as percent": [{"value": 0.07, "unit": "share"}, "o.f.nullValues", "percent", {7}],
		"a share as rows": [{"value": 0.02, "unit": "share", "rows": 200}, "o.f.nullValues", "", {4}],
		"a share of no rows as rows": [{"value": 0, "unit": "share"}, "o.f.nullValues", "rows", {0}],
		"a share of nobody knows how many": [{"value": 0.02, "unit": "share"}, "o.f.nullValues", "", set()],
		"a share that is one": [{"value": 0.98, "unit": "share"}, "completeness", "", {0.98}],
		"a number": [{"value": 3}, "m", "", {3}],
		"percent as they came": [{"value": 3}, "m", "percent", {3}],
		"a text": [{"value": "3"}, "m", "", set()],
		"nothing": [{}, "m", "", set()],
	}
	{value | value := evidence.measured(object.union(_result, more), metric, unit)} == values
}

test_others_say_how_many_rows_there_are if {
	counted := object.union(_result, {"check": "n", "dataset": "Orders", "measure": "rowCount", "value": 200})
	of := {"dataset": "orders", "unit": "rows", "value": 4}
	facts := {"quality": {"results": [counted]}}
	rows := evidence.measured(object.union(_result, of), "orders.f.nullValues", "percent") with input as facts
	rows == 2
	share := {"dataset": "orders", "unit": "share", "value": 0.02}
	number := evidence.measured(object.union(_result, share), "orders.f.nullValues", "") with input as facts
	number == 4
	not evidence.measured(object.union(_result, object.union(of, {"partition": "p"})), "orders.f.nullValues", "percent") with input as facts
}

test_shares_of_metrics_that_count_rows_are_rows[metric] if {
	some metric in [
		"o.f.nullValues", "o.f.missingValues", "o.f.duplicateValues",
		"o.f.invalidValues", "o.f.nullCheck", "o.f.duplicateCount",
	]
	evidence.measured(object.union(_result, {"value": 0.5, "unit": "share", "rows": 10}), metric, "") == 5
	not evidence.measured(object.union(_result, {"value": 0.5, "unit": "share"}), metric, "")
}

test_results_that_are_no_list_are_none if {
	evidence.results == set() with input as {"quality": {"results": {"a": _result}}}
}

test_beside_is_another_part_than_the_one_asked_about if {
	evidence.beside(object.union(_result, {"partition": "q"})) with input as {"quality": {"partition": "p"}}
	not evidence.beside(object.union(_result, {"partition": "p"})) with input as {"quality": {"partition": "p"}}
	not evidence.beside(_result) with input as {"quality": {"partition": "p"}}
	not evidence.beside(object.union(_result, {"partition": "q"})) with input as {"quality": {}}
}

test_the_id_of_the_product_is_one_of_its_contract if {
	facts := {"product": {"id": "urn:product"}}
	not evidence.flaw(object.union(_result, {"contract_id": "urn:product"})) with input as facts with time.now_ns as _ns
	evidence.flaw(object.union(_result, {"contract_id": "urn:orders"})) with input as facts with time.now_ns as _ns
}
