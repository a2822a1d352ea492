package verifydeprecatedapi

violation[{"msg": msg}] {
	kvs := input.parameters.kvs[_]
	kvs.deprecatedAPI == input.review.object.apiVersion
	kinds := {kind | kind := kvs.kinds[_]}
	kinds[input.review.object.kind]
	msg := message(kvs, input.review.object.kind)
}

message(kvs, kind) = msg {
	not kvs.targetAPI == "None"
	msg := sprintf("the API %v of %v is deprecated in Kubernetes %v; use %v", [kvs.deprecatedAPI, kind, input.parameters.k8sVersion, kvs.targetAPI])
}

message(kvs, kind) = msg {
	kvs.targetAPI == "None"
	msg := sprintf("the API %v of %v is deprecated in Kubernetes %v; see its release notes", [kvs.deprecatedAPI, kind, input.parameters.k8sVersion])
}
