package k8sdisallowanonymous

violation[{"msg": msg}] {
	not is_allowed(input.review.object.roleRef, object.get(input.parameters, "allowedRoles", []))
	review(input.review.object.subjects[_])
	msg := sprintf("unauthenticated users are not allowed in %v %v", [input.review.object.kind, input.review.object.metadata.name])
}

is_allowed(role, allowed) {
	role.name == allowed[_]
}

review(subject) {
	subject.name == "system:unauthenticated"
}

review(subject) {
	subject.name == "system:anonymous"
}
