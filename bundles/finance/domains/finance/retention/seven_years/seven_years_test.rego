package domains.finance.retention.seven_years_test

import data.domains.finance.retention.seven_years

_violation(kept) := {{
	"msg": sprintf("financial data is kept for at least 2555 days; the product is kept for %v", [kept]),
	"path": "product.retention.days",
}}

test_allowed[days] if {
	some days in [2555, 3650]
	seven_years.violation == set() with input as {"product": {"retention": {"days": days}}}
		with data.domains.finance.parameters.minimum_retention_days as 2555
}

test_denied[note] if {
	some note, row in {
		"a day too short": {"input": {"product": {"retention": {"days": 2554}}}, "kept": "2554"},
		"text": {"input": {"product": {"retention": {"days": "2555"}}}, "kept": "2555"},
		"absent": {"input": {"product": {"domain": "finance"}}, "kept": "a time it does not say"},
		"no product": {"input": {}, "kept": "a time it does not say"},
	}
	seven_years.violation == _violation(row.kept) with input as row.input
		with data.domains.finance.parameters as {}
}
