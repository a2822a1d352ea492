# METADATA
# title: Error budgets
# description: >
#   What is left of the room for error that council and domains give a measure, counted over its history. The parameter
#   `error_budgets` names them: `{measure: {"objective": 0.99, "window_days": 28}}`, and where wanted an operator with a
#   threshold (`"lte": 3600`) that says what a good sample is, `min_samples`, `min_coverage`, `fast_burn_hours` and
#   `fast_burn_rate`. Without a threshold the product's own service level says it, else the check's verdict. Each layer's
#   budget is counted for itself, so the stricter holds.
package bylaw.lib.error_budgets

import data.bylaw.lib.domains
import data.bylaw.lib.evidence
import data.bylaw.lib.timestamps

# METADATA
# description: >
#   Every budget, `{"measure", "layer", "objective", "window_days", "state"}` and, where there is history enough,
#   `samples`, `bad`, `consumed`, `remaining` and `burn_rate`. A state is `within`, `burning`, `exhausted`, `unknown` (too
#   little history) or `malformed`.
# scope: document
budgets contains budget if {
	some asked in _asked
	budget := _budget(asked)
}

_asked contains {"layer": "global", "measure": measure, "said": said} if {
	some measure, said in data.global.parameters.error_budgets
}

_asked contains {"layer": domain, "measure": measure, "said": said} if {
	some domain in domains.concerned
	some measure, said in data.domains[domain].parameters.error_budgets
}

_budget(asked) := object.union(object.remove(asked, ["said"]), {"state": "malformed"}) if {
	not _is_budget(asked.said)
} else := object.union(_head(asked), counted) if {
	samples := _samples(asked.measure, asked.said.window_days)
	counted := _counted(asked, samples)
} else := object.union(_head(asked), {"state": "unknown", "samples": 0, "days": 0})

_head(asked) := object.union(
	object.remove(asked, ["said"]),
	{"objective": asked.said.objective, "window_days": asked.said.window_days},
)

_is_budget(said) if {
	said.objective > 0
	said.objective <= 1
	said.window_days > 0
	count([1 | some value in said; not is_number(value)]) == 0
	count(object.keys(said) - (_options | _operators)) == 0
}

_options := {"objective", "window_days", "min_samples", "min_coverage", "fast_burn_hours", "fast_burn_rate"}

_operators := {"gte", "lte", "gt", "lt", "equals"}

# Samples of the window as `[age in days, sample]`, of series that anybody may believe.
_samples(measure, window_days) := [[age, sample] |
	is_array(input.quality.history)
	some series in input.quality.history
	series.metric == measure
	not evidence.flaw_of_origin(series)
	not evidence.elsewhere(series)
	some sample in series.samples
	age := timestamps.age_in_days(sample.observed_at)
	age <= window_days
	age >= -0.004
]

_counted(asked, samples) := {"state": "unknown", "samples": count(samples), "days": days} if {
	days := count({floor(max([age, 0])) | some [age, _] in samples})
	_is_too_little(asked.said, count(samples), days)
} else := {
	"state": _state(asked.said, consumed, burn_rate),
	"samples": count(samples),
	"bad": bad,
	"consumed": consumed,
	"remaining": _rounded(max([0, 1 - consumed])),
	"burn_rate": burn_rate,
} if {
	bad := count([1 | some [_, sample] in samples; not _is_good(asked, sample)])
	consumed := _spent(bad, count(samples), asked.said.objective)
	recent := [sample |
		some [age, sample] in samples
		age <= object.get(asked.said, "fast_burn_hours", 24) / 24
	]
	recently := count([1 | some sample in recent; not _is_good(asked, sample)])
	burn_rate := _spent(recently, count(recent), asked.said.objective)
}

_is_too_little(said, samples, _) if samples < object.get(said, "min_samples", 10)

_is_too_little(said, _, days) if days < object.get(said, "min_coverage", 0.8) * said.window_days

_state(_, consumed, _) := "exhausted" if {
	consumed >= 1
}

_state(said, consumed, burn_rate) := "burning" if {
	consumed < 1
	burn_rate >= object.get(said, "fast_burn_rate", 3)
}

_state(said, consumed, burn_rate) := "within" if {
	consumed < 1
	burn_rate < object.get(said, "fast_burn_rate", 3)
}

# Which share of the room for error is taken, or how many times as fast as the window allows.
_spent(bad, samples, objective) := 0 if {
	bad * samples == 0
} else := _rounded((bad / samples) / (1 - objective)) if {
	objective < 1
} else := _beyond

# An objective of 1 leaves no room: one bad sample is more than all of it.
_beyond := 1000000

_rounded(number) := round(number * 10000) / 10000

_is_good(asked, sample) if {
	bounds := object.filter(asked.said, _operators)
	count(bounds) > 0
	evidence.ran(sample)
	is_number(sample.value)
	count([1 | some operator, threshold in bounds; not _keeps(operator, sample.value, threshold)]) == 0
}

_is_good(asked, sample) if {
	count(object.filter(asked.said, _operators)) == 0
	promised := input.product.sla[asked.measure]
	evidence.ran(sample)
	is_number(sample.value)
	_keeps(_direction(asked.measure), sample.value, promised)
}

_is_good(asked, sample) if {
	count(object.filter(asked.said, _operators)) == 0
	not input.product.sla[asked.measure]
	sample.status == "pass"
}

_direction(measure) := "lte" if {
	some ending in ["_seconds", "_ms"]
	endswith(measure, ending)
} else := "gte"

_keeps("gte", value, threshold) if value >= threshold

_keeps("lte", value, threshold) if value <= threshold

_keeps("gt", value, threshold) if value > threshold

_keeps("lt", value, threshold) if value < threshold

_keeps("equals", value, threshold) if value == threshold
