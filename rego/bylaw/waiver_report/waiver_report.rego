# METADATA
# title: What waivers there are, and what they do
# description: >
#   Every waiver of every layer, whatever a decision concerns: its state at this instant, how many days are left of it,
#   and what is wrong with it. Beside the data of the layers it takes two facts that data does not hold: `input.rules`,
#   by path `{"id", "layer"}`, and `input.domains`, the domains whose bundles are loaded.
package bylaw.waiver_report

import data.bylaw.lib.domains
import data.bylaw.lib.timestamps
import data.bylaw.waivers

# METADATA
# description: >
#   The waivers, sorted by layer and id. `state` is `in_force`, `ending` (within fourteen days), `future`, `ended` or
#   `without_effect`; `notes` say why, and what else its owner should know: that it matches nothing.
# entrypoint: true
# scope: document
report := [found |
	some key in sort([[entry.layer, entry.id, entry] | some entry in _entries])
	found := key[2]
]

# METADATA
# description: >
#   Whether a waiver that is not over names a rule of access. Only then are doors whose answers cannot name waivers asked
#   for them. It takes no facts, so of rules that say nothing of themselves only the path counts.
# scope: document
default may_touch_access := false

may_touch_access if {
	some waiver in _all_waivers
	not _is_over(waiver)
	some path in _paths(waiver.rule)
	regex.match(`^(global|domains\.[^.]+)\.(access|policies)\.`, path)
}

_all_waivers contains waiver if some waiver in _list(data.global.waivers)

_all_waivers contains waiver if some waiver in _list(data.domains[_].waivers)

_all_waivers contains waiver if some waiver in _list(data.mesh.waivers)

_is_over(waiver) if timestamps.instant(waiver.ends) <= time.now_ns()

# The paths that a name may stand for: itself, and whatever has it for its id.
_paths(name) := union({
	{name},
	{path | data.global.metadata[path].id == name},
	{path | data.domains[_].metadata[path].id == name},
	{"global.policies.by_id" | data.global.policies[_].metadata.id == name},
	{"global.policies.by_id" | data.domains[_].policies[_].metadata.id == name},
})

_entries contains entry if {
	some record in _records
	waiver := _object(record.waiver)
	notes := _notes(record)
	entry := object.union_n([
		{
			"layer": record.layer,
			"id": _text(waiver, "id"),
			"rule": _text(waiver, "rule"),
			"scope": object.get(waiver, "scope", {}),
			"state": _state(record),
			"notes": notes,
			"matches": count(_idle(record)) == 0,
		},
		object.filter(waiver, ["reason", "requested_by", "approved_by", "starts", "ends"]),
		{"days_left": days | days := _days_left(waiver)},
	])
}

_records contains {"layer": "global", "waiver": waiver} if some waiver in _list(data.global.waivers)

_records contains {"layer": domain, "waiver": waiver} if {
	some domain in input.domains
	some waiver in _list(data.domains[domain].waivers)
}

_records contains {"layer": "mesh", "waiver": waiver} if some waiver in _list(data.mesh.waivers)

_list(value) := value if {
	is_array(value)
} else := [value]

_object(value) := value if {
	is_object(value)
} else := {}

_text(waiver, key) := waiver[key] if {
	is_string(waiver[key])
} else := ""

# The rules that a waiver names, as `waivers.flaw` asks about them.
_named(record) := {{"rule": path, "id": rule.id, "layer": rule.layer} |
	some path, rule in input.rules
	_text(_object(record.waiver), "rule") in {path, rule.id}
	_is_of_the_scope(rule.layer, record)
}

# Two domains may have rules of one id; the scope, or whose waiver it is, tells which is meant.
_is_of_the_scope(layer, _) if layer == "global"

_is_of_the_scope(layer, record) if record.layer == layer

_is_of_the_scope(layer, record) if domains.canonical(record.waiver.scope.domain) == layer

_flaws(record) := {flaw | some entry in _named(record); flaw := waivers.flaw(record, entry)}

_is_sound(record) if {
	some entry in _named(record)
	not waivers.flaw(record, entry)
}

# What it would have to name to have any effect, and does not.
_idle(record) := union({_no_rule(record), _no_domain(record), _no_product(record), _not_asked(record)})

_no_rule(record) := {sprintf("no rule in force is called %v", [_text(_object(record.waiver), "rule")]) |
	count(_named(record)) == 0
}

_no_domain(record) := {sprintf("no domain is called %v", [said]) |
	said := record.waiver.scope.domain
	is_string(said)
	count(_known_domains) > 0
	not domains.canonical(said) in _known_domains
}

_no_product(record) := {sprintf("domain %v has no product %v", [scope.domain, scope.product]) |
	scope := record.waiver.scope
	domain := domains.canonical(scope.domain)
	domain in _domains_with_products
	not scope.product in _products[domain]
	scope.product
}

# A domain's rules are asked about its own products only, so nothing of another's is there to be waived.
_not_asked(record) := {sprintf("rules of %v are not asked about products of %v", [entry.layer, domain]) |
	some entry in _named(record)
	entry.layer == record.layer
	entry.layer != "global"
	domain := domains.canonical(record.waiver.scope.domain)
	domain in _known_domains
	domain != entry.layer
}

_known_domains := {domain | some domain in input.domains} | _domains_with_products

_domains_with_products := object.keys(_products)

_products[domain] contains product.name if {
	some product in data.mesh.products
	domain := domains.canonical(product.domain)
}

_notes(record) := sort(_idle(record) | _flaws_that_count(record))

_flaws_that_count(record) := set() if {
	_is_sound(record)
} else := _flaws(record)

_state(record) := "without_effect" if {
	not _is_sound(record)
} else := "ended" if {
	timestamps.instant(record.waiver.ends) <= time.now_ns()
} else := "future" if {
	timestamps.instant(record.waiver.starts) > time.now_ns()
} else := "ending" if {
	_days_left(record.waiver) <= waivers.days_ahead
} else := "in_force"

_days_left(waiver) := days if {
	days := timestamps.days_between(time.now_ns(), timestamps.instant(waiver.ends))
	days > 0
}
