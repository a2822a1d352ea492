# METADATA
# title: Waivers
# description: >
#   Which waivers cover a violation, and why others do not. A waiver is in force when the layer that owns the rule
#   (or the registry, for that layer's approvers) holds it, it is well formed, someone other than its requester
#   approved it who may, it is no longer than the layer allows, the present lies in it, and everything that the
#   input concerns is in its scope. Grants have none: a waiver never opens access.
package bylaw.waivers

import data.bylaw.lib.domains
import data.bylaw.lib.timestamps

# METADATA
# description: How many days before its end a waiver is warned of; long enough to repair, or to ask for another one.
# scope: document
days_ahead := 14

# A domain cannot speak for these, whatever it is called.
_layers_of_others := {"global", "mesh", "bylaw"}

# Where a layer declares none. A quarter is long enough to repair what is broken.
_default_max_days := 90

# METADATA
# description: >
#   Entries by what waivers do to them: `waived` with the waiver that covers each, `standing` without one, and as `ignored`
#   the waivers that would cover one of them but have no effect, each with its reason.
judged(entries) := {"standing": entries, "waived": set(), "ignored": set()} if {
	count(_records) == 0
} else := {"standing": {entry | some entry in entries; not _waived(entry)}, "waived": waived, "ignored": ignored} if {
	waived := {_waived(entry) | some entry in entries}
	ignored := _ignored(entries)
}

# METADATA
# description: >
#   A warning for each waived entry that will stand again within fourteen days. What is only recorded is not warned of.
ending(waived) := {warning |
	some entry in waived
	entry.enforcement != "audit"
	timestamps.days_between(time.now_ns(), timestamps.instant(entry.waiver.ends)) <= days_ahead
	said := sprintf("waiver %v ends on %v; without it: %v", [entry.waiver.id, entry.waiver.ends, entry.msg])
	warning := object.union(object.remove(entry, ["waiver", "details"]), {"enforcement": "warn", "msg": said})
}

_waived(entry) := object.union(entry, {"waiver": object.filter(chosen, ["id", "reason", "approved_by", "ends"])}) if {
	covering := [[record.waiver.id, record.waiver] |
		some record in _records
		_names(record.waiver, entry)
		_covers(record.waiver, entry)
		not fault(record, entry)
	]
	ranked := sort(covering)
	chosen := ranked[0][1]
}

_ignored(entries) := {_described(record, reason) |
	some record in _records
	some entry in entries
	_names(record.waiver, entry)
	_may_cover(record.waiver, entry)
	reason := fault(record, entry)
} | {_described(record, "it names no rule") |
	some record in _records
	count(entries) > 0
	not _names_something(record.waiver)
}

_described(record, reason) := {
	"id": object.get(_object(record.waiver), "id", ""),
	"layer": record.layer,
	"rule": object.get(_object(record.waiver), "rule", ""),
	"reason": reason,
}

_object(value) := value if {
	is_object(value)
} else := {}

_records contains {"layer": "global", "waiver": waiver} if some waiver in _list(data.global.waivers)

_records contains {"layer": domain, "waiver": waiver} if {
	some domain in domains.concerned
	not domain in _layers_of_others
	some waiver in _list(data.domains[domain].waivers)
}

_records contains {"layer": "mesh", "waiver": waiver} if some waiver in _list(data.mesh.waivers)

# What is no list is one waiver, of the wrong shape: ignored, and said so.
_list(value) := value if {
	is_array(value)
} else := [value]

_names(waiver, entry) if waiver.rule == entry.rule

_names(waiver, entry) if waiver.rule == entry.id

_names_something(waiver) if {
	is_string(waiver.rule)
	waiver.rule != ""
}

# Of a waiver whose scope cannot be read nobody knows that it is about something else.
_may_cover(waiver, entry) if _covers(waiver, entry)

_may_cover(waiver, _) if not _names_a_domain(waiver)

_names_a_domain(waiver) if _is_text(waiver.scope.domain)

_covers(waiver, entry) if {
	scope := waiver.scope
	concerned := _subjects(entry)
	count(concerned) > 0
	count([1 | some subject in concerned; not _in_scope(subject, scope)]) == 0
}

# A violation that stands at one resource of a plan concerns whom that resource does.
_subjects(entry) := at_path if {
	at_path := {subject | some subject in domains.subjects; subject.path == entry.path}
	startswith(entry.path, "resource_changes[")
	count(at_path) > 0
} else := {subject |
	some subject in domains.subjects
	subject.domain
}

_in_scope(subject, scope) if {
	_in_domain(subject, scope)
	not "product" in object.keys(scope)
}

_in_scope(subject, scope) if {
	_in_domain(subject, scope)
	subject.product == scope.product
}

# What says a domain and no product (a namespace) is beside the subject that says both.
_in_scope(subject, scope) if {
	_in_domain(subject, scope)
	subject.path in {"namespace", "previous"}
}

_in_domain(subject, scope) if domains.canonical(subject.domain) == domains.canonical(scope.domain)

# METADATA
# description: >
#   Why a waiver has no effect at this instant on an entry of the rule that it names, of which `layer`, `rule` and `id` are
#   read; undefined where it has.
fault(record, entry) := flaw(record, entry) if {
	flaw(record, entry)
} else := sprintf("it starts on %v", [record.waiver.starts]) if {
	timestamps.instant(record.waiver.starts) > time.now_ns()
} else := sprintf("it ended on %v", [record.waiver.ends]) if {
	timestamps.instant(record.waiver.ends) <= time.now_ns()
}

# METADATA
# description: The same, but for its time.
flaw(record, entry) := sprintf("%v is missing or no text", [_missing(record.waiver)[0]]) if {
	count(_missing(record.waiver)) > 0
} else := "its scope names no domain" if {
	not _names_a_domain(record.waiver)
} else := sprintf("the rule belongs to %v, not to %v", [entry.layer, record.layer]) if {
	not record.layer in {entry.layer, "mesh"}
} else := sprintf("no waiver covers rules of %v", [entry.layer]) if {
	entry.layer == "bylaw"
} else := sprintf("no waiver covers %v: its owner says so", [entry.id]) if {
	_is_never_waived(entry)
} else := "starts and ends are no RFC 3339 instants" if {
	not _days(record.waiver)
} else := "it ends before it starts" if {
	_days(record.waiver) <= 0
} else := sprintf("it is longer than the %v days that %v allows", [max_days(entry.layer), entry.layer]) if {
	_days(record.waiver) > max_days(entry.layer)
} else := "requester and approver are the same" if {
	lower(trim_space(record.waiver.requested_by)) == lower(trim_space(record.waiver.approved_by))
} else := sprintf("%v may not approve waivers of %v", [record.waiver.approved_by, entry.layer]) if {
	not record.waiver.approved_by in approvers(entry.layer)
}

# What stands for a grant, or holds data back by order of a court, is not a matter of permission: such a rule says
# `waivable: false` of itself.
_is_never_waived(entry) if {
	entry.layer == "global"
	data.global.metadata[entry.rule].waivable == false
}

_is_never_waived(entry) if data.domains[entry.layer].metadata[entry.rule].waivable == false

_missing(waiver) := [name |
	some name in ["id", "reason", "requested_by", "approved_by", "starts", "ends"]
	not _is_text(object.get(_object(waiver), name, null))
]

_days(waiver) := timestamps.days_between(timestamps.instant(waiver.starts), timestamps.instant(waiver.ends))

# METADATA
# description: Who approves waivers of a layer's rules.
approvers(layer) := found if {
	found := _terms(layer).approvers
	is_array(found)
} else := []

# METADATA
# description: For how many days at most a layer waives. A limit that is no number allows nothing.
max_days(layer) := limit if {
	limit := object.get(_terms(layer), "max_days", _default_max_days)
	is_number(limit)
} else := 0

_terms(layer) := data.global.parameters.waivers if {
	layer == "global"
	is_object(data.global.parameters.waivers)
} else := data.domains[layer].parameters.waivers if {
	not layer in _layers_of_others
	is_object(data.domains[layer].parameters.waivers)
} else := {}

_is_text(value) if {
	is_string(value)
	trim_space(value) != ""
}
