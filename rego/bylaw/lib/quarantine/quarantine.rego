# METADATA
# title: Quarantine
# description: >
#   What may be kept out of a publication, so that the rest can be published: rows that a check found, or whole parts of a
#   dataset. Parameters: `quarantine_checks`, `quarantine_dimensions`, `quarantine_severities`, `quarantine_max_share`,
#   `quarantine_max_partitions`. Unless they are set, nothing is kept out.
package bylaw.lib.quarantine

import data.bylaw.lib.evidence
import data.bylaw.tightened

# METADATA
# description: >
#   Failed results whose rows, or whose part of the dataset, may be kept out of what is published, so that the rest can
#   be: of a dimension and severity, or a check, that the law names, and no more of them than it says.
# scope: document
kept_out contains result if {
	some result in evidence.results
	_is_part(result)
	_admitted(result)
	count(_parts[evidence.dataset_of(result)]) <= _max_partitions
}

kept_out contains result if {
	some result in evidence.results
	_is_rows(result)
	_admitted(result)
	_share[evidence.dataset_of(result)] <= _max_share
}

# METADATA
# description: What must be kept out of what is published, which rows or parts, by which check.
# scope: document
entries contains entry if {
	some result in kept_out
	entry := object.union(
		object.filter(result, ["check", "dataset", "field", "metric", "partition", "source", "file", "path"]),
		_extent(result),
	)
}

_extent(result) := {"what": "partition"} if {
	_is_part(result)
} else := {"what": "rows", "rows": result.failed_rows, "of": evidence.rows[evidence.dataset_of(result)]}

_is_part(result) if {
	result.status == "fail"
	not input.quality.partition
	object.get(result, "partition", "") != ""
}

_is_rows(result) if {
	result.status == "fail"
	not evidence.elsewhere(result)
	is_number(result.failed_rows)
	result.failed_rows > 0
}

_admitted(result) if {
	not evidence.flaw_of_itself(result)
	not evidence.flaw_of_origin(result)
	_named(result)
}

_named(result) if {
	some pattern in tightened.common("quarantine_checks", _list("quarantine_checks"))
	glob.match(pattern, [], result.check)
}

# Where both are named, both must fit.
_named(result) if {
	dimensions := tightened.common("quarantine_dimensions", _list("quarantine_dimensions"))
	severities := tightened.common("quarantine_severities", _list("quarantine_severities"))
	count(dimensions) + count(severities) > 0
	_fits(_fact(result, "dimension"), dimensions, _list("quarantine_dimensions"))
	_fits(_fact(result, "severity"), severities, _list("quarantine_severities"))
}

# A list that the council does not keep asks for nothing; one that a domain emptied admits nothing.
_fits(_, _, council) if council == []

_fits(fact, admitted, council) if {
	council != []
	fact in admitted
}

_list(parameter) := list if {
	list := data.global.parameters[parameter]
	is_array(list)
} else := []

# What the result says of itself, else what the promise says that it measures.
_fact(result, fact) := lower(result[fact]) if {
	is_string(result[fact])
} else := min(said) if {
	said := {lower(promise[fact]) |
		is_array(input.product.contract.quality)
		some promise in input.product.contract.quality
		promise.metric == result.metric
		is_string(promise[fact])
	}
	count(said) == 1
} else := _dimensions[lower(result.measure)] if {
	fact == "dimension"
} else := "unknown"

_dimensions := {
	"nullvalues": "completeness",
	"missingvalues": "completeness",
	"duplicatevalues": "uniqueness",
	"invalidvalues": "validity",
}

# The parts of each dataset that would have to be kept out.
_parts[dataset] contains result.partition if {
	some result in evidence.results
	_is_part(result)
	_admitted(result)
	dataset := evidence.dataset_of(result)
}

# The most that keeping out all of them could take: rows that fail two checks count twice.
_share[dataset] := sum([result.failed_rows | some result in failed]) / evidence.rows[dataset] if some dataset, failed in _failed

_failed[dataset] contains result if {
	some result in evidence.results
	_is_rows(result)
	_admitted(result)
	dataset := evidence.dataset_of(result)
}

default _councils_max_share := 0

_councils_max_share := data.global.parameters.quarantine_max_share

_max_share := tightened.lowest("quarantine_max_share", _councils_max_share)

default _councils_max_partitions := 0

_councils_max_partitions := data.global.parameters.quarantine_max_partitions

_max_partitions := tightened.lowest("quarantine_max_partitions", _councils_max_partitions)
