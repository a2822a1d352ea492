package bylaw.conftest_test

import data.bylaw.conftest

_pod := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}

_rules(kind) := {kind: {"a": {"violation": {kind}}, "w": {"violation": {"careful"}}}}

_advisory(kind) := {sprintf("global.%v.w", [kind]): {"enforcement": "warn"}}

test_files_are_judged_by_what_they_are[note] if {
	some note, [file, recognised, kind] in {
		"a manifest": [_pod, "manifest", "provisioning"],
		"a plan": [{"resource_changes": []}, "plan", "provisioning"],
		"a plan's values": [{"planned_values": {}}, "plan", "provisioning"],
		"a product": [{"domain": "a", "name": "b", "contract": {}}, "product", "compliance"],
		"an input of a publication": [{"product": {"domain": "a", "name": "b"}}, "publication input", "compliance"],
		"an input of a provisioning": [{"manifest": _pod}, "provisioning input", "provisioning"],
	}
	conftest.recognised_as == recognised with input as file
	denials := conftest.deny with input as file with data.global as _rules(kind) with data.global.metadata as _advisory(kind)
	{denial.msg | some denial in denials} == {kind}
	warnings := conftest.warn with input as file with data.global as _rules(kind) with data.global.metadata as _advisory(kind)
	{warning.msg | some warning in warnings} == {"careful"}
}

test_what_is_not_recognised_is_denied[note] if {
	some note, file in {"another object": {"a": 1}, "a text": "x", "nothing": null, "an empty object": {}}
	conftest.recognised_as == "unrecognised" with input as file
	denials := conftest.deny with input as file
	{denial.msg | some denial in denials} == {
		"this is no Kubernetes object, no Terraform plan and no product: nothing was judged",
	}
	conftest.warn == set() with input as file
}

test_a_list_of_documents_is_denied if {
	denials := conftest.deny with input as [_pod]
	{denial.id | some denial in denials} == {"BYL-003"}
	count(denials) == 2
}
