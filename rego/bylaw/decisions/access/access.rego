# METADATA
# title: Access decisions
# description: Whether a subject may do something to a resource, and what must be done to the data on the way.
package bylaw.decisions.access

import data.bylaw.compose
import data.bylaw.inputs
import data.bylaw.lib.domains
import data.bylaw.policies

# METADATA
# description: The decision document.
# entrypoint: true
# scope: document
decision := compose.decision("access", _heard, problems, set())

# METADATA
# description: Why the input cannot be judged.
# scope: document
problems := inputs.access

# Rules are not asked about an input that cannot be read.
_heard := set() if {
	inputs.unreadable(problems)
} else := records

# METADATA
# description: What the rules of this kind say, one record a rule and head (see bylaw.compose).
# scope: document
records contains compose.said("global", "global", "access", name, "violation", value) if {
	some name
	value := data.global.access[name].violation
}

records contains compose.said("global", "global", "access", name, "grant", value) if {
	some name
	value := data.global.access[name].grant
}

records contains compose.said("global", "global", "access", name, "row_filter", value) if {
	some name
	value := data.global.access[name].row_filter
}

records contains compose.said("global", "global", "access", name, "column_mask", value) if {
	some name
	value := data.global.access[name].column_mask
}

records contains compose.said(domain, domains.root(domain), "access", name, "violation", value) if {
	some domain in domains.concerned
	some name
	value := data.domains[domain].access[name].violation
}

records contains compose.said(domain, domains.root(domain), "access", name, "grant", value) if {
	some domain in domains.concerned
	some name
	value := data.domains[domain].access[name].grant
}

records contains compose.said(domain, domains.root(domain), "access", name, "row_filter", value) if {
	some domain in domains.concerned
	some name
	value := data.domains[domain].access[name].row_filter
}

records contains compose.said(domain, domains.root(domain), "access", name, "column_mask", value) if {
	some domain in domains.concerned
	some name
	value := data.domains[domain].access[name].column_mask
}

records contains record if some record in policies.access
