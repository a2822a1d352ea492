package bylaw.decisions.publication_test

import data.bylaw.decisions.publication

_product := {"domain": "customer", "name": "c360"}

_global := {kind: {"r": {"violation": {kind}}} |
	some kind in ["access", "compliance", "privacy", "provisioning", "quality", "retention", "schema"]
}

_differences := {"subject": "s", "differences": []}

test_five_kinds_are_asked_schema_where_it_matters[note] if {
	some note, [given, messages] in {
		"a first release": [{}, ["compliance", "privacy", "quality", "retention"]],
		"with schema facts": [
			{"schema": _differences},
			["compliance", "privacy", "quality", "retention", "schema"],
		],
		"with a previous release": [
			{"schema": _differences, "previous": _product},
			["compliance", "privacy", "quality", "retention", "schema"],
		],
	}
	decision := publication.decision
		with input as object.union({"product": _product}, given)
		with data.global as _global
	decision.kind == "publication"
	[entry.msg | some entry in decision.violations] == messages
	decision.evaluated == [sprintf("global.%v.r", [kind]) | some kind in messages]
}

test_a_previous_release_without_schema_facts_is_unknown if {
	decision := publication.decision
		with input as {"product": _product, "previous": _product}
		with data.global as _global
	[entry.path | some entry in decision.violations] == ["/schema", "/schema/differences"]
}

test_a_quality_report_that_cannot_be_read_denies if {
	decision := publication.decision
		with input as {"product": _product, "quality": {"results": "all well"}}
		with data.global as _global
	[entry.path | some entry in decision.violations] == ["/quality/results"]
}

test_required_protections_are_obligations if {
	decision := publication.decision
		with input as {"product": object.union(_product, {"classification": "restricted", "protections": ["masking"]})}
		with data.global.policies as [{
			"name": "p",
			"policy_type": "privacy",
			"rules": [{"classification": "restricted", "required_protections": ["masking"]}],
		}]
	decision.allow == true
	decision.obligations.protections == ["masking"]
}

test_a_publication_decided_by_no_rule_does_not_pass if {
	decision := publication.decision with input as {"product": _product}
	[entry.id | some entry in decision.violations] == ["BYL-004"]
}
