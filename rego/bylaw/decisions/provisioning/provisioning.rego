# METADATA
# title: Provisioning decisions
# description: Whether a Kubernetes object or a Terraform plan may be applied.
package bylaw.decisions.provisioning

import data.bylaw.compose
import data.bylaw.inputs
import data.bylaw.lib.domains
import data.bylaw.lib.terraform

# METADATA
# description: The decision document.
# entrypoint: true
# scope: document
decision := compose.decision("provisioning", _heard, problems, set())

# METADATA
# description: Why the input cannot be judged.
# scope: document
problems := inputs.provisioning

# Rules are not asked about an input that cannot be read.
_heard := set() if {
	inputs.unreadable(problems)
} else := records

# METADATA
# description: What the rules of this kind say, one record a rule (see bylaw.compose).
# scope: document
records contains compose.said("global", "global", "provisioning", name, "violation", value) if {
	some name
	value := data.global.provisioning[name].violation
}

records contains compose.said(domain, domains.root(domain), "provisioning", name, "violation", value) if {
	not _shared_plan
	some domain in domains.concerned
	some name
	value := data.domains[domain].provisioning[name].violation
}

# Of a plan that touches several domains, each domain's rules see what is theirs and what is nobody's.
records contains compose.said(domain, domains.root(domain), "provisioning", name, "violation", value) if {
	_shared_plan
	some domain in domains.concerned
	some name
	value := data.domains[domain].provisioning[name].violation with input.plan as terraform.narrowed(input.plan, domain)
}

_shared_plan if {
	is_array(input.plan.resource_changes)
	count(domains.concerned) > 1
}
