# METADATA
# title: Evidence comes from who may give it
# description: >-
#   A signature that does not hold, or that is a stranger's, makes evidence worthless. Where the parameter
#   `evidence_signatures` is `required`, evidence is signed; where `trusted_producers` names producers, it is signed by one
#   of them. Keys, and whose they are, are settings of whoever reads the evidence.
# custom:
#   id: QLT-005
#   enforcement: deny
#   severity: high
#   controls: ["Data mesh: trustworthy", "SLSA v1.0", "ISO/IEC 27001:2022 A.8.26"]
#   remediation: Let the pipeline that ran the checks sign its report (`bylaw evidence sign`) with a key that the law trusts.
package global.quality.trusted_producers

import data.bylaw.lib.evidence

violation contains {"msg": msg, "path": object.get(result, "path", "quality.results")} if {
	some result in evidence.results
	msg := evidence.flaw_of_producer(result)
}
