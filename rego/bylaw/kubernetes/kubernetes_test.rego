package bylaw.kubernetes_test

import data.bylaw.kubernetes

_pod := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}

_review(request) := {
	"apiVersion": "admission.k8s.io/v1",
	"kind": "AdmissionReview",
	"request": object.union(
		{
			"uid": "u-1",
			"operation": "CREATE",
			"userInfo": {"username": "kate", "groups": ["g"]},
			"namespace": "n",
			"dryRun": true,
		},
		request,
	),
}

_answer(version, response) := {
	"apiVersion": version,
	"kind": "AdmissionReview",
	"response": object.union({"uid": "u-1"}, response),
}

_v1 := "admission.k8s.io/v1"

_refused(code, reason, message) := {
	"allowed": false,
	"status": {"status": "Failure", "code": code, "reason": reason, "message": message},
}

test_what_breaks_no_rule_is_admitted if {
	answer := kubernetes.validate
		with input as _review({"object": _pod})
		with data.global.provisioning as {"a": {"violation": set()}}
	answer == _answer(_v1, {"allowed": true})
}

test_a_denial_names_every_violation if {
	answer := kubernetes.validate
		with input as _review({"object": _pod})
		with data.global.provisioning as {"a": {"violation": {{"msg": "one", "path": "spec.x"}, "two"}}}
		with data.global.metadata as {"global.provisioning.a": {"id": "PRO-001"}}
	answer == _answer(_v1, _refused(403, "Forbidden", "PRO-001: two\nPRO-001: one (spec.x)"))
}

test_the_older_version_is_answered_in_kind if {
	answer := kubernetes.validate
		with input as object.union(_review({"object": _pod}), {"apiVersion": "admission.k8s.io/v1beta1"})
		with data.global.provisioning as {"a": {"violation": set()}}
	answer == _answer("admission.k8s.io/v1beta1", {"allowed": true})
}

_long := concat("", [letter | some _ in numbers.range(1, 300); letter := "é"])

test_warnings_are_few_and_short_and_annotations_tell_the_rest if {
	answer := kubernetes.validate
		with input as _review({"object": _pod})
		with data.global.provisioning as {
			"w": {"violation": {sprintf("%d %v", [number, _long]) | some number in numbers.range(10, 40)}},
			"r": {"violation": {"recorded"}},
		}
		with data.global.metadata as {
			"global.provisioning.w": {"id": "PRO-W", "enforcement": "warn"},
			"global.provisioning.r": {"id": "PRO-R", "enforcement": "audit"},
		}
	answer.response.allowed == true
	count(answer.response.warnings) == 16
	{count(warning) | some warning in answer.response.warnings} == {256}
	startswith(answer.response.warnings[0], "PRO-W: 10 éé")
	answer.response.auditAnnotations == {"audits": "PRO-R"}
}

test_a_short_warning_stays_whole if {
	answer := kubernetes.validate
		with input as _review({"object": _pod})
		with data.global.provisioning as {"w": {"violation": {"careful"}}}
		with data.global.metadata as {"global.provisioning.w": {"id": "PRO-W", "enforcement": "warn"}}
	answer == _answer(_v1, {"allowed": true, "warnings": ["PRO-W: careful"]})
}

test_a_review_becomes_a_provisioning_input[note] if {
	old := object.union(_pod, {"metadata": {"name": "old"}})
	some note, [request, expected] in {
		"CREATE": [
			{"object": _pod, "oldObject": null},
			{"manifest": _pod, "action": {"name": "create", "properties": {"operation": "CREATE"}}},
		],
		"UPDATE": [
			{"operation": "UPDATE", "object": _pod, "oldObject": old},
			{
				"manifest": _pod,
				"previous_manifest": old,
				"action": {"name": "alter", "properties": {"operation": "UPDATE"}},
			},
		],
		"DELETE": [
			{"operation": "DELETE", "object": null, "oldObject": old},
			{"manifest": old, "action": {"name": "drop", "properties": {"operation": "DELETE"}}},
		],
		"CONNECT": [
			{"operation": "CONNECT", "object": _pod},
			{"manifest": _pod, "action": {"name": "execute", "properties": {"operation": "CONNECT"}}},
		],
		"an object that is none": [
			{"object": "x"},
			{"action": {"name": "create", "properties": {"operation": "CREATE"}}},
		],
	}
	translated := kubernetes.provisioning_input with input as _review(request)
	translated == object.union(
		{
			"subject": {"type": "user", "id": "kate", "properties": {"groups": ["g"]}},
			"context": {"door": "kubernetes", "dry_run": true, "namespace": "n"},
		},
		expected,
	)
}

test_an_object_that_is_none_is_denied if {
	answer := kubernetes.validate with input as _review({"object": [1]})
	answer == _answer(_v1, _refused(403, "Forbidden", "BYL-003: there is neither a manifest nor a plan"))
}

test_what_is_no_review_is_a_bad_request[note] if {
	some note, [given, uid] in {
		"nothing": [{}, ""],
		"a text": ["x", ""],
		"another version": [object.union(_review({}), {"apiVersion": "admission.k8s.io/v2"}), "u-1"],
		"another kind": [object.union(_review({}), {"kind": "Pod"}), "u-1"],
		"no uid": [_review({"uid": 7}), ""],
		"an unknown operation": [_review({"operation": "PATCH"}), "u-1"],
	}
	answer := kubernetes.validate with input as given
	answer == object.union(
		_answer(_v1, _refused(400, "BadRequest", "this is no AdmissionReview")),
		{"response": {"uid": uid}},
	)
}

test_audit_annotations_name_the_waivers_that_were_used if {
	answer := kubernetes.validate with input as _review({"object": _pod}) with data.bylaw.decisions.provisioning.decision as {
		"allow": true,
		"violations": [],
		"warnings": [],
		"audits": [],
		"waived": [{"id": "PRO-R", "waiver": {"id": "W-2"}}, {"id": "PRO-R", "waiver": {"id": "W-1"}}],
	}
	answer.response.auditAnnotations == {"waived": "PRO-R", "waivers": "W-1, W-2"}
}
