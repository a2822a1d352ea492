# METADATA
# title: The Kubernetes door
# description: >
#   Answers an AdmissionReview with a whole AdmissionReview: the request becomes a provisioning input, its decision the
#   response. What cannot be read is answered with a denial, never with nothing.
package bylaw.kubernetes

import data.bylaw.decisions.provisioning

# What the API server would cut off anyway: a warning beyond 256 characters, all of them beyond 4,096.
_max_warning_characters := 256

_max_warnings := 16

_actions := {"CREATE": "create", "UPDATE": "alter", "DELETE": "drop", "CONNECT": "execute"}

_versions := {"admission.k8s.io/v1", "admission.k8s.io/v1beta1"}

# METADATA
# description: The AdmissionReview to answer with, in the version of the one that asks.
# entrypoint: true
# scope: document
validate := {"apiVersion": _version, "kind": "AdmissionReview", "response": _response}

default _version := "admission.k8s.io/v1"

_version := input.apiVersion if input.apiVersion in _versions

default _uid := ""

_uid := input.request.uid if is_string(input.request.uid)

_response := {
	"uid": _uid,
	"allowed": false,
	"status": {"status": "Failure", "code": 400, "reason": "BadRequest", "message": "this is no AdmissionReview"},
} if {
	not _is_review
} else := object.union({"uid": _uid, "allowed": true}, _advice) if {
	_decision.allow == true
} else := object.union(
	{
		"uid": _uid,
		"allowed": false,
		"status": {"status": "Failure", "code": 403, "reason": "Forbidden", "message": _message},
	},
	_advice,
)

_is_review if {
	input.apiVersion in _versions
	input.kind == "AdmissionReview"
	is_object(input.request)
	is_string(input.request.uid)
	input.request.uid != ""
	input.request.operation in object.keys(_actions)
}

# METADATA
# description: The provisioning input that a review asks about.
# scope: document
provisioning_input := object.union_n([
	{key: value |
		some key, value in {"manifest": _manifest}
		is_object(value)
	},
	{"previous_manifest": previous |
		previous := input.request.oldObject
		input.request.operation == "UPDATE"
		is_object(previous)
	},
	{
		"subject": _subject,
		"action": {"name": _actions[input.request.operation], "properties": {"operation": input.request.operation}},
		"context": _context,
	},
])

default _manifest := null

_manifest := input.request.oldObject if {
	input.request.operation == "DELETE"
} else := input.request.object

_subject := {
	"type": "user",
	"id": object.get(input.request, ["userInfo", "username"], ""),
	"properties": {"groups": object.get(input.request, ["userInfo", "groups"], [])},
}

_context := object.union(
	{"door": "kubernetes", "dry_run": object.get(input.request, "dryRun", false) == true},
	object.filter(input.request, ["namespace", "name", "resource", "subResource"]),
)

_decision := decision if {
	review := provisioning_input
	decision := provisioning.decision with input as review
}

default _message := "the law could not be asked about this object"

_message := concat("\n", [_line(violation) | some violation in _decision.violations])

_line(violation) := sprintf("%v: %v (%v)", [violation.id, violation.msg, violation.path]) if {
	violation.path != ""
} else := sprintf("%v: %v", [violation.id, violation.msg])

# Warnings and audit annotations, each only where there is something to say.
_advice := object.union(
	{"warnings": warnings |
		warnings := array.slice([_shortened(_line(warning)) | some warning in _decision.warnings], 0, _max_warnings)
		count(warnings) > 0
	},
	{"auditAnnotations": annotations |
		annotations := {name: noted |
			some name, ids in {
				"audits": {entry.id | some entry in _decision.audits},
				"waived": {entry.id | some entry in _decision.waived},
				"waivers": {entry.waiver.id | some entry in _decision.waived},
			}
			count(ids) > 0
			noted := concat(", ", ids)
		}
		count(annotations) > 0
	},
)

_shortened(text) := text if {
	count(text) <= _max_warning_characters
} else := concat("", [substring(text, 0, _max_warning_characters - 1), "…"])
