# METADATA
# title: Compliance decisions
# description: Whether a product says of itself what its law demands.
package bylaw.decisions.compliance

import data.bylaw.compose
import data.bylaw.inputs
import data.bylaw.lib.domains
import data.bylaw.policies

# METADATA
# description: The decision document.
# entrypoint: true
# scope: document
decision := compose.decision("compliance", _heard, problems, set())

# METADATA
# description: Why the input cannot be judged.
# scope: document
problems := inputs.product | inputs.changes

# Rules are not asked about an input that cannot be read.
_heard := set() if {
	inputs.unreadable(problems)
} else := records

# METADATA
# description: What the rules of this kind say, one record a rule (see bylaw.compose).
# scope: document
records contains compose.said("global", "global", "compliance", name, "violation", value) if {
	some name
	value := data.global.compliance[name].violation
}

records contains compose.said(domain, domains.root(domain), "compliance", name, "violation", value) if {
	some domain in domains.concerned
	some name
	value := data.domains[domain].compliance[name].violation
}

records contains record if some record in policies.compliance
