# METADATA
# title: Access to buckets with personal data is logged
# description: >-
#   An S3 bucket tagged as holding personal data writes access logs to a bucket, in a resource of its own or inside the
#   bucket. A target that is created by the same plan is only known after apply, but is there.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_logging
# custom:
#   id: TF-002
#   enforcement: deny
#   severity: high
#   controls: ["GDPR Art. 5(2)", "HIPAA § 164.312(b)", "ISO/IEC 27001:2022 A.8.15"]
#   remediation: Add an `aws_s3_bucket_logging` that names the bucket, with the central audit bucket as `target_bucket`.
package global.provisioning.pii_bucket_logged

import data.bylaw.lib.terraform

violation contains {"msg": msg, "path": terraform.path(bucket)} if {
	some bucket in terraform.resources(input.plan)
	bucket.type == "aws_s3_bucket"
	_holds_personal_data(bucket)
	not _is_logged(bucket)
	msg := sprintf("%v is tagged %v and its access is not logged", [bucket.address, terraform.tags(bucket)[_tag]])
}

_holds_personal_data(bucket) if {
	some class in _classes
	lower(terraform.tags(bucket)[_tag]) == lower(class)
}

_is_logged(bucket) if {
	some companion in terraform.companions(input.plan, bucket, "aws_s3_bucket_logging")
	_names_a_target(companion)
}

_is_logged(bucket) if {
	is_array(bucket.values.logging)
	some logging in bucket.values.logging
	trim_space(logging.target_bucket) != ""
}

_names_a_target(companion) if trim_space(companion.values.target_bucket) != ""

_names_a_target(companion) if companion.unknown.target_bucket == true

_tag := "DataClassification"

default _classes := ["PII", "personal", "confidential", "restricted"]

_classes := data.global.parameters.pii_bucket_classes
