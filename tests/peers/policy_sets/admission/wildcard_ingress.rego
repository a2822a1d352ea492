package k8sblockwildcardingress

contains_wildcard(host) = true {
	host == ""
}

contains_wildcard(host) = true {
	contains(host, "*")
}

violation[{"msg": msg}] {
	input.review.kind.kind == "Ingress"
	host := object.get(input.review.object.spec.rules[_], "host", "")
	contains_wildcard(host)
	msg := sprintf("hostname %v is a wildcard or missing", [host])
}
