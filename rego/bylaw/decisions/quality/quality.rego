# METADATA
# title: Quality decisions
# description: Whether what was measured of a product is as good as its law demands.
package bylaw.decisions.quality

import data.bylaw.compose
import data.bylaw.inputs
import data.bylaw.lib.domains
import data.bylaw.obligations
import data.bylaw.policies

# METADATA
# description: The decision document.
# entrypoint: true
# scope: document
decision := obligations.with_quality(compose.decision("quality", _heard, problems, set()), _was_read)

# METADATA
# description: Why the input cannot be judged.
# scope: document
problems := union({inputs.product, inputs.changes, inputs.quality})

# Rules are not asked about an input that cannot be read.
_heard := set() if {
	not _was_read
} else := records

_was_read := false if {
	inputs.unreadable(problems)
} else := true

# METADATA
# description: What the rules of this kind say, one record a rule (see bylaw.compose).
# scope: document
records contains compose.said("global", "global", "quality", name, "violation", value) if {
	some name
	value := data.global.quality[name].violation
}

records contains compose.said(domain, domains.root(domain), "quality", name, "violation", value) if {
	some domain in domains.concerned
	some name
	value := data.domains[domain].quality[name].violation
}

records contains record if some record in policies.quality
