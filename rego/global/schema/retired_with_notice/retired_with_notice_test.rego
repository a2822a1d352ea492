package global.schema.retired_with_notice_test

import data.global.schema.retired_with_notice

# 2026-06-01T00:00:00Z
_now := 1780272000000000000

_facts(from, to, previous, product) := {
	"previous": previous,
	"product": product,
	"schema": {"differences": [{"type": "status_changed", "direction": "changed", "from": from, "to": to}]},
}

_gone(previous) := {"previous": previous, "product": previous, "schema": {"differences": [{"type": "product_removed", "direction": "removed"}]}}

_deprecated(days, end) := _facts("active", "deprecated", {"deprecation_notice_days": days}, {"end_of_life": end})

test_allowed[note] if {
	some note, facts in {
		"announced in time": _deprecated(30, "2026-07-01"),
		"announced as an instant": _deprecated(30, "2026-07-01T00:00:00Z"),
		"far beyond what instants can say": _deprecated(90, "9999-12-31"),
		"ended before there were instants": _facts("deprecated", "retired", {"end_of_life": "1969-12-31"}, {}),
		"retired when its day came": _facts("deprecated", "retired", {"end_of_life": "2026-06-01"}, {}),
		"archived after it was retired": _facts("retired", "archived", {}, {}),
		"made active": _facts("draft", "active", {}, {}),
		"gone after it was retired": _gone({"status": "retired"}),
		"gone when its day came": _gone({"status": "deprecated", "end_of_life": "2026-06-01"}),
		"nothing changed": {"product": {"status": "retired"}, "schema": {"differences": []}},
	}
	retired_with_notice.violation == set() with input as facts
		with data.global.parameters as {}
		with data.mesh as {}
		with time.now_ns as _now
}

test_denied[note] if {
	some note, row in {
		"too soon": {
			"facts": _deprecated(90, "2026-07-01"),
			"msg": "the product is deprecated and ends on 2026-07-01; consumers were promised 90 days of notice",
			"path": "product.end_of_life",
		},
		"a day too soon, by the mesh's minimum": {
			"facts": _facts("active", "deprecated", {}, {"end_of_life": "2026-06-30"}),
			"msg": "the product is deprecated and ends on 2026-06-30; consumers were promised 30 days of notice",
			"path": "product.end_of_life",
		},
		"no end": {
			"facts": _facts("active", "deprecated", {"deprecation_notice_days": 90}, {}),
			"msg": "the product is deprecated and ends at a time that it does not say; consumers were promised 90 days of notice",
			"path": "product.status",
		},
		"an end that is no date": {
			"facts": _deprecated(90, "soon"),
			"msg": "the product is deprecated and ends at a time that it does not say; consumers were promised 90 days of notice",
			"path": "product.end_of_life",
		},
		"an end before there were instants": {
			"facts": _deprecated(90, "0001-01-01"),
			"msg": "the product is deprecated and ends on 0001-01-01; consumers were promised 90 days of notice",
			"path": "product.end_of_life",
		},
		"retired before an end that is far away": {
			"facts": _facts("deprecated", "retired", {"end_of_life": "9999-12-31"}, {}),
			"msg": "the product is retired before its announced end (9999-12-31)",
			"path": "product.status",
		},
		"retired at once": {
			"facts": _facts("active", "retired", {"deprecation_notice_days": 90}, {}),
			"msg": "the product is retired and was never deprecated; consumers were promised 90 days of notice",
			"path": "product.status",
		},
		"gone": {
			"facts": _gone({"status": "active"}),
			"msg": "the product is gone, and was neither retired nor has its announced end come (which was never announced)",
			"path": "product",
		},
		"gone too soon": {
			"facts": _gone({"status": "deprecated", "end_of_life": "2026-06-02"}),
			"msg": "the product is gone, and was neither retired nor has its announced end come (2026-06-02)",
			"path": "product",
		},
		"retired, and nobody said in which state it was": {
			"facts": {"schema": {"differences": [{"type": "status_changed", "direction": "added", "to": "retired"}]}},
			"msg": "the product is retired and was never deprecated; consumers were promised 30 days of notice",
			"path": "product.status",
		},
		"retired too soon": {
			"facts": _facts("deprecated", "archived", {"end_of_life": "2026-06-02"}, {}),
			"msg": "the product is archived before its announced end (2026-06-02)",
			"path": "product.status",
		},
		"retired without an end": {
			"facts": _facts("deprecated", "retired", {}, {"end_of_life": "2020-01-01"}),
			"msg": "the product is retired before its announced end (which was never announced)",
			"path": "product.status",
		},
	}
	retired_with_notice.violation == {{"msg": row.msg, "path": row.path}} with input as row.facts
		with data.global.parameters as {}
		with data.mesh as {}
		with time.now_ns as _now
}

test_the_council_says_which_words_mean_it_and_how_long if {
	parameters := {"statuses_deprecated": ["sunset"], "statuses_without_access": ["gone"], "minimum_deprecation_days": 60}
	retired_with_notice.violation == {{
		"msg": "the product is deprecated and ends on 2026-07-01; consumers were promised 60 days of notice",
		"path": "product.end_of_life",
	}} with input as _facts("active", "sunset", {}, {"end_of_life": "2026-07-01"})
		with data.global.parameters as parameters
		with data.mesh as {}
		with time.now_ns as _now
	retired_with_notice.violation == {{
		"msg": "the product is gone before its announced end (which was never announced)",
		"path": "product.status",
	}} with input as _facts("sunset", "gone", {}, {})
		with data.global.parameters as parameters
		with data.mesh as {}
		with time.now_ns as _now
}

test_consumers_are_named[note] if {
	some note, change in {
		"deprecated": ["active", "deprecated"],
		"retired": ["active", "retired"],
		"retired too soon": ["deprecated", "retired"],
	}
	facts := object.union(_facts(change[0], change[1], {}, {"domain": "d", "name": "p"}), {"lineage": {"products": [{"source": "d/p", "target": "e/q"}]}})
	msgs := {violation.msg | some violation in retired_with_notice.violation} with input as facts
		with data.global.parameters as {}
		with data.mesh as {}
		with time.now_ns as _now
	count(msgs) == 1
	every msg in msgs { endswith(msg, "; consumers: e/q") }
}
