package k8spspautomountserviceaccounttokenpod

violation[{"msg": msg}] {
	obj := input.review.object
	obj.kind == "Pod"
	mounts(obj.spec)
	msg := sprintf("mounting the service account token is not allowed, pod: %v", [obj.metadata.name])
}

mounts(spec) {
	spec.automountServiceAccountToken == true
}

mounts(spec) {
	not has_key(spec, "automountServiceAccountToken")
	spec.containers[_].volumeMounts[_].mountPath == "/var/run/secrets/kubernetes.io/serviceaccount"
}

has_key(x, k) {
	_ = x[k]
}
