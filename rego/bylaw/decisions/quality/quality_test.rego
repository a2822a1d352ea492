package bylaw.decisions.quality_test

import data.bylaw.decisions.quality

_product := {"product": {"domain": "customer", "name": "c360"}}

test_the_rules_of_both_layers_are_asked if {
	decision := quality.decision
		with input as _product
		with data.global.quality as {"a": {"violation": {"global"}}, "helper": {"x": 1}}
		with data.domains as {
			"customer": {"quality": {"b": {"violation": {"domain"}}}},
			"order": {"quality": {"c": {"violation": {"another's"}}}},
		}
	decision.kind == "quality"
	[[entry.rule, entry.layer, entry.msg] | some entry in decision.violations] == [
		["domains.customer.quality.b", "customer", "domain"],
		["global.quality.a", "global", "global"],
	]
	decision.evaluated == ["domains.customer.quality.b", "global.quality.a"]
}

test_what_breaks_no_rule_is_allowed if {
	decision := quality.decision with input as _product with data.global.quality as {"a": {"violation": set()}}
	decision.allow == true
}

test_an_input_that_cannot_be_read_reaches_no_rule if {
	decision := quality.decision
		with input as {"product": "customer"}
		with data.global.quality as {"a": {"violation": {"global"}}}
	[entry.id | some entry in decision.violations] == ["BYL-003"]
	decision.evaluated == []
}

_failed := {
	"check": "c", "dataset": "orders", "measure": "invalidValues", "status": "fail",
	"failed_rows": 2, "rows": 200, "observed_at": "2026-01-02T00:00:00Z",
}

_obligations(facts, parameters) := decision.obligations.quality if {
	decision := quality.decision
		with input as object.union(_product, facts)
		with data.global.quality as {"a": {"violation": set()}}
		with data.global.parameters as parameters
		with time.now_ns as time.parse_rfc3339_ns("2026-01-02T00:00:00Z")
}

test_what_is_clean_is_published if {
	_obligations({}, {}) == {"action": "publish", "quarantine": [], "error_budgets": []}
}

test_what_may_be_kept_out_is_named if {
	parameters := {"quarantine_dimensions": ["validity"], "quarantine_max_share": 0.01}
	_obligations({"quality": {"results": [_failed]}}, parameters) == {
		"action": "quarantine",
		"quarantine": [{"what": "rows", "check": "c", "dataset": "orders", "rows": 2, "of": 200}],
		"error_budgets": [],
	}
}

test_what_is_denied_is_blocked if {
	decision := quality.decision
		with input as object.union(_product, {"quality": {"results": [_failed]}})
		with data.global.quality as {"a": {"violation": {"no"}}}
		with data.global.parameters as {
			"quarantine_dimensions": ["validity"],
			"quarantine_max_share": 0.01,
			"error_budgets": {"quality": {"objective": 0.9, "window_days": 1}},
		}
		with time.now_ns as time.parse_rfc3339_ns("2026-01-02T00:00:00Z")
	decision.obligations.quality == {
		"action": "block",
		"quarantine": [],
		"error_budgets": [{
			"measure": "quality", "layer": "global", "state": "unknown",
			"objective": 0.9, "window_days": 1, "samples": 0, "days": 0,
		}],
	}
}

test_what_cannot_be_read_is_blocked_and_not_looked_at if {
	decision := quality.decision
		with input as object.union(_product, {"quality": {"history": ["x"]}})
		with data.global.parameters as {"error_budgets": {"quality": {"objective": 0.9, "window_days": 1}}}
	decision.obligations.quality == {"action": "block", "quarantine": [], "error_budgets": []}
	[entry.path | some entry in decision.violations] == ["/quality/history"]
}
