# METADATA
# title: No check warned
# description: >-
#   A check whose author said that it only warns found something. It stops nothing and it proves nothing: what the contract
#   promises takes a check that passed.
# custom:
#   id: QLT-004
#   enforcement: warn
#   severity: low
#   controls: ["Data mesh: trustworthy"]
#   remediation: Look into what it found; raise its severity where consumers would mind.
package global.quality.checks_warned

import data.bylaw.lib.evidence

violation contains {"msg": msg, "path": object.get(result, "path", "quality.results")} if {
	some result in evidence.results
	result.status == "warn"
	not evidence.beside(result)
	msg := sprintf("check %v warned", [evidence.name(result)])
}
