# METADATA
# title: Resources for personal data stand where the data may be
# description: >-
#   A Terraform resource tagged as holding personal data (tag `DataClassification`, one of the parameter
#   `pii_bucket_classes`) stands in a region of the parameter `allowed_regions`: by its own `region` or `location`, or by
#   that of its provider. What is only known after apply proves nothing.
# custom:
#   id: TF-004
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 44"]
#   remediation: Set the region of the provider, or of the resource, to one that the council allows.
package global.provisioning.resources_in_allowed_regions

import data.bylaw.lib.terraform
import data.bylaw.tightened

violation contains {"msg": msg, "path": terraform.path(resource)} if {
	some resource in terraform.resources(input.plan)
	_holds_personal_data(resource)
	not _is_allowed(resource)
	msg := sprintf("%v is tagged %v and %v", [resource.address, terraform.tags(resource)[_tag], _doubt(resource)])
}

_holds_personal_data(resource) if {
	some class in _classes
	lower(terraform.tags(resource)[_tag]) == lower(class)
}

_is_allowed(resource) if {
	some pattern in _allowed
	glob.match(lower(pattern), null, lower(terraform.region(input.plan, resource)))
}

_doubt(resource) := sprintf("stands in %v, which is outside %v", [region, concat(", ", _allowed)]) if {
	region := terraform.region(input.plan, resource)
} else := "nobody can tell in which region it will stand"

_tag := "DataClassification"

default _classes := ["PII", "personal", "confidential", "restricted"]

_classes := data.global.parameters.pii_bucket_classes

default _councils := []

_councils := data.global.parameters.allowed_regions

_allowed := tightened.common("allowed_regions", _councils)
