# METADATA
# title: Composition
# description: >
#   How what the rules of two layers say becomes one decision. Deny overrides, whatever the layer; access needs a
#   grant as well; a domain raises enforcement and never lowers it; what a waiver covers stays visible; unknown
#   never passes.
#
#   A decision package gathers `records`, one a rule and head: `{"layer", "rule", "head", "value"}`, where `head` is
#   `violation`, `grant`, `row_filter` or `column_mask`, and `value` is all that the rule says under it. A record
#   may carry the `metadata` of its rule; otherwise it is looked up under the layer's root.
package bylaw.compose

import data.bylaw.lib.domains
import data.bylaw.obligations
import data.bylaw.waivers

_strictness := {"audit": 1, "warn": 2, "deny": 3}

_enforcement_words := {"deny": "deny", "warn": "warn", "audit": "audit", "mandatory": "deny", "advisory": "warn"}

# METADATA
# description: >
#   The decision document. `problems` are what `bylaw.inputs` found; `protections` what the rules oblige the product to
#   have.
decision(kind, records, problems, protections) := {
	"kind": kind,
	"decision": {true: "allow", false: "deny"}[allow],
	"allow": allow,
	"violations": violations,
	"warnings": _sorted(_enforced(standing, "warn") | waivers.ending(judged.waived)),
	"audits": _sorted(_enforced(standing, "audit")),
	"waived": _sorted(judged.waived),
	"ignored": sort(judged.ignored),
	"obligations": {
		"row_filters": obligations.row_filters(records),
		"column_masks": obligations.column_masks(records),
		"protections": sort(protections),
	},
	"evaluated": sort({record.rule | some record in records}),
} if {
	entries := _entries(records)
	judged := waivers.judged({entry | some entry in entries})
	standing := judged.standing
	own := _own_entries(kind, records, problems, count(entries))
	violations := _sorted(_enforced(standing, "deny") | own)
	allow := count(violations) == 0
}

# METADATA
# description: >
#   One record a rule. Helper for decision packages: `said("global", "global", "privacy", name, "violation", value)`.
said(layer, root, kind, name, head, value) := {
	"layer": layer,
	"rule": concat(".", [root, kind, name]),
	"head": head,
	"value": value,
}

# METADATA
# description: Whether any rule that is more than recorded grants what is asked.
granted(records) if {
	some record in records
	record.head == "grant"
	is_set(record.value)
	some grant in record.value
	is_object(grant)
	_enforcement(record, _metadata(record)) != "audit"
}

_enforced(entries, enforcement) := {entry | some entry in entries; entry.enforcement == enforcement}

# An array, so that a statement whose entry could not be made is missed when they are counted.
_entries(records) := [_entry(base, statement, _more(record)) |
	some record in records
	record.head == "violation"
	record.value != set() # as most say nothing
	statements := _statements(record.value)
	base := _base(record)
	some statement in statements
]

# A rule that says anything but a set has one statement: whatever it says. It must not vanish for its shape.
_statements(value) := value if {
	is_set(value)
} else := {value}

# What all entries of a rule share.
_base(record) := {
	"rule": record.rule,
	"id": _text(metadata, "id", record.rule),
	"layer": record.layer,
	"enforcement": _enforcement(record, metadata),
	"severity": _text(metadata, "severity", "medium"),
	"remediation": _text(metadata, "remediation", ""),
	"controls": _controls(metadata),
} if {
	metadata := _metadata(record)
}

_controls(metadata) := [control | some control in metadata.controls; is_string(control)] if {
	is_array(metadata.controls)
} else := []

_entry(base, statement, more) := object.union_n([
	base,
	{"msg": _msg(statement), "path": _text(statement, "path", "")},
	object.filter(_object(statement), more),
])

# What a statement may add. Only the interpreter of YAML policies brings metadata along, and says which policy it was.
_more(record) := ["details", "policy"] if {
	record.metadata
} else := ["details"]

_msg(said) := said.msg if {
	is_string(said.msg)
	said.msg != ""
} else := said if {
	is_string(said)
	said != ""
} else := sprintf("the rule is violated: %v", [json.marshal(said)])

_text(document, key, otherwise) := document[key] if {
	is_object(document)
	is_string(document[key])
	document[key] != ""
} else := otherwise

_object(value) := value if {
	is_object(value)
} else := {}

_metadata(record) := metadata if {
	metadata := record.metadata
	is_object(metadata)
} else := metadata if {
	record.layer == "global"
	metadata := data.global.metadata[record.rule]
	is_object(metadata)
} else := metadata if {
	record.layer in domains.concerned
	metadata := data.domains[record.layer].metadata[record.rule]
	is_object(metadata)
} else := {}

# The strictest of what the rule's owner says and what the concerned domains raise it to.
_enforcement(record, metadata) := word if {
	strictest := max({_strictness[each] | some each in (_raised(record.rule) | {_owners_word(record, metadata)})})
	some word, strictness in _strictness
	strictness == strictest
}

_raised(rule) := {_word(theirs[rule]) | some theirs in _raising}

_raising contains theirs if {
	some domain in domains.concerned
	theirs := data.domains[domain].parameters.enforcement
}

default _council := {}

_council := data.global.parameters.enforcement

# The council may set the enforcement of a rule of its catalogue without touching the rule.
_owners_word(record, metadata) := word if {
	record.layer == "global"
	word := _word(_council[record.rule])
} else := _word(object.get(metadata, "enforcement", "deny"))

# A word that is none is a mistake, and mistakes deny.
_word(said) := _enforcement_words[lower(said)] if {
	_enforcement_words[lower(said)]
} else := "deny"

# The union stands outside the comprehension: were a part of it undefined, there would be no decision instead of one
# that lacks a reason to deny.
_own_entries(kind, records, problems, read) := entries if {
	found := union({
		problems,
		_want_of_rules(kind, records, problems),
		_want_of_grant(kind, records),
		_unreadable(records, read),
		obligations.problems(records),
	})
	entries := {entry |
		some problem in found
		entry := object.union(_own_entry, problem)
	}
}

_own_entry := {
	"rule": "bylaw.compose",
	"layer": "bylaw",
	"enforcement": "deny",
	"severity": "high",
	"path": "",
	"remediation": "",
	"controls": [],
}

# A violation must not vanish because its entry could not be made.
_unreadable(records, read) := set() if {
	said := [1 |
		some record in records
		record.head == "violation"
		record.value != set()
		some _ in _statements(record.value)
	]
	count(said) == read
} else := {{"id": "BYL-006", "msg": "a violation of one of the rules cannot be read"}}

# Where the input cannot be judged, no rule was asked.
_want_of_rules(kind, records, problems) := set() if {
	count(problems) > 0
} else := set() if {
	kind == "access"
} else := set() if {
	some record in records
	record.head == "violation"
} else := {{
	"id": "BYL-004",
	"path": "",
	"msg": sprintf("no rule of the kind %v is loaded, so nothing can pass", [kind]),
}}

_want_of_grant(kind, records) := set() if {
	kind != "access"
} else := set() if {
	granted(records)
} else := {{"id": "BYL-001", "path": "", "msg": _asked}}

default _asked := "no rule grants what is asked"

_asked := sprintf("no rule grants %v on %v %v to %v %v", [
	input.action.name,
	input.resource.type,
	input.resource.id,
	input.subject.type,
	input.subject.id,
])

_sorted(entries) := [entry |
	some key in sort([[_rank(entry), entry.rule, entry.path, entry.msg, entry] | some entry in entries])
	entry := key[4]
]

# What policies of a higher priority say comes first; what is no policy has none, which is 0.
_rank(entry) := 0 - entry.policy.priority if {
	is_number(entry.policy.priority)
} else := 0
