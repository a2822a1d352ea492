# METADATA
# title: Schema decisions
# description: Whether a schema may follow the one before it.
package bylaw.decisions.schema

import data.bylaw.compose
import data.bylaw.inputs
import data.bylaw.lib.domains

# METADATA
# description: The decision document.
# entrypoint: true
# scope: document
decision := compose.decision("schema", _heard, problems, set())

# METADATA
# description: Why the input cannot be judged.
# scope: document
problems := inputs.schema

# Rules are not asked about an input that cannot be read.
_heard := set() if {
	inputs.unreadable(problems)
} else := records

# METADATA
# description: What the rules of this kind say, one record a rule (see bylaw.compose).
# scope: document
records contains compose.said("global", "global", "schema", name, "violation", value) if {
	some name
	value := data.global.schema[name].violation
}

records contains compose.said(domain, domains.root(domain), "schema", name, "violation", value) if {
	some domain in domains.concerned
	some name
	value := data.domains[domain].schema[name].violation
}
