# METADATA
# title: Buckets with personal data are encrypted
# description: >-
#   An S3 bucket tagged as holding personal data (tag `DataClassification`, one of the parameter `pii_bucket_classes`) has
#   server-side encryption with an agreed algorithm: in a resource of its own, or inside the bucket. What is only known
#   after apply proves nothing.
# related_resources:
#   - ref: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_server_side_encryption_configuration
# custom:
#   id: TF-001
#   enforcement: deny
#   severity: critical
#   controls: ["GDPR Art. 32(1)(a)", "HIPAA § 164.312(a)(2)(iv)", "ISO/IEC 27001:2022 A.8.24"]
#   remediation: >-
#     Add an `aws_s3_bucket_server_side_encryption_configuration` that names the bucket, with `sse_algorithm` AES256 or
#     aws:kms.
package global.provisioning.pii_bucket_encrypted

import data.bylaw.lib.terraform

violation contains {"msg": msg, "path": terraform.path(bucket)} if {
	some bucket in terraform.resources(input.plan)
	bucket.type == "aws_s3_bucket"
	_holds_personal_data(bucket)
	not _is_encrypted(bucket)
	msg := sprintf("%v is tagged %v and has no server-side encryption with %v", [
		bucket.address,
		terraform.tags(bucket)[_tag],
		concat(" or ", _algorithms),
	])
}

_holds_personal_data(bucket) if {
	some class in _classes
	lower(terraform.tags(bucket)[_tag]) == lower(class)
}

_is_encrypted(bucket) if {
	some companion in terraform.companions(input.plan, bucket, "aws_s3_bucket_server_side_encryption_configuration")
	is_array(companion.values.rule)
	some rule in companion.values.rule
	_encrypts(rule)
}

_is_encrypted(bucket) if {
	is_array(bucket.values.server_side_encryption_configuration)
	some configuration in bucket.values.server_side_encryption_configuration
	is_array(configuration.rule)
	some rule in configuration.rule
	_encrypts(rule)
}

_encrypts(rule) if {
	is_array(rule.apply_server_side_encryption_by_default)
	some by_default in rule.apply_server_side_encryption_by_default
	by_default.sse_algorithm in _algorithms
}

_tag := "DataClassification"

default _classes := ["PII", "personal", "confidential", "restricted"]

_classes := data.global.parameters.pii_bucket_classes

default _algorithms := ["AES256", "aws:kms", "aws:kms:dsse"]

_algorithms := data.global.parameters.bucket_encryption
