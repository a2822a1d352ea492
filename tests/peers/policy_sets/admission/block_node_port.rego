package k8sblocknodeport

violation[{"msg": msg}] {
	input.review.kind.kind == "Service"
	input.review.object.spec.type == "NodePort"
	msg := "services of type NodePort are not allowed"
}
