package global.schema.deprecation_notice_test

import data.global.schema.deprecation_notice

_violation(promised) := {{
	"msg": sprintf("breaking changes are to be announced 30 days ahead; the product promises %v", [promised]),
	"path": "product.deprecation_notice_days",
}}

test_allowed_at_the_minimum if {
	deprecation_notice.violation == set() with input as {"product": {"deprecation_notice_days": 30}}
		with data.global.parameters.minimum_deprecation_days as 30
}

test_warned[note] if {
	some note, row in {
		"too few": {"product": {"deprecation_notice_days": 29}, "promised": "29"},
		"text": {"product": {"deprecation_notice_days": "30"}, "promised": "30"},
		"absent": {"product": {}, "promised": "nothing"},
	}
	deprecation_notice.violation == _violation(row.promised) with input as {"product": row.product}
		with data.global.parameters as {}
}

test_the_council_asks_for_more_days if {
	count(deprecation_notice.violation) == 1 with input as {"product": {"deprecation_notice_days": 59}}
		with data.global.parameters as {"minimum_deprecation_days": 60}
}
