# METADATA
# title: Evidence is of now and of this contract
# description: >-
#   Whatever is handed in says when it was measured, not longer ago than the parameter `evidence_max_age_seconds` and not in
#   the future, and it is of the product and of the version of its contract that are asked about (which must be said where
#   the parameter `evidence_contract_version` is `required`). Two outcomes of one check at one instant contradict each
#   other. Evidence of a part is evidence of that part only, and QLT-001 and QLT-002 do not take it for the whole.
# custom:
#   id: QLT-003
#   enforcement: deny
#   severity: high
#   controls: ["Data mesh: trustworthy", "BCBS 239 Principle 5"]
#   remediation: Run the checks again on what is about to be published, and hand in their results with time and version.
package global.quality.evidence_counts

import data.bylaw.lib.evidence

violation contains {"msg": msg, "path": object.get(result, "path", "quality.results")} if {
	some result in evidence.results
	evidence.ran(result)
	msg := evidence.misfit(result)
}

violation contains {"msg": msg, "path": object.get(result, "path", "quality.results")} if {
	some outcomes in _by_instant
	statuses := {result.status | some result in outcomes}
	count(statuses) > 1
	some result in outcomes
	msg := sprintf("check %v is said to have ended as %v at one instant", [
		evidence.name(result),
		concat(" and as ", sort(statuses)),
	])
}

# One check of one thing at one instant, whoever reports it.
_by_instant[key] contains result if {
	some result in evidence.results
	same := [object.get(result, fact, "") | some fact in ["metric", "dataset", "field", "partition", "source"]]
	key := json.marshal(array.concat([result.check, result.observed_at], same))
}
