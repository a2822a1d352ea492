# METADATA
# title: What is provisioned has an owner
# description: >-
#   Namespaces and workloads carry the annotation or label of an owner, storage the tag `Owner`. It is a warning: the
#   product's own document must name the owner, and is refused without (CMP-001).
# custom:
#   id: PRO-001
#   enforcement: warn
#   severity: low
#   controls: ["Data mesh: domain ownership"]
#   remediation: Annotate the object with `mesh.company.com/owner`, or tag the resource with `Owner`.
package global.provisioning.owner_missing

import data.bylaw.lib.kubernetes
import data.bylaw.lib.terraform

violation contains {"msg": msg, "path": "metadata.annotations"} if {
	kubernetes.stays
	input.manifest.kind in _kinds
	not _manifest_has_owner
	msg := sprintf("%v %v names no owner: nobody is reached when it fails", [
		input.manifest.kind,
		object.get(input.manifest, ["metadata", "name"], "without a name"),
	])
}

violation contains {"msg": msg, "path": terraform.path(resource)} if {
	some resource in terraform.resources(input.plan)
	resource.type in _types
	not _resource_has_owner(resource)
	msg := sprintf("%v names no owner: nobody is reached when it fails", [resource.address])
}

_manifest_has_owner if {
	some key in _owner_keys
	trim_space(kubernetes.annotations(input.manifest)[key]) != ""
}

_manifest_has_owner if {
	some key in _owner_keys
	trim_space(kubernetes.labels(input.manifest)[key]) != ""
}

_resource_has_owner(resource) if {
	some tag in ["Owner", "owner"]
	trim_space(terraform.tags(resource)[tag]) != ""
}

default _owner_keys := ["mesh.company.com/owner", "bylaw.io/owner", "owner"]

_owner_keys := data.global.parameters.owner_keys

default _kinds := ["Namespace", "Deployment", "StatefulSet", "DaemonSet", "CronJob"]

_kinds := data.global.parameters.owned_kinds

default _types := ["aws_s3_bucket", "aws_dynamodb_table", "aws_db_instance", "azurerm_storage_account", "google_storage_bucket"]

_types := data.global.parameters.owned_resource_types
