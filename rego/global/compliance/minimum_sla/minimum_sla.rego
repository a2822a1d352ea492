# METADATA
# title: A product promises at least the mesh's service levels
# description: >-
#   For every metric of the parameter `required_slas` the product promises a level, and one that is good enough. A
#   requirement is a number, which is a minimum, or says its direction: `{gte: 0.99}`, `{lte: 86400}`. A domain may ask
#   its own products for more.
# custom:
#   id: CMP-006
#   enforcement: deny
#   severity: medium
#   controls: ["Data mesh: trustworthy"]
#   remediation: Promise a level in `sla` that consumers can build on, or agree on a waiver with the council.
package global.compliance.minimum_sla

import data.bylaw.tightened

violation contains {"msg": msg, "path": sprintf("product.sla.%v", [metric])} if {
	some metric, requirement in _required_slas
	not input.product.sla[metric]
	not _is_zero(metric)
	msg := sprintf("no service level is promised for %v; the mesh asks for %v", [metric, _wording(requirement)])
}

violation contains {"msg": msg, "path": sprintf("product.sla.%v", [metric])} if {
	some metric, requirement in _required_slas
	promised := input.product.sla[metric]
	not _meets(promised, requirement)
	msg := sprintf("%v is promised as %v; the mesh asks for %v", [metric, promised, _wording(requirement)])
}

violation contains {"msg": msg, "path": sprintf("product.sla.%v", [bound.metric])} if {
	some bound in tightened.bounds("required_slas")
	requirement := {bound.operator: bound.threshold}
	promised := object.get(input.product, ["sla", bound.metric], "nothing")
	not _meets(promised, requirement)
	msg := sprintf("%v is promised as %v; domain %v asks for %v", [bound.metric, promised, bound.domain, _wording(requirement)])
}

_is_zero(metric) if input.product.sla[metric] == 0

_meets(promised, requirement) if {
	is_number(promised)
	is_number(requirement)
	promised >= requirement
}

_meets(promised, requirement) if {
	is_number(promised)
	is_object(requirement)
	count(requirement) > 0
	every bound, level in requirement {
		_within(bound, promised, level)
	}
}

_within("gte", promised, level) if promised >= level

_within("lte", promised, level) if promised <= level

_wording(requirement) := sprintf("at least %v", [requirement]) if is_number(requirement)

_wording(requirement) := concat(" and ", [text |
	some bound, level in requirement
	text := sprintf("%v %v", [object.get({"gte": "at least", "lte": "at most"}, bound, bound), level])
]) if {
	not is_number(requirement)
}

default _required_slas := {"availability": {"gte": 0.99}, "freshness_seconds": {"lte": 86400}}

_required_slas := data.global.parameters.required_slas
