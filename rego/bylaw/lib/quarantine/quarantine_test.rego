package bylaw.lib.quarantine_test

import data.bylaw.lib.quarantine

_now := "2026-01-02T00:00:00Z"

_ns := time.parse_rfc3339_ns(_now)

_result := {"check": "c", "status": "pass", "observed_at": _now}

_product := {
	"domain": "sales", "name": "orders", "version": "7",
	"contract": {"id": "urn:orders", "version": "2.1.0"},
}

_failed := object.union(_result, {
	"status": "fail", "dataset": "orders", "measure": "invalidValues",
	"failed_rows": 2, "rows": 200, "path": "quality.results[0]",
})

_quarantine(results, parameters) := found if {
	found := quarantine.entries with input as {"product": _product, "quality": {"results": results}}
		with data.global.parameters as parameters
		with time.now_ns as _ns
}

_kept_out := {
	"what": "rows", "check": "c", "dataset": "orders",
	"rows": 2, "of": 200, "path": "quality.results[0]",
}

test_rows_that_may_be_kept_out[note] if {
	some note, parameters in {
		"by their dimension": {"quarantine_dimensions": ["validity"], "quarantine_max_share": 0.01},
		"by the check": {"quarantine_checks": ["c*"], "quarantine_max_share": 0.5},
	}
	_quarantine([_failed], parameters) == {_kept_out}
}

test_rows_that_may_not_be_kept_out[note] if {
	by_dimension := {"quarantine_dimensions": ["validity"], "quarantine_max_share": 0.01}
	some note, [more, parameters] in {
		"the law names nothing": [{}, {}],
		"the law gives no share": [{}, {"quarantine_dimensions": ["validity"]}],
		"too many": [{"failed_rows": 3}, by_dimension],
		"of another dimension": [{"dimension": "accuracy"}, by_dimension],
		"of no severity": [{}, object.union(by_dimension, {"quarantine_severities": ["low"]})],
		"of another check": [{}, {"quarantine_checks": ["d"], "quarantine_max_share": 1}],
		"nobody knows of how many": [{"rows": 0}, by_dimension],
		"nobody knows how many": [{"failed_rows": 0}, by_dimension],
		"the check erred": [{"status": "error"}, by_dimension],
		"stale": [{"observed_at": "2025-12-01T00:00:00Z"}, by_dimension],
		"of a stranger": [{"signed": "stranger"}, by_dimension],
		"of another version": [{"contract_version": "1"}, by_dimension],
	}
	_quarantine([object.union(_failed, more)], parameters) == set()
}

test_what_is_kept_out_of_one_dataset_adds_up if {
	other := object.union(_failed, {"check": "d", "path": "quality.results[1]"})
	parameters := {"quarantine_dimensions": ["validity"], "quarantine_max_share": 0.02}
	count(_quarantine([_failed, other], parameters)) == 2
	third := object.union(_failed, {"check": "e", "path": "quality.results[2]"})
	_quarantine([_failed, other, third], parameters) == set()
	elsewhere := object.union(third, {"dataset": "refunds"})
	count(_quarantine([_failed, other, elsewhere], parameters)) == 3
}

test_the_promise_says_what_the_result_does_not if {
	facts := {
		"product": object.union(_product, {"contract": {"quality": [{
			"metric": "orders.status.invalidValues",
			"dimension": "Conformity",
			"severity": "low",
		}]}}),
		"quality": {"results": [object.union(_failed, {"metric": "orders.status.invalidValues"})]},
	}
	parameters := {
		"quarantine_dimensions": ["conformity"],
		"quarantine_severities": ["low"],
		"quarantine_max_share": 0.01,
	}
	found := quarantine.entries with input as facts
		with data.global.parameters as parameters
		with time.now_ns as _ns
	found == {object.union(_kept_out, {"metric": "orders.status.invalidValues"})}
}

test_rows_are_counted_by_any_check_of_the_dataset if {
	uncounted := object.remove(_failed, ["rows"])
	counted := object.union(_result, {"check": "n", "dataset": "Orders", "measure": "rowCount", "value": 200})
	parameters := {"quarantine_dimensions": ["validity"], "quarantine_max_share": 0.01}
	_quarantine([uncounted], parameters) == set()
	_quarantine([uncounted, counted], parameters) == {_kept_out}
}

test_a_part_may_be_kept_out if {
	part := object.union(_failed, {"partition": "monday"})
	parameters := {"quarantine_dimensions": ["validity"], "quarantine_max_partitions": 1}
	_quarantine([part], parameters) == {object.union(
		object.remove(_kept_out, ["rows", "of"]),
		{"what": "partition", "partition": "monday"},
	)}
	_quarantine([part, object.union(part, {"partition": "tuesday"})], parameters) == set()
	_quarantine([part], {"quarantine_dimensions": ["validity"]}) == set()
}

test_a_domain_lets_less_be_kept_out[note] if {
	some note, theirs in {
		"a smaller share": {"quarantine_max_share": 0.005},
		"fewer dimensions": {"quarantine_dimensions": []},
	}
	found := quarantine.entries with input as {"product": _product, "quality": {"results": [_failed]}}
		with data.global.parameters as {
			"quarantine_dimensions": ["validity"],
			"quarantine_max_share": 0.01,
			"directions": {"quarantine_dimensions": "fewer", "quarantine_max_share": "lower"},
		}
		with data.domains.sales.parameters as theirs
		with time.now_ns as _ns
	found == set()
}

_by_dimension := {"quarantine_dimensions": ["validity"], "quarantine_max_share": 0.01}

test_only_what_failed_is_kept_out[status] if {
	some status in ["pass", "warn", "error", "skipped"]
	_quarantine([object.union(_failed, {"status": status})], _by_dimension) == set()
	part := object.union(_failed, {"status": status, "partition": "monday"})
	_quarantine([part], object.union(_by_dimension, {"quarantine_max_partitions": 1})) == set()
}

test_one_row_is_kept_out if {
	count(_quarantine([object.union(_failed, {"failed_rows": 1})], _by_dimension)) == 1
}

test_rows_of_something_else_tell_nothing[note] if {
	some note, more in {
		"another dataset": {"dataset": "refunds"},
		"a part": {"partition": "monday"},
		"a check that erred": {"status": "error"},
		"no rows at all": {"value": 0},
		"no number": {"value": "200"},
		"another measure": {"measure": "nullValues"},
	}
	uncounted := object.remove(_failed, ["rows"])
	counted := object.union(_result, {"check": "n", "dataset": "orders", "measure": "rowCount", "value": 200})
	_quarantine([uncounted, object.union(counted, more)], _by_dimension) == set()
}

test_the_most_rows_that_anybody_saw_count if {
	other := object.union(_result, {"check": "n", "dataset": "orders", "rows": 100})
	count(_quarantine([_failed, other], _by_dimension)) == 1
	_quarantine([object.union(_failed, {"rows": 100}), other], _by_dimension) == set()
}

test_what_is_not_kept_out_takes_nothing_of_the_share if {
	critical := object.union(_failed, {"check": "d", "dimension": "accuracy", "failed_rows": 100})
	{entry.check | some entry in _quarantine([_failed, critical], _by_dimension)} == {"c"}
}

test_only_parts_that_could_be_kept_out_are_counted if {
	part := object.union(_failed, {"partition": "monday"})
	critical := object.union(_failed, {"check": "d", "partition": "tuesday", "dimension": "accuracy"})
	elsewhere := object.union(part, {"check": "e", "partition": "tuesday", "dataset": "refunds"})
	parameters := object.union(_by_dimension, {"quarantine_max_partitions": 1})
	{entry.check | some entry in _quarantine([part, critical, elsewhere], parameters)} == {"c", "e"}
}

test_of_a_part_that_is_asked_about_rows_are_kept_out if {
	part := object.union(_failed, {"partition": "monday"})
	other := object.union(_failed, {"check": "d", "partition": "tuesday", "failed_rows": 1})
	found := quarantine.entries with input as {
		"product": _product,
		"quality": {"partition": "monday", "results": [part, other]},
	}
		with data.global.parameters as object.union(_by_dimension, {"quarantine_max_partitions": 5})
		with time.now_ns as _ns
	{[entry.check, entry.what] | some entry in found} == {["c", "rows"]}
}

_promised(promises) := found if {
	result := object.union(object.remove(_failed, ["measure"]), {"metric": "o.s.invalidValues"})
	found := quarantine.entries with input as {
		"product": object.union(_product, {"contract": {"quality": promises}}),
		"quality": {"results": [result]},
	}
		with data.global.parameters as _by_dimension
		with time.now_ns as _ns
}

test_only_one_promise_of_that_metric_says_the_dimension[note] if {
	promise := {"metric": "o.s.invalidValues", "dimension": "validity"}
	some note, [promises, kept_out] in {
		"one": [[promise], 1],
		"two that agree": [[promise, promise], 1],
		"two that do not": [[promise, object.union(promise, {"dimension": "accuracy"})], 0],
		"of another metric": [[object.union(promise, {"metric": "o.t.invalidValues"})], 0],
		"in no words": [[object.union(promise, {"dimension": 1})], 0],
		"none": [[], 0],
	}
	count(_promised(promises)) == kept_out
}

test_lists_that_are_none_admit_nothing if {
	_quarantine([_failed], object.union(_by_dimension, {"quarantine_dimensions": "validity"})) == set()
}

test_severity_alone_admits if {
	low := object.union(_failed, {"severity": "LOW"})
	parameters := {"quarantine_severities": ["low"], "quarantine_max_share": 0.01}
	count(_quarantine([low], parameters)) == 1
	_quarantine([_failed], parameters) == set()
}

test_dimensions_of_metrics[measure] if {
	some measure, dimension in {
		"nullValues": "completeness", "missingValues": "completeness",
		"duplicateValues": "uniqueness", "invalidValues": "validity",
	}
	parameters := {"quarantine_dimensions": [dimension], "quarantine_max_share": 1}
	count(_quarantine([object.union(_failed, {"measure": measure})], parameters)) == 1
}
