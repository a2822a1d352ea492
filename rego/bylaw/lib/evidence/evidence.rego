# METADATA
# title: Evidence
# description: >
#   Which results of `input.quality` count for the product that is asked about, and why the others do not: a result that
#   is stale, from the future, of another contract, version or part, from a stranger, or that never ran proves nothing.
#   Parameters: `evidence_max_age_seconds`, `evidence_contract_version` (`required` or `optional`),
#   `evidence_signatures` (`required` or `optional`), `trusted_producers`.
package bylaw.lib.evidence

import data.bylaw.lib.domains
import data.bylaw.lib.timestamps
import data.bylaw.tightened

# METADATA
# description: Every result that was handed in.
# scope: document
results contains result if {
	is_array(input.quality.results)
	some result in input.quality.results
}

# METADATA
# description: The results that are about a metric, by the metric.
# scope: document
by_metric[metric] contains result if {
	some result in results
	metric := result.metric
}

# METADATA
# description: Why a result proves nothing about the product; undefined where it counts.
flaw(result) := reason if {
	reason := flaw_of_itself(result)
} else := reason if {
	reason := flaw_of_origin(result)
} else := sprintf("check %v is about %v, and %v is asked about", [name(result), _part(result), _asked_part]) if elsewhere(result)

# METADATA
# description: >
#   Why nothing that comes from there proves anything: another contract, product or version, a signature that does not
#   hold, a producer who is not trusted. Of results and of series of samples.
flaw_of_origin(from) := reason if {
	reason := _flaw_of_subject(from)
} else := reason if {
	reason := flaw_of_producer(from)
}

# METADATA
# description: Why nobody believes who hands it in; undefined where somebody does.
flaw_of_producer(from) := sprintf("check %v is signed by a stranger", [name(from)]) if {
	_signed(from) == "stranger"
} else := sprintf("check %v carries a signature that does not hold", [name(from)]) if {
	not _signed(from) in {"verified", "none"}
} else := sprintf("check %v is not signed", [name(from)]) if {
	_signatures_required
	_signed(from) != "verified"
} else := sprintf("check %v comes from %v, who is not trusted", [name(from), _producer(from)]) if {
	some trusted in _trusted_producers
	not _is_of(from, trusted)
}

# METADATA
# description: >
#   What of a result could not be true, or is of something else, whatever its verdict: no time, an old one, one that lies
#   ahead, another contract, product or version.
misfit(result) := reason if {
	reason := _flaw_of_time(result)
} else := _flaw_of_subject(result)

# METADATA
# description: Whether a result is about a part, and another part or the whole is asked about; or the other way round.
elsewhere(from) if object.get(from, "partition", "") != _asked

# METADATA
# description: Whether a result is about a part of its own, and one other part is asked about.
beside(result) if {
	_asked != ""
	object.get(result, "partition", "") != ""
	elsewhere(result)
}

# METADATA
# description: Whether a check ran to its end, whatever it found.
ran(result) if result.status in {"pass", "warn", "fail"}

# METADATA
# description: The dataset that a result is about, in lower case; empty where it names none.
dataset_of(result) := lower(object.get(result, "dataset", ""))

# METADATA
# description: What a check or series is called.
name(from) := object.get(from, "check", object.get(from, "metric", "without a name"))

# METADATA
# description: >
#   The number that a result measured, in the unit that is asked for: `percent`, or the metric's own. Undefined where it
#   measured none, or a share where rows are counted (or rows where a share is) and nobody knows how many there are.
measured(result, metric, unit) := _tidy(value) if {
	lower(unit) in {"percent", "%", "percentage"}
	value := _percent(result)
} else := value if {
	not lower(unit) in {"percent", "%", "percentage"}
	value := _own(result, metric)
}

# METADATA
# description: Why a result proves nothing whatever it is about, because it never ran, or not now.
flaw_of_itself(result) := sprintf("check %v ended as %v", [name(result), object.get(result, "status", "unknown")]) if {
	not ran(result)
} else := _flaw_of_time(result)

# Five minutes ahead are forgiven to clocks that disagree; more is a time that cannot be true.
_flaw_of_time(result) := sprintf("check %v does not say when it measured", [name(result)]) if {
	not _is_dated(result)
} else := sprintf("check %v says that it measured at %v, which lies ahead", [name(result), result.observed_at]) if {
	timestamps.age_in_seconds(result.observed_at) < -300
} else := sprintf("check %v measured at %v, and evidence counts for %v seconds", [
	name(result),
	result.observed_at,
	_max_age,
]) if {
	timestamps.age_in_seconds(result.observed_at) > _max_age
}

_flaw_of_subject(from) := sprintf("check %v is about the contract %v", [name(from), from.contract_id]) if {
	"contract_id" in object.keys(from)
	not from.contract_id in _contract_ids
} else := sprintf("check %v is about the product %v", [name(from), from.product]) if {
	"product" in object.keys(from)
	not _is_named(from, "product", "name")
} else := sprintf("check %v is about the domain %v", [name(from), from.domain]) if {
	"domain" in object.keys(from)
	not _is_named(from, "domain", "domain")
} else := sprintf("check %v is of version %v of the contract, and %v", [name(from), from.contract_version, _asked_version]) if {
	"contract_version" in object.keys(from)
	not _is_of_version(from)
} else := sprintf("check %v does not say which version of the contract it is of", [name(from)]) if {
	_version_required
	not "contract_version" in object.keys(from)
}

_is_dated(result) if timestamps.instant(result.observed_at)

_is_named(from, fact, ours) if lower(from[fact]) == lower(input.product[ours])

_is_of_version(from) if from.contract_version == _version

_contract_ids contains id if id := input.product.contract.id

_contract_ids contains id if id := input.product.id

_version := version if {
	version := input.product.contract.version
} else := input.product.version

default _asked_version := "the product does not say its own"

_asked_version := sprintf("%v is asked about", [_version])

default _asked := ""

_asked := input.quality.partition

_asked_part := sprintf("the part %v", [_asked]) if {
	_asked != ""
} else := "the whole"

_part(from) := sprintf("the part %v", [from.partition]) if {
	object.get(from, "partition", "") != ""
} else := "the whole"

_signed(from) := object.get(from, "signed", "none")

_producer(from) := object.get(from, "producer", "nobody who is known")

_is_of(from, trusted) if {
	_signed(from) == "verified"
	is_array(trusted)
	from.producer in trusted
}

# Where council and domain both name producers, both must: a domain only narrows.
_trusted_producers contains trusted if trusted := data.global.parameters.trusted_producers

_trusted_producers contains trusted if {
	some domain in domains.concerned
	trusted := data.domains[domain].parameters.trusted_producers
}

# A word that is none is a mistake, and mistakes demand.
_signatures_required if data.global.parameters.evidence_signatures != "optional"

_signatures_required if {
	some domain in domains.concerned
	data.domains[domain].parameters.evidence_signatures != "optional"
}

_version_required if data.global.parameters.evidence_contract_version != "optional"

_version_required if {
	some domain in domains.concerned
	data.domains[domain].parameters.evidence_contract_version != "optional"
}

# A day: the slowest rhythm in which the mesh's pipelines measure themselves.
default _councils_max_age := 86400

_councils_max_age := data.global.parameters.evidence_max_age_seconds

_max_age := tightened.lowest("evidence_max_age_seconds", _councils_max_age)

_percent(result) := 100 * result.value if {
	result.unit == "share"
	is_number(result.value)
} else := 0 if {
	result.unit in {"rows", "values"}
	result.value == 0
} else := (100 * result.value) / _rows_seen(result) if {
	result.unit == "rows"
	is_number(result.value)
	_rows_seen(result) > 0
} else := result.value if {
	not object.get(result, "unit", "") in {"share", "rows", "values"}
	is_number(result.value)
}

_own(result, metric) := result.value if {
	is_number(result.value)
	not _is_share_of_rows(result, metric)
} else := 0 if {
	_is_share_of_rows(result, metric)
	result.value == 0
} else := round(result.value * _rows_seen(result)) if {
	_is_share_of_rows(result, metric)
	is_number(result.value)
}

# How many rows a check looked at, as it says itself or as others say of the dataset.
_rows_seen(result) := result.rows if {
	is_number(result.rows)
} else := rows[dataset_of(result)] if not elsewhere(result)

# What ODCS counts in rows where it says no unit.
_row_metrics := {"nullvalues", "missingvalues", "duplicatevalues", "invalidvalues", "nullcheck", "duplicatecount"}

_is_share_of_rows(result, metric) if {
	result.unit == "share"
	steps := split(lower(metric), ".")
	steps[count(steps) - 1] in _row_metrics
}

# A hundred times a share is rarely what it should be: 7.000000000000001.
_tidy(number) := round(number * 1000000000) / 1000000000

# METADATA
# description: How many rows each dataset has, by its name in lower case; as many as any check that counts saw.
# scope: document
rows[dataset] := max(seen) if some dataset, seen in _rows_said

_rows_said[dataset] contains rows if {
	some result in results
	not elsewhere(result)
	rows := _counted_rows(result)
	dataset := dataset_of(result)
}

_counted_rows(result) := result.rows if {
	is_number(result.rows)
	result.rows > 0
} else := result.value if {
	lower(result.measure) == "rowcount"
	ran(result)
	is_number(result.value)
	result.value > 0
}
