# METADATA
# title: What may be done with a request for a waiver
# description: >
#   Whether somebody may request, approve or withdraw a waiver: `input.action`, `input.by` (who it is, as the service knows
#   it) and `input.waiver`. As `bylaw.waiver_report`, it takes the facts `input.rules` and `input.domains`. What would have
#   no effect in a decision is not taken; who approves is said by the layer that owns the rule, and is never the requester.
package bylaw.waiver_requests

import data.bylaw.lib.domains
import data.bylaw.lib.timestamps
import data.bylaw.waivers

# METADATA
# description: >
#   `allow`, the `layer` that owns the rule (empty where it is not known), the `rule` by its path, and the `reasons` why not.
# entrypoint: true
# scope: document
decision := {"allow": count(_reasons) == 0, "layer": _layer, "rule": _rule, "reasons": sort(_reasons)}

default _layer := ""

_layer := _owned.layer

# What was requested of a rule that is gone can still be withdrawn; the service knows whose the rule was.
_layer := input.layer if {
	not _owned
	input.action == "withdraw"
	is_string(input.layer)
}

default _rule := ""

_rule := _owned.rule

_candidates := [{"rule": path, "id": rule.id, "layer": rule.layer} |
	some path, rule in input.rules
	input.waiver.rule in {path, rule.id}
	_is_of_the_scope(rule.layer)
]

_is_of_the_scope(layer) if layer == "global"

_is_of_the_scope(layer) if domains.canonical(input.waiver.scope.domain) == layer

_owned := _candidates[0] if count(_candidates) == 1

_reasons contains "request, approve or withdraw is wanted" if not input.action in {"request", "approve", "withdraw"}

_reasons contains "nobody knows who asks" if not _is_text(input.by)

_reasons contains sprintf("no rule in force of the mesh or of the domain is called %v", [input.waiver.rule]) if {
	input.action != "withdraw"
	count(_candidates) == 0
}

_reasons contains sprintf("several rules are called %v; name one by its path", [input.waiver.rule]) if {
	input.action != "withdraw"
	count(_candidates) > 1
}

_reasons contains sprintf("no domain is called %v", [input.waiver.scope.domain]) if {
	input.action != "withdraw"
	count(_known_domains) > 0
	not domains.canonical(input.waiver.scope.domain) in _known_domains
}

_reasons contains reason if {
	input.action in {"request", "approve"}
	reason := waivers.flaw({"layer": _owned.layer, "waiver": _approved}, _owned)
}

_reasons contains sprintf("it ended on %v", [input.waiver.ends]) if {
	input.action in {"request", "approve"}
	timestamps.instant(input.waiver.ends) <= time.now_ns()
}

_reasons contains sprintf("nobody but %v may approve waivers of %v", [input.by, _owned.layer]) if {
	input.action == "request"
	count(_others) == 0
}

_reasons contains sprintf("%v may not withdraw it: that is for who requested it and for the approvers of %v", [
	input.by,
	_layer,
]) if {
	input.action == "withdraw"
	input.by != input.waiver.requested_by
	not input.by in waivers.approvers(_layer)
}

_known_domains := {domain | some domain in input.domains} | {domains.canonical(product.domain) |
	some product in data.mesh.products
}

# A request is judged as if it were approved by one who may; an approval, by whoever approves.
_approved := object.union(input.waiver, {"approved_by": input.by}) if {
	input.action == "approve"
} else := object.union(input.waiver, {"approved_by": sort(_others)[0]})

_others := {approver |
	some approver in waivers.approvers(_owned.layer)
	lower(trim_space(approver)) != lower(trim_space(input.waiver.requested_by))
}

_is_text(value) if {
	is_string(value)
	trim_space(value) != ""
}
