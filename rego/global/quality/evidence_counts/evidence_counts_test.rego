package global.quality.evidence_counts_test

import data.global.quality.evidence_counts

_now := "2026-01-02T00:00:00Z"

_result := {"check": "c", "status": "pass", "observed_at": _now, "path": "quality.results[0]"}

_product := {"domain": "sales", "name": "orders", "contract": {"id": "urn:orders", "version": "2"}}

_violation(results, parameters) := found if {
	found := evidence_counts.violation with input as {"product": _product, "quality": {"results": results}}
		with data.global.parameters as parameters
		with time.now_ns as time.parse_rfc3339_ns(_now)
}

test_allowed[note] if {
	some note, [more, parameters] in {
		"of now": [{}, {}],
		"of this version": [{"contract_id": "urn:orders", "contract_version": "2"}, {"evidence_contract_version": "required"}],
		"of a part": [{"partition": "p"}, {}],
		"what never ran has no time": [{"status": "skipped", "observed_at": "never"}, {}],
	}
	_violation([object.union(_result, more)], parameters) == set()
}

test_denied[note] if {
	some note, [more, parameters, msg] in {
		"it says no time": [{"observed_at": "lately"}, {}, "check c does not say when it measured"],
		"stale": [
			{"observed_at": "2025-12-31T00:00:00Z"},
			{},
			"check c measured at 2025-12-31T00:00:00Z, and evidence counts for 86400 seconds",
		],
		"from the future": [
			{"observed_at": "2026-01-03T00:00:00Z"},
			{},
			"check c says that it measured at 2026-01-03T00:00:00Z, which lies ahead",
		],
		"a failure from the future": [
			{"observed_at": "2026-01-03T00:00:00Z", "status": "fail"},
			{},
			"check c says that it measured at 2026-01-03T00:00:00Z, which lies ahead",
		],
		"of another version": [
			{"contract_version": "1"},
			{},
			"check c is of version 1 of the contract, and 2 is asked about",
		],
		"of no version": [
			{},
			{"evidence_contract_version": "required"},
			"check c does not say which version of the contract it is of",
		],
		"of another contract": [{"contract_id": "urn:x"}, {}, "check c is about the contract urn:x"],
	}
	_violation([object.union(_result, more)], parameters) == {{"msg": msg, "path": "quality.results[0]"}}
}

test_two_outcomes_at_one_instant_contradict_each_other if {
	failed := object.union(_result, {"status": "fail", "path": "quality.results[1]"})
	_violation([_result, failed], {}) == {
		{"msg": "check c is said to have ended as fail and as pass at one instant", "path": "quality.results[0]"},
		{"msg": "check c is said to have ended as fail and as pass at one instant", "path": "quality.results[1]"},
	}
}

test_outcomes_of_different_things_do_not[note] if {
	some note, more in {
		"another check": {"check": "d"},
		"another instant": {"observed_at": "2026-01-01T23:00:00Z"},
		"another column": {"field": "f"},
		"another metric": {"metric": "m"},
		"another dataset": {"dataset": "d"},
		"another part": {"partition": "p"},
		"another tool": {"source": "s"},
	}
	_violation([_result, object.union(object.union(_result, {"status": "fail"}), more)], {}) == set()
}
