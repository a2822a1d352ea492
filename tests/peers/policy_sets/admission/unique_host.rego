package k8suniqueservicename

identical(obj, review) {
	obj.metadata.namespace == review.object.metadata.namespace
	obj.metadata.name == review.object.metadata.name
}

violation[{"msg": msg}] {
	input.review.kind.kind == "Service"
	name := input.review.object.metadata.name
	other := data.inventory.namespace[ns][apiversion]["Service"][_]
	apiversion == "v1"
	other.metadata.name == name
	not identical(other, input.review)
	msg := sprintf("the service name <%v> is taken in the namespace <%v>", [name, ns])
}
