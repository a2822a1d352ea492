# METADATA
# title: Storage is tagged with whose it is and how confidential
# description: >-
#   Each resource of the types in the parameter `tagged_resource_types` carries every tag of `mandatory_tags`, the
#   provider's default tags included. A tag that is only known after apply is not carried yet.
# custom:
#   id: TF-003
#   enforcement: deny
#   severity: medium
#   controls: ["Data mesh: domain ownership", "ISO/IEC 27001:2022 A.5.13"]
#   remediation: Add the tag to the resource, or to `default_tags` of the provider.
package global.provisioning.mandatory_tags

import data.bylaw.lib.terraform

violation contains {"msg": msg, "path": terraform.path(resource)} if {
	some resource in terraform.resources(input.plan)
	resource.type in _types
	some tag in _tags
	not _carries(resource, tag)
	msg := sprintf("%v has no tag %v", [resource.address, tag])
}

_carries(resource, tag) if trim_space(terraform.tags(resource)[tag]) != ""

default _tags := ["Domain", "DataProduct", "DataClassification"]

_tags := data.global.parameters.mandatory_tags

default _types := [
	"aws_s3_bucket",
	"aws_dynamodb_table",
	"aws_db_instance",
	"aws_rds_cluster",
	"aws_redshift_cluster",
	"aws_kinesis_stream",
	"aws_msk_cluster",
	"azurerm_storage_account",
	"azurerm_synapse_workspace",
	"azurerm_cosmosdb_account",
]

_types := data.global.parameters.tagged_resource_types
