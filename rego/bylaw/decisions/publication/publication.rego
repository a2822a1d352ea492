# METADATA
# title: Publication decisions
# description: >
#   Whether a product may be published: quality, privacy, retention and compliance together, and schema where there is a
#   release before it or where schema facts came along.
package bylaw.decisions.publication

import data.bylaw.compose
import data.bylaw.decisions.compliance
import data.bylaw.decisions.privacy
import data.bylaw.decisions.quality
import data.bylaw.decisions.retention
import data.bylaw.decisions.schema
import data.bylaw.inputs
import data.bylaw.obligations
import data.bylaw.policies

# METADATA
# description: The decision document.
# entrypoint: true
# scope: document
decision := obligations.with_quality(compose.decision("publication", _heard, problems, policies.protections), _was_read)

# METADATA
# description: Why the input cannot be judged.
# scope: document
problems := union({inputs.product, inputs.quality, {problem | _schema_counts; some problem in inputs.schema}})

# Rules are not asked about an input that cannot be read.
_heard := set() if {
	not _was_read
} else := records

_was_read := false if {
	inputs.unreadable(problems)
} else := true

# METADATA
# description: What the rules of the five kinds say, one record a rule (see bylaw.compose).
# scope: document
records contains record if some record in quality.records

records contains record if some record in privacy.records

records contains record if some record in retention.records

records contains record if some record in compliance.records

records contains record if {
	_schema_counts
	some record in schema.records
}

_schema_counts if "schema" in object.keys(input)

_schema_counts if "previous" in object.keys(input)
